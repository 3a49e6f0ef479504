"""What is hosted: kinds of endpoints, their variants and components, and how many run. Values only."""

from cdk_inference.hosting.count_range import CountRange, peak_together
from cdk_inference.hosting.endpoint import HostedComponent, HostedEndpoint, HostedVariant, Serverless
from cdk_inference.hosting.endpoint_kind import KINDS, EndpointKind, ScalingRules
from cdk_inference.hosting.minimum_over_time import MinimumOverTime, ScheduledAction

__all__ = [
    "KINDS",
    "CountRange",
    "EndpointKind",
    "HostedComponent",
    "HostedEndpoint",
    "HostedVariant",
    "MinimumOverTime",
    "ScalingRules",
    "ScheduledAction",
    "Serverless",
    "peak_together",
]
