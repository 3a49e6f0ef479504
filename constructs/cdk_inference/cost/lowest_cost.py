"""What targets cost at least: in a month by their schedules, and in the hour in which the schedules need most."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_inference.core.errors import Problem
from cdk_inference.core.unknown import Unknown
from cdk_inference.cost.budgets.monthly_budget import MonthlyBudget
from cdk_inference.cost.formatting import dollars
from cdk_inference.cost.limits import BurnRate
from cdk_inference.cost.metric_math import Priced
from cdk_inference.hosting import peak_together
from cdk_inference.pricing import HOURS_PER_MONTH

_CENTS = 2
# A rate at which the month's money is gone in half a month, and a fleet twice as large: a policy of this package.
_TIMES = 2


def lowest_usd_per_month(priced: Sequence[Priced]) -> float:
    """The cost of the minimum instances, all of the cheapest type, averaged over schedules; 0 for unknown counts."""
    counts = [(one.lowest_usd, one.counts.month_lowest) for one in priced]
    return HOURS_PER_MONTH * sum(usd * count for usd, count in counts if not isinstance(count, Unknown))


def peak_usd_per_hour(priced: Sequence[Priced]) -> float:
    """The cost of the minimum instances, all of the cheapest type, when the schedules need most."""
    return peak_together((one.lowest_usd, one.counts) for one in priced)


def default_burn_rate(budget: MonthlyBudget, priced: Sequence[Priced]) -> BurnRate:
    """Twice the rate at which the budget lasts a month; where schedules need more than that, twice what they need."""
    even, peak = budget.usd / HOURS_PER_MONTH, peak_usd_per_hour(priced)
    return BurnRate(usd_per_hour=round(_TIMES * (peak if peak >= _TIMES * even else even), _CENTS))


def budget_problems(budget: MonthlyBudget, priced: Sequence[Priced]) -> list[Problem]:
    """A budget that the minimum instances use up: it would notify every month."""
    least = lowest_usd_per_month(priced)
    if budget.usd > least:
        return []
    hours = f"{HOURS_PER_MONTH:g} hours{', averaged over their schedules' if _scheduled(priced) else ''}"
    allowed = f"more than {dollars(round(least, _CENTS))}, the cost of the minimum instances of all targets in {hours}"
    return [Problem("monthly_budget.usd", budget.usd, allowed, _fix(priced))]


def burn_problems(burn_rate: BurnRate, priced: Sequence[Priced]) -> list[Problem]:
    """A limit that the minimum instances reach: its alarm would fire for ever, or every day of a schedule."""
    least = peak_usd_per_hour(priced)
    if burn_rate.usd_per_hour > least:
        return []
    hour = f"an hour{' in which their schedules need most' if _scheduled(priced) else ''}"
    allowed = f"more than {dollars(least)}, the cost of the minimum instances of all targets in {hour}"
    return [Problem("burn_rate.usd_per_hour", burn_rate.usd_per_hour, allowed, _fix(priced))]


def _scheduled(priced: Sequence[Priced]) -> bool:
    return any(one.counts.minimums is not None for one in priced)


def _fix(priced: Sequence[Priced]) -> str:
    return f"raise it, or lower the minimum instances{', windows included' if _scheduled(priced) else ''}"
