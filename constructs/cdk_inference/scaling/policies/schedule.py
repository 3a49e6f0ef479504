"""A count that only follows the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cdk_inference.core.checks import LATER, as_tuple, is_token, whole_number
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.scaling.policies.base import KINDS, Policy
from cdk_inference.scaling.scheduled_bounds import ScheduledBounds, windows_problem


@dataclass(frozen=True, kw_only=True)
class ScheduledCount(Policy):
    """So many, from given moments on so many others. Load changes nothing.

    count: instances or copies until the first window, and again whenever a deployment changes the bounds. Default 1.
    windows: 1 or more `ScheduledBounds`, each with min_capacity = max_capacity. 0 is for asynchronous variants and
        inference components; nothing wakes them before the next window: requests queue at the former and fail at the
        latter.

    https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scheduled-scaling.html
    (2026-11-22)

    Raises ConfigurationError.
    """

    count: int = 1
    windows: tuple[ScheduledBounds, ...]

    kinds: ClassVar[frozenset[str]] = KINDS
    bound_names: ClassVar[tuple[str, str]] = ("count", "count")
    lowest: ClassVar[int] = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "windows", as_tuple(self.windows))
        wrong = windows_problem(self.windows)
        if wrong is None and not self.windows:
            wrong = Problem(
                "windows", self.windows, "1 or more ScheduledBounds", "add one, or use FixedCount or FixedCopies"
            )
        if wrong is None:
            moving = [
                " to ".join(str(LATER if is_token(bound) else bound) for bound in (one.min_capacity, one.max_capacity))
                for one in self.windows
                if one.min_capacity != one.max_capacity
            ]
            if moving:
                fix = "write the count twice, or use a policy that follows load and give it the windows"
                wrong = Problem(
                    "windows", ", ".join(moving), "min_capacity = max_capacity: only the clock moves this", fix
                )
        raise_problems("ScheduledCount", whole_number("count", self.count, 0, None, "use 0 or more"), wrong)

    @property
    def clock(self) -> tuple[ScheduledBounds, ...]:
        return self.windows
