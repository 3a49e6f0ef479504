"""The kind of an alarm, by the metrics that it reads, how it compares them, and the words of its author."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from cdk_inference.template.partial_text import text_in
from cdk_inference.template.stacks import Resource
from cdk_inference.template.values import items, mapping, readable

# cost: what is spent, or paid for and not used. health: requests that fail, wait or find nothing. rollback: an update
# is undone by it. scaling: it calls a scaling policy.
AlarmKind = Literal["cost", "health", "rollback", "scaling", "other"]
ALARM_KINDS: tuple[AlarmKind, ...] = get_args(AlarmKind)

_MONEY = re.compile(r"EstimatedCharges|Usd|Cost|Dollar|Spend|Price|(Input|Output|Read|Write)Token(Count|s)", re.I)
_FAILURE = re.compile(
    r"Error|Failure|Fault|Fail(ed|s)?\b|5XX|Throttl|Dropped|Expired|Backlog|OldestRequest|(No|Without)Capacity"
    r"|Unhealthy|Timeout",
    re.I,
)
_SLOW = re.compile(r"Latency|Duration|time_?to_?first_?token|Overhead|SetupTime", re.I)
_USE = re.compile(r"^Invocations|Utilization|Concurrent|Reservation|Requests", re.I)
_INSTANCES = re.compile(r"Utilization", re.I)

_COST_WORDS = re.compile(
    r"\b(costs?|usd|dollars?|spend\w*|spent|budgets?|charges?|billing|prices?|idle|unused|under use|burn rate)\b"
    r"|\$ ?\d",
    re.I,
)
_HEALTH_WORDS = re.compile(
    r"\b(errors?|fail\w*|faults?|latency|slow\w*|throttl\w*|down|unhealthy|capacity|maximum|timeouts?|5xx|backlog"
    r"|queued?|first token)\b",
    re.I,
)


@dataclass(frozen=True, kw_only=True)
class _Watched:
    """Names of the metrics, or the PromQL query; how they are compared; name and description of the alarm.

    counted: instances are counted, by the samples that each publishes. computed: an expression combines metrics.
    below: a low value is the alarm.
    """

    names: tuple[str, ...]
    counted: bool
    computed: bool
    below: bool
    words: str

    def named(self, pattern: re.Pattern[str]) -> bool:
        return any(pattern.search(name) for name in self.names)

    @property
    def spoken(self) -> AlarmKind | None:
        """By the words; what costs is named before what fails: "the error budget" is rarer than "idle capacity"."""
        if _COST_WORDS.search(self.words):
            return "cost"
        return "health" if _HEALTH_WORDS.search(self.words) else None


# The first row that gives a kind decides.
_ROWS: tuple[Callable[[_Watched], AlarmKind | None], ...] = (
    lambda one: "cost" if one.named(_MONEY) else None,
    lambda one: "health" if one.named(_FAILURE) else None,
    # Fewer samples than instances should publish.
    lambda one: "health" if one.below and one.counted and not one.computed else None,
    # Few requests, or hardly used hardware: it is paid for all the same.
    lambda one: "cost" if one.below and one.named(_USE) else None,
    # Instances by the hour times a price, unless its author says something else.
    lambda one: one.spoken or "cost" if one.computed and one.counted else None,
    lambda one: "health" if one.named(_SLOW) or one.named(_INSTANCES) else None,
    lambda one: one.spoken,
)


def kind_by_metrics(alarm: Resource) -> AlarmKind:
    """Returns "cost", "health" or "other" for a metric alarm, whoever wrote it."""
    watched = _watched(alarm)
    found: list[AlarmKind] = [kind for row in _ROWS if (kind := row(watched)) is not None]
    return found[0] if found else "other"


def _watched(alarm: Resource) -> _Watched:
    criteria = mapping(mapping(alarm.get("EvaluationCriteria")).get("PromQLCriteria"))
    # Without the values of labels: an endpoint may be called "cost".
    query = re.sub(r'="[^"]*"', "", text_in(criteria.get("Query")) or "")
    metrics = list(_metrics(alarm))
    expressions = [mapping(one).get("Expression") for one in items(alarm.get("Metrics"))]
    words = " ".join(text_in(alarm.get(name)) or "" for name in ("AlarmName", "AlarmDescription"))
    return _Watched(
        names=tuple(name for name, _ in metrics) + ((query,) if query else ()),
        counted=any(stat == "SampleCount" and _INSTANCES.search(name) for name, stat in metrics),
        computed=any(isinstance(one, str) for one in expressions),
        below=str(alarm.get("ComparisonOperator")).startswith("LessThan")
        and not str(alarm.get("ComparisonOperator")).startswith("LessThanLowerOr"),
        words=re.sub(r"(?<=[a-z])(?=[A-Z])|[-_/.:]", " ", readable(words)),
    )


def _metrics(alarm: Resource) -> Iterator[tuple[str, str]]:
    """(name, statistic) of each metric."""
    if alarm.get("MetricName") is not None:
        yield text_in(alarm.get("MetricName")) or "", str(alarm.get("Statistic"))
    for query in items(alarm.get("Metrics")):
        stat = mapping(mapping(query).get("MetricStat"))
        if stat:
            yield text_in(mapping(stat.get("Metric")).get("MetricName")) or "", str(stat.get("Stat"))
