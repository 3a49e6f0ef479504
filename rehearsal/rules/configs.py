"""Rules of CreateEndpointConfig."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cdk_inference.hardware import lookup
from rehearsal.rule import Call, Rule
from rehearsal.rules.models import containers_of

_CONFIG = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html"
_VARIANT = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"


def _variants(call: Call) -> list[Mapping[str, Any]]:
    return [*call.params["ProductionVariants"], *call.params.get("ShadowProductionVariants", [])]


def types_of(variant: Mapping[str, Any]) -> list[str]:
    """Returns the instance types of a variant, those of its pools included."""
    pools = [pool["InstanceType"] for pool in variant.get("InstancePools", [])]
    return [*([variant["InstanceType"]] if "InstanceType" in variant else []), *pools]


def _volume(call: Call) -> Iterator[str]:
    for variant in _variants(call):
        for name in types_of(variant):
            known = lookup(name)
            if "VolumeSizeInGB" in variant and known is not None and not known.storage_volume:
                yield (
                    f"{variant['VariantName']}.VolumeSizeInGB: got {variant['VolumeSizeInGB']} for {name}, which has "
                    "local NVMe storage; allowed: none; fix: remove the property"
                )


def _one_kind(call: Call) -> Iterator[str]:
    for variant in _variants(call):
        kinds = {"InstanceType", "InstancePools", "ServerlessConfig"} & set(variant)
        if len(kinds) != 1:
            yield (
                f"{variant['VariantName']}: got {sorted(kinds) or 'none'}; allowed: exactly one of InstanceType, "
                "InstancePools, ServerlessConfig"
            )


def _in_region(call: Call) -> Iterator[str]:
    for variant in _variants(call):
        for name in types_of(variant):
            known = lookup(name)
            if known is not None and known.regions is not None and call.account.region not in known.regions:
                yield (
                    f"{variant['VariantName']}.InstanceType: got {name}, which is not listed for hosting in "
                    f"{call.account.region}; regions that list it: {', '.join(sorted(known.regions)) or 'none'}"
                )


def _data_kinds(call: Call) -> Iterator[str]:
    for variant in _variants(call):
        model = call.hosting.models.get(variant.get("ModelName", ""))
        for container in containers_of(model or {}):
            several = container.get("Mode") == "MultiModel"
            if "ModelDataSource" in container and ("ServerlessConfig" in variant or several):
                kind = "a serverless variant" if "ServerlessConfig" in variant else "a multi-model container"
                yield f"{variant['VariantName']}: got ModelDataSource for {kind}; allowed: ModelDataUrl, a tar.gz"


def _initial_count(call: Call) -> Iterator[str]:
    for variant in _variants(call):
        if variant.get("InitialInstanceCount", 1) < 1:
            yield f"{variant['VariantName']}.InitialInstanceCount: got {variant['InitialInstanceCount']}; allowed: 1 up"


def _same_names(call: Call) -> Iterator[str]:
    names = [variant["VariantName"] for variant in _variants(call)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"VariantName: got {name} twice; allowed: one variant of a name"


def _shadow(call: Call) -> Iterator[str]:
    shadows = call.params.get("ShadowProductionVariants", [])
    if not shadows:
        return
    if len(shadows) != 1 or len(call.params["ProductionVariants"]) != 1:
        yield "ShadowProductionVariants: allowed: exactly one production variant and one shadow variant"
    if "AsyncInferenceConfig" in call.params:
        yield "ShadowProductionVariants: got an asynchronous endpoint; allowed: a real-time one"


RULES = (
    Rule(
        id="variant-kind",
        effect="refused",
        on=("CreateEndpointConfig",),
        title="A variant has an instance type, instance pools or a serverless configuration: exactly one of them.",
        source=_VARIANT,
        check=_one_kind,
    ),
    Rule(
        id="variant-names",
        effect="refused",
        on=("CreateEndpointConfig",),
        title="Variant names differ.",
        source=_CONFIG,
        check=_same_names,
    ),
    Rule(
        id="initial-count",
        effect="refused",
        on=("CreateEndpointConfig",),
        title="A variant starts with at least one instance, also where it may scale to zero later.",
        source=_VARIANT,
        check=_initial_count,
    ),
    Rule(
        id="type-in-region",
        effect="refused",
        on=("CreateEndpointConfig",),
        title="The instance type is listed for hosting in the region.",
        source="https://docs.aws.amazon.com/sagemaker/latest/dg/instance-types-az.html",
        check=_in_region,
    ),
    Rule(
        id="volume-on-nvme",
        effect="refused",
        on=("CreateEndpointConfig",),
        title="No storage volume on instance types with local NVMe storage.",
        source="https://github.com/aws/sagemaker-python-sdk/pull/4828",
        confidence="issue",
        check=_volume,
    ),
    Rule(
        id="data-source-kind",
        effect="refused",
        on=("CreateEndpointConfig",),
        title="Uncompressed model data serves neither serverless variants nor multi-model containers.",
        source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html",
        check=_data_kinds,
    ),
    Rule(
        id="shadow",
        effect="refused",
        on=("CreateEndpointConfig",),
        title="A shadow variant stands beside exactly one production variant of a real-time endpoint.",
        source="https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests.html",
        check=_shadow,
    ),
)
