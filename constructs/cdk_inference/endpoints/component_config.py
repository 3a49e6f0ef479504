"""The endpoint config of an endpoint that hosts inference components: instances, and no model."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnTag
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.endpoints.capacity import ManagedInstances
from cdk_inference.endpoints.data_capture import capture_config
from cdk_inference.endpoints.endpoint_config import acknowledge_hardware, metrics_config, routing_config
from cdk_inference.endpoints.routing import Routing
from cdk_inference.endpoints.settings import Shared
from cdk_inference.hardware import InstanceType
from cdk_inference.kit.l1 import make_l1
from cdk_inference.scaling import FixedCount

Config = sagemaker.CfnEndpointConfig
Instances = ManagedInstances | FixedCount


class HostConfig:
    """The config, whose variant changes with the components that join it."""

    def __init__(
        self,
        scope: Construct,
        shared: Shared,
        *,
        variant_name: str,
        types: tuple[InstanceType, ...],
        instances: Instances,
        routing: Routing,
        provision_timeout_seconds: int | None,
        role_arn: str,
        vpc_config: sagemaker.CfnModel.VpcConfigProperty | None,
        volume_key_arn: str | None,
        tags: list[CfnTag],
    ) -> None:
        first, *others = types
        pooled = bool(others)
        self._variant: dict[str, Any] = {
            "variant_name": variant_name,
            "initial_instance_count": _first_count(instances),
            "instance_type": None if pooled else first.name,
            "instance_pools": [
                Config.InstancePoolProperty(instance_type=one.name, priority=priority)
                for priority, one in enumerate(types, 1)
            ]
            if pooled
            else None,
            "managed_instance_scaling": _managed(instances),
            "routing_config": routing_config(routing),
            "variant_instance_provision_timeout_in_seconds": provision_timeout_seconds,
        }
        self.resource = make_l1(
            Config,
            scope,
            "Config",
            production_variants=[Config.ProductionVariantProperty(**self._variant)],
            execution_role_arn=role_arn,
            enable_network_isolation=shared.network_isolation,
            vpc_config=None
            if vpc_config is None
            else Config.VpcConfigProperty(subnets=vpc_config.subnets, security_group_ids=vpc_config.security_group_ids),
            kms_key_id=volume_key_arn,
            metrics_config=metrics_config(shared.observability),
            data_capture_config=capture_config(shared.observability.capture),
            tags=tags,
        )
        acknowledge_hardware(self.resource, types)

    def host(self, *, image: str | None, volume_gb: int | None) -> None:
        """Gives the instances this host image and this volume."""
        self._variant["inference_ami_version"] = image
        self._variant["volume_size_in_gb"] = volume_gb
        self.resource.production_variants = [Config.ProductionVariantProperty(**self._variant)]


def _first_count(instances: Instances) -> int:
    """1 even where the floor is 0: the API wants at least one to begin with."""
    return instances.instances if isinstance(instances, FixedCount) else max(1, instances.min_instances)


def _managed(instances: Instances) -> Config.ManagedInstanceScalingProperty | None:
    if isinstance(instances, FixedCount):
        return None
    policy = None
    if instances.scale_in is not None:
        policy = Config.ScaleInPolicyProperty(
            strategy="CONSOLIDATION",
            maximum_step_size=instances.scale_in.max_step_instances,
            cooldown_in_minutes=instances.scale_in.cooldown_minutes,
        )
    return Config.ManagedInstanceScalingProperty(
        status="ENABLED",
        min_instance_count=instances.min_instances,
        max_instance_count=instances.max_instances,
        scale_in_policy=policy,
    )
