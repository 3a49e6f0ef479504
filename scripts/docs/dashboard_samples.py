"""Made-up samples for the picture of the example's dashboard: one bad hour of a night.

Minute 0 is now, 03:12; minutes before are negative. At 02:05 someone's job begins to ask the chat; it fails, scales
out, and costs more than the limit. Before the last three hours only instances are told, hour by hour.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable

NOW_MINUTE_OF_DAY = 3 * 60 + 12
# All others are OK.
STATES = {"fleet-cost-burn-rate": "ALARM"}

Made = Callable[[int], float | None]


def _noise(name: str, minute: int) -> float:
    """-1 to 1, always the same."""
    digest = hashlib.sha256(f"{name}{minute}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**31 - 1


def _ramp(minute: int, begin: int, end: int) -> float:
    """0 before, 1 after, smooth between."""
    share = min(1.0, max(0.0, (minute - begin) / (end - begin)))
    return share * share * (3 - 2 * share)


def _hill(minute: int, begin: int, top: int, end: int) -> float:
    return _ramp(minute, begin, top) - _ramp(minute, top, end)


def _around(name: str, middle: Made, spread: float) -> Made:
    def made(minute: int) -> float | None:
        value = middle(minute)
        return None if value is None else max(0.0, value * (1 + spread * _noise(name, minute)))

    return made


def _counted(name: str, most: Callable[[int], float]) -> Made:
    """Whole numbers of events, mostly none."""
    return lambda minute: float(math.floor(most(minute) * (0.5 + 0.5 * _noise(name, minute))))


def _steps(*changes: tuple[int, float], by_day: float, by_night: float) -> Made:
    """(from which minute on, instances) within the last three hours; before that by the hour of the day."""

    def made(minute: int) -> float | None:
        if minute < -180:
            hour = (NOW_MINUTE_OF_DAY + minute) % 1440 // 60
            count = by_day if 8 <= hour < 20 else by_night
        else:
            count = next(number for since, number in reversed(changes) if since <= minute)
        return count or None

    return made


CHAT = _steps((-180, 2), (-60, 3), (-50, 4), by_day=3, by_night=1)
SEARCH = _steps((-180, 2), by_day=2, by_night=1)
DOCUMENTS = _steps((-180, 0), (-112, 1), (-96, 2), by_day=2, by_night=0)


def _while(instances: Made, made: Made) -> Made:
    return lambda minute: made(minute) if instances(minute) else None


def _chat_requests(minute: int) -> float:
    return 40 + 118 * _ramp(minute, -67, -54)


def _queue(minute: int) -> float:
    return 46 * _hill(minute, -120, -95, -8)


SERIES: dict[tuple[str, str], Made] = {
    ("fleet-chat", "CPUUtilization"): _while(CHAT, _around("c1", lambda _: 150, 0.1)),
    ("fleet-chat", "MemoryUtilization"): _while(CHAT, lambda _: 41),
    ("fleet-chat", "GPUUtilization"): _while(
        CHAT, _around("c2", lambda m: 46 + 49 * _ramp(m, -67, -60) - 12 * _ramp(m, -52, -40), 0.04)
    ),
    ("fleet-chat", "GPUMemoryUtilization"): _while(CHAT, lambda _: 88),
    ("fleet-chat", "Invocations"): _around("c3", _chat_requests, 0.1),
    ("fleet-chat", "Invocation4XXErrors"): _counted("c4", lambda _: 1.1),
    ("fleet-chat", "Invocation5XXErrors"): _counted("c5", lambda m: 15 * _hill(m, -66, -58, -46)),
    ("fleet-chat", "ConcurrentRequestsPerModel"): _around(
        "c6", lambda m: 2.2 + 6 * _hill(m, -67, -58, -44) + 2 * _ramp(m, -58, -40), 0.12
    ),
    ("fleet-search", "CPUUtilization"): _around("s1", lambda _: 190, 0.08),
    ("fleet-search", "MemoryUtilization"): lambda _: 37,
    ("fleet-search", "Invocations"): _around("s2", lambda m: 1500 + 120 * math.sin(m / 40), 0.03),
    ("fleet-search", "InvocationsPerInstance"): _around("s2", lambda m: 750 + 60 * math.sin(m / 40), 0.03),
    ("fleet-search", "Invocation4XXErrors"): _counted("s4", lambda _: 1.15),
    ("fleet-search", "Invocation5XXErrors"): lambda _: 0,
    ("fleet-documents", "CPUUtilization"): _while(DOCUMENTS, _around("d1", lambda _: 120, 0.1)),
    ("fleet-documents", "MemoryUtilization"): _while(DOCUMENTS, lambda _: 44),
    ("fleet-documents", "GPUUtilization"): _while(DOCUMENTS, _around("d2", lambda _: 91, 0.04)),
    ("fleet-documents", "GPUMemoryUtilization"): _while(DOCUMENTS, lambda _: 86),
    ("fleet-documents", "InvocationsProcessed"): _while(
        DOCUMENTS, _around("d3", lambda m: 1.6 * (DOCUMENTS(m) or 0), 0.1)
    ),
    ("fleet-documents", "Invocation4XXErrors"): _while(DOCUMENTS, lambda _: 0),
    ("fleet-documents", "Invocation5XXErrors"): _while(DOCUMENTS, lambda _: 0),
    ("fleet-documents", "InvocationFailures"): _while(DOCUMENTS, _counted("d4", lambda _: 1.04)),
    ("fleet-documents", "ExpiredRequests"): _while(DOCUMENTS, lambda _: 0),
    ("fleet-documents", "ApproximateBacklogSizePerInstance"): _while(
        DOCUMENTS, _around("d5", lambda m: _queue(m) / (DOCUMENTS(m) or 1), 0.06)
    ),
    ("fleet-documents", "ApproximateAgeOfOldestRequest"): _around("d6", lambda m: 16 * _queue(m), 0.05),
    ("haiku", "Invocations"): _around("h1", lambda m: 24 + 5 * math.sin(m / 25), 0.1),
    ("haiku", "InvocationClientErrors"): _counted("h2", lambda _: 1.06),
    ("haiku", "InvocationServerErrors"): _counted("h3", lambda _: 1.02),
    ("haiku", "InvocationThrottles"): _counted("h4", lambda m: 4 * _hill(m, -30, -24, -15)),
    ("haiku", "TimeToFirstToken"): _around("h5", lambda _: 720, 0.15),
    ("haiku", "InputTokenCount"): _around("h6", lambda m: 52_000 + 9_000 * math.sin(m / 25), 0.08),
    ("haiku", "OutputTokenCount"): _around("h7", lambda m: 9_500 + 1_500 * math.sin(m / 25), 0.08),
    ("haiku", "CacheReadInputTokenCount"): _around("h9", lambda _: 12_000, 0.2),
    ("haiku", "CacheWriteInputTokenCount"): _around("h0", lambda _: 900, 0.3),
    ("haiku", "EstimatedTPMQuotaUsage"): _around("h8", lambda m: 88_000 + 15_000 * math.sin(m / 25), 0.06),
}

# Percentiles, in the unit that is published: at rest, and what the bad hour adds.
_LATENCY = {
    ("fleet-chat", "ModelLatency"): (
        {"p50": 1.1e6, "p90": 1.9e6, "p99": 2.7e6},
        {"p50": 0.9e6, "p90": 3e6, "p99": 6.8e6},
    ),
    ("fleet-search", "ModelLatency"): ({"p50": 11e3, "p90": 19e3, "p99": 34e3}, {}),
    ("fleet-documents", "ModelLatency"): ({"p50": 21e6, "p90": 33e6, "p99": 47e6}, {}),
    ("haiku", "InvocationLatency"): ({"p50": 1900, "p90": 3600, "p99": 5700}, {}),
}


def made_up(target: str, metric: str, statistic: str, seconds: int, minute: int) -> float | None:
    """The value of the period that ends at `minute`; None: nothing was published."""
    periods = seconds / 60
    if statistic == "SampleCount":
        count = {"fleet-chat": CHAT, "fleet-search": SEARCH, "fleet-documents": DOCUMENTS}[target](minute)
        return None if count is None else count * periods
    if (target, metric) in _LATENCY:
        rest, more = _LATENCY[target, metric]
        if target == "fleet-documents" and not DOCUMENTS(minute):
            return None
        value = rest[statistic] + more.get(statistic, 0) * (
            _hill(minute, -67, -57, -42) + 0.12 * _ramp(minute, -57, -42)
        )
        return value * (1 + 0.07 * _noise(f"{target}{statistic}", minute))
    value = SERIES[target, metric](minute)
    return value if value is None or statistic != "Sum" else value * periods
