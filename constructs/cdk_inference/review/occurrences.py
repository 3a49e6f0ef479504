"""Counts, bounds, policies, and whether something is registered with Application Auto Scaling at all."""

from __future__ import annotations

from cdk_inference.hosting import ASYNC, COMPONENT, REALTIME, SERVERLESS, SHARED, EndpointKind
from cdk_inference.review.changes import same
from cdk_inference.review.difference import Choices, Difference, first
from cdk_inference.review.endpoint_properties import EndpointProperties, Owner
from cdk_inference.review.variant_changes import any_event

# What changed where the kind alone decides; else the counts do.
_REGISTRATIONS: dict[EndpointKind | None, str] = {SERVERLESS: "provisioned-concurrency", COMPONENT: "copies-scaled"}
_MINIMUMS: dict[EndpointKind | None, str] = {SERVERLESS: "provisioned-concurrency", COMPONENT: "copies-lower-bound"}


def _registration(difference: Difference, variant: str) -> str | None:
    was, becomes = difference.registered(variant)
    if was == becomes:
        return None
    if difference.new.kind in _REGISTRATIONS:
        return _REGISTRATIONS[difference.new.kind]
    if _differs_itself(difference):
        return "scaled" if becomes else "unscaled"
    return "registered" if becomes else "deregistered"


def _differs_itself(difference: Difference) -> bool:
    """Whether the endpoint or its config differs, and not its scaling alone."""
    sides = [
        {path: one.value for path, one in side.properties.items() if path[0] in ("endpoint", "config", "variant")}
        for side in (difference.old, difference.new)
    ]
    return sides[0] != sides[1]


def scaling(difference: Difference) -> str | None:
    """A target that comes or goes. One without policies comes because a variant beside it scales."""
    found = _registration(difference, difference.variant)
    side = difference.new if difference.variant in difference.new.registered else difference.old
    path = ("scaling", difference.variant)
    acts = any(other[:2] == path and other[2] in ("policy", "ScheduledActions") for other in side.properties)
    if found and not acts:
        return any_event(difference) or anywhere(difference) or found
    return found or first(_SCALING_RULES, difference)


def anywhere(difference: Difference) -> str | None:
    """The row of scaling that came or went with some variant."""
    changed = (_registration(difference, name) for name in difference.old.variants if name in difference.new.variants)
    return next(filter(None, changed), None)


def first_count(difference: Difference) -> str:
    """What the InitialInstanceCount of a variant means."""
    registration = _registration(difference, difference.variant)
    if registration:
        return registration
    if difference.new.kind is SHARED and any(
        path[2:3] == ("ManagedInstanceScaling",) for path in difference.new.properties
    ):
        return "managed-instances"
    if difference.variant in difference.new.registered:
        return "lower-bound"
    kept = difference.sides("endpoint", "RetainAllVariantProperties") == (True, True)
    return "count-kept" if kept and difference.new.variants[difference.variant] else "count"


def _minimum(difference: Difference) -> str:
    if difference.new.kind in _MINIMUMS:
        return _MINIMUMS[difference.new.kind]
    _, minimum = difference.sides("scaling", difference.variant, "MinCapacity")
    if difference.new.kind is REALTIME and same(minimum, 0):
        return "zero-minimum"
    if difference.differs("variant", difference.variant, "InitialInstanceCount"):
        return "lower-bound"
    return "lower-bound-in-place" if difference.new.kind is ASYNC else "lower-bound-moved"


def _policy(difference: Difference) -> str:
    """A policy under another name is another policy; one beside others that goes with zero is the one that wakes."""
    prefix = difference.path[:4]
    sides = [any(path[:4] == prefix for path in side.properties) for side in (difference.old, difference.new)]
    if all(sides):
        return "target-value"
    minimum = difference.sides("scaling", difference.variant, "MinCapacity")
    wakes = difference.differs("scaling", difference.variant, "MinCapacity") and 0 in minimum
    others = [_policies(side, difference.variant) - {difference.path[3]} for side in (difference.old, difference.new)]
    if wakes and others[0] == others[1]:
        return _minimum(difference)
    policies = [_policies(side, difference.variant) for side in (difference.old, difference.new)]
    if all(policies):
        return "policy-kind"
    return "policy-added" if policies[1] else "policy-removed"


def _policies(subject: Owner, variant: str) -> set[str]:
    return {path[3] for path in subject.properties if path[:3] == ("scaling", variant, "policy")}


def copy_count(difference: Difference) -> str:
    """What the CopyCount of a component means."""
    registration = _registration(difference, "")
    if registration:
        return registration
    return "copies-lower-bound" if "" in difference.new.registered else "copies"


def lost_rollback_alarms(old: EndpointProperties, new: EndpointProperties, name: str) -> tuple[int, int] | None:
    """Returns how many rollback alarms an endpoint or component has, before and after, where it has fewer.

    None where it has as many or more, or where that is not known. A variant that goes may take its alarms along, and
    an endpoint of another kind is another endpoint.
    """
    for top, was, becomes in (
        ("endpoint", old.endpoints, new.endpoints),
        ("component", old.components, new.components),
    ):
        if name in was and name in becomes:
            before, after = _rollback_alarms(was[name], top), _rollback_alarms(becomes[name], top)
            fewer_variants = was[name].variants.keys() > becomes[name].variants.keys()
            if was[name].kind != becomes[name].kind or (after and fewer_variants):
                return None
            if before is not None and after is not None and after < before:
                return before, after
    return None


def _rollback_alarms(owner: Owner, top: str) -> int | None:
    """Returns how many; None where a reference or an unknown value stands in their place."""
    path = (top, *_ROLLBACK_ALARMS)
    steps = [owner.properties.get(path[: length + 1]) for length in range(1, len(path))]
    if any(step is not None and isinstance(step.value, str) for step in steps):
        return None
    alarms = owner.properties.get(path)
    return len(alarms.value) if alarms is not None and isinstance(alarms.value, list) else 0


_ROLLBACK_ALARMS = ("DeploymentConfig", "AutoRollbackConfiguration", "Alarms")

_SCALING_RULES: Choices = (
    ("scaling/*/MinCapacity", _minimum),
    ("scaling/*/MaxCapacity", "upper-bound"),
    ("scaling/*/ScheduledActions", "schedule"),
    ("scaling/*/policy/*/**", _policy),
)
