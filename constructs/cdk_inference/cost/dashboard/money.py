"""The fleet's dollars: what it costs in an hour, what one unit costs, what a month's budget has left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_inference.cost.dashboard.widget import Panel, graph, mark, written
from cdk_inference.cost.formatting import dollars

DAYS = 30
# CloudWatch keeps points of a minute for 15 days, of five minutes for 63, and returns nothing for a finer period.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html (read 2026-11-24)
BUDGET_PERIOD_SECONDS_MIN = 300

_HOUR = 3600
_COLOR = cloudwatch.Color


def money(
    usd_per_hour: Any,
    limit_usd_per_hour: float | None,
    unit_cost: Sequence[Any],
    monthly_budget_usd: float | None,
    region: str,
) -> list[Panel]:
    """Dollars per hour with the limit, each unit cost, the budget; none of what is not given."""
    found = []
    if usd_per_hour is not None:
        marks = (
            []
            if limit_usd_per_hour is None
            else [mark(limit_usd_per_hour, f"limit {dollars(limit_usd_per_hour)}", _COLOR.RED)]
        )
        rate = graph("Dollars per hour", "US dollars per hour", [usd_per_hour], marks=marks, region=region)
        found.append(Panel(make=rate))
    for one in unit_cost:
        # A graph each: their units differ, and so may what their ids stand for.
        title = getattr(one, "label", None) or "Unit cost"
        found.append(Panel(make=graph(title, "US dollars", [one], region=region)))
    if monthly_budget_usd is not None:
        found.append(_budget(usd_per_hour, monthly_budget_usd, region))
    return found


def _budget(usd_per_hour: Any, budget_usd: float, region: str) -> Panel:
    """RUNNING_SUM adds up the points of the graph's own range.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html (read 2026-11-24)
    """
    hours = written(_HOUR / usd_per_hour.period.to_seconds())
    left = cloudwatch.MathExpression(
        expression=f"{written(budget_usd)} - RUNNING_SUM(fleet_usd_per_hour) / {hours}",
        using_metrics={"fleet_usd_per_hour": usd_per_hour},
        period=usd_per_hour.period,
        label="left, an estimate",
        color=_COLOR.BLUE,
    )
    return Panel(
        make=graph(
            f"Budget left of {dollars(budget_usd)}, estimate, last {DAYS} days",
            "US dollars",
            [left],
            marks=[mark(0, "used up", _COLOR.RED)],
            # Below 0 where it is overspent.
            least=None,
            start=f"-P{DAYS}D",
            region=region,
        ),
        words=(
            f"Estimated from dollars per hour over the last {DAYS} days, not the calendar month. What that rate leaves "
            "out is missing here: such as storage, traffic, logs, discounts."
        ),
    )
