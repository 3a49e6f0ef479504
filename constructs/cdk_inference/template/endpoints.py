"""The endpoints in a template: hardware, bounds and alarms, as far as the template tells them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Resources = dict[str, dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class EndpointRow:
    """One variant of one endpoint. Instance counts are None where the template does not say them as numbers."""

    stack: str
    logical_id: str
    name: str
    hardware: str
    min_instances: int | None
    max_instances: int | None
    alarms: int


def endpoints_of(stack: str, template: dict[str, Any]) -> list[EndpointRow]:
    """A row for each variant of each AWS::SageMaker::Endpoint, in the template's order."""
    resources: Resources = template.get("Resources", {})
    rows = []
    for logical_id, resource in resources.items():
        if resource.get("Type") != "AWS::SageMaker::Endpoint":
            continue
        properties = resource.get("Properties", {})
        name = properties.get("EndpointName")
        config = resources.get(_referenced(properties.get("EndpointConfigName")), {})
        for variant in config.get("Properties", {}).get("ProductionVariants", []):
            low, high = _bounds(resources, name, logical_id, variant)
            rows.append(
                EndpointRow(
                    stack=stack,
                    logical_id=logical_id,
                    name=name if isinstance(name, str) else logical_id,
                    hardware=str(variant.get("InstanceType", "not said")),
                    min_instances=low,
                    max_instances=high,
                    alarms=_alarms(resources, name, logical_id),
                )
            )
    return rows


def _referenced(value: Any) -> str:
    """The logical id that an intrinsic names, or ""."""
    if isinstance(value, dict):
        if "Ref" in value:
            return str(value["Ref"])
        if "Fn::GetAtt" in value:
            target = value["Fn::GetAtt"]
            return str(target[0] if isinstance(target, list) else str(target).partition(".")[0])
    return ""


def _names(value: Any, name: Any, logical_id: str) -> bool:
    """Whether `value` is the endpoint's name, as text or by reference."""
    return (isinstance(name, str) and value == name) or _referenced(value) == logical_id


def _bounds(resources: Resources, name: Any, logical_id: str, variant: dict[str, Any]) -> tuple[int | None, int | None]:
    for resource in resources.values():
        if resource.get("Type") != "AWS::ApplicationAutoScaling::ScalableTarget":
            continue
        properties = resource.get("Properties", {})
        if _targets(properties.get("ResourceId"), name, logical_id, variant.get("VariantName")):
            return _number(properties.get("MinCapacity")), _number(properties.get("MaxCapacity"))
    count = _number(variant.get("InitialInstanceCount"))
    return count, count


def _targets(resource_id: Any, name: Any, logical_id: str, variant: Any) -> bool:
    if isinstance(resource_id, str):
        return resource_id == f"endpoint/{name}/variant/{variant}"
    if isinstance(resource_id, dict) and "Fn::Join" in resource_id:
        return any(_referenced(part) == logical_id for part in resource_id["Fn::Join"][1])
    return False


def _alarms(resources: Resources, name: Any, logical_id: str) -> int:
    """Alarms with a metric of this endpoint."""
    count = 0
    for resource in resources.values():
        if resource.get("Type") == "AWS::CloudWatch::Alarm":
            properties = resource.get("Properties", {})
            metrics = [query.get("MetricStat", {}).get("Metric", {}) for query in properties.get("Metrics", [])]
            count += any(
                dimension.get("Name") == "EndpointName" and _names(dimension.get("Value"), name, logical_id)
                for metric in [properties, *metrics]
                for dimension in metric.get("Dimensions", [])
            )
    return count


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
