"""What a budget says of itself. AWS Budgets has no description: it stands at the stack's output."""

from __future__ import annotations

from cdk_inference.core.checks import is_token
from cdk_inference.cost.cost_tag import CostTag
from cdk_inference.cost.monthly_budget import MonthlyBudget
from cdk_inference.cost.shares import percent
from cdk_inference.cost.words import dollars


def meaning(monthly: MonthlyBudget, tag: CostTag | None) -> str:
    """What it means, when it tells, how late, what to do. Within the 1,024 characters of an output's description."""
    spent = [f"{percent(share):g} % ({_amount(monthly.usd, share)}) are spent" for share in monthly.actual_shares]
    forecast = [f"{percent(share):g} % are forecast" for share in monthly.forecast_shares]
    credits = "counted" if monthly.count_credits else "left out"
    return (
        f"{_whose(tag)} in a calendar month (UTC, {monthly.metric}, credits and refunds {credits}), budget "
        f"{_amount(monthly.usd)}. Tells when {', '.join([*spent, *forecast])}. AWS updates costs up to three times a "
        "day, 8 to 12 hours apart (read 2026-11-22), and a budget stops nothing that runs. See in Cost Explorer, by "
        "usage type, what costs more than last month; delete endpoints that nobody needs, lower max_instances, or "
        "raise the budget."
    )


def _whose(tag: CostTag | None) -> str:
    if tag is None:
        return "Costs of the whole account"
    # A description is text: what only CloudFormation will know cannot stand in it.
    if is_token(tag.key) or is_token(tag.value):
        return "Costs under the budget's tag"
    return f"Costs under the tag {tag.key} = {tag.value} (0 until it is activated for cost allocation)"


def _amount(usd: float, share: float = 1.0) -> str:
    return "an amount known at deployment" if is_token(usd) else dollars(usd * share)
