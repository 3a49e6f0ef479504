"""How many instances or copies of a target run, between the lowest and the highest count."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

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
    elif part.counts_copies:
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
    """The lowest and the highest count at any moment; no mark for one that is known at deployment only."""
    if part.counts is None:
        return []
    low, high = part.counts.lowest, part.counts.highest
    if isinstance(low, int) and low == high:
        return [mark(low, f"fixed: {low}")]
    marks = (("max", high), ("min", low))
    return [mark(value, f"{word} {value}") for word, value in marks if isinstance(value, int)]
