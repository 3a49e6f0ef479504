"""What CloudWatch requires of the metrics and expressions of an alarm, and of dimensions."""

from __future__ import annotations

from cdk_inference.core.errors import Problem
from cdk_inference.core.pages import page
from cdk_inference.requirements.alarms import ALARM
from cdk_inference.requirements.conditions import exactly_one, lower_case_first, unique
from cdk_inference.requirements.part import Part
from cdk_inference.requirements.requirement import Requirement

_QUERIES_MAX = 20
_DIMENSIONS = ("Dimensions[]", "Metrics[].MetricStat.Metric.Dimensions[]")
_QUERY_SENTENCE = "Within each MetricDataQuery object, you must specify either Expression or MetricStat but not both."


def _query_period(part: Part) -> Problem | None:
    period = part.number("Period")
    if period is None or period in (1, 5, 10, 20, 30) or (period >= 60 and period % 60 == 0):
        return None
    return Problem("Period", f"{period:g} s", "1, 5, 10, 20, 30, or a multiple of 60 s", "round it up")


def _one_period(part: Part) -> Problem | None:
    stats = [query.number("MetricStat.Period") for query in part.parts("Metrics")]
    periods = sorted({period for period in stats if period is not None})
    if len(periods) < 2:
        return None
    got = " and ".join(f"{period:g} s" for period in periods)
    return Problem("Metrics", got, "one period for all metrics of the alarm", f"write {periods[-1]:g} everywhere")


def _dimension_name(part: Part) -> Problem | None:
    name = part.text("Name")
    if name is None or (name.isascii() and name.strip() and not name.startswith(":")):
        return None
    return Problem("Name", name, "ASCII characters, no colon first", f"copy it from {page('metrics')}")


def _dimension_value(part: Part) -> Problem | None:
    value = part.get("Value")
    # What another resource is called is up to AWS, or to that resource.
    if not isinstance(value, str) or (part.words("Value").isascii() and value.strip()):
        return None
    return Problem("Value", part.words("Value"), "ASCII characters, not only spaces", "rename what it names")


def _count(part: Part) -> Problem | None:
    count = len(part.items("Metrics"))
    if count <= _QUERIES_MAX:
        return None
    return Problem("Metrics", f"{count} queries", f"at most {_QUERIES_MAX}", "divide the alarm, and combine the parts")


def _returned(part: Part) -> Problem | None:
    queries = part.parts("Metrics")
    if not queries:
        return None
    returned = [query.path for query in queries if query.flag("ReturnData") is not False]
    if len(returned) == 1:
        return None
    fix = "set ReturnData: false on every query but the one that the threshold is for"
    if part.has("ThresholdMetricId") and len(returned) == 2:
        return None  # the metric and its band
    return Problem("Metrics", f"{len(returned)} queries that return data", "one", fix)


REQUIREMENTS = (
    Requirement(
        id="alarm-query-period",
        type=ALARM,
        at="Metrics[].MetricStat",
        service="cloudwatch",
        shape="MetricStat",
        member="Period",
        sentence="For high-resolution metrics that are collected at intervals of less than one minute, the period can "
        "be 1, 5, 10, 20, 30, 60, or any multiple of 60.",
        check=_query_period,
    ),
    Requirement(
        id="alarm-one-period",
        type=ALARM,
        sentence="All metrics of an alarm on metric maths have the same period.",
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (read "
        "2026-11-22)",
        check=_one_period,
    ),
    Requirement(
        id="alarm-query",
        type=ALARM,
        at="Metrics[]",
        service="cloudwatch",
        shape="MetricDataQuery",
        member="Expression",
        sentence=_QUERY_SENTENCE,
        check=exactly_one("Expression", "MetricStat"),
    ),
    Requirement(
        id="alarm-query-ids",
        type=ALARM,
        service="cloudwatch",
        shape="MetricDataQuery",
        member="Id",
        sentence="This name must be unique within a single call to GetMetricData.",
        check=unique("Metrics", "Id"),
    ),
    Requirement(
        id="alarm-query-letter",
        type=ALARM,
        at="Metrics[]",
        service="cloudwatch",
        shape="MetricDataQuery",
        member="Id",
        sentence="The first character must be a lowercase letter.",
        check=lower_case_first("Id"),
    ),
    Requirement(
        id="alarm-query-count",
        type=ALARM,
        service="cloudwatch",
        shape="MetricDataQuery",
        sentence="A single PutMetricAlarm call can include up to 20 MetricDataQuery structures in the array.",
        check=_count,
    ),
    Requirement(
        id="alarm-return-data",
        type=ALARM,
        service="cloudwatch",
        shape="MetricDataQuery",
        sentence="Of those Expression structures, one must have true as the value for ReturnData.",
        check=_returned,
    ),
    Requirement(
        id="alarm-dimension-names",
        type=ALARM,
        at=_DIMENSIONS,
        service="cloudwatch",
        shape="Dimension",
        member="Name",
        sentence="Dimension names must contain only ASCII characters, must include at least one non-whitespace "
        "character, and cannot start with a colon (:).",
        check=_dimension_name,
    ),
    Requirement(
        id="alarm-dimension-values",
        type=ALARM,
        at=_DIMENSIONS,
        service="cloudwatch",
        shape="Dimension",
        member="Value",
        sentence="Dimension values must contain only ASCII characters and must include at least one non-whitespace "
        "character.",
        check=_dimension_value,
    ),
)
