"""Shares of a budget."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_inference.core.checks import is_token, number_above
from cdk_inference.core.errors import Problem

# A policy of this package: so that 80, meant as percent, is not taken for 80 times the budget.
SHARE_MAX = 10
# cfn-lint 1.58.0, AWS::Budgets::Budget, Threshold (read 2026-11-24)
_SHARE_MIN = 0.001


def share_problems(argument: str, shares: object) -> list[Problem | None]:
    """Why `shares` are none, or not each once."""
    if isinstance(shares, str) or not isinstance(shares, Sequence):
        return [Problem(argument, shares, "a tuple of shares of the budget", f"for example {argument}=(0.8, 1.0)")]
    problems = [share_problem(f"{argument}[{number}]", one) for number, one in enumerate(shares)]
    if not any(problems) and len(set(shares)) < len(shares):
        problems.append(Problem(argument, shares, "each share once", "leave out the second"))
    return problems


def share_problem(argument: str, share: object) -> Problem | None:
    """Why `share` is none. It is turned into percent, so it must be known when the template is made."""
    fix = "write 0.8 for 80 %"
    if is_token(share):
        return Problem(argument, "a value known at deployment only", "a number", fix)
    problem = number_above(argument, share, 0, fix, SHARE_MAX)
    if problem is None and isinstance(share, (int, float)) and share < _SHARE_MIN:
        problem = Problem(argument, share, f"at least {_SHARE_MIN:g}: AWS takes 0.1 % and more", fix)
    return problem


def percent(share: float) -> float:
    """80.0 for 0.8; AWS Budgets takes percent. https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/
    API_budgets_Notification.html (read 2026-11-24)
    """
    return round(share * 100, 6)
