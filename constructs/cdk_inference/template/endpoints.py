"""The endpoints in a template: hardware, bounds and alarms, as far as the template tells them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Resources = dict[str, dict[str, Any]]

_ENDPOINT = "AWS::SageMaker::Endpoint"
_TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
_ALARM = "AWS::CloudWatch::Alarm"


@dataclass(frozen=True, kw_only=True)
class EndpointRow:
    """One variant of one endpoint. Counts are None where the template does not say them as numbers.

    They are instances; of a serverless variant, requests at once.
    """

    stack: str
    logical_id: str
    name: str
    hardware: str
    min_instances: int | None
    max_instances: int | None
    alarms: int


def endpoints_of(stack: str, template: dict[str, Any]) -> list[EndpointRow]:
    """A row for each variant of each AWS::SageMaker::Endpoint, in the template's order."""
    resources: Resources = {key: _mapping(value) for key, value in _mapping(template.get("Resources")).items()}
    rows = []
    for logical_id, properties in _of_type(resources, _ENDPOINT).items():
        name = properties.get("EndpointName")
        config = resources.get(_referenced(properties.get("EndpointConfigName")), {})
        variants = _items(_mapping(config.get("Properties")).get("ProductionVariants"))
        # A config that stands elsewhere tells nothing, but the endpoint is there.
        for variant in map(_mapping, variants or [{}]):
            low, high = _bounds(resources, name, logical_id, variant)
            rows.append(
                EndpointRow(
                    stack=stack,
                    logical_id=logical_id,
                    name=name if isinstance(name, str) else logical_id,
                    hardware=_hardware(variant),
                    min_instances=low,
                    max_instances=high,
                    alarms=_alarms(resources, name, logical_id),
                )
            )
    return rows


def _hardware(variant: dict[str, Any]) -> str:
    """The instance type, or those of the pools by priority."""
    serverless = _mapping(variant.get("ServerlessConfig"))
    if serverless:
        return f"serverless, {serverless.get('MemorySizeInMB', 'unsaid')} MB"
    pools = [_mapping(pool) for pool in _items(variant.get("InstancePools"))]
    if "InstanceType" in variant or not pools:
        return str(variant.get("InstanceType", "not said"))
    pools.sort(key=lambda pool: _number(pool.get("Priority")) or 0)
    return ", ".join(str(pool.get("InstanceType", "not said")) for pool in pools)


def _mapping(value: Any) -> dict[str, Any]:
    """`value`, or {} where a template has something else in its place: such a template is not ours to refuse."""
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _of_type(resources: Resources, kind: str) -> dict[str, dict[str, Any]]:
    """Logical id -> properties."""
    return {
        logical_id: _mapping(resource.get("Properties"))
        for logical_id, resource in resources.items()
        if resource.get("Type") == kind
    }


def _referenced(value: Any) -> str:
    """The logical id that an intrinsic names, or ""."""
    match value:
        case {"Ref": str(target)} | {"Fn::GetAtt": [str(target), *_]}:
            return target
        case {"Fn::GetAtt": str(target)}:
            return target.partition(".")[0]
    return ""


def _names(value: Any, name: Any, logical_id: str) -> bool:
    """Whether `value` is the endpoint's name, as text or by reference."""
    return (isinstance(name, str) and value == name) or _referenced(value) == logical_id


def _bounds(resources: Resources, name: Any, logical_id: str, variant: dict[str, Any]) -> tuple[int | None, int | None]:
    serverless = _mapping(variant.get("ServerlessConfig"))
    if serverless:
        return 0, _number(serverless.get("MaxConcurrency"))
    for properties in _of_type(resources, _TARGET).values():
        if _targets(properties.get("ResourceId"), name, logical_id, variant.get("VariantName")):
            return _number(properties.get("MinCapacity")), _number(properties.get("MaxCapacity"))
    managed = _mapping(variant.get("ManagedInstanceScaling"))
    if managed.get("Status") == "ENABLED":
        return _number(managed.get("MinInstanceCount")), _number(managed.get("MaxInstanceCount"))
    count = _number(variant.get("InitialInstanceCount"))
    return count, count


def _targets(resource_id: Any, name: Any, logical_id: str, variant: Any) -> bool:
    if isinstance(resource_id, str):
        return resource_id == f"endpoint/{name}/variant/{variant}"
    match resource_id:
        case {"Fn::Join": [_, [*_, last] as parts]}:
            # What the last part refers to is not known; text there is the variant, or ends in it.
            mine = not isinstance(last, str) or f"/{last}".endswith(f"/{variant}")
            return mine and any(_referenced(part) == logical_id for part in parts)
    return False


def _alarms(resources: Resources, name: Any, logical_id: str) -> int:
    """Alarms with a metric of this endpoint."""
    count = 0
    for properties in _of_type(resources, _ALARM).values():
        queries = map(_mapping, _items(properties.get("Metrics")))
        metrics = [_mapping(_mapping(query.get("MetricStat")).get("Metric")) for query in queries]
        count += any(
            dimension.get("Name") == "EndpointName" and _names(dimension.get("Value"), name, logical_id)
            for metric in [properties, *metrics]
            for dimension in map(_mapping, _items(metric.get("Dimensions")))
        )
    return count


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
