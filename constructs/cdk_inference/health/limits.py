"""The limits beyond which a target counts as unhealthy, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.checks import known_number, number_above, whole_number
from cdk_inference.core.errors import Problem, raise_problems

# With periods below an hour an alarm looks back one day at most.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (read 2026-11-22)
_DAY_MINUTES = 1440
# A request waits in the queue of an asynchronous endpoint this long at most: botocore 1.44.5, sagemaker-runtime,
# InvokeEndpointAsync, RequestTTLSeconds (read 2026-11-24)
_QUEUE_SECONDS_MAX = 21600
_LATER = "the alarm's description is made of it"


@dataclass(frozen=True, kw_only=True)
class HealthLimits:
    """Limits of one target. None: no alarm of that kind. The defaults are policies of this package, not facts of AWS.

    Args:
        error_percent: Percent of the requests that fail for a reason of the target's (status 5xx; of an asynchronous
            endpoint every failed request), above 0, at most 100. Default 5. The alarm fires once 3 of 15 minutes are
            above, so that it sees an endpoint with a request every few minutes too.
        p99_milliseconds: 99th percentile of the time until the answer is complete, in milliseconds, above 0. Default
            None: only its users know what is slow. Fires once 3 of 15 minutes are above.
        without_capacity_minutes: How long fewer instances than the minimum may run, or requests may find no instance
            or copy, in minutes, 5 to 1440, a multiple of 5. Default 30: a large model takes that long to start.
        at_maximum_minutes: How long an autoscaled variant may run all the instances it may have, in minutes, 5 to
            1440, a multiple of 5. Default 60.
        full_percent: Percent of its memory or of its disk that an instance with inference components may use, above 0,
            at most 100. Default 90. Fires once 3 of 15 minutes are above.
        oldest_request_seconds: How long a request may wait in the queue of an asynchronous endpoint, in seconds, 1 to
            21600. Default 3600.

    Raises:
        ConfigurationError: A limit is out of its range, or known at deployment only.
    """

    error_percent: float | None = 5
    p99_milliseconds: float | None = None
    without_capacity_minutes: int | None = 30
    at_maximum_minutes: int | None = 60
    oldest_request_seconds: int | None = 3600
    full_percent: float | None = 90

    def __post_init__(self) -> None:
        raise_problems(
            "HealthLimits",
            self._number("error_percent", "write 5 for 5 %", high=100),
            self._number("p99_milliseconds", "write the latency target in milliseconds"),
            self._minutes("without_capacity_minutes"),
            self._minutes("at_maximum_minutes"),
            self._whole("oldest_request_seconds", 1, _QUEUE_SECONDS_MAX),
            self._number("full_percent", "write 90 for 90 %", high=100),
        )

    def _number(self, name: str, fix: str, high: float | None = None) -> Problem | None:
        value = getattr(self, name)
        return None if value is None else known_number(name, value, _LATER) or number_above(name, value, 0, fix, high)

    def _whole(self, name: str, low: int, high: int) -> Problem | None:
        value, fix = getattr(self, name), "choose a time within the limits"
        return None if value is None else known_number(name, value, _LATER) or whole_number(name, value, low, high, fix)

    def _minutes(self, name: str) -> Problem | None:
        value, problem = getattr(self, name), self._whole(name, 5, _DAY_MINUTES)
        if problem is not None or value is None or value % 5 == 0:
            return problem
        return Problem(name, value, "a multiple of 5", f"write {value // 5 * 5}")
