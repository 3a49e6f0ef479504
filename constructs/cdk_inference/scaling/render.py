"""Metrics as Application Auto Scaling and CloudWatch take them."""

from __future__ import annotations

from typing import Any, cast

from aws_cdk import Duration
from aws_cdk import aws_applicationautoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk_inference.scaling.parts import AlarmOn, Given, Math, Measured
from cdk_inference.scaling.policies.custom import STATISTICS
from cdk_inference.scaling.policies.given import RESULT_ID

_Specification = autoscaling.CfnScalingPolicy.CustomizedMetricSpecificationProperty
_Query = autoscaling.CfnScalingPolicy.TargetTrackingMetricDataQueryProperty


def customized(source: Measured | Math) -> _Specification:
    """A metric or expression for target tracking."""
    if isinstance(source, Math):
        queries = [_stat(id, metric, returned=False) for id, metric in source.metrics]
        queries.append(_Query(id=RESULT_ID, label=source.label, expression=source.expression, return_data=True))
        return _Specification(metrics=queries)
    if source.statistic not in STATISTICS:
        return _Specification(metrics=[_stat(RESULT_ID, source, returned=True)])
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
