"""Accepting for a while that AWS no longer maintains an image."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from cdk_inference.core.checks import matching
from cdk_inference.core.errors import Problem, raise_problems


@dataclass(frozen=True, kw_only=True)
class ImageException:
    """You know that the image is frozen or ended, and use it until a day on which you look again.

    reason: why this image all the same; not empty.
    until: the last day on which this holds, as "2027-05-31". Afterwards the synth warns again.

    Raises ConfigurationError.
    """

    reason: str
    until: str

    def __post_init__(self) -> None:
        raise_problems(
            "ImageException",
            matching("reason", self.reason, r"(?s)\s*\S.*", "a sentence", "write why you use the image all the same"),
            self._date_problem(),
        )

    def _date_problem(self) -> Problem | None:
        try:
            datetime.date.fromisoformat(self.until)
        except (TypeError, ValueError):
            return Problem("until", self.until, 'a day, as "2027-05-31"', "write the day on which you look again")
        return None

    def holds(self, today: datetime.date) -> bool:
        """Whether `today` is not after the last day."""
        return today <= datetime.date.fromisoformat(self.until)
