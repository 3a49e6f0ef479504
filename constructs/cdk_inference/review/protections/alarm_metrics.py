"""Metrics of alarms: what identifies one, and how wide a band of expected values is.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html (read 2026-11-30)
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from cdk_inference.review.protections.comparators import number
from cdk_inference.review.protections.protection import text

_QUOTES = "\"'"  # of ids in METRICS("e") and of names in a query, which stay as they are written
_ID = re.compile(r"\b[a-z]\w*")
_AROUND = re.compile(r" ?([^\w\s]) ?")  # spaces that have no meaning
_METRICS_MAX = 100  # CloudWatch takes fewer
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


def single(values: dict[str, Any]) -> dict[str, Any]:
    """The properties of an alarm; its metric stands in them, where `Metrics` has but one."""
    metrics = values.get("Metrics")
    one = metrics[0] if isinstance(metrics, list) and len(metrics) == 1 else None
    stat = one.get("MetricStat") if isinstance(one, dict) and "AccountId" not in one else None
    if not isinstance(stat, dict) or not isinstance(stat.get("Metric"), dict):
        return values
    found = {**values, **stat["Metric"], **{name: stat[name] for name in ("Period", "Unit") if name in stat}}
    return {name: value for name, value in found.items() if name != "Metrics"} | {"Statistic": stat.get("Stat")}


def identity(metrics: list[Any]) -> list[str]:
    """What the metrics and expressions of an alarm are, without order, spaces and the ids that they go by."""
    named = {str(one["Id"]): one for one in metrics if isinstance(one, dict) and "Id" in one}
    texts = [str(one.get("Expression", "")) for one in named.values()]
    if (
        len(named) < len(metrics)
        or len(named) > _METRICS_MAX
        or any(mark in text for text in texts for mark in _QUOTES)
    ):
        return sorted(map(described, metrics))
    known: dict[str, str] = {}

    def by_content(id: str) -> str:
        if id not in known:
            known[id] = "itself"  # an expression that leads back to itself
            one = {**named[id], "Id": ""}
            if "Expression" in one:
                written = _AROUND.sub(r"\1", " ".join(_BAND.sub(r"\1", str(one["Expression"])).split()))
                one["Expression"] = _ID.sub(lambda word: by_content(word[0]) if word[0] in named else word[0], written)
            known[id] = hashlib.sha256(described(one).encode()).hexdigest()
        return known[id]

    return sorted(map(by_content, named))


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
