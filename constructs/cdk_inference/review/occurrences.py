"""Counts, bounds, policies, and whether something is registered with Application Auto Scaling at all."""

from __future__ import annotations

from cdk_inference.review.difference import Choices, Difference, first
from cdk_inference.review.endpoint_properties import Owner
from cdk_inference.review.variant_changes import any_event


def _registration(one: Difference, variant: str) -> str | None:
    was, becomes = one.registered(variant)
    if was == becomes:
        return None
    if one.new.kind == "serverless":
        return "provisioned-concurrency"
    if one.new.kind == "component":
        return "copies-scaled"
    return "scaled" if becomes else "unscaled"


def scaling(one: Difference) -> str | None:
    """A target that comes or goes. One without policies comes because a variant beside it scales."""
    found = _registration(one, one.variant)
    side = one.new if one.variant in one.new.registered else one.old
    path = ("scaling", one.variant)
    acts = any(other[:2] == path and other[2] in ("policy", "ScheduledActions") for other in side.properties)
    if found and not acts:
        return any_event(one) or anywhere(one) or found
    return found or first(_SCALING_RULES, one)


def anywhere(one: Difference) -> str | None:
    """The row of scaling that came or went with some variant."""
    changed = (_registration(one, name) for name in one.old.variants if name in one.new.variants)
    return next(filter(None, changed), None)


def first_count(one: Difference) -> str:
    """What the InitialInstanceCount of a variant means."""
    registration = _registration(one, one.variant)
    if registration:
        return registration
    if one.new.kind == "shared" and any(path[2:3] == ("ManagedInstanceScaling",) for path in one.new.properties):
        return "managed-instances"
    if one.variant in one.new.registered:
        return "lower-bound"
    kept = one.sides("endpoint", "RetainAllVariantProperties") == (True, True)
    return "count-kept" if kept and one.new.variants[one.variant] else "count"


def _minimum(one: Difference) -> str:
    if one.new.kind == "serverless":
        return "provisioned-concurrency"
    if one.new.kind == "component":
        return "copies-lower-bound"
    return "lower-bound" if one.differs("variant", one.variant, "InitialInstanceCount") else "lower-bound-in-place"


def _policy(one: Difference) -> str:
    """A policy under another name is another policy; one beside others that goes with zero is the one that wakes."""
    prefix = one.path[:4]
    sides = [any(path[:4] == prefix for path in side.properties) for side in (one.old, one.new)]
    if all(sides):
        return "target-value"
    minimum = one.sides("scaling", one.variant, "MinCapacity")
    wakes = one.differs("scaling", one.variant, "MinCapacity") and 0 in minimum
    others = [_policies(side, one.variant) - {one.path[3]} for side in (one.old, one.new)]
    return _minimum(one) if wakes and others[0] == others[1] else "policy-kind"


def _policies(subject: Owner, variant: str) -> set[str]:
    return {path[3] for path in subject.properties if path[:3] == ("scaling", variant, "policy")}


def copy_count(one: Difference) -> str:
    """What the CopyCount of a component means."""
    registration = _registration(one, "")
    if registration:
        return registration
    return "copies-lower-bound" if "" in one.new.registered else "copies"


_SCALING_RULES: Choices = (
    ("scaling/*/MinCapacity", _minimum),
    ("scaling/*/MaxCapacity", "upper-bound"),
    ("scaling/*/ScheduledActions", "schedule"),
    ("scaling/*/policy/*/**", _policy),
)
