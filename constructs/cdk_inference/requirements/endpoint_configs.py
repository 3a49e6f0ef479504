"""What AWS requires of an endpoint config and its variants."""

from __future__ import annotations

from cdk_inference.core.errors import Problem
from cdk_inference.metrics import PUBLISH_PERIODS_SECONDS
from cdk_inference.requirements.conditions import always, equals, exactly_one, not_with, only, required
from cdk_inference.requirements.part import Part
from cdk_inference.requirements.requirement import Requirement

CONFIG = "AWS::SageMaker::EndpointConfig"
VARIANTS = ("ProductionVariants[]", "ShadowProductionVariants[]")
_ROUTING = tuple(f"{variant}.RoutingConfig" for variant in VARIANTS)
_GUIDE = "https://docs.aws.amazon.com/sagemaker/latest/dg"
_PREFIX = equals("RoutingStrategy", "PREFIX_AWARE")
_SERVERLESS_PAGE = f"{_GUIDE}/serverless-endpoints.html (read 2026-11-22)"
_MEMORY_MB = (1024, 2048, 3072, 4096, 5120, 6144)


def serverless(part: Part) -> bool:
    """Whether a config has a serverless variant."""
    return any(variant.has("ServerlessConfig") for variant in part.parts("ProductionVariants"))


def _one_shadow(part: Part) -> Problem | None:
    production, shadows = len(part.items("ProductionVariants")), len(part.items("ShadowProductionVariants"))
    if not shadows or (production, shadows) == (1, 1):
        return None
    allowed = "one production variant and one shadow variant"
    fix = "keep one of each; compare several variants by sharing the traffic, or on a second endpoint"
    return Problem("ShadowProductionVariants", f"{production} production and {shadows} shadow", allowed, fix)


def _shadow_kind(part: Part) -> Problem | None:
    if not part.items("ShadowProductionVariants"):
        return None
    kind = "serverless" if serverless(part) else "asynchronous" if part.has("AsyncInferenceConfig") else ""
    if not kind:
        return None
    fix = "remove the shadow variant, or test it on a real-time endpoint"
    return Problem("ShadowProductionVariants", f"a shadow on {kind} inference", "shadows of real-time variants", fix)


def _text_feature(part: Part) -> Problem | None:
    types = part.items("FeatureTypes")
    if not types or "text" in types:
        return None
    return Problem("FeatureTypes", ", ".join(map(str, types)), "at least one 'text'", "add 'text', or leave it out")


def _memory(part: Part) -> Problem | None:
    memory = part.number("MemorySizeInMB")
    if memory is None or memory in _MEMORY_MB:
        return None
    allowed = ", ".join(map(str, _MEMORY_MB))
    return Problem("MemorySizeInMB", f"{memory:g}", allowed, "choose the next one")


def _provisioned(part: Part) -> Problem | None:
    provisioned, highest = part.number("ProvisionedConcurrency"), part.number("MaxConcurrency")
    if provisioned is None or highest is None or provisioned <= highest:
        return None
    fix = "lower ProvisionedConcurrency or raise MaxConcurrency"
    return Problem("ProvisionedConcurrency", f"{provisioned:g}", f"at most MaxConcurrency, {highest:g}", fix)


def _frequency(part: Part) -> Problem | None:
    seconds = part.number("MetricPublishFrequencyInSeconds")
    if seconds is None or seconds in PUBLISH_PERIODS_SECONDS:
        return None
    allowed = ", ".join(map(str, PUBLISH_PERIODS_SECONDS))
    return Problem("MetricPublishFrequencyInSeconds", f"{seconds:g}", allowed, "choose one of them")


def _one_serverless(part: Part) -> Problem | None:
    count = len(part.items("ProductionVariants"))
    if count < 2 or not serverless(part):
        return None
    return Problem("ProductionVariants", f"{count} variants", "one serverless variant", "make an endpoint for each")


def _hosts_components(part: Part) -> bool:
    """Whether no variant names a model: then inference components bring theirs."""
    variants = part.parts("ProductionVariants")
    return bool(variants) and not any(
        variant.has("ModelName") or any(pool.has("ModelNameOverride") for pool in variant.parts("InstancePools"))
        for variant in variants
    )


REQUIREMENTS = (
    Requirement(
        id="prefix-length",
        type=CONFIG,
        at=_ROUTING,
        service="sagemaker",
        shape="PrefixAwareRoutingConfig",
        member="PrefixLength",
        sentence="Required when RoutingStrategy is PREFIX_AWARE.",
        check=required(
            "PrefixAwareRoutingConfig.PrefixLength",
            _PREFIX,
            "RoutingStrategy is PREFIX_AWARE",
            "add it: the bytes of the request body (1024 to 65536) that prompts share, and some more that differ",
        ),
    ),
    Requirement(
        id="prefix-concurrency",
        type=CONFIG,
        at=_ROUTING,
        service="sagemaker",
        shape="PrefixAwareRoutingConfig",
        member="ConcurrencyThreshold",
        sentence="Required when RoutingStrategy is PREFIX_AWARE.",
        check=required(
            "PrefixAwareRoutingConfig.ConcurrencyThreshold",
            _PREFIX,
            "RoutingStrategy is PREFIX_AWARE",
            "add it: the requests in flight (1 to 1024) at which an instance's requests go to another one",
        ),
    ),
    Requirement(
        id="prefix-config",
        type=CONFIG,
        at=_ROUTING,
        service="sagemaker",
        shape="ProductionVariantRoutingConfig",
        member="PrefixAwareRoutingConfig",
        sentence="Specify this parameter only when you set RoutingStrategy to PREFIX_AWARE.",
        check=only("PrefixAwareRoutingConfig", _PREFIX, "RoutingStrategy is PREFIX_AWARE"),
    ),
    Requirement(
        id="one-shadow",
        type=CONFIG,
        service="sagemaker",
        shape="CreateEndpointConfigInput",
        member="ShadowProductionVariants",
        sentence="If you use this field, you can only specify one variant for ProductionVariants and one variant for "
        "ShadowProductionVariants.",
        check=_one_shadow,
    ),
    Requirement(
        id="shadow-kind",
        type=CONFIG,
        sentence="Shadow variants are not available on serverless and asynchronous inference.",
        page=f"{_GUIDE}/shadow-tests.html (read 2026-11-22)",
        check=_shadow_kind,
    ),
    Requirement(
        id="explainer-baseline",
        type=CONFIG,
        at="ExplainerConfig.ClarifyExplainerConfig.ShapConfig.ShapBaselineConfig",
        service="sagemaker",
        shape="ClarifyShapBaselineConfig",
        sentence="ShapBaseline and ShapBaselineUri are mutually exclusive parameters.",
        check=exactly_one("ShapBaseline", "ShapBaselineUri"),
    ),
    Requirement(
        id="explainer-text-feature",
        type=CONFIG,
        at="ExplainerConfig.ClarifyExplainerConfig.InferenceConfig",
        service="sagemaker",
        shape="ClarifyInferenceConfig",
        member="FeatureTypes",
        sentence="If provided, FeatureTypes must have at least one 'text' string (for example, ['text']).",
        check=_text_feature,
    ),
    Requirement(
        id="serverless-memory",
        type=CONFIG,
        at=tuple(f"{variant}.ServerlessConfig" for variant in VARIANTS),
        service="sagemaker",
        shape="ProductionVariantServerlessConfig",
        member="MemorySizeInMB",
        sentence="Valid values are in 1 GB increments: 1024 MB, 2048 MB, 3072 MB, 4096 MB, 5120 MB, or 6144 MB.",
        check=_memory,
    ),
    Requirement(
        id="serverless-provisioned",
        type=CONFIG,
        at=tuple(f"{variant}.ServerlessConfig" for variant in VARIANTS),
        service="sagemaker",
        shape="ProductionVariantServerlessConfig",
        member="ProvisionedConcurrency",
        sentence="Should be less than or equal to MaxConcurrency.",
        check=_provisioned,
    ),
    Requirement(
        id="serverless-variants",
        type=CONFIG,
        sentence="Serverless inference has no endpoints with several production variants.",
        page=_SERVERLESS_PAGE,
        check=_one_serverless,
    ),
    Requirement(
        id="serverless-capture",
        type=CONFIG,
        sentence="Serverless inference has no data capture.",
        page=_SERVERLESS_PAGE,
        check=only("DataCaptureConfig", lambda part: not serverless(part), "the variants have instances"),
    ),
    Requirement(
        id="metric-frequency",
        type=CONFIG,
        at="MetricsConfig",
        service="sagemaker",
        shape="MetricsConfig",
        member="MetricPublishFrequencyInSeconds",
        sentence="Valid values: 10, 30, 60, 120, 180, 240, 300.",
        check=_frequency,
    ),
    Requirement(
        id="variant-hardware",
        type=CONFIG,
        at=VARIANTS,
        service="sagemaker",
        shape="ProductionVariant",
        member="ServerlessConfig",
        sentence="Specifies a serverless endpoint configuration instead of an instance-based endpoint configuration.",
        check=exactly_one("InstanceType", "InstancePools", "ServerlessConfig"),
    ),
    Requirement(
        id="elastic-inference",
        type=CONFIG,
        at=VARIANTS,
        service="sagemaker",
        shape="ProductionVariant",
        member="AcceleratorType",
        sentence="This parameter is no longer supported.",
        check=only(
            "AcceleratorType",
            lambda _: False,
            "Elastic Inference is available, which it is not any more",
            "remove AcceleratorType, and choose an instance type with an accelerator",
        ),
    ),
    Requirement(
        id="managed-scaling-model",
        type=CONFIG,
        at=VARIANTS,
        sentence="ManagedInstanceScaling is only supported for endpoints of inference components, whose variants name "
        "no model.",
        page="https://github.com/hashicorp/terraform-provider-aws/pull/45926 (read 2026-11-22)",
        check=not_with(
            "ManagedInstanceScaling",
            "ModelName",
            fix="scale the variant by a scalable target and remove ManagedInstanceScaling, or host the model as an "
            "inference component and remove ModelName",
        ),
    ),
    Requirement(
        id="component-host-role",
        type=CONFIG,
        sentence="The config of an endpoint that hosts inference components, whose variants name no model, has the "
        "execution role.",
        page=f"{_GUIDE}/realtime-endpoints-deploy-models.html (read 2026-11-22)",
        check=required("ExecutionRoleArn", _hosts_components, "no variant names a model"),
    ),
    Requirement(
        id="async-output",
        type=CONFIG,
        at="AsyncInferenceConfig",
        level="warning",
        sentence="An asynchronous endpoint has an S3 path for its answers.",
        page=f"{_GUIDE}/async-inference.html (read 2026-11-22)",
        check=required("OutputConfig.S3OutputPath", always, "inference is asynchronous"),
    ),
)

__all__ = ["CONFIG", "REQUIREMENTS", "VARIANTS", "serverless"]
