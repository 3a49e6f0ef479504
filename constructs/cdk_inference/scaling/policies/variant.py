"""Target tracking of a real-time variant by its requests.

https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-add-code-define.html (read 2026-11-22)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cdk_inference.core.checks import is_token, number_above
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.scaling.policies.base import PredefinedTracked

# A real-time variant cannot scale to zero:
# https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-policy.html
MIN_INSTANCES = 1
ONE_AT_LEAST = (
    "use 1 or more: a real-time endpoint cannot scale to zero (asynchronous endpoints and inference components can)"
)


@dataclass(frozen=True, kw_only=True)
class TargetTracking(PredefinedTracked):
    """What the two share. Use `TargetInvocations` or `TargetConcurrency`.

    min_instances, max_instances: bounds, 1 or more; the count moves inside them as load changes. The minimum is 1 by
        default.
    """

    min_instances: int = 1
    max_instances: int

    kinds: ClassVar[frozenset[str]] = frozenset({"realtime"})
    bound_names: ClassVar[tuple[str, str]] = ("min_instances", "max_instances")
    too_low: ClassVar[str] = ONE_AT_LEAST


@dataclass(frozen=True, kw_only=True)
class TargetInvocations(TargetTracking):
    """Holds the invocations per instance and minute (`SageMakerVariantInvocationsPerInstance`, 1-minute data).

    per_instance_per_minute: above 0. AWS's formula, from a measured throughput: `target_from(requests_per_second=...)`.
        https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-loadtest.html

    Bounds, cooldowns and windows: as in `TargetTracking` and `Tracked`. Raises ConfigurationError.
    """

    per_instance_per_minute: float

    reading: ClassVar[str] = "InvocationsPerInstance"
    metric_type: ClassVar[str] = "SageMakerVariantInvocationsPerInstance"
    held: ClassVar[str] = "per_instance_per_minute"
    measured: ClassVar[str] = "measure one instance: requests per second x safety factor x 60"


@dataclass(frozen=True, kw_only=True)
class TargetConcurrency(TargetTracking):
    """Holds the requests in flight per model (`SageMakerVariantConcurrentRequestsPerModelHighResolution`).

    Published every 10 seconds, so it scales out sooner than 1-minute data, and it counts a stream until its last
    token: the signal for LLMs. It scales in no faster than the others.

    per_instance: requests in flight on one instance, queued ones included, above 0.

    Bounds, cooldowns and windows: as in `TargetTracking` and `Tracked`. Raises ConfigurationError.
    """

    per_instance: float

    reading: ClassVar[str] = "ConcurrentRequestsPerModel"
    metric_type: ClassVar[str] = "SageMakerVariantConcurrentRequestsPerModelHighResolution"
    held: ClassVar[str] = "per_instance"
    measured: ClassVar[str] = "measure how many requests at once one instance serves within your latency"


# AWS's advice to start with: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-loadtest.html (read
# 2026-11-22)
DEFAULT_SAFETY_FACTOR = 0.5


def target_from(*, requests_per_second: float, safety_factor: float = DEFAULT_SAFETY_FACTOR) -> float:
    """Invocations per minute for `TargetInvocations` or `TargetInvocationsPerCopy`, from what one instance or copy
    holds.

    requests_per_second: measured, at the latency that you accept; above 0.
    safety_factor: what part of it to use, above 0, at most 1. Default 0.5, with which AWS says to start.

    AWS's formula: requests per second x safety factor x 60.
    https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-loadtest.html (read 2026-11-22)

    Raises ConfigurationError.
    """
    given = {"requests_per_second": requests_per_second, "safety_factor": safety_factor}
    known = "a value that is known at synth time: it is multiplied"
    raise_problems(
        "target_from",
        *(Problem(name, value, known, "write the number itself") for name, value in given.items() if is_token(value)),
        number_above("requests_per_second", requests_per_second, 0, "measure one instance"),
        number_above("safety_factor", safety_factor, 0, "0.5 to start with", high=1),
    )
    return requests_per_second * safety_factor * 60
