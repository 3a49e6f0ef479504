"""What targets cost at least: in a month by their schedules, and in the hour in which the schedules need most."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_inference.core.checks import is_token, known_number
from cdk_inference.core.errors import Problem
from cdk_inference.core.unknown import Unknown
from cdk_inference.cost.budgets.monthly_budget import MonthlyBudget
from cdk_inference.cost.formatting import dollars
from cdk_inference.cost.limits import BurnRate
from cdk_inference.cost.metric_math import METRICS_MAX, Priced, in_alarms
from cdk_inference.hosting import peak_together
from cdk_inference.pricing import HOURS_PER_MONTH

_CENTS = 2
_COMPUTED = "the burn rate and the dashboard follow from it; a Budget(...) by itself takes it"
# From here on cents are two digits.
_FINE = 0.1
# A rate at which the month's money is gone in half a month, and a fleet twice as large: a policy of this package.
_TIMES = 2


def lowest_usd_per_month(priced: Sequence[Priced]) -> float:
    """The cost of the minimum instances, all of the cheapest type, averaged over schedules; 0 for unknown counts."""
    counts = [(one.lowest_usd, one.counts.month_lowest) for one in priced]
    return HOURS_PER_MONTH * sum(usd * count for usd, count in counts if not isinstance(count, Unknown))


def peak_usd_per_hour(priced: Sequence[Priced]) -> float:
    """The cost of the minimum instances, all of the cheapest type, when the schedules need most."""
    return peak_together((one.lowest_usd, one.counts) for one in priced)


def default_burn_rate(budget: MonthlyBudget, priced: Sequence[Priced]) -> BurnRate | None:
    """Twice the rate at which the budget lasts a month; where schedules need more than that, twice what they need.

    None for a budget that is known at deployment only.
    """
    if is_token(budget.usd):
        return None
    even, peak = budget.usd / HOURS_PER_MONTH, peak_usd_per_hour(priced)
    return BurnRate(usd_per_hour=_rounded(_TIMES * (peak if peak >= _TIMES * even else even)))


def _rounded(usd: float) -> float:
    """To cents, or to two digits where that is finer: a dollar a month is less than a cent in an hour."""
    return round(usd, _CENTS) if usd >= _FINE else float(f"{usd:.2g}")


def unknown_problem(budget: MonthlyBudget) -> Problem | None:
    """A budget that is known at deployment only: the rate, the dashboard and the least cost are computed from it."""
    return known_number("monthly_budget.usd", budget.usd, _COMPUTED)


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
    groups = in_alarms(priced)
    apart = sum(peak_usd_per_hour(group) for group in groups)
    if len(groups) > 1 and least < burn_rate.usd_per_hour <= apart:
        allowed = (
            f"more than {dollars(round(apart, _CENTS))}: the rate is divided among {len(groups)} alarms of up to "
            f"{METRICS_MAX} metrics, and that is the minimum instances of each, when its schedules need most, "
            "added up"
        )
        return [
            Problem("burn_rate.usd_per_hour", burn_rate.usd_per_hour, allowed, f"{_fix(priced)}; or burn_rate=None")
        ]
    if burn_rate.usd_per_hour > least:
        return []
    hour = f"an hour{' in which their schedules need most' if _scheduled(priced) else ''}"
    allowed = f"more than {dollars(least)}, the cost of the minimum instances of all targets in {hour}"
    return [Problem("burn_rate.usd_per_hour", burn_rate.usd_per_hour, allowed, _fix(priced))]


def part_limits(usd_per_hour: float, groups: Sequence[Sequence[Priced]]) -> list[float]:
    """The part of a rate for each group, added up the rate itself, so whatever is above it is above a part.

    Each gets what its minimum instances cost when its schedules need most, and of the rest by how much it watches.
    """
    peaks = [peak_usd_per_hour(group) for group in groups]
    rest, count = usd_per_hour - sum(peaks), sum(len(group) for group in groups)
    return [peak + rest * len(group) / count for peak, group in zip(peaks, groups, strict=True)]


def _scheduled(priced: Sequence[Priced]) -> bool:
    return any(one.counts.minimums is not None for one in priced)


def _fix(priced: Sequence[Priced]) -> str:
    return f"raise it, or lower the minimum instances{', windows included' if _scheduled(priced) else ''}"
