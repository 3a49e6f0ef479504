"""The metric of a policy that leaves it to the caller: one of the table by name, or one made with aws_cloudwatch."""

from __future__ import annotations

from typing import Any

from cdk_inference.core.checks import has_members
from cdk_inference.core.errors import Problem
from cdk_inference.metrics import NO_NEURON_METRIC, NotPublished, of_kind, published
from cdk_inference.scaling.policies.base import row
from cdk_inference.scaling.policy_parts import Given, Measured
from cdk_inference.scaling.target import ScalableTarget


def metric_problem(metric: object) -> Problem | None:
    """Returns why the argument is not a metric."""
    if isinstance(metric, str) or has_members(metric, "to_metric_config"):
        return None
    allowed = "a metric's name, or a Metric or MathExpression of aws_cloudwatch"
    return Problem("metric", metric, allowed, 'for example metric="ApproximateBacklogSize"')


def metric_problems_for(metric: object, target: ScalableTarget) -> list[Problem]:
    """Why `target` has no such metric."""
    if not isinstance(metric, str):
        return []
    found = published(metric, target.kind)
    if isinstance(found, NotPublished):
        names = ", ".join(fact.name for fact in of_kind(target.kind))
        fix = f"choose one of these, or give a metric of aws_cloudwatch; {found}"
        return [Problem("scaling.metric", metric, names, fix)]
    without = [one.name for one in target.hardware if one.kind not in found.hardware]
    if without:
        allowed = f"hardware of kind {', '.join(sorted(found.hardware))}, not {', '.join(without)}"
        return [Problem("scaling.metric", metric, allowed, f"{NO_NEURON_METRIC}; use {target.rules.first}")]
    return []


def source(metric: Any, statistic: str | None, target: ScalableTarget) -> Measured | Given:
    """The metric as a part reads it."""
    if isinstance(metric, str):
        return target.measured(row(metric, target.kind), statistic)
    return Given(metric=metric)


def identity(metric: Any) -> object:
    """Equal for metrics that are the same: the name, or namespace, name and dimensions, or the object itself."""
    if isinstance(metric, str):
        return metric
    if has_members(metric, "metric_name", "namespace", "dimensions"):
        return (metric.namespace, metric.metric_name, tuple(sorted((metric.dimensions or {}).items())))
    return id(metric)
