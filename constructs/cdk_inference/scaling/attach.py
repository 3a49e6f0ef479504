"""The one place that knows Application Auto Scaling: the target, its scheduled actions, policies and their alarms."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from aws_cdk import CfnResource, Stack
from aws_cdk import aws_applicationautoscaling as autoscaling
from constructs import Construct

from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import refuse
from cdk_inference.scaling.parts import Predefined, Stepped, Tracking
from cdk_inference.scaling.policies import Policy
from cdk_inference.scaling.render import alarm_on, customized
from cdk_inference.scaling.target import ScalableTarget
from cdk_inference.scaling.windows import Window

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

    Raises ConfigurationError where `policy.problems_for(target)` has something to say.
    """
    stack = Stack.of(scope)
    account, region = ("" if is_token(value) else value for value in (stack.account, stack.region))
    target = dataclasses.replace(target, account=account, region=region)
    refuse(f"scaling of {target.name}", *policy.problems_for(target))
    if policy.fixed and not pin:
        return None
    parts = policy.parts(target)
    actions = [_action(number, window) for number, window in enumerate(policy.clock, 1)]
    scalable = autoscaling.CfnScalableTarget(
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
        # The one that wakes keeps its logical id whatever else changes.
        wakes = isinstance(part, Stepped) and part.wakes
        numbered += not wakes
        prefix = "Wake" if wakes else "Scaling"
        number = "" if wakes or numbered == 1 else str(numbered)
        if isinstance(part, Tracking):
            _tracking(scope, f"ScalingPolicy{number}", part, target, scalable)
        else:
            made = _stepped(scope, f"{prefix}Policy{number}", part, target, scalable)
            alarm_on(scope, f"{prefix}Alarm{number}", part.alarm, f"{target.name}-{part.alarm.name}", made.attr_arn)
    return scalable


def _action(number: int, window: Window) -> autoscaling.CfnScalableTarget.ScheduledActionProperty:
    return autoscaling.CfnScalableTarget.ScheduledActionProperty(
        scheduled_action_name=f"window-{number}",
        schedule=window.schedule,
        timezone=window.time_zone,
        scalable_target_action=autoscaling.CfnScalableTarget.ScalableTargetActionProperty(
            min_capacity=window.minimum, max_capacity=window.maximum
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
    autoscaling.CfnScalingPolicy(
        scope,
        id,
        policy_name=f"{target.policy_prefix}-{part.name}",
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
    return autoscaling.CfnScalingPolicy(
        scope,
        id,
        policy_name=f"{target.policy_prefix}-{part.name}",
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
