"""Rules of inference components."""

from __future__ import annotations

from collections.abc import Iterator

from rehearsal.rule import Call, Rule

_CREATE = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceComponent.html"
_GUIDE = "https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-deploy-models.html"


def _place(call: Call) -> Iterator[str]:
    specification = call.params.get("Specification", {})
    base = specification.get("BaseInferenceComponentName")
    name = call.params["EndpointName"]
    endpoint = call.hosting.endpoints.get(name)
    if endpoint is None:
        yield f"EndpointName: got {name}, which does not exist; fix: create it first (DependsOn)"
        return
    variants = [one["VariantName"] for one in endpoint["Variants"]]
    if base is None and call.params.get("VariantName") not in variants:
        yield f"VariantName: got {call.params.get('VariantName')}; allowed: {', '.join(variants)}"
    for variant in endpoint["Variants"]:
        if variant["ModelName"] is not None:
            yield f"endpoint {name}: variant {variant['VariantName']} has a model; allowed: a variant without ModelName"
    if base is not None and base not in call.hosting.components:
        yield f"BaseInferenceComponentName: got {base}, which does not exist; fix: create it first (DependsOn)"
    model = specification.get("ModelName")
    if model is not None and model not in call.hosting.models:
        yield f"ModelName: got {model}, which does not exist"


def _in_use(call: Call) -> Iterator[str]:
    name = call.params["InferenceComponentName"]
    users = [
        other
        for other, one in call.hosting.components.items()
        if one.get("Specification", {}).get("BaseInferenceComponentName") == name
    ]
    if users:
        yield f"inference component {name}: {', '.join(sorted(users))} adapt it; fix: delete them first"


def _config_role(call: Call) -> Iterator[str]:
    without = any("ModelName" not in variant for variant in call.params["ProductionVariants"])
    if without and "ExecutionRoleArn" not in call.params:
        yield "ExecutionRoleArn: got none for variants without a model; allowed: a role, which the endpoint runs with"


def _endpoint_busy(call: Call) -> Iterator[str]:
    name = call.params["EndpointName"]
    on = [key for key, one in call.hosting.components.items() if one["EndpointName"] == name]
    if on:
        yield f"endpoint {name}: it hosts the inference components {', '.join(sorted(on))}; fix: delete them first"


RULES = (
    Rule(
        id="component-place",
        effect="refused",
        on=("CreateInferenceComponent",),
        title="A component names an endpoint, a variant without a model, and a model or a base that exist.",
        source=_CREATE,
        check=_place,
    ),
    Rule(
        id="component-role",
        effect="refused",
        on=("CreateEndpointConfig",),
        title="An endpoint config for inference components has an execution role.",
        source=_GUIDE,
        check=_config_role,
    ),
    Rule(
        id="component-base",
        effect="refused",
        on=("DeleteInferenceComponent",),
        title="A base component goes after its adapters.",
        source="https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-adapt.html",
        confidence="inferred",
        check=_in_use,
    ),
    Rule(
        id="endpoint-hosts",
        effect="refused",
        on=("DeleteEndpoint",),
        title="An endpoint goes after its inference components.",
        source=_GUIDE,
        confidence="inferred",
        check=_endpoint_busy,
    ),
)
