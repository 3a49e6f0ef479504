"""The one place that knows Application Auto Scaling."""

from __future__ import annotations

from aws_cdk import aws_applicationautoscaling as autoscaling
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.scaling.policies import TargetTracking

SERVICE_NAMESPACE = "sagemaker"
# https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html (read 2026-11-23)
INSTANCE_COUNT = "sagemaker:variant:DesiredInstanceCount"


def attach_to_variant(
    scope: Construct, policy: TargetTracking, endpoint: sagemaker.CfnEndpoint, endpoint_name: str, variant_name: str
) -> None:
    """Registers the variant as scalable target, with `policy` on it, below `scope`.

    The target exists only once the endpoint does, hence the dependency; its resource id is plain text.
    """
    target = autoscaling.CfnScalableTarget(
        scope,
        "ScalableTarget",
        service_namespace=SERVICE_NAMESPACE,
        scalable_dimension=INSTANCE_COUNT,
        resource_id=f"endpoint/{endpoint_name}/variant/{variant_name}",
        min_capacity=policy.min_instances,
        max_capacity=policy.max_instances,
    )
    target.add_resource_dependency(endpoint)
    tracking = autoscaling.CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty(
        target_value=policy.target,
        scale_out_cooldown=policy.scale_out_cooldown_seconds,
        scale_in_cooldown=policy.scale_in_cooldown_seconds,
        predefined_metric_specification=autoscaling.CfnScalingPolicy.PredefinedMetricSpecificationProperty(
            predefined_metric_type=policy.metric_type
        ),
    )
    autoscaling.CfnScalingPolicy(
        scope,
        "ScalingPolicy",
        policy_name=f"{endpoint_name}-{policy.metric_type}",
        policy_type="TargetTrackingScaling",
        scaling_target_id=target.ref,
        target_tracking_scaling_policy_configuration=tracking,
    )
