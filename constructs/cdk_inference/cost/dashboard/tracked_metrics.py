"""Which metrics scaling holds at which values, read from the policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cdk_inference.core.checks import is_token
from cdk_inference.cost.dashboard.section import Part
from cdk_inference.metrics import MetricFact, published
from cdk_inference.scaling import CombinedPolicies, Policy, ScalableTarget
from cdk_inference.scaling.policy_parts import Measured, Predefined, Tracking


@dataclass(frozen=True, kw_only=True)
class Held:
    """One metric of the part's own, and the value at which target tracking holds it; None: known at deployment only."""

    metric: str
    statistic: str
    value: float | None


def held(part: Part) -> list[Held]:
    """What target tracking follows, as far as it is a metric of the part itself; steps and maths are left out."""
    if part.policy is None or part.kind is None:
        return []
    target = _scalable(part, part.kind)
    return [found for policy in _single(part.policy) for found in _held(policy, target) if part.publishes(found.metric)]


def _single(policy: Policy) -> tuple[Policy, ...]:
    return policy.policies if isinstance(policy, CombinedPolicies) else (policy,)


def _held(policy: Policy, target: ScalableTarget) -> Iterator[Held]:
    for one in policy.own_parts(target):
        if not isinstance(one, Tracking):
            continue
        value = None if is_token(one.target_value) else one.target_value
        if isinstance(one.source, Predefined):
            yield Held(metric=policy.reading, statistic="", value=value)
        elif isinstance(one.source, Measured) and _own(one.source, target):
            yield Held(metric=one.source.metric_name, statistic=one.source.statistic, value=value)


def _own(source: Measured, target: ScalableTarget) -> bool:
    """Whether it is the very metric that the tables have for the target, not one of the same name elsewhere."""
    fact = published(source.metric_name, target.kind)
    return isinstance(fact, MetricFact) and source == target.measured(fact, source.statistic)


def _scalable(part: Part, kind: str) -> ScalableTarget:
    if part.counts_copies:
        return ScalableTarget.component(part.metrics.component_name, hardware=part.types or ())
    return ScalableTarget.variant(
        kind, part.metrics.endpoint_name, part.metrics.variant_name, hardware=part.types or ()
    )
