"""Thresholds of a budget, in percent of its amount."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_inference.core.checks import is_token, number_above
from cdk_inference.core.errors import Problem

# Policies of this package: 8000 is a slip of the keyboard, and 0.8 is a share that was meant as 80 %.
# AWS takes 0.1 % and more: cfn-lint 1.58.0, AWS::Budgets::Budget, Threshold (read 2026-11-24)
_PERCENT_MIN, _PERCENT_MAX = 1, 1000


def threshold_problems(argument: str, thresholds: object) -> list[Problem | None]:
    """Why `thresholds` is not a list of percentages, each once."""
    if isinstance(thresholds, str) or not isinstance(thresholds, Sequence):
        return [
            Problem(argument, thresholds, "a list of percentages of the budget", f"for example {argument}=[80, 100]")
        ]
    problems = [threshold_problem(f"{argument}[{number}]", one) for number, one in enumerate(thresholds)]
    if not any(problems) and len(set(thresholds)) < len(thresholds):
        problems.append(Problem(argument, thresholds, "each percentage once", "leave out the second"))
    return problems


def threshold_problem(argument: str, percent: object) -> Problem | None:
    """Why `percent` is out of range. It is written into messages, so it must be known at synth time."""
    fix = "write 80 for 80 %"
    if is_token(percent):
        return Problem(argument, "a value known at deployment only", "a number", fix)
    problem = number_above(argument, percent, 0, fix, _PERCENT_MAX)
    if problem is None and isinstance(percent, (int, float)) and percent < _PERCENT_MIN:
        problem = Problem(argument, percent, f"{_PERCENT_MIN} to {_PERCENT_MAX}, in percent", fix)
    return problem
