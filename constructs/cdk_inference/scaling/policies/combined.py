"""Several policies on one target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cdk_inference.core.checks import as_tuple
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.scaling.policies.base import Policy, Tracked
from cdk_inference.scaling.policies.steps import StepScaling
from cdk_inference.scaling.policy_parts import POLICIES_MAX, Part
from cdk_inference.scaling.scheduled_bounds import ScheduledBounds
from cdk_inference.scaling.target import ScalableTarget

_KINDS = frozenset({"realtime", "async", "component", "serverless"})


@dataclass(frozen=True, kw_only=True)
class CombinedPolicies(Policy):
    """Scales out if any of the policies says so, in only if all do; the largest count wins.

    policies: 2 or more target-tracking policies, or 2 or more `StepScaling`, with the same bounds and each with a
        metric (or direction) of its own. Windows: on the first one, or the same on each.

    https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
    (2026-11-22)

    Raises ConfigurationError.
    """

    policies: tuple[Policy, ...]

    kinds: ClassVar[frozenset[str]] = _KINDS

    def __post_init__(self) -> None:
        object.__setattr__(self, "policies", as_tuple(self.policies))
        raise_problems("CombinedPolicies", *self._problems())

    def _problems(self) -> list[Problem | None]:
        found = self.policies
        fits = isinstance(found, tuple) and all(isinstance(one, (Tracked, StepScaling)) for one in found)
        if not fits or len(found) < 2:
            names = [type(one).__name__ for one in found] if isinstance(found, tuple) else found
            allowed = "a tuple of 2 or more policies that follow a metric"
            return [Problem("policies", names, allowed, "give one policy alone as it is; a fixed count has no company")]
        problems: list[Problem | None] = []
        # One more may come with it, which wakes from zero.
        if len(found) >= POLICIES_MAX:
            allowed = f"fewer than {POLICIES_MAX}, Application Auto Scaling's quota for one target"
            problems.append(Problem("policies", f"{len(found)} policies", allowed, "drop some"))
        names = [type(one).__name__ for one in found]
        if len({isinstance(one, StepScaling) for one in found}) > 1:
            allowed = "target tracking alone or steps alone: AWS warns that one undoes the other"
            problems.append(Problem("policies", names, allowed, "drop one kind; what wakes from zero comes by itself"))
        reading = [one.reads() for one in found if isinstance(one, (Tracked, StepScaling))]
        if twice := [name for name, key in zip(names, reading, strict=True) if reading.count(key) > 1]:
            allowed = "one policy for one metric: two would pull the same count to two values"
            problems.append(Problem("policies", twice, allowed, "drop one of them"))
        bounds = [f"{one.minimum} to {one.maximum}" for one in found]
        if len(set(bounds)) > 1:
            problems.append(
                Problem("policies", ", ".join(bounds), "the same bounds: one target has one range", "write one range")
            )
        if any(one.clock and one.clock != found[0].clock for one in found):
            allowed = "windows on the first policy, or the same on each"
            problems.append(Problem("policies", "windows that differ", allowed, "give them to the first policy alone"))
        return problems

    @property
    def minimum(self) -> int:
        return self.policies[0].minimum

    @property
    def maximum(self) -> int:
        return self.policies[0].maximum

    @property
    def clock(self) -> tuple[ScheduledBounds, ...]:
        return self.policies[0].clock

    def problems_for(self, target: ScalableTarget) -> list[Problem]:
        problems = {str(problem): problem for one in self.policies for problem in one.problems_for(target)}
        if problems:
            return list(problems.values())
        names = [part.name for part in self.own_parts(target)]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            return [Problem("scaling.policies", twice, "policies with names of their own", "give each a name=...")]
        return []

    def own_parts(self, target: ScalableTarget) -> list[Part]:
        return [part for one in self.policies for part in one.own_parts(target)]
