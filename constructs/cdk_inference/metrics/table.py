"""The rows of every kind in one place, and how they are found."""

from __future__ import annotations

from typing import Final, Literal, get_args

from cdk_inference.core.errors import ConfigurationError, Problem
from cdk_inference.metrics.absent import ABSENT
from cdk_inference.metrics.asynchronous import ASYNC
from cdk_inference.metrics.bedrock import BEDROCK
from cdk_inference.metrics.component import COMPONENTS, SHARED
from cdk_inference.metrics.fact import KINDS, MetricFact, NotPublished
from cdk_inference.metrics.guardrail import GUARDRAIL
from cdk_inference.metrics.mantle import MANTLE
from cdk_inference.metrics.realtime import REALTIME
from cdk_inference.metrics.serverless import SERVERLESS

METRICS = REALTIME
BY_NAME = {metric.name: metric for metric in METRICS}

_BY_KIND = {
    "realtime": REALTIME,
    "async": ASYNC,
    "serverless": SERVERLESS,
    "component": COMPONENTS,
    "shared": SHARED,
    "bedrock": BEDROCK,
    "guardrail": GUARDRAIL,
    "mantle": MANTLE,
}
_PUBLISHED = {(fact.kind, fact.name): fact for facts in _BY_KIND.values() for fact in facts}
_ABSENT = {(fact.kind, fact.name): fact for fact in ABSENT}

# SageMaker publishes no NeuronCore metric; its page lists GPU metrics only (same page as above).
NO_NEURON_METRIC = (
    "SageMaker publishes no metric of NeuronCore use (https://docs.aws.amazon.com/sagemaker/latest/dg/"
    "monitoring-cloudwatch.html, read 2026-11-22)"
)

# How often utilization metrics are published, seconds; 60 is SageMaker's default. Below 60 s kept for 3 hours only.
# https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch-enhanced-metrics.html (read 2026-11-22)
PublishPeriodSeconds = Literal[10, 30, 60, 120, 180, 240, 300]
PUBLISH_PERIODS_SECONDS = get_args(PublishPeriodSeconds)
DEFAULT_PUBLISH_PERIOD_SECONDS: Final = 60


def of_kind(kind: str) -> tuple[MetricFact, ...]:
    """What endpoints of `kind` (one of `KINDS`) publish, in the order of the docs.

    Raises ConfigurationError for another kind.
    """
    _check(kind)
    return _BY_KIND[kind]


def absent(kind: str) -> tuple[NotPublished, ...]:
    """What one might expect of endpoints of `kind` and they do not publish. Raises ConfigurationError as `of_kind`."""
    _check(kind)
    return tuple(fact for fact in ABSENT if fact.kind == kind)


def published(name: str, kind: str) -> MetricFact | NotPublished:
    """The row of the metric `name` for endpoints of `kind`, or why they do not publish it.

    A name that no table has is `NotPublished` too: no page lists it. Raises ConfigurationError for an unknown kind, and
    for a name that is not a string.
    """
    _check(kind)
    if not isinstance(name, str):
        known = ", ".join(fact.name for fact in _BY_KIND[kind])
        raise ConfigurationError("metrics", [Problem("name", name, f"a metric's name: {known}", "choose one of these")])
    found = _PUBLISHED.get((kind, name)) or _ABSENT.get((kind, name))
    if found is not None:
        return found
    pages = sorted({fact.source for fact in _BY_KIND[kind]})
    return NotPublished(name=name, kind=kind, why="no page lists it", source="; ".join(pages))


def _check(kind: object) -> None:
    if not isinstance(kind, str) or kind not in KINDS:
        raise ConfigurationError("metrics", [Problem("kind", kind, ", ".join(KINDS), "choose one of these")])
