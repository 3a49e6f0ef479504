"""The top line: is anything wrong, and what does it cost now."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_inference.cost.dashboard.grid import COLUMNS
from cdk_inference.cost.dashboard.section import Part
from cdk_inference.cost.dashboard.traffic_widgets import server_error_share
from cdk_inference.cost.dashboard.widget import Make, Panel

# Long enough that the newest value is a whole one.
_PERIOD = Duration.minutes(5)
_LEAST_HEIGHT = 4
# Numbers of a widget of seven columns that can still be read, side by side.
_ABREAST = 2


def verdict(
    alarms: Sequence[cloudwatch.IAlarm],
    usd_per_hour: cloudwatch.IMetric | None,
    parts: Sequence[Part],
    region: str,
) -> list[Panel]:
    """Alarms, dollars per hour, share of server errors, p99; what there is nothing to show of is left out."""
    busy = [part for part in parts if part.has_requests]
    height = max(_LEAST_HEIGHT, 1 + 2 * -(-len(busy) // _ABREAST))
    makes: list[tuple[int, Make]] = []
    if alarms:
        makes.append((6, _alarms(alarms)))
    if usd_per_hour is not None:
        makes.append((4, _values("Dollars per hour, now", [usd_per_hour], region)))
    if busy:
        shares = [server_error_share(part.metrics, number, _PERIOD, part.name) for number, part in enumerate(busy)]
        slow = [part.metrics.metric_latency_milliseconds(period=_PERIOD, label=part.name) for part in busy]
        makes.append((7, _values("Server errors, % of requests, last 5 minutes", shares, region)))
        makes.append((7, _values("Latency p99, milliseconds, last 5 minutes", slow, region)))
    # The last ones get what the others leave.
    spare = COLUMNS - sum(columns for columns, _ in makes)
    return [
        Panel(make=make, height=height, columns=columns + spare // len(makes) + (place < spare % len(makes)))
        for place, (columns, make) in enumerate(makes)
    ]


def _alarms(alarms: Sequence[cloudwatch.IAlarm]) -> Make:
    return lambda width, height: cloudwatch.AlarmStatusWidget(
        title="Alarms, firing ones first",
        alarms=list(alarms),
        sort_by=cloudwatch.AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP,
        width=width,
        height=height,
    )


def _values(title: str, metrics: Sequence[cloudwatch.IMetric], region: str) -> Make:
    return lambda width, height: cloudwatch.SingleValueWidget(
        title=title, metrics=list(metrics), period=_PERIOD, region=region, width=width, height=height
    )
