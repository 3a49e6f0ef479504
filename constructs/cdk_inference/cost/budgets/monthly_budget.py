"""The settings of a monthly budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from cdk_inference.core.checks import as_tuple, instance_of, is_token, number_above, one_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.cost.budgets.deny_new_endpoints import DenyNewEndpoints
from cdk_inference.cost.budgets.thresholds import threshold_problems
from cdk_inference.cost.cost_tag import CostTag

# The five of AWS's metrics that are money: botocore 1.44.5, budgets.CreateBudget (read 2026-11-24)
CostMetric = Literal["UnblendedCost", "AmortizedCost", "NetUnblendedCost", "NetAmortizedCost", "BlendedCost"]
# The guide's number; the API's list takes ten.
# https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html (read 2026-11-22)
NOTIFICATIONS_MAX = 5
# Spend.Amount: "([0-9]*\.)?[0-9]+" (botocore 1.44.5, budgets.CreateBudget, read 2026-11-29)
_USD_MIN, _USD_MAX = 0.01, 1e20


@dataclass(frozen=True, kw_only=True)
class MonthlyBudget:
    """What may be spent in a calendar month, and when its subscribers are notified.

    usd: US dollars a month, from a cent to 1e20: beyond these JSON writes an exponent, which AWS Budgets does not take.
    actual_percent: percent of it, spent, at which a message is sent, once a month each. Default 80 and 100. Each 1 to
        1000.
    forecast_percent: the same for what AWS forecasts for the month. Default 100. A new account has no forecast for its
        first five weeks, and one may get more than one message. Together with `actual_percent` 1 to 5.
    count_credits: whether credits and refunds lower what was spent. Default False: **they are left out**, since
        spending hides behind credits until they are used up.
    metric: "UnblendedCost" (default: prices of the day), "AmortizedCost" (fees of Savings Plans spread over what they
        cover), the same after discounts "NetUnblendedCost" and "NetAmortizedCost", or "BlendedCost".
    tag: whose costs count. Default: whoever uses this value says so.
    on_exceeded: `DenyNewEndpoints(...)`. Default: nothing but telling. A budget stops nothing by itself.

    AWS updates the costs up to three times a day, 8 to 12 hours apart (https://docs.aws.amazon.com/cost-management/
    latest/userguide/budgets-managing-costs.html, read 2026-11-22): an expensive endpoint runs most of a day first.
    Raises ConfigurationError.
    """

    usd: float
    actual_percent: Sequence[float] = (80, 100)
    forecast_percent: Sequence[float] = (100,)
    count_credits: bool = False
    metric: CostMetric = "UnblendedCost"
    tag: CostTag | None = None
    on_exceeded: DenyNewEndpoints | None = None

    def __post_init__(self) -> None:
        for name in ("actual_percent", "forecast_percent"):
            object.__setattr__(self, name, as_tuple(getattr(self, name)))
        thresholds = [
            *threshold_problems("actual_percent", self.actual_percent),
            *threshold_problems("forecast_percent", self.forecast_percent),
        ]
        raise_problems(
            "MonthlyBudget",
            _usd_problem(self.usd),
            *thresholds,
            None if any(thresholds) else self._number_problem(),
            one_of("count_credits", self.count_credits, (False, True), "choose one of these"),
            one_of("metric", self.metric, get_args(CostMetric), "choose one of these"),
            None
            if self.tag is None
            else instance_of("tag", self.tag, CostTag, "CostTag or None", "tag=CostTag(key=..., value=...)"),
            None
            if self.on_exceeded is None
            else instance_of(
                "on_exceeded",
                self.on_exceeded,
                DenyNewEndpoints,
                "DenyNewEndpoints or None",
                "on_exceeded=DenyNewEndpoints(roles=[...])",
            ),
        )

    def _number_problem(self) -> Problem | None:
        count = len(self.actual_percent) + len(self.forecast_percent)
        if 1 <= count <= NOTIFICATIONS_MAX:
            return None
        allowed = f"1 to {NOTIFICATIONS_MAX} together: AWS's guide gives a budget no more"
        return Problem(
            "actual_percent, forecast_percent", f"{count} thresholds", allowed, "keep those that change what you do"
        )


def _usd_problem(usd: float) -> Problem | None:
    fix = "write US dollars per month"
    problem = number_above("usd", usd, 0, fix, high=_USD_MAX)
    if problem is None and not is_token(usd) and usd < _USD_MIN:
        return Problem("usd", usd, f"{_USD_MIN} or more", fix)
    return problem
