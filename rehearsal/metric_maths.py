"""The state of an alarm at a moment: its metric or its maths, point by point, from what was published.

Maths: + - * /, comparisons, IF and FILL; anything else is refused by name. What becomes of missing points:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html and
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html (read 2026-11-22). How far
an alarm looks back beyond its evaluation periods is not documented: here not at all.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any, Literal

from rehearsal.api_model import RefusedError

Document = Mapping[str, Any]
State = Literal["ALARM", "OK", "INSUFFICIENT_DATA"]
# A metric with its dimensions, its statistic, and the first and last second of a period -> its point; None is missing.
Read = Callable[[Document, str, float, float], float | None]
Points = Mapping[str, float | None]

_OPERATORS: Mapping[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISONS: Mapping[type[ast.AST], Callable[[float, float], bool]] = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_THRESHOLDS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def value(expression: str, points: Points) -> float | None:
    """Returns one point of an expression.

    Raises:
        RefusedError: The expression holds what is not evaluated here.
    """
    try:
        return _value(ast.parse(expression, mode="eval").body, points)
    except (SyntaxError, KeyError) as problem:
        raise RefusedError(f"Expression: got {expression} ({problem}), which a rehearsal does not evaluate") from None


def _value(node: ast.expr, points: Points) -> float | None:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return points[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            found = _value(operand, points)
            return None if found is None else -found
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _of_two(node, _value(left, points), _value(right, points))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
            first, second = _value(left, points), _value(right, points)
            return None if first is None or second is None else float(_COMPARISONS[type(op)](first, second))
        case ast.Call(func=ast.Name(id="FILL"), args=[series, filled]):
            found = _value(series, points)
            return _value(filled, points) if found is None else found
        case ast.Call(func=ast.Name(id="IF"), args=[condition, *branches]) if len(branches) in (1, 2):
            chosen = 0 if _value(condition, points) else 1
            if chosen == len(branches):
                return None
            found = _value(branches[chosen], points)
            return 0.0 if found is None and chosen == 0 else found
    raise RefusedError(f"Expression: got {ast.unparse(node)}, which a rehearsal does not evaluate")


def _of_two(node: ast.BinOp, first: float | None, second: float | None) -> float | None:
    """A missing point beside one of another series is 0; beside a number, and both missing, nothing comes of it."""
    constant = isinstance(node.left, ast.Constant) or isinstance(node.right, ast.Constant)
    if (first is None or second is None) and (constant or first is second):
        return None
    if isinstance(node.op, ast.Div) and not second:
        return None
    return _OPERATORS[type(node.op)](first or 0.0, second or 0.0)


def period_of(alarm: Document) -> int:
    """Returns the seconds of an alarm's period."""
    stats = [one["MetricStat"]["Period"] for one in alarm.get("Metrics", []) if "MetricStat" in one]
    return int(max(stats, default=alarm.get("Period", 60)))


def point(alarm: Document, read: Read, start: float, end: float) -> float | None:
    """Returns an alarm's point of one period."""
    if "MetricName" in alarm:
        return read(alarm, str(alarm.get("ExtendedStatistic") or alarm.get("Statistic", "Average")), start, end)
    left = {one["Id"]: one for one in alarm.get("Metrics", [])}
    found: dict[str, float | None] = {}
    for name, one in left.items():
        if "MetricStat" in one:
            found[name] = read(one["MetricStat"]["Metric"], one["MetricStat"]["Stat"], start, end)
    for _ in left:  # expressions of expressions, whatever their order
        for name, one in left.items():
            if name not in found and all(used in found for used in _names(one["Expression"])):
                found[name] = value(one["Expression"], found)
    for name in left.keys() - found.keys():  # a function or an id that is not here: refused by name
        found[name] = value(left[name]["Expression"], found)
    return next((found[name] for name, one in left.items() if one.get("ReturnData", True)), None)


def _names(expression: str) -> set[str]:
    try:
        found = ast.walk(ast.parse(expression, mode="eval"))
    except SyntaxError as problem:
        raise RefusedError(f"Expression: got {expression} ({problem})") from None
    return {node.id for node in found if isinstance(node, ast.Name)} - {"IF", "FILL"}


def points(alarm: Document, read: Read, now: float) -> list[float | None]:
    """Returns the points of an alarm's evaluation periods, the latest first; the period that has begun is none."""
    seconds = period_of(alarm)
    last = now // seconds * seconds
    ends = [last - back * seconds for back in range(int(alarm["EvaluationPeriods"]))]
    return [point(alarm, read, end - seconds, end) for end in ends]


def state(alarm: Document, read: Read, now: float) -> State | None:
    """Returns an alarm's state at a moment; None keeps the one that it has."""
    periods = int(alarm["EvaluationPeriods"])
    compare = _THRESHOLDS[alarm["ComparisonOperator"]]
    real = [compare(one, float(alarm["Threshold"])) for one in points(alarm, read, now) if one is not None]
    treatment = alarm.get("TreatMissingData", "missing")
    if not real and treatment in ("missing", "ignore"):
        return "INSUFFICIENT_DATA" if treatment == "missing" else None
    breaching = sum(real) + (periods - len(real) if treatment == "breaching" else 0)
    return "ALARM" if breaching >= int(alarm.get("DatapointsToAlarm", periods)) else "OK"
