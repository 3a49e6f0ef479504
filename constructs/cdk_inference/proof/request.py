"""One request of a load test, as it was sent and answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "throttled", "error", "timeout", "unusable"]
STATUSES: tuple[Status, ...] = ("ok", "throttled", "error", "timeout", "unusable")


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One request. Times are seconds since the start of its block; None is unknown.

    Args:
        step: Index of the step of the ladder, from 0.
        sent: The first byte left.
        status: "ok"; "throttled" (HTTP 429, ThrottlingException); "timeout"; "error"; "unusable" (the engine's own
            record contradicts itself, for example an end before the start). Everything but "ok" counts as failed.
        due: When the schedule wanted it sent; None in a closed loop.
        first_token: Arrival of the first token; None where the answer was not streamed.
        end: Arrival of the last byte.
        tokens_in: Tokens of the prompt.
        tokens_out: Tokens of the answer.
        retries: Further attempts that the client made by itself.
        warm_up: Sent before the measurement; never part of a result.
        prompt: SHA-256 of the prompt, cut to 16 hexadecimal digits; "" is unknown.
        answer: The answer, or "sha256:" and its hash where answers must not be stored; "" is not kept.
        error: The error code and message of a failed request.
    """

    step: int
    sent: float
    status: Status
    due: float | None = None
    first_token: float | None = None
    end: float | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    retries: int = 0
    warm_up: bool = False
    prompt: str = ""
    answer: str = ""
    error: str = ""

    @property
    def ttft(self) -> float | None:
        """Seconds from the send to the first token."""
        return None if self.first_token is None or self.status != "ok" else self.first_token - self.sent

    @property
    def latency(self) -> float | None:
        """Seconds from the send to the end of the answer."""
        return None if self.end is None or self.status != "ok" else self.end - self.sent

    @property
    def lateness(self) -> float | None:
        """Seconds from the due time to the send."""
        return None if self.due is None else self.sent - self.due
