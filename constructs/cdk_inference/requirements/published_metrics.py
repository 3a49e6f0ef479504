"""Metrics that scale or alarm must be published by the kind of endpoint, with the dimensions that they have."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.core.errors import Problem
from cdk_inference.core.pages import page
from cdk_inference.metrics import MetricFact, absent, of_kind
from cdk_inference.metrics.fact import ENDPOINT, INVOCATION_NAMESPACE
from cdk_inference.requirements.alarms import ALARM
from cdk_inference.requirements.part import Part
from cdk_inference.requirements.requirement import Requirement
from cdk_inference.requirements.scaling import POLICY, TRACKING, kind_of, scaled_endpoint
from cdk_inference.template.values import shown

_ASYNC_PAGE = "https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html (read 2026-11-24)"
_CUSTOMIZED = f"{TRACKING}.CustomizedMetricSpecification"
# Predefined metrics are CloudWatch metrics under a longer name.
_PREDEFINED = {"SageMakerVariantInvocationsPerInstance": "InvocationsPerInstance"}


def _queue_metrics() -> dict[str, MetricFact]:
    """The metrics of an asynchronous endpoint's queue, which have the dimension EndpointName alone."""
    return {fact.name: fact for fact in of_kind("async") if fact.dimensions == ENDPOINT}


def _metrics(part: Part) -> Iterator[tuple[Part, str]]:
    """(the object with MetricName and Dimensions, its path below the part)."""
    if part.has("MetricName"):
        yield part, ""
    for number, query in enumerate(part.parts("Metrics")):
        metric = query.get("MetricStat.Metric")
        if isinstance(metric, dict):
            inner = Part(resource=part.resource, path="", value=metric, read=part.read)
            yield inner, f"Metrics[{number}].MetricStat.Metric."


def _dimension_names(metric: Part) -> list[str]:
    return sorted(str(one.get("Name")) for one in metric.parts("Dimensions"))


def _queue_dimensions(part: Part) -> Problem | None:
    for metric, where in _metrics(part):
        if metric.get("Namespace") != INVOCATION_NAMESPACE or str(metric.get("MetricName")) not in _queue_metrics():
            continue
        found = _dimension_names(metric)
        if found != list(ENDPOINT):
            got = ", ".join(found) or None
            allowed = f"EndpointName alone for {metric.get('MetricName')}"
            return Problem(f"{where}Dimensions", got, allowed, "give EndpointName and nothing else")
    return None


def _predefined(part: Part) -> Problem | None:
    name = _PREDEFINED.get(part.text("PredefinedMetricType") or "")
    if name is None:
        return None
    endpoint = scaled_endpoint(part)
    if endpoint is None:
        return None
    missing = {fact.name: fact for fact in absent(kind_of(endpoint).name)}.get(name)
    if missing is None:
        return None
    fix = f"track {missing.instead} as a customized metric" if missing.instead else "track another metric"
    got = part.get("PredefinedMetricType")
    allowed = f"a metric of {kind_of(endpoint).title}, which does not publish {name}"
    return Problem("PredefinedMetricType", got, allowed, fix)


def _alarm_published(part: Part) -> Problem | None:
    for metric, where in _metrics(part):
        if metric.get("Namespace") != INVOCATION_NAMESPACE:
            continue
        for one in metric.parts("Dimensions"):
            name = one.get("Value") if one.get("Name") == "EndpointName" else None
            endpoint = part.read.endpoint_named(name, part.resource) if isinstance(name, str) else None
            if endpoint is None:
                continue
            kind = kind_of(endpoint)
            missing = {fact.name: fact for fact in absent(kind.name)}.get(str(metric.get("MetricName")))
            if missing is not None:
                fix = f"watch {missing.instead}" if missing.instead else "watch another metric"
                allowed = f"a metric that {kind.title} publishes; {shown(endpoint.name)}: {missing.why}"
                return Problem(f"{where}MetricName", missing.name, allowed, fix)
    return None


REQUIREMENTS = (
    Requirement(
        id="scaling-queue-dimensions",
        type=POLICY,
        at=_CUSTOMIZED,
        sentence="The metrics of an asynchronous endpoint's queue have the dimension EndpointName alone.",
        page=_ASYNC_PAGE,
        check=_queue_dimensions,
    ),
    Requirement(
        id="alarm-queue-dimensions",
        type=ALARM,
        sentence="The metrics of an asynchronous endpoint's queue have the dimension EndpointName alone.",
        page=_ASYNC_PAGE,
        check=_queue_dimensions,
    ),
    Requirement(
        id="scaling-metric-published",
        type=POLICY,
        at=f"{TRACKING}.PredefinedMetricSpecification",
        sentence="An asynchronous endpoint does not publish InvocationsPerInstance.",
        page=_ASYNC_PAGE,
        check=_predefined,
    ),
    Requirement(
        id="alarm-metric-published",
        type=ALARM,
        sentence=f"Each kind of endpoint publishes metrics of its own: {page('metrics')}.",
        page="https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (read 2026-11-22)",
        check=_alarm_published,
    ),
)
