"""How many instances or copies of a target run, against the fewest and the most that may."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_inference.core.checks import is_token
from cdk_inference.cost.billed import COUNTED
from cdk_inference.cost.dashboard.section import Part
from cdk_inference.cost.dashboard.widget import MINUTE, Panel, graph, mark, written
from cdk_inference.endpoints import BilledVariant

_SECONDS = 60
_COLOR = cloudwatch.Color


def capacity(part: Part) -> list[Panel]:
    """One graph, with the bounds that are known; none of what nothing counts."""
    if part.variant is not None:
        title, unit, line = "Instances", "instances", _instances(part, part.variant)
    elif part.kind == "component":
        title, unit, line = "Copies, while requests come", "copies", _copies(part)
    else:
        return []
    return [Panel(make=graph(title, unit, [line], marks=_bounds(part), region=part.region))]


def _instances(part: Part, variant: BilledVariant) -> cloudwatch.IMetric:
    """Samples of processor use count them, as in `cost.rate`."""
    seconds = variant.publish_seconds
    period = Duration.seconds(max(_SECONDS, seconds))
    samples: cloudwatch.Metric = part.metrics.metric(
        COUNTED, statistic="SampleCount", period=period, label="instances that run", color=_COLOR.BLUE
    )
    if seconds >= _SECONDS:
        return samples
    return cloudwatch.MathExpression(
        expression=f"samples * {written(seconds / _SECONDS)}",
        using_metrics={"samples": samples},
        period=period,
        label="instances that run",
        color=_COLOR.BLUE,
    )


def _copies(part: Part) -> cloudwatch.IMetric:
    """Requests, divided by requests per copy: no metric counts copies."""
    return cloudwatch.MathExpression(
        expression="requests / per_copy",
        using_metrics={
            "requests": part.metrics.metric_requests(period=MINUTE),
            "per_copy": part.metrics.metric("InvocationsPerCopy", period=MINUTE),
        },
        period=MINUTE,
        label="copies that answer",
        color=_COLOR.BLUE,
    )


def _bounds(part: Part) -> list[cloudwatch.HorizontalAnnotation]:
    """The fewest and the most that may ever run, windows included; none where one is known at deployment only."""
    lows: list[int | None] = [part.variant.minimum] if part.variant is not None else []
    highs: list[int | None] = []
    if part.policy is not None:
        lows = [part.policy.minimum, *(window.min_capacity for window in part.policy.clock)]
        highs = [part.policy.maximum, *(window.max_capacity for window in part.policy.clock)]
    low = min(known) if (known := _known(lows)) else None
    high = max(known) if (known := _known(highs)) else None
    if low is not None and low == high:
        return [mark(low, f"fixed: {low}")]
    return [mark(value, f"{word} {value}") for word, value in (("max", high), ("min", low)) if value is not None]


def _known(values: Sequence[int | None]) -> list[int]:
    """All of them, if all are known."""
    found = [value for value in values if value is not None and not is_token(value)]
    return found if len(found) == len(values) else []
