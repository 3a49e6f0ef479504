"""Target tracking of an asynchronous variant by its queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cdk_inference.core.checks import number_above
from cdk_inference.core.errors import Problem
from cdk_inference.scaling.policies.base import Tracked, row
from cdk_inference.scaling.policy_parts import Part
from cdk_inference.scaling.target import ScalableTarget


@dataclass(frozen=True, kw_only=True)
class TargetBacklog(Tracked):
    """Holds the queue per instance of an asynchronous endpoint (`ApproximateBacklogSizePerInstance`, 1-minute data).

    per_instance: requests queued or in work per instance, above 0. How many one instance may have before it: what it
        works off in the time that you let a request wait.
    min_instances: 0 or more. Default 1. With 0 a step policy and its alarm on `HasBacklogWithoutCapacity` come with it:
        the first request waits for an instance to start.
    max_instances: 1 or more.

    https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html (read 2026-11-22)

    Cooldowns and windows: as in `Tracked`. Raises ConfigurationError.
    """

    per_instance: float
    min_instances: int = 1
    max_instances: int

    reading: ClassVar[str] = "ApproximateBacklogSizePerInstance"
    kinds: ClassVar[frozenset[str]] = frozenset({"async"})
    bound_names: ClassVar[tuple[str, str]] = ("min_instances", "max_instances")
    lowest: ClassVar[int] = 0
    too_low: ClassVar[str] = "use 0 or more"

    def _own_problems(self) -> list[Problem | None]:
        fix = "requests that one instance works off in the time that one may wait"
        return [number_above("per_instance", self.per_instance, 0, fix)]

    def own_parts(self, target: ScalableTarget) -> list[Part]:
        return [self.tracking(self.reading, target.measured(row(self.reading, target.kind)), self.per_instance)]
