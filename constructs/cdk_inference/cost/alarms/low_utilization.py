"""The alarm on instances that are used, and far too little for what they cost."""

from __future__ import annotations

from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk_inference.cost.billed import PricedVariant
from cdk_inference.cost.formatting import described
from cdk_inference.cost.limits import UnderUse
from cdk_inference.cost.metric_math import HOUR, expression, name_in_maths, written
from cdk_inference.cost.notifications import connect
from cdk_inference.kit.interfaces import Topic
from cdk_inference.kit.physical_names import alarm_name

# "100 x GPUs", and latency in microseconds: tables of
# https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (read 2026-11-22)
_MICROSECONDS = 1_000_000
_PERCENT = 100


def under_use_alarm(
    scope: Construct, name: str, under_use: UnderUse, variant: PricedVariant, topic: Topic
) -> cloudwatch.Alarm:
    """Fires once every hour of the time was below the share."""
    metric, threshold, what = _gpu(under_use, variant) or _in_flight(under_use, variant)
    target = variant.target
    alarm = cloudwatch.Alarm(
        scope,
        f"{target.node.id}{variant.name}{target.node.addr[-6:]}UnderUse",
        alarm_name=alarm_name(f"{name}-{target.target_name}-{variant.name}", "under-use"),
        alarm_description=described(
            f"{target.target_name}, variant {variant.name}: in none of the last {under_use.hours} hours {what}. It is "
            "billed in full. Lower min_instances; at one instance, use a cheaper type (`cdk-inference choose`), or put "
            "several models on one endpoint (ComponentEndpoint).",
            [variant],
        ),
        metric=metric,
        threshold=threshold,
        comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluation_periods=under_use.hours,
        # An hour in which nothing ran is no hour of bad use.
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    connect(alarm, topic)
    return alarm


def _gpu(under_use: UnderUse, variant: PricedVariant) -> tuple[cloudwatch.IMetric, float, str] | None:
    """(metric, threshold, words) of GPU use, where every type has GPUs and their number is known.

    Types of unlike numbers are judged by the smallest, which never fires wrongly.
    """
    types = variant.variant.metrics.instance_types or ()
    counts = [hardware.accelerators for hardware in types if hardware.kind == "gpu" and hardware.accelerators]
    if not counts or len(counts) < len(types):
        return None
    metric = variant.variant.metrics.metric("GPUUtilization", statistic="Average", period=Duration.seconds(HOUR))
    return metric, under_use.percent * min(counts), f"was GPU use {under_use.percent:g} % or more"


def _in_flight(under_use: UnderUse, variant: PricedVariant) -> tuple[cloudwatch.IMetric, float, str]:
    """(expression, threshold, words): time that requests took together, against the time that instances ran.

    It is their mean number in flight, and no smaller than the share of time in which there was any. A missing latency
    counts as 0 beside instances that ran, so an hour without a request is one below.
    """
    metrics = variant.variant.metrics
    options: dict[str, Any] = {"statistic": "Sum", "period": Duration.seconds(HOUR)}
    path = variant.target.node.path
    took, samples = name_in_maths(path, f"{variant.name} latency", HOUR), variant.samples(HOUR)
    share = _MICROSECONDS / _PERCENT * variant.publish_seconds
    metric = expression(
        f"{took} / ({written(share)} * {samples[0]})",
        {took: metrics.metric("ModelLatency", **options), samples[0]: samples[1]},
        HOUR,
        "requests in flight on an instance, in percent",
    )
    mean = under_use.percent / _PERCENT
    return metric, under_use.percent, f"were {mean:g} requests or more in flight on an instance, averaged over the hour"
