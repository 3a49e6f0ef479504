"""What an alarm is to fire at, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdk_inference.core.checks import has_members, known_number, number_above, whole_number
from cdk_inference.core.errors import Problem, raise_problems

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch

# With periods below an hour an alarm looks back one day at most.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (read 2026-11-22)
_DAY_MINUTES = 1440
# With periods of an hour, seven days: same page.
_WEEK_HOURS = 168
_IDLE_STEP_MINUTES = 5
_TIME, _ENOUGH = "choose a time within the limits", "write how many requests are enough"
_WRITTEN = "alarms are calculated from it, and their descriptions contain it"


@dataclass(frozen=True, kw_only=True)
class BurnRate:
    """What all targets together may cost in an hour.

    usd_per_hour: US dollars, above 0, and above the cost of the minimum instances when their schedules need most: the
        alarm would fire for ever below, or every day.
    minutes: how long it must be more, 5 to 1440. Default 10; one reading in five may be late or below. An update with a
        second fleet costs twice as much while it runs: choose more minutes than that takes, or expect an alarm.

    Raises ConfigurationError.
    """

    usd_per_hour: float
    minutes: int = 10

    def __post_init__(self) -> None:
        raise_problems(
            "BurnRate",
            number_above("usd_per_hour", self.usd_per_hour, 0, "write US dollars per hour"),
            known_number("usd_per_hour", self.usd_per_hour, _WRITTEN),
            whole_number("minutes", self.minutes, 5, _DAY_MINUTES, _TIME),
            known_number("minutes", self.minutes, _WRITTEN),
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
        problem = known_number("minutes", self.minutes, _WRITTEN)
        problem = problem or whole_number("minutes", self.minutes, 15, _DAY_MINUTES, _TIME)
        if problem is None and self.minutes % _IDLE_STEP_MINUTES:
            problem = Problem("minutes", self.minutes, "a multiple of 5", f"write {self.minutes // 5 * 5}")
        raise_problems("Idle", problem)


@dataclass(frozen=True, kw_only=True)
class UnderUse:
    """How little instances may be used, hour after hour.

    percent: of what they could do, above 0, at most 90. Default 20. On GPUs that is GPU use. SageMaker publishes no use
        of NeuronCores; there, and on other hardware, it is the requests in flight on one instance, averaged over the
        hour: with 0.2 of them an instance is busy 20 % of the hour at most, whatever it runs.
    hours: for how many hours on end, 1 to 168. Default 24, so that one busy hour of a day is use enough.

    Raises ConfigurationError.
    """

    percent: float = 20
    hours: int = 24

    def __post_init__(self) -> None:
        raise_problems(
            "UnderUse",
            number_above("percent", self.percent, 0, "write a share of 100", high=90),
            known_number("percent", self.percent, _WRITTEN),
            whole_number("hours", self.hours, 1, _WEEK_HOURS, _TIME),
            known_number("hours", self.hours, _WRITTEN),
        )


@dataclass(frozen=True, kw_only=True)
class UnitCost:
    """What a target's requests or tokens may cost each, averaged over a time. At least one of the two limits.

    usd_per_1000_requests: US dollars, above 0. Default: no such alarm.
    usd_per_million_tokens: US dollars, above 0, for the tokens of prompts and answers together. Default: no such alarm.
    tokens: how many tokens a target of instances has had, as a metric whose Sum counts them: what your container or its
        callers publish, since SageMaker publishes none. Bedrock publishes its own: leave it out there. Default: none.
    minutes: 15 to 1440, averaged over. Default 60.
    least_requests: with fewer in that time no cost is reported, since a few requests always look expensive. 1 or more.
        Default 100. `Idle` reports an endpoint without requests.

    Raises ConfigurationError.
    """

    usd_per_1000_requests: float | None = None
    usd_per_million_tokens: float | None = None
    tokens: cloudwatch.Metric | None = None
    minutes: int = 60
    least_requests: int = 100

    def __post_init__(self) -> None:
        limits = {"usd_per_1000_requests": self.usd_per_1000_requests}
        limits["usd_per_million_tokens"] = self.usd_per_million_tokens
        metric = self.tokens is None or has_members(self.tokens, "metric_name", "with_")
        raise_problems(
            "UnitCost",
            Problem("usd_per_1000_requests, usd_per_million_tokens", None, "at least one of them", "write a limit")
            if all(usd is None for usd in limits.values())
            else None,
            *(number_above(name, usd, 0, "write US dollars") for name, usd in limits.items() if usd is not None),
            *(known_number(name, usd, _WRITTEN) for name, usd in limits.items()),
            None if metric else Problem("tokens", self.tokens, "a metric (aws_cloudwatch.Metric)", "give a metric"),
            Problem("tokens", "a metric without a limit", "a metric with usd_per_million_tokens", "write the limit")
            if self.tokens is not None and self.usd_per_million_tokens is None
            else None,
            whole_number("minutes", self.minutes, 15, _DAY_MINUTES, _TIME),
            known_number("minutes", self.minutes, _WRITTEN),
            whole_number("least_requests", self.least_requests, 1, None, _ENOUGH),
            known_number("least_requests", self.least_requests, _WRITTEN),
        )
