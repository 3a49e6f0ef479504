"""Alarms on metrics of endpoints, wherever they stand in a deployment."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.template.hosted import COMPONENT, EndpointInTemplate, Hosting
from cdk_inference.template.partial_text import text_in
from cdk_inference.template.stacks import Deployment, Resource
from cdk_inference.template.values import items, last_part, mapping

ALARM = "AWS::CloudWatch::Alarm"
_QUERY_NAME = '"aws.sagemaker.endpoint.name"="'
Named = dict[tuple[str, str], list[EndpointInTemplate]]


def endpoint_alarms(deployment: Deployment, hosting: Hosting) -> dict[tuple[str, str], list[Resource]]:
    """(stack's key, logical id) of each endpoint -> the alarms that read a metric of it or of a component on it.

    A name counts in the alarm's own stack first, then in its region, where it counts only if it is the only one.
    """
    found: dict[tuple[str, str], list[Resource]] = {endpoint.place: [] for endpoint in hosting.endpoints}
    named = _named(deployment, hosting)
    for stack in deployment.stacks:
        for alarm in stack.resources(ALARM):
            for dimension in dict.fromkeys(_dimensions(alarm)):
                listed = [one for one in named.get(dimension, []) if one.resource.stack.region == stack.region]
                own = [one for one in listed if one.resource.stack is stack] or listed
                counted = found[own[0].place] if len(own) == 1 else [alarm]
                if alarm not in counted[-1:]:
                    counted.append(alarm)
    return found


def _named(deployment: Deployment, hosting: Hosting) -> Named:
    """(dimension, its value) -> the endpoints that it stands for."""
    found: Named = {}
    for endpoint in hosting.endpoints:
        for name in endpoint.names:
            found.setdefault(("EndpointName", name), []).append(endpoint)
    for stack in deployment.stacks:
        for component in stack.resources(COMPONENT):
            host = last_part(text_in(component.get("EndpointName")) or "")
            endpoints = [
                one for one in found.get(("EndpointName", host), []) if one.resource.stack.region == stack.region
            ]
            written = text_in(component.get("InferenceComponentName"))
            for name in {written, stack.attribute(component.logical_id, "InferenceComponentName")}:
                if isinstance(name, str):
                    found.setdefault(("InferenceComponentName", name), []).extend(endpoints)
    return found


def _dimensions(alarm: Resource) -> Iterator[tuple[str, str]]:
    """(dimension, value) of the alarm's metric, of those in its expressions, and of a PromQL query."""
    queries = [mapping(query) for query in items(alarm.get("Metrics"))]
    metrics = [mapping(mapping(query.get("MetricStat")).get("Metric")).get("Dimensions") for query in queries]
    for dimensions in (alarm.get("Dimensions"), *metrics):
        for dimension in map(mapping, items(dimensions)):
            value = text_in(dimension.get("Value"))
            if dimension.get("Name") in ("EndpointName", "InferenceComponentName") and value is not None:
                yield str(dimension["Name"]), value
    criteria = mapping(mapping(alarm.get("EvaluationCriteria")).get("PromQLCriteria"))
    for part in (text_in(criteria.get("Query")) or "").split(_QUERY_NAME)[1:]:
        yield "EndpointName", part.partition('"')[0]
