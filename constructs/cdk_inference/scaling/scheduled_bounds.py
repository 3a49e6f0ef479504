"""Bounds that follow the clock."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.aws_cron import schedule_fault, zone_fault
from cdk_inference.core.checks import is_token, whole_number
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.core.unknown import unless_token
from cdk_inference.hosting import ScheduledAction
from cdk_inference.scaling.policy_parts import SCHEDULED_ACTIONS_MAX


@dataclass(frozen=True, kw_only=True)
class ScheduledBounds:
    """From a moment on, other bounds; they hold until the next window begins. Nothing brings the policy's own back.

    schedule: "cron(minutes hours day-of-month month day-of-week year)", for example "cron(0 8 ? * MON-FRI *)", or
        "at(2027-01-31T08:00:00)".
    time_zone: an IANA name, for example "Europe/Berlin" or "UTC".
    min_capacity, max_capacity: of instances, copies or provisioned concurrency. A count outside is moved inside,
        without cooldown.

    Raises ConfigurationError.
    """

    schedule: str
    time_zone: str
    min_capacity: int
    max_capacity: int

    def __post_init__(self) -> None:
        count = "give a count"
        low = whole_number("min_capacity", self.min_capacity, 0, None, count)
        high = whole_number("max_capacity", self.max_capacity, 0, None, count)
        tokens = is_token(self.min_capacity) or is_token(self.max_capacity)
        if low is None and high is None and not tokens and self.min_capacity > self.max_capacity:
            allowed = f"at least min_capacity ({self.min_capacity})"
            high = Problem("max_capacity", self.max_capacity, allowed, "raise max_capacity or lower min_capacity")
        raise_problems("ScheduledBounds", self._schedule_problem(), self._zone_problem(), low, high)

    @property
    def action(self) -> ScheduledAction:
        """What it does to the bounds; parts that are CDK tokens are Unknown."""
        return ScheduledAction(
            schedule=unless_token(self.schedule),
            minimum=self.min_capacity,
            maximum=self.max_capacity,
            time_zone=unless_token(self.time_zone),
        )

    def _schedule_problem(self) -> Problem | None:
        if is_token(self.schedule):
            return None
        fault = schedule_fault(self.schedule) if isinstance(self.schedule, str) else "not text"
        if fault is None:
            return None
        allowed = f"cron(minutes hours day-of-month month day-of-week year) or at(yyyy-mm-ddThh:mm:ss); this is {fault}"
        return Problem("schedule", self.schedule, allowed, 'for example "cron(0 8 ? * MON-FRI *)"')

    def _zone_problem(self) -> Problem | None:
        if is_token(self.time_zone):
            return None
        fault = zone_fault(self.time_zone) if isinstance(self.time_zone, str) else "not text"
        if fault is None:
            return None
        return Problem(
            "time_zone",
            self.time_zone,
            f"the IANA name of a time zone; this is {fault}",
            'for example "Europe/Berlin" or "UTC": without one the clock is UTC, and an hour is wrong half the year',
        )


def windows_problem(windows: object) -> Problem | None:
    """Why a policy cannot have these windows."""
    if not isinstance(windows, tuple) or not all(isinstance(window, ScheduledBounds) for window in windows):
        return Problem("windows", windows, "a tuple of ScheduledBounds", "for example windows=(ScheduledBounds(...),)")
    if len(windows) > SCHEDULED_ACTIONS_MAX:
        allowed = f"at most {SCHEDULED_ACTIONS_MAX}, Application Auto Scaling's quota for one target"
        return Problem("windows", f"{len(windows)} windows", allowed, "combine them in one cron expression")
    moments = [(window.schedule, window.time_zone) for window in windows]
    twice = sorted({f"{schedule} {zone}" for schedule, zone in moments if moments.count((schedule, zone)) > 1})
    if twice:
        return Problem("windows", ", ".join(twice), "one window for one moment", "drop one of them")
    return None
