"""DeploymentConfig of an endpoint and of an inference component, made from a rollout.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentDeploymentConfig.html (botocore 1.44.5)
"""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.kit.rollback_alarms import rollback_alarm_names, rollback_alarms
from cdk_inference.rollout.policies import AllAtOnce, Immediate, Linear, Rolling, Rollout, Stepwise
from cdk_inference.rollout.when import RollbackWhen

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


__all__ = ["component_deployment", "make_component_alarms", "rollback_alarm_names"]

Component = sagemaker.CfnInferenceComponent
Deployment = Component.InferenceComponentDeploymentConfigProperty


def component_deployment(
    rollout: Rolling, alarm_names: list[str]
) -> Component.InferenceComponentDeploymentConfigProperty:
    """The component's DeploymentConfig; a rollback replaces in batches of the same size."""
    if rollout.instances is not None:
        size = Component.InferenceComponentCapacitySizeProperty(type="COPY_COUNT", value=rollout.instances)
    else:
        assert rollout.percent is not None, "a stepwise rollout has a size"
        size = Component.InferenceComponentCapacitySizeProperty(type="CAPACITY_PERCENT", value=rollout.percent)
    return Deployment(
        rolling_update_policy=Component.InferenceComponentRollingUpdatePolicyProperty(
            maximum_batch_size=size,
            rollback_maximum_batch_size=size,
            wait_interval_in_seconds=rollout.bake_seconds,
        ),
        auto_rollback_configuration=Component.AutoRollbackConfigurationProperty(
            alarms=[Component.AlarmProperty(alarm_name=name) for name in alarm_names]
        ),
    )


def make_component_alarms(scope: Construct, component_name: str, when: RollbackWhen) -> list[cloudwatch.CfnAlarm]:
    """The alarms on a component. Old and new copies are counted together: no dimension distinguishes them."""
    dimension = cloudwatch.CfnAlarm.DimensionProperty(name="InferenceComponentName", value=component_name)
    return rollback_alarms(
        scope,
        rollback_alarm_names(component_name, when),
        when,
        [dimension],
        whose="component's",
        what=f"an update of {component_name} SageMaker then returns to the old copies",
    )
