"""Metrics as Application Auto Scaling and CloudWatch take them."""

from __future__ import annotations

from typing import Any, cast

from aws_cdk import Duration
from aws_cdk import aws_applicationautoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk_inference.errors import ConfigurationError, Problem
from cdk_inference.scaling.parts import EXPRESSION_CHARACTERS_MAX, METRICS_MAX, AlarmOn, Given, Math, Measured
from cdk_inference.scaling.policies.custom import STATISTICS

_Specification = autoscaling.CfnScalingPolicy.CustomizedMetricSpecificationProperty
_Query = autoscaling.CfnScalingPolicy.TargetTrackingMetricDataQueryProperty
_RESULT = "result"


def customized(source: Measured | Math | Given, subject: str) -> _Specification:
    """A metric or expression for target tracking, which knows neither periods nor other accounts and regions.

    Raises ConfigurationError (`subject`).
    """
    if isinstance(source, Given):
        source = _read(source.metric, subject)
    if isinstance(source, Math):
        queries = [_stat(id, metric, returned=False) for id, metric in source.metrics]
        queries.append(_Query(id=_RESULT, label=source.label, expression=source.expression, return_data=True))
        return _Specification(metrics=queries)
    if source.statistic not in STATISTICS:
        return _Specification(metrics=[_stat(_RESULT, source, returned=True)])
    return _Specification(
        namespace=source.namespace,
        metric_name=source.metric_name,
        statistic=source.statistic,
        dimensions=[
            autoscaling.CfnScalingPolicy.MetricDimensionProperty(name=name, value=value)
            for name, value in source.dimensions
        ],
    )


def alarm_on(scope: Construct, id: str, alarm: AlarmOn, name: str, action_arn: str) -> None:
    """The alarm that runs the step policy `action_arn`."""
    period = Duration.seconds(alarm.period_seconds)
    source = alarm.source
    metric: Any = source.metric.with_(period=period) if isinstance(source, Given) else _metric(source, period)
    operator = cloudwatch.ComparisonOperator
    above, below = operator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD, operator.LESS_THAN_OR_EQUAL_TO_THRESHOLD
    made = cloudwatch.Alarm(
        scope,
        id,
        metric=metric,
        alarm_name=name,
        alarm_description=alarm.description,
        threshold=alarm.threshold,
        comparison_operator=above if alarm.at_or_above else below,
        datapoints_to_alarm=alarm.breaching,
        evaluation_periods=alarm.evaluated,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    cast(cloudwatch.CfnAlarm, made.node.default_child).alarm_actions = [action_arn]


def _metric(source: Measured, period: Duration) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=source.namespace,
        metric_name=source.metric_name,
        dimensions_map=dict(source.dimensions),
        statistic=source.statistic,
        period=period,
    )


def _stat(id: str, metric: Measured, *, returned: bool) -> _Query:
    return _Query(
        id=id,
        return_data=returned,
        metric_stat=autoscaling.CfnScalingPolicy.TargetTrackingMetricStatProperty(
            stat=metric.statistic,
            metric=autoscaling.CfnScalingPolicy.TargetTrackingMetricProperty(
                namespace=metric.namespace,
                metric_name=metric.metric_name,
                dimensions=[
                    autoscaling.CfnScalingPolicy.TargetTrackingMetricDimensionProperty(name=name, value=value)
                    for name, value in metric.dimensions
                ],
            ),
        ),
    )


def _read(metric: Any, subject: str) -> Measured | Math:
    """What aws_cloudwatch's object says."""
    config = metric.to_metric_config()
    if config.math_expression is None:
        return _measured(config.metric_stat, subject)
    expression = config.math_expression.expression
    used = {id: one.to_metric_config() for id, one in config.math_expression.using_metrics.items()}
    problems = []
    if nested := [id for id, one in used.items() if one.math_expression is not None]:
        fix = "write one expression over metrics"
        problems.append(Problem("scaling.metric", nested, "metrics in the expression, not expressions", fix))
    # The expression itself is one of them.
    if len(used) >= METRICS_MAX:
        allowed = f"at most {METRICS_MAX} metrics, the expression included"
        problems.append(Problem("scaling.metric", f"{len(used) + 1} metrics", allowed, "read fewer"))
    if len(expression) > EXPRESSION_CHARACTERS_MAX:
        allowed = f"an expression of at most {EXPRESSION_CHARACTERS_MAX} characters"
        problems.append(Problem("scaling.metric", f"{len(expression)} characters", allowed, "shorten it"))
    if "SEARCH(" in expression.replace(" ", "").upper():
        fix = "name the metrics in using_metrics"
        problems.append(
            Problem("scaling.metric", expression, "an expression without SEARCH: it cannot feed an alarm", fix)
        )
    if _RESULT in used:
        fix = "rename it in using_metrics and in the expression"
        problems.append(Problem("scaling.metric", _RESULT, f"metrics with ids other than {_RESULT}", fix))
    if problems:
        raise ConfigurationError(subject, problems)
    metrics = tuple((id, _measured(one.metric_stat, subject)) for id, one in used.items())
    return Math(metrics=metrics, expression=expression, label=str(metric.label or "expression"))


def _measured(stat: Any, subject: str) -> Measured:
    elsewhere = {name: getattr(stat, name) for name in ("account", "region") if getattr(stat, name) is not None}
    if elsewhere:
        fix = "copy the metric into this account and region, or scale by one that is here"
        allowed = "a metric of this account and region, which is all that Application Auto Scaling reads"
        raise ConfigurationError(subject, [Problem("scaling.metric", elsewhere, allowed, fix)])
    return Measured(
        namespace=stat.namespace,
        metric_name=stat.metric_name,
        dimensions=tuple((one.name, one.value) for one in stat.dimensions or []),
        statistic=stat.statistic,
    )
