"""What CloudWatch requires of an alarm and of a composite alarm."""

from __future__ import annotations

import re

from cdk_inference.core.errors import Problem
from cdk_inference.requirements.conditions import at_most_one, exactly_one, not_with, only, present, required
from cdk_inference.requirements.part import Part
from cdk_inference.requirements.requirement import Requirement

ALARM = "AWS::CloudWatch::Alarm"
COMPOSITE = "AWS::CloudWatch::CompositeAlarm"
_DAY, _WEEK = 86_400, 604_800
_ANOMALY = ("LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold")
_WALL_CLOCK = (60, 300, 3600, 86_400, 604_800)
_ONE_METRIC = ("Namespace", "MetricName", "Dimensions", "Period", "Unit", "Statistic", "ExtendedStatistic")
_NOT_PROMQL = ("Threshold", "ComparisonOperator", "ThresholdMetricId", "EvaluationPeriods", "DatapointsToAlarm")
_AUTO_SCALING = re.compile(r"arn:[^:]*:autoscaling:")


def _static(part: Part) -> bool:
    """Whether an alarm has a static threshold on one metric or on metric maths."""
    return not part.has("ThresholdMetricId") and not part.has("EvaluationCriteria")


def _actions(part: Part) -> list[str]:
    members = ("AlarmActions", "OKActions", "InsufficientDataActions")
    return [action for member in members for action in part.items(member) if isinstance(action, str)]


def _scaling_action(part: Part) -> Problem | None:
    if not part.has("ThresholdMetricId") or not any(_AUTO_SCALING.match(action) for action in _actions(part)):
        return None
    fix = "scale by an alarm with a static threshold, or remove the action"
    return Problem("AlarmActions", "an Auto Scaling action", "none with ThresholdMetricId", fix)


def _period(part: Part) -> float | None:
    """The alarm's period: its own, or the longest of its queries."""
    if part.has("Metrics"):
        stats = [query.number("MetricStat.Period") for query in part.parts("Metrics")]
        return max((period for period in stats if period is not None), default=None)
    return part.number("Period")


def _week(part: Part) -> Problem | None:
    period, count = _period(part), part.number("EvaluationPeriods")
    if period is None or count is None or period < 3600 or period * count <= _WEEK:
        return None
    got = f"{count:g} periods of {period:g} s, {period * count:g} s"
    return Problem("EvaluationPeriods", got, f"at most {_WEEK} s, a week", "look at fewer periods")


def _day(part: Part) -> Problem | None:
    period, count = _period(part), part.number("EvaluationPeriods")
    if period is None or count is None or period >= 3600 or period * count <= _DAY:
        return None
    got = f"{count:g} periods of {period:g} s, {period * count:g} s"
    fix = "look at fewer periods, or at periods of an hour"
    return Problem("EvaluationPeriods", got, f"at most {_DAY} s, a day, with periods below an hour", fix)


def _period_value(part: Part) -> Problem | None:
    period = part.number("Period")
    if period is None or period in (10, 20, 30) or (period >= 60 and period % 60 == 0):
        return None
    return Problem("Period", f"{period:g} s", "10, 20, 30, or a multiple of 60 s", "round it up")


def _interval(part: Part) -> Problem | None:
    interval = part.number("EvaluationInterval")
    if interval is None or interval in (10, 20, 30) or (interval >= 60 and interval % 60 == 0):
        return None
    return Problem("EvaluationInterval", f"{interval:g} s", "10, 20, 30, or a multiple of 60 s", "round it up")


def _operator(part: Part) -> Problem | None:
    operator = part.text("ComparisonOperator")
    if operator not in _ANOMALY or part.has("ThresholdMetricId"):
        return None
    fix = "name the band in ThresholdMetricId, or compare with a Threshold"
    return Problem("ComparisonOperator", operator, "it with ThresholdMetricId, the id of an anomaly band", fix)


def _percentile(part: Part) -> Problem | None:
    if not part.has("EvaluateLowSampleCountPercentile") or part.has("Metrics"):
        return None
    statistic = part.text("ExtendedStatistic") or part.text("Statistic") or ""
    if re.match(r"p\d", statistic):
        return None
    allowed = "it with a percentile, as ExtendedStatistic: p99"
    return Problem("EvaluateLowSampleCountPercentile", f"it with {statistic or 'no statistic'}", allowed, "remove it")


def _wall_clock(part: Part) -> Problem | None:
    if not part.has("EvaluationWindow.WallClockWindow"):
        return None
    period = _period(part)
    if period is None or period in _WALL_CLOCK:
        return None
    allowed = f"{', '.join(map(str, _WALL_CLOCK))} s with a wall clock window"
    return Problem("Period", f"{period:g} s", allowed, "choose one of these, or a SlidingWindow")


_SUPPRESSOR = present("ActionsSuppressor")
_CRITERIA_SENTENCE = (
    "If you use the EvaluationCriteria parameter, you cannot include the Namespace, MetricName, Dimensions, Period, "
    "Unit, Statistic, ExtendedStatistic, Metrics, Threshold, ComparisonOperator, ThresholdMetricId, EvaluationPeriods, "
    "or DatapointsToAlarm parameters of PutMetricAlarm in the same operation."
)

REQUIREMENTS = (
    Requirement(
        id="alarm-one-source",
        type=ALARM,
        service="cloudwatch",
        shape="PutMetricAlarmInput",
        member="Metrics",
        sentence="For each PutMetricAlarm operation, you must specify either MetricName, a Metrics array, or an "
        "EvaluationCriteria.",
        check=exactly_one("MetricName", "Metrics", "EvaluationCriteria"),
    ),
    Requirement(
        id="alarm-maths-alone",
        type=ALARM,
        service="cloudwatch",
        shape="PutMetricAlarmInput",
        member="Metrics",
        sentence="If you use the Metrics parameter, you cannot include the Namespace, MetricName, Dimensions, Period, "
        "Unit, Statistic, or ExtendedStatistic parameters of PutMetricAlarm in the same operation.",
        # MetricName beside Metrics is the row above.
        check=not_with("Metrics", *(member for member in _ONE_METRIC if member != "MetricName")),
    ),
    Requirement(
        id="alarm-promql-alone",
        type=ALARM,
        service="cloudwatch",
        shape="PutMetricAlarmInput",
        member="EvaluationCriteria",
        sentence=_CRITERIA_SENTENCE,
        check=not_with(
            "EvaluationCriteria", *(member for member in _ONE_METRIC if member != "MetricName"), *_NOT_PROMQL
        ),
    ),
    Requirement(
        id="alarm-promql-interval",
        type=ALARM,
        service="cloudwatch",
        shape="PutMetricAlarmInput",
        member="EvaluationInterval",
        sentence="This parameter is required for alarms that use EvaluationCriteria, and cannot be specified for "
        "alarms configured with MetricName or Metrics.",
        check=lambda part: (
            required("EvaluationInterval", present("EvaluationCriteria"), "the alarm has EvaluationCriteria")(part)
            or only("EvaluationInterval", present("EvaluationCriteria"), "the alarm has EvaluationCriteria")(part)
        ),
    ),
    Requirement(
        id="alarm-statistic",
        type=ALARM,
        service="cloudwatch",
        shape="PutMetricAlarmInput",
        member="Statistic",
        sentence="When you call PutMetricAlarm and specify a MetricName, you must specify either Statistic or "
        "ExtendedStatistic, but not both.",
        check=exactly_one("Statistic", "ExtendedStatistic", when=present("MetricName")),
    ),
    Requirement(
        id="alarm-period",
        type=ALARM,
        service="cloudwatch",
        shape="PutMetricAlarmInput",
        member="Period",
        sentence="Period is required for alarms based on static thresholds.",
        check=required(
            "Period", lambda part: part.has("MetricName") and _static(part), "a metric has a static threshold"
        ),
    ),
    Requirement(
        id="alarm-period-value",
        type=ALARM,
        service="cloudwatch",
        shape="PutMetricAlarmInput",
        member="Period",
        sentence="Valid values are 10, 20, 30, and any multiple of 60.",
        check=_period_value,
    ),
    Requirement(
        id="alarm-promql-interval-value",
        type=ALARM,
        service="cloudwatch",
        shape="PutMetricAlarmInput",
        member="EvaluationInterval",
        sentence="Valid values are 10, 20, 30, and any multiple of 60.",
        check=_interval,
    ),
    Requirement(
        id="alarm-week",
        type=ALARM,
        service="cloudwatch",
        shape="PutMetricAlarmInput",
        member="Period",
        sentence="An alarm's total current evaluation period can be no longer than seven days, so Period multiplied by "
        "EvaluationPeriods can't be more than 604,800 seconds.",
        check=_week,
    ),
    Requirement(
        id="alarm-day",
        type=ALARM,
        service="cloudwatch",
        shape="PutMetricAlarmInput",
        member="Period",
        sentence="For alarms with a period of less than one hour (3,600 seconds), the total evaluation period can't be "
        "longer than one day (86,400 seconds).",
        check=_day,
    ),
    Requirement(
        id="alarm-threshold",
        type=ALARM,
        service="cloudwatch",
        shape="PutMetricAlarmInput",
        member="Threshold",
        sentence="This parameter is required for alarms based on static thresholds, but should not be used for alarms "
        "based on anomaly detection models.",
        check=lambda part: (
            required("Threshold", _static, "the threshold is static")(part)
            or not_with("ThresholdMetricId", "Threshold")(part)
        ),
    ),
    Requirement(
        id="alarm-anomaly-operator",
        type=ALARM,
        service="cloudwatch",
        shape="PutMetricAlarmInput",
        member="ComparisonOperator",
        sentence="The values LessThanLowerOrGreaterThanUpperThreshold, LessThanLowerThreshold, and "
        "GreaterThanUpperThreshold are used only for alarms based on anomaly detection models.",
        check=_operator,
    ),
    Requirement(
        id="alarm-anomaly-action",
        type=ALARM,
        service="cloudwatch",
        shape="PutMetricAlarmInput",
        member="ThresholdMetricId",
        sentence="If your alarm uses this parameter, it cannot have Auto Scaling actions.",
        check=_scaling_action,
    ),
    Requirement(
        id="alarm-low-samples",
        type=ALARM,
        service="cloudwatch",
        shape="PutMetricAlarmInput",
        member="EvaluateLowSampleCountPercentile",
        sentence="Used only for alarms based on percentiles.",
        check=_percentile,
    ),
    Requirement(
        id="alarm-window",
        type=ALARM,
        at="EvaluationWindow",
        service="cloudwatch",
        shape="EvaluationWindow",
        sentence="Set exactly one of its members, SlidingWindow or WallClockWindow.",
        check=exactly_one("SlidingWindow", "WallClockWindow"),
    ),
    Requirement(
        id="alarm-wall-clock",
        type=ALARM,
        service="cloudwatch",
        shape="WallClockWindow",
        sentence="When you use a wall clock window, the alarm's period must be 1 minute (60 seconds), 5 minutes (300 "
        "seconds), 1 hour (3,600 seconds), 1 day (86,400 seconds), or 1 week (604,800 seconds).",
        check=_wall_clock,
    ),
    Requirement(
        id="alarm-tag-keys",
        type=ALARM,
        at="ActionConfiguration.AlarmTagsPropagation",
        service="cloudwatch",
        shape="AlarmTagsPropagation",
        member="IncludedTagKeys",
        sentence="You can't specify both IncludedTagKeys and ExcludedTagKeys.",
        check=at_most_one("IncludedTagKeys", "ExcludedTagKeys"),
    ),
    Requirement(
        id="suppressor-wait",
        type=COMPOSITE,
        service="cloudwatch",
        shape="PutCompositeAlarmInput",
        member="ActionsSuppressorWaitPeriod",
        sentence="WaitPeriod is required only when ActionsSuppressor is specified.",
        check=required("ActionsSuppressorWaitPeriod", _SUPPRESSOR, "ActionsSuppressor is there"),
    ),
    Requirement(
        id="suppressor-extension",
        type=COMPOSITE,
        service="cloudwatch",
        shape="PutCompositeAlarmInput",
        member="ActionsSuppressorExtensionPeriod",
        sentence="ExtensionPeriod is required only when ActionsSuppressor is specified.",
        check=required("ActionsSuppressorExtensionPeriod", _SUPPRESSOR, "ActionsSuppressor is there"),
    ),
)
