"""How many instances: policies as values. Plain numbers, units in the names; no CDK here.

https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-add-code-define.html (read 2026-11-22)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cdk_inference.checks import is_token, number_above, whole_number
from cdk_inference.errors import Problem, refuse

# Application Auto Scaling's default for SageMaker variants, both ways:
# https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
DEFAULT_COOLDOWN_SECONDS = 300

# A real-time variant cannot scale to zero: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-policy.html
MIN_INSTANCES = 1

_ONE_AT_LEAST = (
    "use 1 or more: a real-time endpoint cannot scale to zero (asynchronous endpoints and inference components can)"
)


@dataclass(frozen=True, kw_only=True)
class FixedCount:
    """Always the same number of instances, without autoscaling. A deployment that changes it takes effect.

    instances: 1 or more. Default 1.

    Raises ConfigurationError.
    """

    instances: int = 1

    def __post_init__(self) -> None:
        refuse("FixedCount", whole_number("instances", self.instances, MIN_INSTANCES, None, _ONE_AT_LEAST))

    @property
    def min_instances(self) -> int:
        return self.instances

    @property
    def max_instances(self) -> int:
        return self.instances


@dataclass(frozen=True, kw_only=True)
class TargetTracking:
    """What the target-tracking policies share. Use `TargetInvocations` or `TargetConcurrency`.

    min_instances, max_instances: bounds, 1 or more; SageMaker moves inside them as load changes.
    scale_out_cooldown_seconds, scale_in_cooldown_seconds: pause after a step, 0 or more. Default 300, AWS's own.
    """

    min_instances: int = 1
    max_instances: int
    scale_out_cooldown_seconds: int = DEFAULT_COOLDOWN_SECONDS
    scale_in_cooldown_seconds: int = DEFAULT_COOLDOWN_SECONDS

    metric_type: ClassVar[str]

    def _problems(self) -> list[Problem | None]:
        seconds = "give seconds, 0 or more"
        minimum = whole_number("min_instances", self.min_instances, MIN_INSTANCES, None, _ONE_AT_LEAST)
        maximum = whole_number("max_instances", self.max_instances, MIN_INSTANCES, None, _ONE_AT_LEAST)
        known = minimum is None and maximum is None and not is_token(self.min_instances)
        if known and not is_token(self.max_instances) and self.min_instances > self.max_instances:
            maximum = Problem(
                "max_instances",
                self.max_instances,
                f"at least min_instances ({self.min_instances})",
                "raise max_instances or lower min_instances",
            )
        return [
            minimum,
            maximum,
            whole_number("scale_out_cooldown_seconds", self.scale_out_cooldown_seconds, 0, None, seconds),
            whole_number("scale_in_cooldown_seconds", self.scale_in_cooldown_seconds, 0, None, seconds),
        ]

    @property
    def target(self) -> float:
        """The metric's value that the policy holds."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class TargetInvocations(TargetTracking):
    """Holds the invocations per instance and minute (`SageMakerVariantInvocationsPerInstance`, 1-minute data).

    per_instance_per_minute: above 0. AWS's formula, from a measured throughput:
        requests per second that one instance holds x safety factor (0.5 to start with) x 60.
        https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-loadtest.html

    Raises ConfigurationError.
    """

    per_instance_per_minute: float

    metric_type: ClassVar[str] = "SageMakerVariantInvocationsPerInstance"

    def __post_init__(self) -> None:
        measured = "measure one instance: requests per second x safety factor x 60"
        target = number_above("per_instance_per_minute", self.per_instance_per_minute, 0, measured)
        refuse("TargetInvocations", target, *self._problems())

    @property
    def target(self) -> float:
        return self.per_instance_per_minute


@dataclass(frozen=True, kw_only=True)
class TargetConcurrency(TargetTracking):
    """Holds the requests in flight per model (`SageMakerVariantConcurrentRequestsPerModelHighResolution`).

    Published every 10 seconds, so it scales out sooner than 1-minute data, and it counts a stream until its last
    token: the signal for LLMs. It scales in no faster than the others.

    per_instance: requests in flight on one instance, queued ones included, above 0.

    Raises ConfigurationError.
    """

    per_instance: float

    metric_type: ClassVar[str] = "SageMakerVariantConcurrentRequestsPerModelHighResolution"

    def __post_init__(self) -> None:
        measured = "measure how many requests at once one instance serves within your latency"
        refuse("TargetConcurrency", number_above("per_instance", self.per_instance, 0, measured), *self._problems())

    @property
    def target(self) -> float:
        return self.per_instance


Scaling = FixedCount | TargetInvocations | TargetConcurrency
