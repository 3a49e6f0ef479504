"""Alarms evaluated over what was published: maths and dimensions too, which the emulator itself leaves out."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from rehearsal.api_model import RefusedError
from rehearsal.emulator.calls import service
from rehearsal.emulator.private_names import get, replace
from rehearsal.metric_maths import state

_STATISTICS: dict[str, Callable[[list[float]], float]] = {
    "Sum": sum,
    "SampleCount": len,
    "Average": lambda values: sum(values) / len(values),
    "Minimum": min,
    "Maximum": max,
}


def register() -> None:
    """Puts this evaluation in the place of the emulator's."""
    replace("_evaluate_alarm", lambda _: evaluate)


def evaluate(alarm: dict[str, Any], now: float | None = None) -> None:
    """Sets an alarm's state, which notifies its topics and evaluates the composite alarms above it."""
    found = state(alarm, read, time.time() if now is None else now)
    if found is not None and found != alarm["StateValue"]:
        target = "GraniteServiceVersion20100801.SetAlarmState"
        reason = f"evaluated by the rehearsal: {found}"
        params = {"AlarmName": alarm["AlarmName"], "StateValue": found, "StateReason": reason}
        service("cloudwatch", "POST", "/", params, target)


def evaluate_all(now: float) -> dict[str, str]:
    """Evaluates every alarm at a moment; returns name -> state, those of composite alarms too."""
    for alarm in list(get("_alarms").values()):
        evaluate(alarm, now)
    both = (get("_alarms"), get("_composite_alarms"))
    return {name: one["StateValue"] for alarms in both for name, one in alarms.items()}


def read(metric: Any, statistic: str, start: float, end: float) -> float | None:
    """Returns the point of a metric over a span, of what was published."""
    wanted = {one["Name"]: one["Value"] for one in metric.get("Dimensions", [])}
    values: list[float] = []
    for (namespace, name, _), points in get("_metrics").items():
        if (namespace, name) == (metric["Namespace"], metric["MetricName"]):
            for one in points:
                if start <= one["Timestamp"] < end and one.get("Dimensions", {}) == wanted:
                    values.append(float(one["Value"]))
    if not values:
        return None
    if statistic in _STATISTICS:
        return float(_STATISTICS[statistic](values))
    if statistic.startswith("p"):
        return sorted(values)[math.ceil(float(statistic[1:]) / 100 * len(values)) - 1]
    raise RefusedError(f"Stat: got {statistic}; evaluated in a rehearsal: {', '.join(_STATISTICS)} and percentiles")
