"""Made-up samples for the picture of the example's dashboard: one bad hour of a night.

Minute 0 is now, 03:12; minutes before are negative. At 02:05 a job begins to send requests to the chat endpoint, which
fails, scales out and costs more than the limit. Before the last three hours only instances change, by the hour.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable

NOW_MINUTE_OF_DAY = 3 * 60 + 12
# All others are OK.
STATES = {"fleet-cost-burn-rate": "ALARM"}
# Endpoint -> ((from which minute on, instances), ...), instances by day, by night.
INSTANCES = {
    "fleet-chat": (((-180, 2), (-60, 3), (-50, 4)), 3, 1),
    "fleet-search": (((-180, 2),), 2, 1),
    "fleet-documents": (((-180, 0), (-112, 1), (-96, 2)), 2, 0),
}
PERCENTILES = {"p50": 1.0, "p90": 1.8, "p99": 2.6}
Base = float | Callable[[int], float]
Sample = tuple[Base, float | None]


def _ramp(minute: int, begin: int, end: int) -> float:
    """0 before, 1 after, smooth between."""
    share = min(1.0, max(0.0, (minute - begin) / (end - begin)))
    return share * share * (3 - 2 * share)


def _hill(minute: int, begin: int, top: int, end: int) -> float:
    return _ramp(minute, begin, top) - _ramp(minute, top, end)


def _queue(minute: int) -> float:
    return 46 * _hill(minute, -120, -95, -8)


def _bad(minute: int) -> float:
    return _hill(minute, -67, -58, -43)


def _wave(middle: float, height: float) -> Base:
    return lambda minute: middle + height * math.sin(minute / 25)


# Metric -> (value at a minute, spread). Whole numbers of events have no spread. A target's own come first.
# fmt: off
ANY: dict[str, Sample] = {
    "CPUUtilization": (160, 0.1), "MemoryUtilization": (31, 0), "GPUUtilization": (91, 0.04),
    "GPUMemoryUtilization": (87, 0), "ModelLatency": (19e6, 0.07), "Invocations": (_wave(24, 5), 0.1),
    "Invocation4XXErrors": (1.1, None), "Invocation5XXErrors": (0, None), "InvocationFailures": (1.04, None),
    "ExpiredRequests": (0, None), "InvocationsPerInstance": (_wave(750, 60), 0.03),
    "InvocationsProcessed": (lambda m: 1.6 * instances("fleet-documents", m), 0.1),
    "ApproximateBacklogSizePerInstance": (lambda m: _queue(m) / instances("fleet-documents", m), 0.06),
    "ApproximateAgeOfOldestRequest": (lambda m: 16 * _queue(m), 0.05),
    "InvocationClientErrors": (1.06, None), "InvocationServerErrors": (1.02, None),
    "InvocationThrottles": (lambda m: 4 * _hill(m, -30, -24, -15), None),
    "InvocationLatency": (1900, 0.07), "TimeToFirstToken": (280, 0.15),
    "InputTokenCount": (_wave(52_000, 9_000), 0.08), "OutputTokenCount": (_wave(9_500, 1_500), 0.08),
    "CacheReadInputTokenCount": (12_000, 0.2), "CacheWriteInputTokenCount": (900, 0.3),
    "EstimatedTPMQuotaUsage": (_wave(88_000, 15_000), 0.06),
}
# fmt: on
OWN: dict[tuple[str, str], Sample] = {
    ("fleet-chat", "GPUUtilization"): (lambda m: 46 + 49 * _ramp(m, -67, -60) - 12 * _ramp(m, -52, -40), 0.04),
    ("fleet-chat", "Invocations"): (lambda m: 40 + 118 * _ramp(m, -67, -54), 0.1),
    ("fleet-chat", "Invocation5XXErrors"): (lambda m: 15 * _hill(m, -66, -58, -46), None),
    ("fleet-chat", "ConcurrentRequestsPerModel"): (lambda m: 2.2 + 6 * _bad(m) + 1.8 * _ramp(m, -58, -40), 0.1),
    ("fleet-chat", "ModelLatency"): (lambda m: 1.1e6 + 2.4e6 * _bad(m) + 2e5 * _ramp(m, -58, -40), 0.07),
    ("fleet-search", "Invocations"): (_wave(1500, 120), 0.03),
    ("fleet-search", "ModelLatency"): (12e3, 0.07),
}


def instances(target: str, minute: int) -> int:
    """How many run."""
    steps, by_day, by_night = INSTANCES[target]
    if minute < -180:
        return by_day if 8 <= (NOW_MINUTE_OF_DAY + minute) % 1440 // 60 < 20 else by_night
    return next(number for since, number in reversed(steps) if since <= minute)


def made_up(target: str, metric: str, statistic: str, seconds: int, minute: int) -> float | None:
    """The value of the period that ends at `minute`; None: nothing was published."""
    if target in INSTANCES and metric != "ApproximateAgeOfOldestRequest" and not instances(target, minute):
        return None
    if statistic == "SampleCount":
        return instances(target, minute) * seconds / 60
    base, spread = OWN.get((target, metric)) or ANY[metric]
    value = (base(minute) if callable(base) else base) * PERCENTILES.get(statistic, 1)
    # -1 to 1, always the same.
    noise = int.from_bytes(hashlib.sha256(f"{target}{metric}{statistic}{minute}".encode()).digest()[:4]) / 2**31 - 1
    value = math.floor(value * (0.5 + 0.5 * noise)) if spread is None else value * (1 + spread * noise)
    return value * seconds / 60 if statistic == "Sum" else value
