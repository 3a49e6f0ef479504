"""SageMaker's EndpointConfig. It has no name: it cannot be changed, so every change makes a new one beside the old."""

from __future__ import annotations

from aws_cdk import CfnTag, Validations
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.endpoints import reasons
from cdk_inference.endpoints.capture import capture_config
from cdk_inference.endpoints.plan import VariantPlan
from cdk_inference.endpoints.settings import Observability
from cdk_inference.endpoints.variant import ModelOf, production_variant
from cdk_inference.hardware import is_registered
from cdk_inference.metrics import DEFAULT_PUBLISH_PERIOD_SECONDS

Config = sagemaker.CfnEndpointConfig

# Metadata of the config: how the time-outs came about, for whoever looks at them in the template.
STARTUP_METADATA = "cdk-inference:startup"


def make_config(
    scope: Construct,
    plans: list[VariantPlan],
    model_of: ModelOf,
    *,
    observability: Observability,
    volume_key_arn: str | None,
    tags: list[CfnTag],
) -> Config:
    """The config with a production variant per plan."""
    config = Config(
        scope,
        "Config",
        production_variants=[production_variant(plan, model_of) for plan in plans],
        kms_key_id=volume_key_arn,
        metrics_config=metrics_config(observability),
        data_capture_config=capture_config(observability.capture),
        tags=tags,
    )
    acknowledge_hardware(config, plans)
    sums = [plan.startup.explained for plan in plans if plan.startup.explained is not None]
    if sums:
        config.add_metadata(STARTUP_METADATA, "; ".join(dict.fromkeys(sums)))
    for warning in filter(None, (plan.startup_warning for plan in plans)):
        Validations.of(scope).add_warning(*warning)
    return config


def acknowledge_hardware(config: Config, plans: list[VariantPlan]) -> None:
    """Says to the rule packs what follows from the hardware."""
    local = [plan.hardware_names for plan in plans if not plan.storage_volume]
    if len(local) == len(plans):
        reasons.acknowledge(config, reasons.local_disk(", ".join(dict.fromkeys(local))))
    new = [plan.hardware_names for plan in plans if any(is_registered(pool.hardware) for pool in plan.pools)]
    if new:
        reasons.acknowledge(config, reasons.new_hardware(", ".join(dict.fromkeys(new))))


def metrics_config(observability: Observability) -> Config.MetricsConfigProperty | None:
    """None leaves SageMaker's default, which also works where the property is not known yet."""
    if (observability.enhanced_metrics, observability.metric_period_seconds) == (False, DEFAULT_PUBLISH_PERIOD_SECONDS):
        return None
    return Config.MetricsConfigProperty(
        enable_enhanced_metrics=observability.enhanced_metrics,
        metric_publish_frequency_in_seconds=observability.metric_period_seconds,
    )
