"""The kinds of endpoint: the unit that runs, its scaling rules and its billing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

KindName = Literal["realtime", "async", "serverless", "component", "shared", "adapter"]

INSTANCES = "sagemaker:variant:DesiredInstanceCount"
COPIES = "sagemaker:inference-component:DesiredCopyCount"
PROVISIONED = "sagemaker:variant:DesiredProvisionedConcurrency"


@dataclass(frozen=True, kw_only=True)
class ScalingRules:
    """How Application Auto Scaling scales a kind: the dimension, the lowest count, and the policies made for it.

    thing: what is scaled, in a sentence. counted: what a count counts. first: the policies to try first.
    wakes_on: the metric of requests that find no capacity, where the lowest count is 0.
    """

    thing: str
    dimension: str
    counted: str
    lowest: int
    policies: tuple[str, ...]
    first: str
    source: str
    wakes_on: str | None = None

    @property
    def has_copies(self) -> bool:
        """Whether copies of a component are counted, rather than a variant's instances or concurrency."""
        return self.dimension == COPIES


@dataclass(frozen=True, kw_only=True)
class EndpointKind:
    """The rules of one kind of endpoint, and how AWS bills it.

    title: what it is called in a sentence.
    scaling: None where SageMaker itself manages the count.
    has_instances: whether it has instances of its own, billed by the hour.
    has_requests: whether SageMaker publishes metrics of its requests under its own name.
    has_guardrails: whether SageMaker's deployment guardrails roll its updates out; elsewhere they are ignored.
    of_component: whether it is an inference component; else it is an endpoint.
    """

    name: KindName
    title: str
    scaling: ScalingRules | None
    has_instances: bool
    has_requests: bool
    has_guardrails: bool = False
    of_component: bool = False


# Dimensions: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
# (read 2026-11-24). The API allows a minimum of 0 for every SageMaker dimension; the guides below do not.
_GUIDE = "https://docs.aws.amazon.com/sagemaker/latest/dg"

REALTIME = EndpointKind(
    name="realtime",
    title="a real-time endpoint",
    scaling=ScalingRules(
        thing="a real-time variant",
        dimension=INSTANCES,
        counted="instances",
        lowest=1,
        policies=(
            *("FixedCount", "TargetConcurrency", "TargetInvocations", "TargetUtilization", "TargetMetric", "PoolLoad"),
            *("StepScaling", "ScheduledCount", "CombinedPolicies"),
        ),
        first="TargetConcurrency or TargetInvocations",
        source=f"{_GUIDE}/endpoint-auto-scaling-policy.html (read 2026-11-22)",
    ),
    has_instances=True,
    has_requests=True,
    has_guardrails=True,
)
ASYNC = EndpointKind(
    name="async",
    title="an asynchronous endpoint",
    scaling=ScalingRules(
        thing="an asynchronous variant",
        dimension=INSTANCES,
        counted="instances",
        lowest=0,
        policies=(
            *("FixedCount", "TargetBacklog", "TargetUtilization", "TargetMetric"),
            *("StepScaling", "ScheduledCount", "CombinedPolicies"),
        ),
        first="TargetBacklog",
        source=f"{_GUIDE}/async-inference-autoscale.html (read 2026-11-22)",
        wakes_on="HasBacklogWithoutCapacity",
    ),
    has_instances=True,
    has_requests=True,
    has_guardrails=True,
)
COMPONENT = EndpointKind(
    name="component",
    title="an inference component",
    scaling=ScalingRules(
        thing="an inference component",
        dimension=COPIES,
        counted="copies",
        lowest=0,
        policies=(
            *("FixedCopies", "TargetConcurrencyPerCopy", "TargetInvocationsPerCopy", "TargetUtilization"),
            *("TargetMetric", "StepScaling", "ScheduledCount", "CombinedPolicies"),
        ),
        first="TargetConcurrencyPerCopy or TargetInvocationsPerCopy",
        source=f"{_GUIDE}/endpoint-auto-scaling-zero-instances.html (read 2026-11-24)",
        wakes_on="NoCapacityInvocationFailures",
    ),
    has_instances=False,
    has_requests=True,
    of_component=True,
)
SERVERLESS = EndpointKind(
    name="serverless",
    title="a serverless endpoint",
    scaling=ScalingRules(
        thing="a serverless variant",
        dimension=PROVISIONED,
        counted="provisioned concurrency",
        lowest=1,
        policies=("ProvisionedConcurrency", "TargetProvisionedUtilization"),
        first="ProvisionedConcurrency",
        source=f"{_GUIDE}/serverless-endpoints-autoscale.html (read 2026-11-22)",
    ),
    has_instances=False,
    has_requests=True,
)
SHARED = EndpointKind(
    name="shared",
    title="an endpoint that hosts inference components",
    scaling=None,
    has_instances=True,
    has_requests=False,
)
# Runs on the copies of its base component, and has no metrics and no scaling of its own.
ADAPTER = EndpointKind(
    name="adapter",
    title="an adapter of an inference component",
    scaling=None,
    has_instances=False,
    has_requests=False,
    of_component=True,
)

KINDS: Mapping[str, EndpointKind] = MappingProxyType(
    {kind.name: kind for kind in (REALTIME, ASYNC, SERVERLESS, COMPONENT, SHARED)}
)
