"""What all policies share: bounds, windows, cooldowns, and the question whether a target can have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cdk_inference.core.checks import as_tuple, instance_of, is_token, number_above, whole_number
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.hosting import CountRange
from cdk_inference.metrics import KINDS as METRICS_OF
from cdk_inference.metrics import MetricFact, NotPublished, published
from cdk_inference.scaling.policy_parts import DEFAULT_COOLDOWN_SECONDS, Part, Predefined, Source, Tracking
from cdk_inference.scaling.scheduled_bounds import ScheduledBounds, windows_problem
from cdk_inference.scaling.target import ScalableTarget
from cdk_inference.scaling.wake import wake


class Policy:
    """How many instances, copies or provisioned executions, as a value. `minimum` and `maximum` are its bounds.

    kinds: the kinds of target that it is made for. fixed: whether nothing scales. reading: the metric it reads, if
        always the
    same. blind_at_zero: whether that metric has no data while nothing runs.
    """

    kinds: ClassVar[frozenset[str]]
    fixed: ClassVar[bool] = False
    reading: ClassVar[str] = ""
    blind_at_zero: ClassVar[bool] = False
    bound_names: ClassVar[tuple[str, str]]
    lowest: ClassVar[int] = 1
    too_low: ClassVar[str] = "use 1 or more"

    @property
    def minimum(self) -> int:
        """The lowest count."""
        found: int = getattr(self, self.bound_names[0])
        return found

    @property
    def maximum(self) -> int:
        """The highest count."""
        found: int = getattr(self, self.bound_names[1])
        return found

    @property
    def clock(self) -> tuple[ScheduledBounds, ...]:
        """The windows that change the bounds."""
        return ()

    @property
    def counts(self) -> CountRange:
        """The bounds, and what the windows make of them."""
        return CountRange.scheduled(self.minimum, self.maximum, [window.action for window in self.clock])

    def problems_for(self, target: ScalableTarget) -> list[Problem]:
        """Why `target` cannot be scaled so; empty if it can."""
        if target.kind not in self.kinds:
            return [self._wrong_kind(target)]
        return [*self._bound_problems(target), *self._target_problems(target)]

    def parts(self, target: ScalableTarget) -> list[Part]:
        """The policies and alarms that come of it, with the one that wakes the target if the count may be zero."""
        return [*self.own_parts(target), *([wake(target)] if self.counts.scales_from_zero else [])]

    def own_parts(self, target: ScalableTarget) -> list[Part]:
        """The same without the waking."""
        del target
        return []

    def _target_problems(self, target: ScalableTarget) -> list[Problem]:
        del target
        return []

    def _wrong_kind(self, target: ScalableTarget) -> Problem:
        rules = target.rules
        missing = published(self.reading, target.kind) if self.reading else None
        why = ""
        if isinstance(missing, NotPublished):
            why = f": {METRICS_OF[missing.kind]} does not publish {missing.name}"
        allowed = f"for {rules.thing}: {', '.join(rules.policies)}"
        return Problem("scaling", type(self).__name__, allowed, f"use {rules.first}{why}")

    def _bound_problems(self, target: ScalableTarget) -> list[Problem]:
        rules = target.rules
        named = [(self.bound_names[0], self.minimum)]
        named += [(f"windows[{number}].min_capacity", window.min_capacity) for number, window in enumerate(self.clock)]
        found = []
        for name, low in named:
            argument = f"scaling.{name}"
            if is_token(low):
                if rules.lowest == 0 and self.lowest == 0:
                    allowed = "a value that is known at synth time: zero needs a policy that wakes it"
                    found.append(Problem(argument, low, allowed, "write the number itself"))
            elif low < rules.lowest:
                allowed = f"at least {rules.lowest} for {rules.thing} ({rules.source})"
                found.append(Problem(argument, low, allowed, f"raise it to {rules.lowest}"))
            elif low == 0 and self.blind_at_zero:
                allowed = f"1 or more: the metric of {type(self).__name__} has no data while nothing runs"
                found.append(Problem(argument, low, allowed, f"raise it to 1, or use {rules.first}"))
        return found


def bounds_problems(policy: Policy, highest: int | None = None) -> list[Problem | None]:
    """Returns the problems of a policy's minimum and maximum by themselves."""
    low_name, high_name = policy.bound_names
    low, high = policy.minimum, policy.maximum
    minimum = whole_number(low_name, low, policy.lowest, highest, policy.too_low)
    most = "use 1 or more" if policy.lowest == 0 else policy.too_low
    maximum = whole_number(high_name, high, 1, highest, most)
    known = minimum is None and maximum is None and not is_token(low) and not is_token(high)
    if known and low > high:
        allowed = f"at least {low_name} ({low})"
        maximum = Problem(high_name, high, allowed, f"raise {high_name} or lower {low_name}")
    return [minimum, maximum]


@dataclass(frozen=True, kw_only=True)
class Tracked(Policy):
    """What the target-tracking policies share.

    scale_out_cooldown_seconds, scale_in_cooldown_seconds: pause after a step, 0 or more. Default 300, AWS's own.
    scale_in: whether the count also goes down. Default True.
    windows: other bounds from given moments on, `ScheduledBounds(...)`. Default: none.
    """

    scale_out_cooldown_seconds: int = DEFAULT_COOLDOWN_SECONDS
    scale_in_cooldown_seconds: int = DEFAULT_COOLDOWN_SECONDS
    scale_in: bool = True
    windows: tuple[ScheduledBounds, ...] = ()

    highest: ClassVar[int | None] = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "windows", as_tuple(self.windows))
        raise_problems(type(self).__name__, *self._own_problems(), *self._problems())

    def _own_problems(self) -> list[Problem | None]:
        return []

    def _problems(self) -> list[Problem | None]:
        seconds = "give seconds, 0 or more"
        return [
            *bounds_problems(self, self.highest),
            whole_number("scale_out_cooldown_seconds", self.scale_out_cooldown_seconds, 0, None, seconds),
            whole_number("scale_in_cooldown_seconds", self.scale_in_cooldown_seconds, 0, None, seconds),
            instance_of("scale_in", self.scale_in, bool, "True or False", "write True or False"),
            windows_problem(self.windows),
        ]

    @property
    def clock(self) -> tuple[ScheduledBounds, ...]:
        return self.windows

    def tracking(self, name: str, source: Source, target_value: float) -> Tracking:
        """The policy that holds `target_value`, with these cooldowns."""
        return Tracking(
            name=name,
            source=source,
            target_value=target_value,
            scale_out_cooldown_seconds=self.scale_out_cooldown_seconds,
            scale_in_cooldown_seconds=self.scale_in_cooldown_seconds,
            scale_in=self.scale_in,
        )

    def reads(self) -> object:
        """What it reads, comparable between policies of one target."""
        return self.reading


@dataclass(frozen=True, kw_only=True)
class PredefinedTracked(Tracked):
    """Holds a metric that Application Auto Scaling knows by `metric_type` at the value of the argument `held`.

    measured: how to find that value, for the error of one that is not above 0.
    """

    metric_type: ClassVar[str]
    held: ClassVar[str]
    measured: ClassVar[str]
    most: ClassVar[float | None] = None

    @property
    def target(self) -> float:
        """The metric's value that the policy holds."""
        value: float = getattr(self, self.held)
        return value

    def _own_problems(self) -> list[Problem | None]:
        return [number_above(self.held, self.target, 0, self.measured, high=self.most)]

    def own_parts(self, target: ScalableTarget) -> list[Part]:
        del target
        return [self.tracking(self.metric_type, Predefined(metric_type=self.metric_type), self.target)]


def row(name: str, kind: str) -> MetricFact:
    """The row of a metric that `kind` is known to publish."""
    found = published(name, kind)
    if isinstance(found, NotPublished):
        raise LookupError(str(found))
    return found


KINDS = frozenset({"realtime", "async", "component"})


@dataclass(frozen=True, kw_only=True)
class AnyCapacity(Tracked):
    """min_capacity, max_capacity: instances of a variant, copies of an inference component.

    A minimum of 0 is for asynchronous variants and inference components; what wakes them comes with it.
    """

    min_capacity: int = 1
    max_capacity: int

    kinds: ClassVar[frozenset[str]] = KINDS
    bound_names: ClassVar[tuple[str, str]] = ("min_capacity", "max_capacity")
    lowest: ClassVar[int] = 0
    too_low: ClassVar[str] = "use 0 or more"
