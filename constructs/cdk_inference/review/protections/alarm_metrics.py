"""Metrics of alarms: what identifies one, and how wide a band of expected values is.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html (read 2026-11-30)
"""

from __future__ import annotations

import re
from typing import Any

from cdk_inference.review.protections.comparators import number
from cdk_inference.review.protections.protection import text

_BAND = re.compile(r"(?<=ANOMALY_DETECTION_BAND\()\s*(\w+)\s*,\s*([0-9.]+)\s*(?=\))")


def widths(expression: str) -> list[float]:
    """Returns the widths of the bands in an expression, in standard deviations."""
    return [width for _, written in _BAND.findall(expression) if (width := number(written)) is not None]


def of_metric(metric: dict[str, Any]) -> list[Any]:
    """Returns the namespace and the name of a metric."""
    return [metric.get(name) for name in ("Namespace", "MetricName")]


def dimensions(metric: dict[str, Any]) -> list[str]:
    """Returns the dimensions of a metric, which have no order."""
    found = metric.get("Dimensions")
    pairs = found if isinstance(found, list) else [found] if found else []
    return sorted(f"{one.get('Name')} {one.get('Value')}" if isinstance(one, dict) else str(one) for one in pairs)


def described(one: Any) -> str:
    """A metric or expression of an alarm, without its label and period and the width of its band, compared apart."""
    if not isinstance(one, dict):
        return str(one)
    stat = one.get("MetricStat")
    metric = stat.get("Metric") if isinstance(stat, dict) else None
    shown = "" if text(one.get("ReturnData", True)).lower() == "true" else "(not returned)"
    parts = [one.get("Expression") and _BAND.sub(r"\1", str(one["Expression"])), one.get("AccountId"), shown]
    if isinstance(stat, dict):
        parts += [stat.get("Stat"), stat.get("Unit"), *(of_metric(metric) if isinstance(metric, dict) else [metric])]
    words = [str(part) for part in parts if part]
    return " ".join([f"{one.get('Id')}:", *words, *(dimensions(metric) if isinstance(metric, dict) else ())])
