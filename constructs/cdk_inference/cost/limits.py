"""What an alarm is to fire at, as values."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.checks import number_above, whole_number
from cdk_inference.errors import Problem, refuse

# With periods below an hour an alarm looks back one day at most.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (read 2026-11-22)
_DAY_MINUTES = 1440
_IDLE_STEP_MINUTES = 5


@dataclass(frozen=True, kw_only=True)
class BurnRate:
    """What all targets together may cost in an hour.

    usd_per_hour: US dollars, above 0, and above what the fewest instances cost: it would fire for ever below.
    minutes: how long it must be more, 5 to 1440. Default 10; one reading in five may be late or below. An update with a
        second fleet costs twice as much while it runs: choose more minutes than that takes, or expect to hear of it.

    Raises ConfigurationError.
    """

    usd_per_hour: float
    minutes: int = 10

    def __post_init__(self) -> None:
        refuse(
            "BurnRate",
            number_above("usd_per_hour", self.usd_per_hour, 0, "write US dollars per hour"),
            whole_number("minutes", self.minutes, 5, _DAY_MINUTES, "choose a time within the limits"),
        )


@dataclass(frozen=True, kw_only=True)
class Idle:
    """How long instances may run without a request.

    minutes: 15 to 1440, a multiple of 5. Default 60. For an asynchronous endpoint more than one request takes.
        Read in periods of five: right after a start it fires up to five minutes early.

    Raises ConfigurationError.
    """

    minutes: int = 60

    def __post_init__(self) -> None:
        fix = "choose a time within the limits"
        problem = whole_number("minutes", self.minutes, 15, _DAY_MINUTES, fix)
        if problem is None and self.minutes % _IDLE_STEP_MINUTES:
            problem = Problem("minutes", self.minutes, "a multiple of 5", f"write {self.minutes // 5 * 5}")
        refuse("Idle", problem)
