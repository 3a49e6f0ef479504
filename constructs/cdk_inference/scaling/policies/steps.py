"""Steps over any metric."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from cdk_inference.core.checks import (
    INTEGER_MAX,
    as_tuple,
    instance_of,
    is_number_token,
    is_token,
    known_number,
    matching,
    whole_number,
)
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.scaling.policies.base import KINDS, Policy, bounds_problems
from cdk_inference.scaling.policies.custom import NAME_ALLOWED, NAME_PATTERN
from cdk_inference.scaling.policies.metric import identity, metric_problem, metric_problems_for, source
from cdk_inference.scaling.policy_parts import DEFAULT_COOLDOWN_SECONDS, STEPS_MAX, AlarmOn, Part, Stepped
from cdk_inference.scaling.scheduled_bounds import ScheduledBounds, windows_problem
from cdk_inference.scaling.target import ScalableTarget

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (botocore 1.44.5)
HIGH_RESOLUTION_SECONDS = (10, 20, 30)
# "the product of EvaluationPeriods and Period can't be greater than 604,800 seconds (7 days)", same page
EVALUATED_SECONDS_MAX = 604_800


@dataclass(frozen=True, kw_only=True)
class Step:
    """At this value of the metric, and beyond it until the next step: add (or, below 0, remove) so many.

    at: the value.
    change: a whole number, not 0.

    Raises ConfigurationError.
    """

    at: float
    change: int

    def __post_init__(self) -> None:
        change = self.change
        fits = isinstance(change, int) and not isinstance(change, bool) and abs(change) <= INTEGER_MAX
        wrong = not is_number_token(change) and (not fits or change == 0)
        at = self.at
        numeric = is_number_token(at) or (
            isinstance(at, (int, float)) and not isinstance(at, bool) and abs(at) < 2**360
        )
        raise_problems(
            "Step",
            None if numeric else Problem("at", at, "a number", "give the metric's value"),
            Problem("change", change, "a whole number other than 0", "give how many to add or remove")
            if wrong
            else None,
        )


@dataclass(frozen=True, kw_only=True)
class StepScaling(Policy):
    """Adds or removes so many, by how far the metric is beyond a threshold.

    One direction; combine two in `CombinedPolicies` for both.

    metric: the name of a metric that the target publishes (docs/metrics.md), or a metric of aws_cloudwatch.
    steps: 1 to 20 `Step`s, the one nearest to normal first. If they add, each holds from its value upwards to the next;
        if they remove, from its value downwards.
    statistic: of a metric given by its name. Default: the table's.
    period_seconds: 10, 20, 30 or a multiple of 60. Default 60.
    breaching, evaluated: so many of so many periods beyond the first step run it. Default 2 of 2.
    cooldown_seconds: 0 or more. Default 300, AWS's own.
    name: ends the names of the policy and of its alarm. Default: the metric's name, or "metric", and "out" or "in".
    min_capacity: instances or copies. Default 1. With 0 what wakes the target comes with it.
    max_capacity: instances or copies, at least `min_capacity`.
    windows: other bounds from given moments on, `ScheduledBounds(...)`. Default: none.

    The alarm is named "<target>-<name>", is in OK where the metric has no data, and runs the policy without a
    notification.

    https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html (read 2026-11-24)

    Raises ConfigurationError.
    """

    metric: Any
    steps: tuple[Step, ...]
    statistic: str | None = None
    period_seconds: int = 60
    breaching: int = 2
    evaluated: int = 2
    cooldown_seconds: int = DEFAULT_COOLDOWN_SECONDS
    name: str | None = None
    min_capacity: int = 1
    max_capacity: int
    windows: tuple[ScheduledBounds, ...] = ()

    kinds: ClassVar[frozenset[str]] = KINDS
    bound_names: ClassVar[tuple[str, str]] = ("min_capacity", "max_capacity")
    lowest: ClassVar[int] = 0
    too_low: ClassVar[str] = "use 0 or more"

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", as_tuple(self.steps))
        object.__setattr__(self, "windows", as_tuple(self.windows))
        naming = "choose another name"
        raise_problems(
            "StepScaling",
            metric_problem(self.metric),
            self._steps_problem(),
            None
            if self.statistic is None
            else instance_of("statistic", self.statistic, str, "text", "for example statistic='Maximum'"),
            known_number("period_seconds", self.period_seconds, "CloudWatch takes few of them")
            or self._period_problem(),
            whole_number("breaching", self.breaching, 1, None, "give a count of periods"),
            self._evaluated_problem(),
            whole_number("cooldown_seconds", self.cooldown_seconds, 0, None, "give seconds, 0 or more"),
            None if self.name is None else matching("name", self.name, NAME_PATTERN, NAME_ALLOWED, naming),
            *bounds_problems(self),
            windows_problem(self.windows),
        )

    @property
    def clock(self) -> tuple[ScheduledBounds, ...]:
        return self.windows

    @property
    def adds(self) -> bool:
        """Whether it scales out; else it scales in."""
        return self.steps[0].change > 0

    def reads(self) -> object:
        """What it reads and in which direction, comparable between policies of one target."""
        return (identity(self.metric), self.adds)

    def _target_problems(self, target: ScalableTarget) -> list[Problem]:
        return metric_problems_for(self.metric, target)

    def own_parts(self, target: ScalableTarget) -> list[Part]:
        direction = "out" if self.adds else "in"
        name = self.name or f"{self.metric if isinstance(self.metric, str) else 'metric'}-{direction}"
        threshold = self.steps[0].at
        read = source(self.metric, self.statistic, target)
        does = "adds to" if self.adds else "removes from"
        alarm = AlarmOn(
            name=name,
            description=f"Runs the step policy that {does} the {target.rules.counted} of {target.name}.",
            source=read,
            threshold=threshold,
            at_or_above=self.adds,
            period_seconds=self.period_seconds,
            breaching=self.breaching,
            evaluated=self.evaluated,
        )
        ends: list[float | None] = [step.at - threshold for step in self.steps]
        intervals = list(zip(ends, [*ends[1:], None], strict=True))
        steps = tuple(
            (near, far, step.change) if self.adds else (far, near, step.change)
            for (near, far), step in zip(intervals, self.steps, strict=True)
        )
        return [Stepped(name=name, alarm=alarm, steps=steps, cooldown_seconds=self.cooldown_seconds)]

    def _steps_problem(self) -> Problem | None:
        steps = self.steps
        fix = "for example steps=(Step(at=10, change=1), Step(at=50, change=3))"
        if not isinstance(steps, tuple) or not steps or not all(isinstance(step, Step) for step in steps):
            return Problem("steps", steps, f"a tuple of 1 to {STEPS_MAX} Step", fix)
        if len(steps) > STEPS_MAX:
            allowed = f"at most {STEPS_MAX}, Application Auto Scaling's default quota for one policy"
            return Problem("steps", f"{len(steps)} steps", allowed, "make the steps wider")
        if any(is_token(step.at) or is_token(step.change) for step in steps):
            return Problem("steps", "a value known at deployment only", "numbers", "write the numbers themselves")
        changes, values = [step.change for step in steps], [step.at for step in steps]
        if min(changes) < 0 < max(changes):
            return Problem("steps", changes, "changes of one direction", "make one StepScaling for out, one for in")
        rising = changes[0] > 0
        if values != sorted(set(values), reverse=not rising):
            allowed = f"values that {'rise' if rising else 'fall'}, since the steps {'add' if rising else 'remove'}"
            return Problem("steps", values, allowed, "order them, the one nearest to normal first")
        return None

    def _period_problem(self) -> Problem | None:
        seconds = self.period_seconds
        if seconds in HIGH_RESOLUTION_SECONDS and isinstance(seconds, int):
            return None
        if isinstance(seconds, int) and not isinstance(seconds, bool) and seconds > 0 and seconds % 60 == 0:
            if seconds <= EVALUATED_SECONDS_MAX:
                return None
            allowed = f"up to {EVALUATED_SECONDS_MAX}, 7 days"
            return Problem("period_seconds", seconds, allowed, "choose a shorter period")
        return Problem("period_seconds", seconds, "10, 20, 30 or a multiple of 60", "choose one of these")

    def _evaluated_problem(self) -> Problem | None:
        found = whole_number("evaluated", self.evaluated, 1, None, "give a count of periods")
        known = found is None and whole_number("breaching", self.breaching, 1, None, "") is None
        if known and not is_token(self.evaluated) and not is_token(self.breaching) and self.breaching > self.evaluated:
            allowed = f"at least breaching ({self.breaching})"
            return Problem("evaluated", self.evaluated, allowed, "raise evaluated or lower breaching")
        plain = known and not is_token(self.evaluated) and self._period_problem() is None
        if plain and self.evaluated * self.period_seconds > EVALUATED_SECONDS_MAX:
            allowed = f"periods of {self.period_seconds} s within {EVALUATED_SECONDS_MAX} s, 7 days"
            return Problem("evaluated", self.evaluated, allowed, "lower evaluated or choose a shorter period")
        return found
