"""What a monthly budget says about the hours of its month."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_inference.core.errors import Problem
from cdk_inference.cost.limits import BurnRate
from cdk_inference.cost.monthly_budget import MonthlyBudget
from cdk_inference.cost.rate import Priced
from cdk_inference.cost.words import dollars
from cdk_inference.pricing import HOURS_PER_MONTH

# A rate at which the month's money is gone in half a month: a policy of this package.
_TIMES_EVEN = 2
_CENTS = 2


def rate_of(budget: MonthlyBudget) -> BurnRate:
    """Twice the rate at which the budget lasts a month."""
    return BurnRate(usd_per_hour=round(budget.usd / HOURS_PER_MONTH * _TIMES_EVEN, _CENTS))


def budget_problems(budget: MonthlyBudget, priced: Sequence[Priced]) -> list[Problem]:
    """A budget that the fewest instances use up: it would tell so every month."""
    least = sum(one.least_usd for one in priced) * HOURS_PER_MONTH
    if budget.usd > least:
        return []
    hours = f"{HOURS_PER_MONTH:g} hours"
    allowed = f"more than {dollars(round(least, _CENTS))}, which the fewest instances of all targets cost in {hours}"
    return [Problem("monthly_budget.usd", budget.usd, allowed, "raise it, or run fewer instances")]
