"""How an update reaches the copies of an inference component, and what ends it.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentDeploymentConfig.html (botocore 1.44.5)
"""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.rollout.alarms import rollback_alarm_names, rollback_alarms
from cdk_inference.rollout.policies import Rolling
from cdk_inference.rollout.when import RollbackWhen

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
    """The alarms on a component. Old and new copies are counted together: no dimension tells them apart."""
    dimension = cloudwatch.CfnAlarm.DimensionProperty(name="InferenceComponentName", value=component_name)
    return rollback_alarms(
        scope,
        rollback_alarm_names(component_name, when),
        when,
        [dimension],
        whose="component's",
        what=f"an update of {component_name} SageMaker then returns to the old copies",
    )
