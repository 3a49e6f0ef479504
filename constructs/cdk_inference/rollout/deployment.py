"""From a rollout to SageMaker's DeploymentConfig."""

from __future__ import annotations

from aws_cdk import aws_sagemaker as sagemaker

from cdk_inference.rollout.policies import AllAtOnce, Immediate, Linear, Rolling, Rollout, Stepwise

Endpoint = sagemaker.CfnEndpoint


def deployment_config(rollout: Rollout, alarm_names: list[str]) -> Endpoint.DeploymentConfigProperty | None:
    """The property, or None for SageMaker's default."""
    if isinstance(rollout, Immediate):
        return None
    rollback = None
    if alarm_names:
        alarms = [Endpoint.AlarmProperty(alarm_name=name) for name in alarm_names]
        rollback = Endpoint.AutoRollbackConfigProperty(alarms=alarms)
    if isinstance(rollout, Rolling):
        size = _size(rollout)
        policy = Endpoint.RollingUpdatePolicyProperty(
            maximum_batch_size=size,
            rollback_maximum_batch_size=size,
            wait_interval_in_seconds=rollout.bake_seconds,
        )
        return Endpoint.DeploymentConfigProperty(rolling_update_policy=policy, auto_rollback_configuration=rollback)
    return Endpoint.DeploymentConfigProperty(
        blue_green_update_policy=Endpoint.BlueGreenUpdatePolicyProperty(
            traffic_routing_configuration=_routing(rollout),
            termination_wait_in_seconds=rollout.keep_old_seconds,
        ),
        auto_rollback_configuration=rollback,
    )


def _routing(rollout: AllAtOnce) -> Endpoint.TrafficRoutingConfigProperty:
    size = _size(rollout) if isinstance(rollout, Stepwise) else None
    linear = isinstance(rollout, Linear)
    return Endpoint.TrafficRoutingConfigProperty(
        type=rollout.kind,
        wait_interval_in_seconds=rollout.bake_seconds,
        canary_size=None if linear else size,
        linear_step_size=size if linear else None,
    )


def _size(step: Stepwise) -> Endpoint.CapacitySizeProperty:
    if step.instances is not None:
        return Endpoint.CapacitySizeProperty(type="INSTANCE_COUNT", value=step.instances)
    assert step.percent is not None, "a stepwise rollout has a size"
    return Endpoint.CapacitySizeProperty(type="CAPACITY_PERCENT", value=step.percent)
