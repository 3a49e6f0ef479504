"""SageMaker's ProductionVariant: one plan on one type or on pools of types."""

from __future__ import annotations

from collections.abc import Callable

from aws_cdk import aws_sagemaker as sagemaker

from cdk_inference.core.checks import is_token
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
        initial_instance_count=_first_count(plan.scaling.minimum),
        initial_variant_weight=plan.weight,
        inference_ami_version=first.server.host_image,
        model_data_download_timeout_in_seconds=plan.startup.download_seconds,
        container_startup_health_check_timeout_in_seconds=plan.startup.container_seconds,
        routing_config=None if plan.routing is None else Config.RoutingConfigProperty(routing_strategy=plan.routing),
        volume_size_in_gb=max(volume_gb(pool.server.model) for pool in plan.pools) if plan.storage_volume else None,
        instance_type=None if pooled else first.hardware.name,
        instance_pools=_pools(plan.pools, model_of) if pooled else None,
        capacity_reservation_config=None
        if plan.reservation_arn is None
        else Config.CapacityReservationConfigProperty(
            capacity_reservation_preference="capacity-reservations-only", ml_reservation_arn=plan.reservation_arn
        ),
        variant_instance_provision_timeout_in_seconds=plan.provision_timeout_seconds,
    )


def _first_count(min_instances: int) -> int:
    """An endpoint begins with an instance even where it may go down to none."""
    return min_instances if is_token(min_instances) else max(1, min_instances)


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
