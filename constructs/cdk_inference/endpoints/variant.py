"""SageMaker's EndpointConfig with its one production variant, on one type or on pools of types."""

from __future__ import annotations

from aws_cdk import CfnTag
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.endpoints import reasons
from cdk_inference.endpoints.capture import capture_config
from cdk_inference.endpoints.pools import Pool
from cdk_inference.endpoints.settings import Observability
from cdk_inference.hardware import is_registered
from cdk_inference.metrics import DEFAULT_PUBLISH_PERIOD_SECONDS
from cdk_inference.serving import StartupTimeouts
from cdk_inference.serving.startup import volume_gb

Config = sagemaker.CfnEndpointConfig

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantRoutingConfig.html. KV_AWARE is in the
# API, but not in CloudFormation (schemas of 2026-10-20).
ROUTING_STRATEGIES = ("LEAST_OUTSTANDING_REQUESTS", "PREFIX_AWARE", "RANDOM")
# AWS advises it for models whose requests take unequal time, and needs it for pools of unequal types:
# https://aws.amazon.com/blogs/machine-learning/minimize-real-time-inference-latency-by-using-amazon-sagemaker-routing-strategies/
DEFAULT_ROUTING = "LEAST_OUTSTANDING_REQUESTS"


def make_config(
    scope: Construct,
    pools: list[Pool],
    models: list[sagemaker.CfnModel],
    *,
    variant_name: str,
    instances: int,
    routing: str,
    provision_timeout_seconds: int | None,
    startup: StartupTimeouts,
    observability: Observability,
    volume_key_arn: str | None,
    tags: list[CfnTag],
) -> Config:
    """The config. It has no name: it cannot be changed, so every change makes a new one beside the old."""
    first = pools[0]
    variant = Config.ProductionVariantProperty(
        variant_name=variant_name,
        model_name=models[0].attr_model_name,
        initial_instance_count=instances,
        initial_variant_weight=1,
        inference_ami_version=first.server.host_image,
        model_data_download_timeout_in_seconds=startup.download_seconds,
        container_startup_health_check_timeout_in_seconds=startup.container_seconds,
        routing_config=Config.RoutingConfigProperty(routing_strategy=routing),
        volume_size_in_gb=max(volume_gb(pool.server.model) for pool in pools)
        if first.hardware.storage_volume
        else None,
        instance_type=first.hardware.name if len(pools) == 1 else None,
        instance_pools=None if len(pools) == 1 else _pools(pools, models),
        variant_instance_provision_timeout_in_seconds=provision_timeout_seconds,
    )
    config = Config(
        scope,
        "Config",
        production_variants=[variant],
        kms_key_id=volume_key_arn,
        metrics_config=_metrics(observability),
        data_capture_config=capture_config(observability.capture),
        tags=tags,
    )
    names = ", ".join(pool.hardware.name for pool in pools)
    if not first.hardware.storage_volume:
        reasons.acknowledge(config, reasons.local_disk(names))
    if any(is_registered(pool.hardware) for pool in pools):
        reasons.acknowledge(config, reasons.new_hardware(names))
    return config


def _pools(pools: list[Pool], models: list[sagemaker.CfnModel]) -> list[Config.InstancePoolProperty]:
    return [
        Config.InstancePoolProperty(
            instance_type=pool.hardware.name,
            priority=priority,
            model_name_override=None if model is models[0] else model.attr_model_name,
        )
        for priority, (pool, model) in enumerate(zip(pools, models, strict=True), 1)
    ]


def _metrics(observability: Observability) -> Config.MetricsConfigProperty | None:
    """None leaves SageMaker's default, which also works where the property is not known yet."""
    if (observability.enhanced_metrics, observability.metric_period_seconds) == (False, DEFAULT_PUBLISH_PERIOD_SECONDS):
        return None
    return Config.MetricsConfigProperty(
        enable_enhanced_metrics=observability.enhanced_metrics,
        metric_publish_frequency_in_seconds=observability.metric_period_seconds,
    )
