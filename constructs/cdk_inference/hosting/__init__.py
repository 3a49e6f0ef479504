"""The description of an endpoint: its kind, its variants and components, and their counts. Values only."""

from cdk_inference.hosting.count_range import CountRange, peak_together
from cdk_inference.hosting.endpoint import HostedComponent, HostedEndpoint, HostedVariant, Serverless
from cdk_inference.hosting.endpoint_kind import (
    ADAPTER,
    ASYNC,
    COMPONENT,
    KINDS,
    REALTIME,
    SERVERLESS,
    SHARED,
    EndpointKind,
    KindName,
    ScalingRules,
)
from cdk_inference.hosting.minimum_over_time import MinimumOverTime, ScheduledAction

__all__ = [
    "ADAPTER",
    "ASYNC",
    "COMPONENT",
    "KINDS",
    "REALTIME",
    "SERVERLESS",
    "SHARED",
    "CountRange",
    "EndpointKind",
    "HostedComponent",
    "HostedEndpoint",
    "HostedVariant",
    "KindName",
    "MinimumOverTime",
    "ScalingRules",
    "ScheduledAction",
    "Serverless",
    "peak_together",
]
