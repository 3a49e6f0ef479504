"""Target tracking of an inference component by its requests.

https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-add-code-define.html (read 2026-11-22)
https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html (read 2026-11-24)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cdk_inference.scaling.policies.base import PredefinedTracked


@dataclass(frozen=True, kw_only=True)
class _PerCopy(PredefinedTracked):
    """What the two share.

    min_copies: 0 or more. Default 1. With 0 a step policy and its alarm on `NoCapacityInvocationFailures` come with it.
        Every request fails until a copy has started. The instances go to zero only if every component of the endpoint
        may, and the endpoint's managed instance scaling has a minimum of 0.
    max_copies: 1 or more.
    """

    min_copies: int = 1
    max_copies: int

    kinds: ClassVar[frozenset[str]] = frozenset({"component"})
    bound_names: ClassVar[tuple[str, str]] = ("min_copies", "max_copies")
    lowest: ClassVar[int] = 0
    too_low: ClassVar[str] = "use 0 or more"


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
    held: ClassVar[str] = "per_copy_per_minute"
    measured: ClassVar[str] = "measure one copy: requests per second x safety factor x 60"


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
    held: ClassVar[str] = "per_copy"
    measured: ClassVar[str] = "measure how many requests at once one copy serves within your latency"
