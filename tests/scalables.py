"""What policies are attached to, and a metric of the app, as tests make them."""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_inference.hardware import lookup
from cdk_inference.scaling import ScalableTarget


def queue(statistic: str = "Average") -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="Own", metric_name="Waiting", dimensions_map={"Queue": "chat"}, statistic=statistic
    )


def variant(kind: str, name: str, *types: str) -> ScalableTarget:
    hardware = tuple(lookup(one) for one in types)
    return ScalableTarget.variant(kind, f"fleet-{name}", "AllTraffic", hardware=hardware)
