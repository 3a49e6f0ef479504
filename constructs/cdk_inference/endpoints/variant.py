"""SageMaker's ProductionVariant: one plan on one type or on pools of types."""

from __future__ import annotations

from collections.abc import Callable

from aws_cdk import aws_sagemaker as sagemaker

from cdk_inference.endpoints.plan import VariantPlan
from cdk_inference.endpoints.pools import Pool
from cdk_inference.serving import Server
from cdk_inference.serving.startup import volume_gb

Config = sagemaker.CfnEndpointConfig

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantRoutingConfig.html. KV_AWARE is in the
# API, but not in CloudFormation (schemas of 2026-10-20).
ROUTING_STRATEGIES = ("LEAST_OUTSTANDING_REQUESTS", "PREFIX_AWARE", "RANDOM")
# AWS advises it for models whose requests take unequal time, and needs it for pools of unequal types:
# https://aws.amazon.com/blogs/machine-learning/minimize-real-time-inference-latency-by-using-amazon-sagemaker-routing-strategies/
DEFAULT_ROUTING = "LEAST_OUTSTANDING_REQUESTS"

ModelOf = Callable[[Server], sagemaker.CfnModel]


def production_variant(plan: VariantPlan, model_of: ModelOf) -> Config.ProductionVariantProperty:
    """The variant of `plan`; `model_of` gives the model that was made of a server."""
    first, pooled = plan.pools[0], len(plan.pools) > 1
    return Config.ProductionVariantProperty(
        variant_name=plan.name,
        model_name=model_of(first.server).attr_model_name,
        initial_instance_count=plan.scaling.min_instances,
        initial_variant_weight=plan.weight,
        inference_ami_version=first.server.host_image,
        model_data_download_timeout_in_seconds=plan.startup.download_seconds,
        container_startup_health_check_timeout_in_seconds=plan.startup.container_seconds,
        routing_config=Config.RoutingConfigProperty(routing_strategy=plan.routing),
        volume_size_in_gb=max(volume_gb(pool.server.model) for pool in plan.pools) if plan.storage_volume else None,
        instance_type=None if pooled else first.hardware.name,
        instance_pools=_pools(plan.pools, model_of) if pooled else None,
        variant_instance_provision_timeout_in_seconds=plan.provision_timeout_seconds,
    )


def _pools(pools: list[Pool], model_of: ModelOf) -> list[Config.InstancePoolProperty]:
    main = model_of(pools[0].server)
    return [
        Config.InstancePoolProperty(
            instance_type=pool.hardware.name,
            priority=priority,
            model_name_override=None if model_of(pool.server) is main else model_of(pool.server).attr_model_name,
        )
        for priority, pool in enumerate(pools, 1)
    ]
