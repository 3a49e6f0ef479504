"""Alarms: what each watches, and whether another one notifies less.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html (read 2026-11-24)
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cdk_inference.review.pair import DeploymentPair, ResourcePair
from cdk_inference.review.protections.alarm_metrics import described, dimensions, identity, of_metric, single, widths
from cdk_inference.review.protections.comparators import number
from cdk_inference.review.resource_names import ResourceNames, When, key_of, resource_names, versions
from cdk_inference.review.resource_versions import ResourceVersion
from cdk_inference.template.values import readable, reference, unknown_in

ALARM, COMPOSITE = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"
_STRICT = ("notBreaching", "ignore", "missing", "breaching")  # of missing data, from loose to strict
_NAME = re.compile(r"""\"[^\"]*\"|'[^']*'|[^\s(),"']+""")  # of an alarm in a rule, or a word of the rule
_ACTIONS = ("AlarmActions", "InsufficientDataActions")
_ABOVE, _BELOW = frozenset({"above"}), frozenset({"below"})
_DIRECTIONS = {
    "GreaterThanOrEqualToThreshold": _ABOVE,
    "GreaterThanThreshold": _ABOVE,
    "GreaterThanUpperThreshold": _ABOVE,
    "LessThanOrEqualToThreshold": _BELOW,
    "LessThanThreshold": _BELOW,
    "LessThanLowerThreshold": _BELOW,
    "LessThanLowerOrGreaterThanUpperThreshold": _ABOVE | _BELOW,
}


@dataclass(frozen=True)
class Alarm:
    """One alarm of one side; `values` has its properties, with marks for what is not known."""

    pair: ResourcePair
    side: ResourceVersion
    known: ResourceNames
    values: dict[str, Any]

    @functools.cached_property
    def metric(self) -> str:
        """What it watches, as text; for a composite alarm its rule."""
        if self.side.resource.type == COMPOSITE:
            return str(self.values.get("AlarmRule"))
        if self.values.get("Metrics") is not None:
            metrics = self.values["Metrics"]
            return json.dumps(identity(metrics) if isinstance(metrics, list) else metrics, default=str)
        return json.dumps([of_metric(self.values), dimensions(self.values)])

    @property
    def watched(self) -> str:
        """The same for people."""
        name = self.values.get("MetricName")
        return readable(str(name)) if name is not None else "an expression of metrics"

    @property
    def scope(self) -> str:
        """What it watches with its dimensions, or the expression, for people."""
        if self.values.get("Metrics") is not None:
            inner = [one for one in self.values["Metrics"] if isinstance(one, dict)]
            expressions = [str(one["Expression"]) for one in inner if "Expression" in one]
            return readable(f"the expression {' and '.join(expressions)}" if expressions else f"{len(inner)} metrics")
        dimensions = self.values.get("Dimensions")
        names = (
            [str(one.get("Value")) for one in dimensions if isinstance(one, dict)]
            if isinstance(dimensions, list)
            else []
        )
        place = f" of {', '.join(names)}" if names else ""
        return readable(f"{self.values.get('MetricName')}{place}")

    @property
    def details(self) -> list[str]:
        """Each metric and expression with all that identifies it, for people."""
        if isinstance(self.values.get("Metrics"), list):
            return [readable(described(one)) for one in self.values["Metrics"]]
        return [readable(" ".join([*map(str, of_metric(self.values)), *dimensions(self.values)]))]

    @property
    def band(self) -> float | None:
        """How wide the band of expected values is, in standard deviations."""
        found = [width for text in _texts(self.values.get("Metrics")) for width in widths(text)]
        return found[0] if len(found) == 1 else None

    def actions(self, *kinds: str) -> list[str]:
        """Keys of what it calls."""
        found = [self.values.get(kind) for kind in kinds or _ACTIONS]
        return [self.known.within(str(one)) for value in found if isinstance(value, list) for one in value]

    @property
    def texts(self) -> Iterator[str]:
        """All texts of what it watches."""
        yield from _texts([self.values.get(name) for name in ("Dimensions", "Metrics", "AlarmRule")])

    @property
    def fires(self) -> bool:
        """Whether it calls anything."""
        return str(self.values.get("ActionsEnabled", True)).lower() != "false" and bool(self.actions())


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(one)


def alarms(deployments: DeploymentPair, when: When) -> list[Alarm]:
    """Returns the alarms of one side."""
    return deployments.computed(_alarms, when)


def _alarms(deployments: DeploymentPair, when: When) -> list[Alarm]:
    known = resource_names(deployments, when)
    found = [
        Alarm(pair, side, known, single({name: known.value(side, name) for name in side.written}))
        for pair, side in versions(deployments, when, ALARM, COMPOSITE)
    ]
    composites = [one for one in found if one.side.resource.type == COMPOSITE]
    keys = {str(one.values["AlarmName"]): key_of(one.pair) for one in found if composites and "AlarmName" in one.values}
    for one in composites:
        for name in ("AlarmRule", "ActionsSuppressor"):
            if isinstance(one.values.get(name), str):
                one.values[name] = _NAME.sub(lambda word: _referred(known, keys, word[0]), one.values[name])
    return found


def _referred(known: ResourceNames, keys: dict[str, str], text: str) -> str:
    """A name or an attribute of an alarm, in a rule, as the reference to it."""
    name = text.strip("\"'")
    key = keys.get(name, known.within(name))
    stack, _, logical_id = key.rpartition("/")
    return reference(stack, logical_id, "Ref") if key in known.pairs else text


def looser(was: Alarm, becomes: Alarm, removed: frozenset[str]) -> list[str]:
    """In which ways an alarm of the same metric notifies less. removed: keys of the resources that are gone."""
    return [*_actions(was, becomes, removed), *_threshold(was, becomes), *_time(was, becomes), *_missing(was, becomes)]


def _actions(was: Alarm, becomes: Alarm, removed: frozenset[str]) -> Iterator[str]:
    if was.fires and str(becomes.values.get("ActionsEnabled", True)).lower() == "false":
        yield "its actions are switched off"
        return
    quiet = [one.values.get("ActionsSuppressor") for one in (was, becomes)]
    if quiet[1] is not None and quiet[1] != quiet[0]:
        yield f"it sends no notification while {readable(str(quiet[1]))} is in ALARM state"
    named: list[str] = []
    for kind in _ACTIONS if str(becomes.values.get("TreatMissingData", "missing")) == "missing" else _ACTIONS[:1]:
        old, new = was.actions(kind), becomes.actions(kind)
        lost = [one for one in old if one not in new]
        replaced = len(new) >= len(old) and all(one in removed for one in lost)
        if lost and not replaced and not any(map(unknown_in, new)) and lost != named:
            named = lost
            names = ", ".join(readable(one).rpartition("/")[2] for one in lost)
            when = "" if kind == _ACTIONS[0] else " of missing data"
            yield f"it no longer notifies {names}{when}" + ("" if becomes.actions() else "; it has no actions left")


def silenced(was: Alarm, becomes: Alarm) -> bool:
    """Whether nothing is called in ALARM state, or at all, and was."""
    lost = bool(was.actions(_ACTIONS[0])) and not becomes.actions(_ACTIONS[0])
    return was.fires and (lost or not becomes.fires)


def _threshold(was: Alarm, becomes: Alarm) -> Iterator[str]:
    operators = [str(one.values.get("ComparisonOperator")) for one in (was, becomes)]
    directions = [_DIRECTIONS.get(one, frozenset()) for one in operators]
    if directions[0] - directions[1]:
        how = "in one direction only" if directions[0] & directions[1] else "in the other direction"
        yield f"it compares {how}: {operators[1]} instead of {operators[0]}"
        return
    up = [one >= _ABOVE for one in directions]
    bands = [one.band for one in (was, becomes)]
    if bands[0] is not None and bands[1] is not None and bands[1] > bands[0]:
        yield f"its band is {bands[1]:g} standard deviations wide instead of {bands[0]:g}"
    limits = [number(one.values.get("Threshold")) for one in (was, becomes)]
    if limits[0] is not None and limits[1] is not None and limits[0] != limits[1]:
        if (limits[1] > limits[0]) == up[0]:
            yield f"its threshold changes from {limits[0]:g} to {limits[1]:g}"
    elif "OrEqualTo" in operators[0] and "OrEqualTo" not in operators[1]:
        yield f"the threshold value itself no longer breaches: {operators[1]} instead of {operators[0]}"
    ranks = [_rank(one) for one in (was, becomes)]
    names = [_statistic(one) for one in (was, becomes)]
    if ranks[0] is not None and ranks[1] is not None:
        if ranks[0] != ranks[1] and (ranks[1] < ranks[0]) == up[0]:
            yield f"it uses {names[1]} instead of {names[0]}"
    elif names[0] != names[1] and not any(unknown_in(one) for one in names):
        yield f"it uses {names[1]} instead of {names[0]}; cannot tell whether it is weaker"


def _statistic(one: Alarm) -> str:
    return str(one.values.get("ExtendedStatistic") or one.values.get("Statistic"))


def _rank(one: Alarm) -> float | None:
    """Statistics by how high they lie, of values that are not negative."""
    found = _statistic(one)
    fixed = {"Sum": 200.0, "Maximum": 100.0, "Minimum": 0.0, "Average": 50.0}
    return fixed.get(found, number(found[1:]) if found.startswith("p") else None)


def _time(was: Alarm, becomes: Alarm) -> Iterator[str]:
    old, new = _periods(was), _periods(becomes)
    if old is None or new is None:
        return
    if new[0] * new[2] > old[0] * old[2]:
        yield f"it takes {_duration(new)} of breaching data instead of {_duration(old)}"
    elif new[0] == old[0] and new[1] < old[1]:
        yield f"it looks back over {new[1]:g} periods instead of {old[1]:g} for {new[0]:g} breaching ones"


def _periods(one: Alarm) -> tuple[float, float, float] | None:
    """(bad periods, of how many, their seconds)."""
    many = number(one.values.get("EvaluationPeriods"))
    bad = number(one.values.get("DatapointsToAlarm", many))
    metrics = one.values.get("Metrics")
    inner = metrics if isinstance(metrics, list) else []
    lengths = [_period(metric) for metric in inner if isinstance(metric, dict)]
    seconds = max((length for length in lengths if length is not None), default=None)
    length = number(one.values.get("Period", 60)) if not inner else seconds
    return None if many is None or bad is None or length is None else (bad, many, length)


def _period(metric: dict[str, Any]) -> float | None:
    stat = metric.get("MetricStat")
    return number(metric.get("Period") or (stat.get("Period") if isinstance(stat, dict) else None))


def _duration(found: tuple[float, float, float]) -> str:
    seconds = found[0] * found[2]
    return f"{seconds / 60:g} minutes" if seconds >= 60 else f"{seconds:g} seconds"


def _missing(was: Alarm, becomes: Alarm) -> Iterator[str]:
    old, new = (str(one.values.get("TreatMissingData", "missing")) for one in (was, becomes))
    if old in _STRICT and new in _STRICT and _STRICT.index(new) < _STRICT.index(old):
        yield f"missing data count as {new} instead of {old}"
