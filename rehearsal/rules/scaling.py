"""Rules of Application Auto Scaling for endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rehearsal.rule import Call, Rule

_TARGET = "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html"
_POLICY = "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredefinedMetricSpecification.html"
_MINIMUM = "https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-policy.html"
_COUNT = "sagemaker:variant:DesiredInstanceCount"
_METRICS = {
    _COUNT: ("SageMakerVariantInvocationsPerInstance", "SageMakerVariantConcurrentRequestsPerModelHighResolution"),
    "sagemaker:inference-component:DesiredCopyCount": (
        "SageMakerInferenceComponentInvocationsPerCopy",
        "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution",
    ),
    "sagemaker:variant:DesiredProvisionedConcurrency": ("SageMakerVariantProvisionedConcurrencyUtilization",),
}


def _exists(call: Call) -> Iterator[str]:
    parts = call.params["ResourceId"].split("/")
    if call.params["ScalableDimension"].startswith("sagemaker:inference-component:"):
        if parts[-1] not in call.hosting.components:
            yield f"ResourceId: got the inference component {parts[-1]}, which does not exist; fix: create it first"
        return
    if len(parts) != 4 or parts[0] != "endpoint" or parts[2] != "variant":
        yield f"ResourceId: got {call.params['ResourceId']}; allowed: endpoint/<name>/variant/<name>"
        return
    endpoint = call.hosting.endpoints.get(parts[1])
    names = [variant["VariantName"] for variant in endpoint["Variants"]] if endpoint else []
    if endpoint is None:
        yield f"ResourceId: got the endpoint {parts[1]}, which does not exist; fix: create it first (DependsOn)"
    elif parts[3] not in names:
        yield f"ResourceId: got the variant {parts[3]} of {parts[1]}; allowed: {', '.join(names)}"


def _asynchronous(call: Call) -> bool:
    parts = call.params["ResourceId"].split("/")
    endpoint = call.hosting.endpoints.get(parts[1], {}) if parts[0] == "endpoint" else {}
    return "AsyncInferenceConfig" in call.hosting.configs.get(endpoint.get("EndpointConfigName", ""), {})


def _bounds(params: Any) -> tuple[int | None, int | None]:
    return params.get("MinCapacity"), params.get("MaxCapacity")


def _order(call: Call) -> Iterator[str]:
    action = call.params.get("ScalableTargetAction", {})
    for minimum, maximum in (_bounds(call.params), _bounds(action)):
        if minimum is not None and maximum is not None and minimum > maximum:
            yield f"MinCapacity: got {minimum}, above MaxCapacity {maximum}"


def _minimum(call: Call) -> Iterator[str]:
    if call.params.get("ScalableDimension") != _COUNT or _asynchronous(call):
        return
    for where, source in (
        ("MinCapacity", call.params),
        ("its MinCapacity", call.params.get("ScalableTargetAction", {})),
    ):
        if source.get("MinCapacity") == 0:
            yield (
                f"{where}: got 0 for a variant of a real-time endpoint; allowed: 1 and more (0 on asynchronous "
                "endpoints and inference components)"
            )


def _metric(call: Call) -> Iterator[str]:
    config = call.params.get("TargetTrackingScalingPolicyConfiguration", {})
    name = config.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
    allowed = _METRICS.get(call.params["ScalableDimension"])
    if name is not None and allowed is not None and name not in allowed:
        yield f"PredefinedMetricType: got {name} for {call.params['ScalableDimension']}; allowed: {', '.join(allowed)}"
    given = {"PredefinedMetricSpecification", "CustomizedMetricSpecification"} & set(config)
    if config and len(given) != 1:
        yield f"TargetTrackingScalingPolicyConfiguration: got {sorted(given) or 'no metric'}; allowed: exactly one"


def _type_fits(call: Call) -> Iterator[str]:
    kind = call.params.get("PolicyType")
    wanted = {
        "TargetTrackingScaling": "TargetTrackingScalingPolicyConfiguration",
        "StepScaling": "StepScalingPolicyConfiguration",
    }.get(str(kind))
    if wanted is not None and wanted not in call.params:
        yield f"PolicyType: got {kind} without {wanted}"


_REGISTER, _PUT, _ACTION = "RegisterScalableTarget", "PutScalingPolicy", "PutScheduledAction"
RULES = (
    Rule(
        id="target-exists",
        effect="refused",
        on=(_REGISTER,),
        title="A scalable target names an endpoint and a variant that exist.",
        source=_TARGET,
        check=_exists,
    ),
    Rule(
        id="capacity-order",
        effect="refused",
        on=(_REGISTER, _ACTION),
        title="The minimum capacity is not above the maximum.",
        source=_TARGET,
        check=_order,
    ),
    Rule(
        id="minimum-of-variant",
        effect="refused",
        on=(_REGISTER, _ACTION),
        title="A variant of a real-time endpoint scales down to 1, not to 0.",
        source=_MINIMUM,
        check=_minimum,
    ),
    Rule(
        id="policy-type",
        effect="refused",
        on=(_PUT,),
        title="A scaling policy has the configuration of its type.",
        source="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html",
        check=_type_fits,
    ),
    Rule(
        id="policy-metric",
        effect="refused",
        on=(_PUT,),
        title="A predefined metric belongs to the scalable dimension; a policy has exactly one metric.",
        source=_POLICY,
        check=_metric,
    ),
)
