"""What stops an update: thresholds as a value. No CDK here."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.checks import known_number, number_above
from cdk_inference.core.errors import raise_problems

# A policy of this package, not a fact: one answer in twenty with status 5xx ends an update.
DEFAULT_ERROR_PERCENT = 5

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AutoRollbackConfig.html (botocore 1.44.5)
ROLLBACK_ALARMS_MAX = 10


_WRITTEN = "the alarm's threshold is calculated from it"


@dataclass(frozen=True, kw_only=True)
class RollbackWhen:
    """The conditions that end an update and restore the old fleet.

    error_percent: percent of the new fleet's answers that have status 5xx, above 0, at most 100. Default 5.
    p99_milliseconds: the new fleet's 99th percentile of model latency, above 0. Default: not watched, since nobody
        but you knows what is slow.

    Both are looked at each minute; two of three minutes above end the update.

    Raises ConfigurationError.
    """

    error_percent: float = DEFAULT_ERROR_PERCENT
    p99_milliseconds: float | None = None

    def __post_init__(self) -> None:
        latency = "give the latency target in milliseconds, or leave it out"
        raise_problems(
            "RollbackWhen",
            known_number("error_percent", self.error_percent, _WRITTEN)
            or number_above("error_percent", self.error_percent, 0, "write 5 for 5 %", high=100),
            None
            if self.p99_milliseconds is None
            else known_number("p99_milliseconds", self.p99_milliseconds, _WRITTEN)
            or number_above("p99_milliseconds", self.p99_milliseconds, 0, latency),
        )
