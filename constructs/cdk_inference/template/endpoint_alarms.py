"""Alarms on metrics of endpoints, wherever they stand in a deployment."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.template.hosted import EndpointInTemplate, Hosting
from cdk_inference.template.partial_text import text_in
from cdk_inference.template.stacks import Deployment, Resource
from cdk_inference.template.values import items, mapping

ALARM = "AWS::CloudWatch::Alarm"


def endpoint_alarms(deployment: Deployment, hosting: Hosting) -> dict[tuple[str, str], list[Resource]]:
    """(stack's key, logical id) of each endpoint -> the alarms that read a metric with the endpoint's name.

    A name counts in the alarm's own stack first, then in its region, where it counts only if it is the only one.
    """
    found: dict[tuple[str, str], list[Resource]] = {}
    named: dict[str, list[EndpointInTemplate]] = {}
    for endpoint in hosting.endpoints:
        found[endpoint.place] = []
        for name in endpoint.names:
            named.setdefault(name, []).append(endpoint)
    for stack in deployment.stacks:
        for alarm in stack.resources(ALARM):
            for name in dict.fromkeys(_names(alarm)):
                listed = [one for one in named.get(name, []) if one.resource.stack.region == stack.region]
                own = [one for one in listed if one.resource.stack is stack] or listed
                counted = found[own[0].place] if len(own) == 1 else [alarm]
                if alarm not in counted[-1:]:
                    counted.append(alarm)
    return found


def _names(alarm: Resource) -> Iterator[str]:
    """Values of the dimension EndpointName: of the alarm's metric, or of those in its expressions."""
    queries = [mapping(query) for query in items(alarm.get("Metrics"))]
    metrics = [mapping(mapping(query.get("MetricStat")).get("Metric")).get("Dimensions") for query in queries]
    for dimensions in (alarm.get("Dimensions"), *metrics):
        for dimension in map(mapping, items(dimensions)):
            value = text_in(dimension.get("Value"))
            if dimension.get("Name") == "EndpointName" and value is not None:
                yield value
