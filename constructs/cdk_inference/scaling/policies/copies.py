"""Target tracking of an inference component by its requests.

https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-add-code-define.html (read 2026-11-22)
https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html (read 2026-11-24)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cdk_inference.checks import number_above
from cdk_inference.errors import Problem
from cdk_inference.scaling.parts import Part, Predefined
from cdk_inference.scaling.policies.base import Tracked
from cdk_inference.scaling.target import ScalableTarget


@dataclass(frozen=True, kw_only=True)
class _PerCopy(Tracked):
    """What the two share.

    min_copies: 0 or more. Default 1. With 0 a step policy and its alarm on `NoCapacityInvocationFailures` come with it.
        Every request fails until a copy has started. The instances go to zero only if every component of the endpoint
        may, and the endpoint's managed instance scaling has a minimum of 0.
    max_copies: 1 or more.
    """

    min_copies: int = 1
    max_copies: int

    metric_type: ClassVar[str]
    kinds: ClassVar[frozenset[str]] = frozenset({"component"})
    bound_names: ClassVar[tuple[str, str]] = ("min_copies", "max_copies")
    lowest: ClassVar[int] = 0
    too_low: ClassVar[str] = "use 0 or more"

    @property
    def target(self) -> float:
        """The metric's value that the policy holds."""
        raise NotImplementedError

    def own_parts(self, target: ScalableTarget) -> list[Part]:
        del target
        return [self.tracking(self.metric_type, Predefined(metric_type=self.metric_type), self.target)]


@dataclass(frozen=True, kw_only=True)
class TargetInvocationsPerCopy(_PerCopy):
    """Holds the invocations per copy and minute (`SageMakerInferenceComponentInvocationsPerCopy`, 1-minute data).

    per_copy_per_minute: above 0; `target_from(requests_per_second=...)` of one copy.
    min_copies: 0 or more. Default 1. With 0 a step policy and its alarm on `NoCapacityInvocationFailures` come with it.
    max_copies: 1 or more.

    Cooldowns and windows: as in `Tracked`. Raises ConfigurationError.
    """

    per_copy_per_minute: float

    reading: ClassVar[str] = "InvocationsPerCopy"
    metric_type: ClassVar[str] = "SageMakerInferenceComponentInvocationsPerCopy"

    def _own_problems(self) -> list[Problem | None]:
        measured = "measure one copy: requests per second x safety factor x 60"
        return [number_above("per_copy_per_minute", self.per_copy_per_minute, 0, measured)]

    @property
    def target(self) -> float:
        return self.per_copy_per_minute


@dataclass(frozen=True, kw_only=True)
class TargetConcurrencyPerCopy(_PerCopy):
    """Holds the requests in flight per copy (`SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution`).

    Published every 10 seconds; counts a stream until its last token. The signal for LLMs.

    per_copy: requests in flight on one copy, queued ones included, above 0.
    min_copies: 0 or more. Default 1. With 0 a step policy and its alarm on `NoCapacityInvocationFailures` come with it.
    max_copies: 1 or more.

    Cooldowns and windows: as in `Tracked`. Raises ConfigurationError.
    """

    per_copy: float

    reading: ClassVar[str] = "ConcurrentRequestsPerCopy"
    metric_type: ClassVar[str] = "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution"

    def _own_problems(self) -> list[Problem | None]:
        measured = "measure how many requests at once one copy serves within your latency"
        return [number_above("per_copy", self.per_copy, 0, measured)]

    @property
    def target(self) -> float:
        return self.per_copy
