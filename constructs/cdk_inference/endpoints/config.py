"""SageMaker's EndpointConfig. It has no name: it cannot be changed, so every change makes a new one beside the old."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import CfnTag, Validations
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.endpoints import reasons
from cdk_inference.endpoints.capture import capture_config
from cdk_inference.endpoints.plan import VariantPlan
from cdk_inference.endpoints.settings import Observability
from cdk_inference.endpoints.variant import ModelOf, production_variant
from cdk_inference.hardware import InstanceType, is_registered
from cdk_inference.metrics import DEFAULT_PUBLISH_PERIOD_SECONDS

Config = sagemaker.CfnEndpointConfig

# Metadata of the config: how the time-outs came about, for whoever looks at them in the template.
STARTUP_METADATA = "cdk-inference:startup"


def make_config(
    scope: Construct,
    plans: list[VariantPlan],
    shadows: list[VariantPlan],
    model_of: ModelOf,
    *,
    observability: Observability,
    volume_key_arn: str | None,
    async_config: Config.AsyncInferenceConfigProperty | None,
    tags: list[CfnTag],
) -> Config:
    """The config with a production variant per plan, and a shadow variant per shadow."""
    config = Config(
        scope,
        "Config",
        production_variants=[production_variant(plan, model_of) for plan in plans],
        shadow_production_variants=[production_variant(plan, model_of) for plan in shadows] or None,
        async_inference_config=async_config,
        kms_key_id=volume_key_arn,
        metrics_config=metrics_config(observability),
        data_capture_config=capture_config(observability.capture),
        tags=tags,
    )
    everything = [*plans, *shadows]
    acknowledge_hardware(config, [one for plan in everything for one in plan.instance_types])
    sums = [plan.startup.explained for plan in everything if plan.startup.explained is not None]
    if sums:
        config.add_metadata(STARTUP_METADATA, "; ".join(dict.fromkeys(sums)))
    for warning in filter(None, (plan.startup_warning for plan in everything)):
        Validations.of(scope).add_warning(*warning)
    return config


def acknowledge_hardware(config: Config, types: Sequence[InstanceType]) -> None:
    """Says to the rule packs what follows from the types of all variants."""
    names = ", ".join(dict.fromkeys(one.name for one in types))
    if not any(one.storage_volume for one in types):
        reasons.acknowledge(config, reasons.local_disk(names))
    if any(is_registered(one) for one in types):
        reasons.acknowledge(config, reasons.new_hardware(names))


def metrics_config(observability: Observability) -> Config.MetricsConfigProperty | None:
    """None leaves SageMaker's default, which also works where the property is not known yet."""
    if (observability.enhanced_metrics, observability.metric_period_seconds) == (False, DEFAULT_PUBLISH_PERIOD_SECONDS):
        return None
    return Config.MetricsConfigProperty(
        enable_enhanced_metrics=observability.enhanced_metrics,
        metric_publish_frequency_in_seconds=observability.metric_period_seconds,
    )
