"""From what DescribeEndpoint answers to instances, dollars and data points. Plain Python, without a call.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html (botocore 1.44.5, read 2026-11-24)
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# (name of an endpoint configuration, variant) -> instance type.
Types = Mapping[tuple[str, str], str]
# Instance type -> US dollars an hour.
Prices = Mapping[str, float]


@dataclass(frozen=True)
class Measured:
    """One endpoint.

    counts: variant -> instance type -> instances, those of an update's second fleet included. The type None is unknown.
    pooled: variants for which DescribeEndpoint itself counts by type.
    serverless: variants without instances. uncounted: variants whose instances the answer does not number.
    """

    name: str
    counts: Mapping[str, Mapping[str | None, int]]
    pooled: frozenset[str] = frozenset()
    serverless: tuple[str, ...] = ()
    uncounted: tuple[str, ...] = ()

    def unpriced(self, prices: Prices) -> list[tuple[str, str | None, int]]:
        """(variant, type, instances) of what runs and has no price."""
        return [
            (variant, kind, count)
            for variant, kinds in self.counts.items()
            for kind, count in kinds.items()
            if count and kind not in prices
        ]

    def usd_per_hour(self, prices: Prices) -> float:
        """What all that has a price costs."""
        return sum(
            count * prices[kind]
            for kinds in self.counts.values()
            for kind, count in kinds.items()
            if kind is not None and kind in prices
        )


def asked_for(endpoint: Mapping[str, Any]) -> list[str]:
    """The endpoint configurations that know the type of what runs, where the endpoint itself does not say it."""
    found = dict[str, None]()
    for config, variants in _fleets(endpoint):
        for variant in variants:
            told = variant.get("InstancePools") or "InstanceType" in variant
            if variant.get("CurrentInstanceCount") and not told:
                found[config] = None
    return list(found)


def measured(endpoint: Mapping[str, Any], types: Types) -> Measured:
    """What `endpoint`, an answer of DescribeEndpoint, has: each variant of each fleet.

    While an endpoint is made, both parts of the answer may show the one fleet that there is. They then name the same
    configuration, and the larger number of each type counts.
    """
    counts: dict[str, Mapping[str | None, int]] = {}
    pooled, serverless, uncounted = set[str](), dict[str, None](), dict[str, None]()
    fleets = list(_fleets(endpoint))
    join = max if len({config for config, _ in fleets}) == 1 else operator.add
    for config, variants in fleets:
        fleet: dict[str, Counter[str | None]] = {}
        for variant in variants:
            name = variant["VariantName"]
            if "CurrentServerlessConfig" in variant or "DesiredServerlessConfig" in variant:
                serverless[name] = None
            elif "CurrentInstanceCount" not in variant and not variant.get("InstancePools"):
                uncounted[name] = None
            else:
                fleet.setdefault(name, Counter()).update(_by_type(config, variant, types))
                pooled |= {name} if variant.get("InstancePools") else set()
        for name, found in fleet.items():
            before = counts.get(name, {})
            counts[name] = {kind: join(before.get(kind, 0), found[kind]) for kind in {**before, **found}}
    return Measured(
        name=endpoint["EndpointName"],
        counts=counts,
        pooled=frozenset(pooled),
        serverless=tuple(serverless),
        uncounted=tuple(uncounted),
    )


def endpoint_points(one: Measured, prices: Prices) -> Iterator[dict[str, Any]]:
    """The data points of an endpoint. Its dollars are missing where they are not known, and 0 where nothing runs."""
    for variant, kinds in one.counts.items():
        whose = {"EndpointName": one.name, "VariantName": variant}
        yield point("Instances", sum(kinds.values()), "Count", whose)
        if variant in one.pooled:
            for kind, count in kinds.items():
                if kind is not None:
                    yield point("Instances", count, "Count", {**whose, "InstanceType": kind})
    if one.counts and not one.uncounted and not one.unpriced(prices):
        yield point("UsdPerHour", _dollars(one.usd_per_hour(prices)), "None", {"EndpointName": one.name})


def region_points(every: Iterable[Measured], prices: Prices) -> Iterator[dict[str, Any]]:
    """The sums over all endpoints of the region: dollars of what has a price, and instances that have none."""
    found = list(every)
    yield point("UsdPerHour", _dollars(sum(one.usd_per_hour(prices) for one in found)), "None", {})
    unpriced = sum(count for one in found for _, _, count in one.unpriced(prices))
    yield point("UnpricedInstances", unpriced, "Count", {})


def point(name: str, value: float, unit: str, dimensions: Mapping[str, str]) -> dict[str, Any]:
    """A MetricDatum of PutMetricData, without its time."""
    named = [{"Name": key, "Value": dimensions[key]} for key in dimensions]
    return {"MetricName": name, "Value": float(value), "Unit": unit, "Dimensions": named}


def _fleets(endpoint: Mapping[str, Any]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """(endpoint configuration, variants): what serves, and what is about to take its place."""
    for fleet in (endpoint, endpoint.get("PendingDeploymentSummary") or {}):
        variants = [*(fleet.get("ProductionVariants") or ()), *(fleet.get("ShadowProductionVariants") or ())]
        if variants:
            yield fleet.get("EndpointConfigName", ""), variants


def _by_type(config: str, variant: Mapping[str, Any], types: Types) -> Counter[str | None]:
    found: Counter[str | None] = Counter()
    pools = variant.get("InstancePools") or ()
    for pool in pools:
        found[pool["InstanceType"]] += pool["CurrentInstanceCount"]
    # What no pool accounts for has a type that nobody said.
    rest = max(0, variant.get("CurrentInstanceCount", 0) - sum(found.values()))
    if rest or not pools:
        kind = None if pools else variant.get("InstanceType") or types.get((config, variant["VariantName"]))
        found[kind] += rest
    return found


def _dollars(usd: float) -> float:
    """Without the noise of adding floats; prices have six digits at most."""
    return round(usd, 6)
