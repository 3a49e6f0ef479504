"""Alarms that are lost while what they watch stays, and alarms that report less."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from cdk_inference.review.pair import DeploymentPair, ResourcePair
from cdk_inference.review.protections.alarm_rules import children, misses
from cdk_inference.review.protections.alarms import ALARM, COMPOSITE, Alarm, alarms, looser, silenced
from cdk_inference.review.resource_names import ResourceNames, key_of, resource_names, versions
from cdk_inference.review.resource_versions import ResourceVersion
from cdk_inference.template.values import readable, references_in, unknown_in

_SCALING = "AWS::ApplicationAutoScaling::ScalingPolicy", "AWS::AutoScaling::ScalingPolicy"
_ASKING = "AWS::SageMaker::Endpoint", "AWS::SageMaker::InferenceComponent"
_OTHERS_MAX = 20  # alarms on one metric that are looked at for one that covers another


class CoverageLoss(NamedTuple):
    """An alarm that is gone (`ways` is empty), or notifies less. pair: what to name.

    mute: whether it called something, and no longer does.
    """

    pair: ResourcePair
    was: Alarm
    ways: tuple[str, ...] = ()
    mute: bool = False


def alarm_coverage(deployments: DeploymentPair) -> tuple[CoverageLoss, ...]:
    """Returns the losses among alarms that were there before, where what they watch still is."""
    return deployments.computed(_alarm_coverage)


def _alarm_coverage(deployments: DeploymentPair) -> tuple[CoverageLoss, ...]:
    if all(stack.same_names for stack in deployments.stacks):
        watching = (pair for stack in deployments.stacks for pair in stack.of(ALARM, COMPOSITE))
        if not any(pair.changed_at_all for pair in watching):
            return ()
    return tuple(_losses(deployments))


def _losses(deployments: DeploymentPair) -> Iterator[CoverageLoss]:
    old, new = alarms(deployments, "before"), alarms(deployments, "after")
    known = resource_names(deployments, "before")
    gone = names_gone(deployments)
    rollbacks = _rollbacks(deployments, known)
    removed = frozenset(key for key, pair in known.pairs.items() if pair.after is None)
    by_place = {(key_of(one.pair), one.side.resource.type): one for one in reversed(new)}
    by_metric: dict[str, list[Alarm]] = {}
    for one in new:
        by_metric.setdefault(one.metric, []).append(one)
    for was in old:
        same = by_place.get((key_of(was.pair), was.side.resource.type))
        if same is None and _needless(was, removed, gone):
            continue
        if same is not None and (same.metric == was.metric or unknown_in(same.metric) or unknown_in(was.metric)):
            found = looser(was, same, removed)
            others = [one for one in by_metric.get(was.metric, ()) if one is not same]
        else:
            others = by_metric.get(was.metric, [])
            found = [] if same is None else _other(was, same, removed, gone)
        if any(not looser(was, other, removed) for other in others[:_OTHERS_MAX]):
            continue
        if same is not None and found:
            yield CoverageLoss(same.pair, was, tuple(found), mute=silenced(was, same))
        elif same is None and others:
            nearest = others[0]
            yield CoverageLoss(nearest.pair, was, tuple(looser(was, nearest, removed)), mute=silenced(was, nearest))
        elif same is None and (was.fires or not _of_rollbacks(was, rollbacks)):
            yield CoverageLoss(was.pair, was)


def _rollbacks(deployments: DeploymentPair, known: ResourceNames) -> frozenset[str]:
    """The alarms, by name or key, that decide whether an endpoint's update is good: rollback-removed is about these."""
    found: set[str] = set()
    for _, side in versions(deployments, "before", *_ASKING):
        value = known.value(side, "DeploymentConfig", "AutoRollbackConfiguration", "Alarms")
        for one in value if isinstance(value, list) else []:
            found.add(known.within(str(one.get("AlarmName") if isinstance(one, dict) else one)))
    return frozenset(found)


def _of_rollbacks(alarm: Alarm, rollbacks: frozenset[str]) -> bool:
    return key_of(alarm.pair) in rollbacks or str(alarm.values.get("AlarmName")) in rollbacks


def _needless(was: Alarm, removed: frozenset[str], gone: frozenset[str]) -> bool:
    """Whether what it watches, or what it steers, is gone too."""
    if was.side.resource.type == COMPOSITE:
        watched = children(was.metric)
        return bool(watched) and all(was.known.key(child, ALARM) in removed or child in gone for child in watched)
    for text in was.texts:
        if text in gone or any(f"{stack}/{logical_id}" in removed for stack, logical_id, _ in references_in(text)):
            return True
    actions = was.actions("AlarmActions")
    steered = [was.known.pairs.get(one) for one in actions]
    return bool(actions) and all(pair is not None and pair.type in _SCALING for pair in steered)


def _other(was: Alarm, same: Alarm, removed: frozenset[str], gone: frozenset[str]) -> list[str]:
    """The same alarm of another metric."""
    if was.side.resource.type == COMPOSITE:
        sides = [children(one.metric) for one in (was, same)]
        lost = [one for one in sides[0] if one not in sides[1]]
        lost = [one for one in lost if was.known.key(one, ALARM) not in removed and one not in gone]
        weaker = [f"it no longer depends on {', '.join(readable(one) for one in lost)}"] if lost else []
        if not lost and set(sides[0]) <= set(sides[1]) and misses(was.metric, same.metric):
            rules = (readable(one.metric) for one in (same, was))
            weaker = ["its rule is met less often: {} instead of {}".format(*rules)]
        return [*weaker, *looser(was, same, removed)]
    if _needless(was, removed, gone):
        return []
    limits = [readable(str(one.values.get("Threshold"))) for one in (was, same)]
    beside = [f"its threshold changes from {limits[0]} to {limits[1]}"] if limits[0] != limits[1] else []
    if was.watched != same.watched:
        return [f"it watches {same.watched} instead of {was.watched}", *beside]
    new, old = same.scope, was.scope
    if new == old:
        new, old = _own_details(same, was), _own_details(was, same)
    return [f"it watches {new} instead of {old}; cannot tell whether it is weaker", *beside]


def _own_details(one: Alarm, other: Alarm) -> str:
    """Returns the metrics and expressions of one that the other does not have."""
    return "; ".join(part for part in one.details if part not in other.details) or "nothing else"


# Types that only speak of names that others have.
_WATCHERS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm", "AWS::CloudWatch::Dashboard")
_DEPTH_MAX = 12  # levels of a property


def names_gone(deployments: DeploymentPair) -> frozenset[str]:
    """Returns texts that named something before (a property "...Name"), and name nothing any more.

    A name is lost by a resource that is gone or changes; only then are the others read.
    """
    changed = [pair for stack in deployments.stacks for pair in stack.resources.values() if pair.changed_at_all]
    lost = _names(pair.before for pair in changed) - _names(pair.after for pair in changed)
    if not lost:
        return frozenset()
    return frozenset(lost - _names(side for _, side in versions(deployments, "after")))


def _names(sides: Iterable[ResourceVersion | None]) -> set[str]:
    names: set[str] = set()
    for side in sides:
        if side is not None and side.resource.type not in _WATCHERS:
            _collect(side.properties, names, 0)
    return names


def _collect(value: Any, found: set[str], depth: int) -> None:
    if depth > _DEPTH_MAX:
        return
    if isinstance(value, list):
        for one in value:
            _collect(one, found, depth + 1)
    elif isinstance(value, dict):
        for key, one in value.items():
            if isinstance(one, str) and re.search("Name$", str(key)):
                found.add(one)
            _collect(one, found, depth + 1)
