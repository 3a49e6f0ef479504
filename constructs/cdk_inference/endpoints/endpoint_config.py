"""The model, its image and its production variants, as CloudFormation's Model and EndpointConfig take them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aws_cdk import CfnMapping, CfnTag, Fn, Stack, Validations
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.core.checks import is_token
from cdk_inference.endpoints import nag_reasons
from cdk_inference.endpoints.data_capture import capture_config
from cdk_inference.endpoints.execution_role import ExecutionRole
from cdk_inference.endpoints.pools import Pool
from cdk_inference.endpoints.routing import PrefixAware, Routing
from cdk_inference.endpoints.settings import Observability
from cdk_inference.endpoints.variant_plan import VariantPlan
from cdk_inference.hardware import InstanceType, is_registered
from cdk_inference.kit.buckets import bucket_name
from cdk_inference.kit.l1 import make_l1
from cdk_inference.kit.nag import acknowledge
from cdk_inference.kit.stack_context import StackContext
from cdk_inference.metrics import DEFAULT_PUBLISH_PERIOD_SECONDS
from cdk_inference.serving import AwsImage, EcrImage, HuggingFaceModel, ModelSource, S3Model, Server

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
    config = make_l1(
        Config,
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
        acknowledge(config, nag_reasons.local_disk(names))
    if any(is_registered(one) for one in types):
        acknowledge(config, nag_reasons.new_hardware(names))


def metrics_config(observability: Observability) -> Config.MetricsConfigProperty | None:
    """None leaves SageMaker's default, which also works where the property is not known yet."""
    given = (observability.enhanced_metrics, observability.detailed, observability.metric_period_seconds)
    if given == (False, True, DEFAULT_PUBLISH_PERIOD_SECONDS):
        return None
    return Config.MetricsConfigProperty(
        enable_enhanced_metrics=observability.enhanced_metrics,
        enable_detailed_observability=None if observability.detailed else False,
        metric_publish_frequency_in_seconds=observability.metric_period_seconds,
    )


def routing_config(routing: Routing) -> Config.RoutingConfigProperty:
    """Returns the variant's routing."""
    if not isinstance(routing, PrefixAware):
        return Config.RoutingConfigProperty(routing_strategy=routing)
    return Config.RoutingConfigProperty(
        routing_strategy="PREFIX_AWARE",
        prefix_aware_routing_config=Config.PrefixAwareRoutingConfigProperty(
            prefix_length=routing.prefix_length, concurrency_threshold=routing.concurrency_threshold
        ),
    )


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
        routing_config=None if plan.routing is None else routing_config(plan.routing),
        volume_size_in_gb=plan.volume_gb,
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


def make_model(
    scope: Construct,
    id: str,
    server: Server,
    context: StackContext,
    *,
    role: ExecutionRole,
    network_isolation: bool,
    vpc_config: sagemaker.CfnModel.VpcConfigProperty | None,
    tags: list[CfnTag],
    as_url: bool = False,
) -> sagemaker.CfnModel:
    """The model of `server`. It has no name: a model cannot be changed, so every change makes a new one.

    as_url: name the archive by ModelDataUrl; serverless endpoints know no ModelDataSource.
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html (botocore 1.44.5)
    """
    _map_registry(scope, context, server.container_image)
    model = make_l1(
        sagemaker.CfnModel,
        scope,
        id,
        execution_role_arn=role.arn,
        enable_network_isolation=network_isolation,
        primary_container=sagemaker.CfnModel.ContainerDefinitionProperty(
            image=image_of(context, server.container_image)[0],
            environment=dict(server.variables),
            model_data_url=_uri(server.model) if as_url else None,
            model_data_source=None if as_url else _source(server.model),
        ),
        vpc_config=vpc_config,
        tags=tags,
    )
    role.hold(model)
    return model


def _source(model: ModelSource) -> sagemaker.CfnModel.ModelDataSourceProperty | None:
    """None for a model from the hub, which the container fetches itself."""
    if isinstance(model, HuggingFaceModel):
        return None
    prefix = isinstance(model, S3Model)
    source = sagemaker.CfnModel.S3DataSourceProperty(
        s3_uri=_uri(model),
        s3_data_type="S3Prefix" if prefix else "S3Object",
        compression_type="None" if prefix else "Gzip",
        model_access_config=sagemaker.CfnModel.ModelAccessConfigProperty(accept_eula=True)
        if model.accept_eula
        else None,
    )
    return sagemaker.CfnModel.ModelDataSourceProperty(s3_data_source=source)


def _uri(model: ModelSource) -> str:
    assert not isinstance(model, HuggingFaceModel), "a model from the hub has no place in S3"
    assert model.bucket is not None, "an endpoint refuses a model without a bucket"
    return f"s3://{bucket_name(model.bucket)}/{model.key}"


def image_of(context: StackContext, image: AwsImage | EcrImage) -> tuple[str, str]:
    """(image URI, repository ARN)."""
    if isinstance(image, EcrImage):
        uri = image.repository.repository_uri_for_tag_or_digest(image.tag)
        return uri, image.repository.repository_arn
    # The registry account: known now where the stack's region is, else looked up by CloudFormation.
    account = (
        Fn.find_in_map(_mapping_id(image), context.region, "account")
        if context.known_region is None
        else image.accounts[context.known_region]
    )
    uri = f"{account}.dkr.ecr.{context.region}.{context.url_suffix}/{image.repository}:{image.tag}"
    return uri, context.arn("ecr", f"repository/{image.repository}", account=account)


def _mapping_id(image: AwsImage) -> str:
    return f"CdkInferenceRegistry{''.join(part.capitalize() for part in image.name.split('-'))}"


def _map_registry(scope: Construct, context: StackContext, image: AwsImage | EcrImage) -> None:
    """Makes the mapping that `image_of` reads in a stack whose region CloudFormation will know."""
    if isinstance(image, EcrImage) or context.known_region is not None:
        return
    stack, id = Stack.of(scope), _mapping_id(image)
    if stack.node.try_find_child(id) is None:
        rows = {region: {"account": account} for region, account in image.accounts.items()}
        CfnMapping(stack, id, mapping=rows)
