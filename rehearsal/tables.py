"""Tables for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Returns the lines of a table, columns aligned, two spaces between them."""
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    lines = [heads, ["-" * width for width in widths], *rows]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in lines]


def endpoint_rows(
    endpoints: Sequence[Mapping[str, Any]], targets: Sequence[Mapping[str, Any]], policies: Sequence[Mapping[str, Any]]
) -> list[list[str]]:
    """Returns one row per variant: status, type, count, capacity, scaling metric and its target value."""
    rows = []
    for endpoint in endpoints:
        types = {one["VariantName"]: one for one in endpoint["Config"]["ProductionVariants"]}
        for variant in endpoint["ProductionVariants"]:
            name = variant["VariantName"]
            resource = f"endpoint/{endpoint['EndpointName']}/variant/{name}"
            target = next((one for one in targets if one["ResourceId"] == resource), None)
            capacity = f"{target['MinCapacity']} to {target['MaxCapacity']}" if target else "fixed"
            tracked = [_tracked(one) for one in policies if one["ResourceId"] == resource]
            rows.append(
                [
                    endpoint["EndpointName"],
                    endpoint["EndpointStatus"],
                    name,
                    _hardware(types[name]),
                    str(variant.get("CurrentInstanceCount", "")),
                    capacity,
                    ", ".join(tracked) or "none",
                ]
            )
    return rows


def _hardware(variant: Mapping[str, Any]) -> str:
    pools = [pool["InstanceType"] for pool in variant.get("InstancePools", [])]
    return str(variant.get("InstanceType") or " or ".join(pools) or "serverless")


def _tracked(policy: Mapping[str, Any]) -> str:
    config = policy.get("TargetTrackingScalingPolicyConfiguration")
    if config is None:
        return "steps"
    metric = config.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType", "own metric")
    return f"{metric.removeprefix('SageMakerVariant')} at {config['TargetValue']:g}"


def alarm_rows(alarms: Sequence[Mapping[str, Any]], topics: Mapping[str, Mapping[str, Any]]) -> list[list[str]]:
    """Returns one row per set of topics: how many alarms publish there, and how many subscriptions it has."""
    counts: dict[str, int] = {}
    for one in alarms:
        names = sorted({arn for arn in one.get("AlarmActions", []) if ":sns:" in arn})
        for arn in names or ["nobody (part of a composite alarm, or of a rollout)"]:
            counts[arn] = counts.get(arn, 0) + 1
    return [
        [arn.rpartition(":")[2], str(count), str(topics[arn]["subscriptions"]) if arn in topics else ""]
        for arn, count in sorted(counts.items())
    ]
