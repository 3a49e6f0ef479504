"""Application Auto Scaling resources: the scalable target, scheduled actions, policies and their alarms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from aws_cdk import CfnResource, Duration
from aws_cdk import aws_applicationautoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk_inference.core.names import fitted_name
from cdk_inference.kit.l1 import make_l1
from cdk_inference.kit.physical_names import alarm_name
from cdk_inference.scaling.policies import Policy
from cdk_inference.scaling.policies.cloudwatch_source import RESULT_ID
from cdk_inference.scaling.policies.custom import STATISTICS
from cdk_inference.scaling.policy_parts import AlarmOn, Given, Math, Measured, Predefined, Stepped, Tracking
from cdk_inference.scaling.scheduled_bounds import ScheduledBounds
from cdk_inference.scaling.target import ScalableTarget

SERVICE_NAMESPACE = "sagemaker"


def attach(
    scope: Construct,
    policy: Policy,
    target: ScalableTarget,
    *,
    depends_on: Sequence[CfnResource],
    pin: bool = False,
) -> autoscaling.CfnScalableTarget | None:
    """Registers `target` below `scope`, with `policy` on it. A fixed count registers nothing: then None.

    pin: register a fixed count too, with itself as both bounds. Where an update keeps the counts of an endpoint's
        variants because one of them is scaled, this is what makes the others follow the template.

    depends_on: what is scaled: the target exists only once that does, and its resource id is plain text.

    Checks nothing: constructs call `policy.problems_for(target)` before they make anything.
    """
    if policy.fixed and not pin:
        return None
    parts = policy.parts(target)
    actions = [_action(number, window) for number, window in enumerate(policy.clock, 1)]
    scalable = make_l1(
        autoscaling.CfnScalableTarget,
        scope,
        "ScalableTarget",
        service_namespace=SERVICE_NAMESPACE,
        scalable_dimension=target.rules.dimension,
        resource_id=target.resource_id,
        min_capacity=policy.minimum,
        max_capacity=policy.maximum,
        scheduled_actions=actions or None,
    )
    for resource in depends_on:
        scalable.add_resource_dependency(resource)
    numbered = 0
    for part in parts:
        # The one that scales_from_zero keeps its logical id whatever else changes.
        scales_from_zero = isinstance(part, Stepped) and part.scales_from_zero
        numbered += not scales_from_zero
        prefix = "Wake" if scales_from_zero else "Scaling"
        number = "" if scales_from_zero or numbered == 1 else str(numbered)
        if isinstance(part, Tracking):
            _tracking(scope, f"ScalingPolicy{number}", part, target, scalable)
        else:
            made = _stepped(scope, f"{prefix}Policy{number}", part, target, scalable)
            name = alarm_name(target.name, part.alarm.name)
            alarm_on(scope, f"{prefix}Alarm{number}", part.alarm, name, made.attr_arn)
    return scalable


def _action(number: int, window: ScheduledBounds) -> autoscaling.CfnScalableTarget.ScheduledActionProperty:
    return autoscaling.CfnScalableTarget.ScheduledActionProperty(
        scheduled_action_name=f"window-{number}",
        schedule=window.schedule,
        timezone=window.time_zone,
        scalable_target_action=autoscaling.CfnScalableTarget.ScalableTargetActionProperty(
            min_capacity=window.min_capacity, max_capacity=window.max_capacity
        ),
    )


def _tracking(
    scope: Construct, id: str, part: Tracking, target: ScalableTarget, scalable: autoscaling.CfnScalableTarget
) -> None:
    predefined = None
    if isinstance(part.source, Predefined):
        predefined = autoscaling.CfnScalingPolicy.PredefinedMetricSpecificationProperty(
            predefined_metric_type=part.source.metric_type
        )
    own = None if isinstance(part.source, Predefined) else customized(part.source)
    make_l1(
        autoscaling.CfnScalingPolicy,
        scope,
        id,
        policy_name=fitted_name("scaling policy", target.policy_prefix, part.name),
        policy_type="TargetTrackingScaling",
        scaling_target_id=scalable.ref,
        target_tracking_scaling_policy_configuration=(
            autoscaling.CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty(
                target_value=part.target_value,
                scale_out_cooldown=part.scale_out_cooldown_seconds,
                scale_in_cooldown=part.scale_in_cooldown_seconds,
                disable_scale_in=None if part.scale_in else True,
                predefined_metric_specification=predefined,
                customized_metric_specification=own,
            )
        ),
    )


def _stepped(
    scope: Construct, id: str, part: Stepped, target: ScalableTarget, scalable: autoscaling.CfnScalableTarget
) -> autoscaling.CfnScalingPolicy:
    return make_l1(
        autoscaling.CfnScalingPolicy,
        scope,
        id,
        policy_name=fitted_name("scaling policy", target.policy_prefix, part.name),
        policy_type="StepScaling",
        scaling_target_id=scalable.ref,
        step_scaling_policy_configuration=autoscaling.CfnScalingPolicy.StepScalingPolicyConfigurationProperty(
            adjustment_type=part.adjustment,
            metric_aggregation_type=part.aggregation,
            cooldown=part.cooldown_seconds,
            step_adjustments=[
                autoscaling.CfnScalingPolicy.StepAdjustmentProperty(
                    metric_interval_lower_bound=lower, metric_interval_upper_bound=upper, scaling_adjustment=change
                )
                for lower, upper, change in part.steps
            ],
        ),
    )


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
