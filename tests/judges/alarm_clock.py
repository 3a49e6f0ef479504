"""CloudWatch's alarms over made-up samples, minute by minute, from the template alone.

How points are counted and missing ones are filled follows
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html (read 2026-11-22), what
maths makes of missing points https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html.
An alarm looks back further than its evaluation periods; how far is not documented, so `extra` periods are a parameter.
"""

from __future__ import annotations

import ast
import functools
import math
import operator
import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Properties = Mapping[str, Any]
# Metric name, then each dimension's name and value in order of names.
Key = tuple[str, ...]
# For every minute the values that were published in it.
Samples = Mapping[Key, Sequence[Sequence[float]]]
# The point for the period that ends with a minute.
PointOf = Callable[[int], float | None]


def _p99(values: Sequence[float]) -> float:
    return sorted(values)[math.ceil(0.99 * len(values)) - 1]


_STATISTICS = {"Sum": sum, "SampleCount": len, "Average": statistics.fmean, "Maximum": max, "p99": _p99}
_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
_COMPARED = {
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def key_of(metric: Properties) -> Key:
    """The metric of a template, as a key of samples."""
    pairs = sorted((pair["Name"], pair["Value"]) for pair in metric["Dimensions"])
    return metric["MetricName"], *(text for pair in pairs for text in pair)


def value(expression: str, points: Mapping[str, float | None]) -> float | None:
    """One point of sums, differences, products and quotients of series and numbers, and of IF; None is missing."""
    return _value(_parsed(expression), points)


@functools.cache
def _parsed(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


def _value(node: ast.expr, points: Mapping[str, float | None]) -> float | None:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return points[name]
        case ast.BinOp(left=left, op=op, right=right):
            first, second = _value(left, points), _value(right, points)
            constant = isinstance(left, ast.Constant) or isinstance(right, ast.Constant)
            if (first is None and second is None) or (constant and (first is None or second is None)):
                return None
            if isinstance(op, ast.Div) and not second:
                return None
            result = _OPERATORS[type(op)](first or 0.0, second or 0.0)
            assert isinstance(result, float)
            return result
        case ast.Compare(left=left, ops=[ast.GtE()], comparators=[ast.Constant() as right]):
            compared = _value(left, points)
            return None if compared is None else float(compared >= (_value(right, points) or 0.0))
        case ast.Call(func=ast.Name(id="IF"), args=[condition, then]):
            # No condition, or none that holds: no point. It holds and the other is missing: 0.
            return (_value(then, points) or 0.0) if _value(condition, points) else None
    raise NotImplementedError(ast.dump(node))


def point(alarm: Properties, samples: Samples, end: int) -> float | None:
    """The point of the period that ends with minute `end`."""
    return _points(alarm, samples)(end)


def _points(alarm: Properties, samples: Samples) -> PointOf:
    """Works once out what is the same for every minute."""
    minutes = period(alarm)
    if "MetricName" in alarm:
        return _reader(alarm, alarm["Statistic"], minutes, samples)
    readers = {
        query["Id"]: _reader(query["MetricStat"]["Metric"], query["MetricStat"]["Stat"], minutes, samples)
        for query in alarm["Metrics"]
        if "MetricStat" in query
    }
    (expression,) = (query["Expression"] for query in alarm["Metrics"] if query.get("ReturnData", True))
    return lambda end: value(expression, {id: read(end) for id, read in readers.items()})


def period(alarm: Properties) -> int:
    """The minutes of the alarm's period, the same for each of its metrics."""
    stats = [query["MetricStat"] for query in alarm.get("Metrics", ()) if "MetricStat" in query]
    (seconds,) = {one["Period"] for one in stats or [alarm]}
    return int(seconds) // 60


def _reader(metric: Properties, statistic: str, minutes: int, samples: Samples) -> PointOf:
    published, compute = samples.get(key_of(metric), ()), _STATISTICS[statistic]

    def read(end: int) -> float | None:
        values = [number for one in published[max(0, end - minutes) : max(0, end)] for number in one]
        return float(compute(values)) if values else None

    return read


def fires(alarm: Properties, points: Sequence[float | None]) -> bool:
    """The state for the points of the evaluation range, newest first."""
    periods = alarm["EvaluationPeriods"]
    needed = alarm.get("DatapointsToAlarm", periods)
    compare = _COMPARED[alarm["ComparisonOperator"]]
    real = [compare(one, alarm["Threshold"]) for one in points if one is not None][:periods]
    filled = [{"breaching": True, "notBreaching": False, "missing": False}[alarm["TreatMissingData"]]] * (
        periods - len(real)
    )
    return sum(real) + sum(filled) >= needed


def first_minute(
    name: str, alarms: Mapping[str, Properties], samples: Samples, until: int, extra: int, start: int = 1
) -> int | None:
    """The first minute from `start` on in which the alarm of that logical id fires; None: not within `until` minutes."""

    watched = [
        (alarms[part], period(alarms[part]), functools.cache(_points(alarms[part], samples)))
        for part in _parts(name, alarms)
    ]

    def all_fire(end: int) -> bool:
        return all(
            fires(alarm, [point_of(end - back * minutes) for back in range(alarm["EvaluationPeriods"] + extra)])
            for alarm, minutes, point_of in watched
        )

    return next(filter(all_fire, range(start, until + 1)), None)


def _parts(name: str, alarms: Mapping[str, Properties]) -> list[str]:
    """The alarm itself, or those that have to fire together for a composite one."""
    if "AlarmRule" not in alarms[name]:
        return [name]
    separator, parts = alarms[name]["AlarmRule"]["Fn::Join"]
    rule = separator.join(part if isinstance(part, str) else part["Fn::GetAtt"][0] for part in parts)
    names = re.fullmatch(r'\(ALARM\("(\w+)"\) AND ALARM\("(\w+)"\)\)', rule)
    assert names, rule
    return [leaf for part in names.groups() for leaf in _parts(part, alarms)]
