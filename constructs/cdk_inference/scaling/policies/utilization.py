"""Target tracking by how busy the chips are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from cdk_inference.core.checks import is_token, number_above, one_of
from cdk_inference.core.errors import Problem
from cdk_inference.metrics import NO_NEURON_METRIC
from cdk_inference.scaling.policies.base import AnyCapacity, row
from cdk_inference.scaling.policy_parts import Part
from cdk_inference.scaling.target import ScalableTarget

# of -> (metric, the hardware's count of what it sums over, what that is called)
Measured = Literal["gpu", "cpu"]
_OF: Mapping[Measured, tuple[str, str, str]] = {
    "gpu": ("GPUUtilization", "accelerators", "GPUs"),
    "cpu": ("CPUUtilization", "vcpus", "vCPUs"),
}


@dataclass(frozen=True, kw_only=True)
class TargetUtilization(AnyCapacity):
    """Holds the use of the GPUs or of the processor, in percent of one of them, 1-minute data.

    of: "gpu" or "cpu".
    percent: above 0, at most 100, of one GPU or vCPU on average. SageMaker's metric of a variant is the sum over all of
        an instance, so the policy multiplies by their count; an inference component has a normalized metric.
    min_capacity, max_capacity: instances or copies, 1 or more, since without any there is no utilization. The minimum
        is 1 by default.

    For LLMs use `TargetConcurrency`, which counts waiting requests too. Neuron hardware has no metric of NeuronCore
    use.

    https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (read 2026-11-22)

    Cooldowns and windows: as in `Tracked`. Raises ConfigurationError.
    """

    of: Measured
    percent: float

    blind_at_zero: ClassVar[bool] = True

    def _own_problems(self) -> list[Problem | None]:
        known = "a value that is known at synth time: it is multiplied, or decides about the metric"
        return [
            *(
                Problem(name, value, known, "write the value itself")
                for name, value in (("of", self.of), ("percent", self.percent))
                if is_token(value)
            ),
            one_of("of", self.of, tuple(_OF), "choose one of these"),
            number_above("percent", self.percent, 0, "give percent of one GPU or vCPU, for example 70", high=100),
        ]

    def reads(self) -> object:
        return _OF[self.of][0]

    def _target_problems(self, target: ScalableTarget) -> list[Problem]:
        metric, field, called = _OF[self.of]
        instead = f"use {target.rules.first}"
        if self.of == "gpu" and (others := [one.name for one in target.hardware if one.kind != "gpu"]):
            allowed = f'"cpu" on {", ".join(others)}'
            return [Problem("scaling.of", self.of, allowed, f"{instead}: {NO_NEURON_METRIC}")]
        if target.rules.has_copies:
            return []
        counts = sorted({getattr(one, field) for one in target.hardware}, key=str)
        if len(counts) == 1 and counts[0] is not None:
            return []
        known = ", ".join(f"{one.name}: {getattr(one, field) or 'unknown'}" for one in target.hardware) or "unknown"
        allowed = f"hardware with one known number of {called}, over which SageMaker sums {metric}"
        return [Problem("hardware", known, allowed, instead)]

    def own_parts(self, target: ScalableTarget) -> list[Part]:
        metric, field, _ = _OF[self.of]
        if target.rules.has_copies:
            fact = row(f"{metric}Normalized", target.kind)
            return [self.tracking(fact.name, target.measured(fact), self.percent)]
        count: int = getattr(target.hardware[0], field)
        return [self.tracking(metric, target.measured(row(metric, target.kind)), self.percent * count)]
