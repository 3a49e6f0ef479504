"""The capacity that one scaling policy requests at a moment, as a range: AWS's pages do not state every case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rehearsal.metric_maths import Document, Read


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """A scalable target's minimum, maximum and current capacity."""

    minimum: int
    maximum: int
    current: int


@dataclass(frozen=True, kw_only=True)
class Cooldown:
    """The time after a scaling activity of a policy. `base` is the capacity before the first one of the time."""

    until: float
    base: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A range of capacities. It is decided where both ends are equal; `reason` says why it is not.

    bounds_known: whether minimum and maximum are decided too.
    """

    by: str
    low: int
    high: int
    reason: str
    source: str
    bounds_known: bool = True

    @property
    def decided(self) -> bool:
        """Whether AWS's pages state the capacity."""
        return self.low == self.high and self.bounds_known


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What a policy meets: the time, the capacity, the cooldowns by (policy, out or in), and the metrics.

    tracking_periods: minutes that a metric has to be above its target. AWS does not state it for SageMaker; a test may
        assume it, and without it target tracking is not decided.
    """

    now: float
    capacity: Capacity
    read: Read
    alarms: Sequence[Document] = ()
    cooldowns: Mapping[tuple[str, str], Cooldown]
    tracking_periods: int | None = None

    def cooling(self, policy: str, way: str) -> Cooldown | None:
        """Returns a policy's cooldown that has not ended."""
        found = self.cooldowns.get((policy, way))
        return found if found is not None and self.now < found.until else None

    @property
    def any_cooling(self) -> bool:
        """Whether any policy's cooldown has not ended."""
        return any(self.cooling(*key) is not None for key in self.cooldowns)


def ranged(policy: Document, counts: Sequence[int], reason: str, source: str) -> Outcome:
    """Returns a policy's outcome: the capacities that are possible."""
    return Outcome(by=policy["PolicyName"], low=min(counts), high=max(counts), reason=reason, source=source)


def limited(found: Outcome, low: int, high: int) -> Outcome:
    """Returns an outcome within a range."""
    return replace(found, low=min(max(found.low, low), high), high=max(min(found.high, high), low))
