"""Scalable targets in templates: what each scales, and the counts that it allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.hosting import CountRange, ScheduledAction
from cdk_inference.template.partial_text import text_in
from cdk_inference.template.stacks import Deployment, Resource
from cdk_inference.template.values import PATH_PART, references_in, shown

TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
_COUNT_MAX = 1_000_000
_VARIANT = re.compile(f".*?endpoint/({PATH_PART})/variant/({PATH_PART})", re.DOTALL)
_COMPONENT = re.compile(f".*?inference-component/({PATH_PART})", re.DOTALL)
# Kind of what is scaled -> its type, and the property that is its name.
_NAMED = {
    "endpoint": ("AWS::SageMaker::Endpoint", "EndpointName"),
    "inference-component": ("AWS::SageMaker::InferenceComponent", "InferenceComponentName"),
}


@dataclass(frozen=True, kw_only=True)
class Scaled:
    """What a ResourceId names: a variant of an endpoint, or an inference component, which has no variant."""

    kind: str
    name: str
    variant: str = ""


def scaled_by(resource_id: str) -> Scaled | None:
    """What a scalable target with this ResourceId scales; None for what is not SageMaker's."""
    if (found := _VARIANT.fullmatch(resource_id)) is not None:
        return Scaled(kind="endpoint", name=found[1], variant=found[2])
    if (found := _COMPONENT.fullmatch(resource_id)) is not None:
        return Scaled(kind="inference-component", name=found[1])
    return None


def target_counts(target: Resource | Unknown) -> CountRange:
    """The bounds of a scalable target, and what its scheduled actions make of them."""
    exists = target if isinstance(target, Unknown) else target.exists
    if isinstance(target, Unknown) or isinstance(exists, Unknown):
        return CountRange.fixed(exists if isinstance(exists, Unknown) else Unknown("the scalable target is not known"))
    low, high = whole("MinCapacity", target.get("MinCapacity")), whole("MaxCapacity", target.get("MaxCapacity"))
    actions = _actions(target.get("ScheduledActions"))
    if isinstance(actions, Unknown):
        return CountRange.fixed(actions)
    state = target.get("SuspendedState")
    suspended = state.get("ScheduledScalingSuspended") if isinstance(state, dict) else state
    return CountRange.scheduled(low, high, actions, suspended=suspended not in (None, False, "false"))


def whole(name: str, value: Any) -> int | Unknown:
    """A count of 0 or more, also as text, which CloudFormation takes too."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _COUNT_MAX:
        fault = "is not set" if value is None else f"is {shown(str(value))[:40]!r}, no count"
        return Unknown(f"{name} {fault}")
    return value


def targets_elsewhere(deployment: Deployment) -> dict[str, list[Resource]]:
    """Key of a stack -> targets of other stacks that scale something in it."""
    found: dict[str, list[Resource]] = {}
    names: dict[tuple[str | None, str, str], set[str]] | None = None
    for stack in deployment.stacks:
        for target in stack.resources(TARGET):
            text = text_in(target.get("ResourceId"))
            if text is None:
                continue
            if names is None:
                names = dict(_names(deployment))
            scaled = scaled_by(text)
            keys = {key for key, _, _ in references_in(text)}
            if scaled is not None:
                keys |= names.get((stack.region, scaled.kind, scaled.name), set())
            for key in keys - {stack.key}:
                found.setdefault(key, []).append(target)
    return found


def _names(deployment: Deployment) -> Iterator[tuple[tuple[str | None, str, str], set[str]]]:
    """(region, kind, name) -> the stack that has it, as the only one."""
    found: dict[tuple[str | None, str, str], set[str]] = {}
    for stack in deployment.stacks:
        for kind, (type, name) in _NAMED.items():
            for resource in stack.resources(type):
                text = text_in(resource.get(name))
                if text is not None:
                    found.setdefault((stack.region, kind, text), set()).add(stack.key)
    # A name is unique in a region: of several it is not known which one is meant.
    yield from ((place, keys) for place, keys in found.items() if len(keys) == 1)


def _actions(written: Any) -> list[ScheduledAction] | Unknown:
    if written is None:
        return []
    if isinstance(written, Unknown):
        return written
    if not isinstance(written, list):
        return Unknown("ScheduledActions is not a list")
    found = []
    for one in written:
        change = one.get("ScalableTargetAction") if isinstance(one, dict) else None
        schedule = one.get("Schedule") if isinstance(one, dict) else None
        if not isinstance(change, dict) or not isinstance(schedule, str):
            return Unknown("a scheduled action has another form, or is known at deployment only")
        zone = one.get("Timezone")
        found.append(
            ScheduledAction(
                schedule=schedule,
                minimum=_bound(change, "MinCapacity"),
                maximum=_bound(change, "MaxCapacity"),
                time_zone=zone if isinstance(zone, Unknown) else str(zone or "UTC"),
                has_term="StartTime" in one or "EndTime" in one,
            )
        )
    return found


def _bound(change: dict[str, Any], key: str) -> int | Unknown | None:
    return None if change.get(key) is None else whole(key, change[key])
