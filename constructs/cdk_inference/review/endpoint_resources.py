"""The resources of a stack that endpoints and components are made of, indexed by what they refer to and name.

It follows references inside one stack and matches names that are known. What it cannot follow it reports as None, and
never guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from cdk_inference.review.resource_versions import ResourceVersion
from cdk_inference.template.stacks import Resource, Stack
from cdk_inference.template.values import items, mapping, marks_in

ENDPOINT = "AWS::SageMaker::Endpoint"
CONFIG = "AWS::SageMaker::EndpointConfig"
MODEL = "AWS::SageMaker::Model"
COMPONENT = "AWS::SageMaker::InferenceComponent"
TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
ALARM = "AWS::CloudWatch::Alarm"
COMPOSITE = "AWS::CloudWatch::CompositeAlarm"
LOG_GROUP = "AWS::Logs::LogGroup"
TYPES = frozenset((ENDPOINT, CONFIG, MODEL, COMPONENT, TARGET, POLICY, ALARM, COMPOSITE, LOG_GROUP))

_FIXED = {CONFIG: "EndpointConfigName", MODEL: "ModelName"}
NAME_OF = {ENDPOINT: "EndpointName", COMPONENT: "InferenceComponentName"}
POLICIES = ("DeletionPolicy", "UpdateReplacePolicy")


class Record(NamedTuple):
    """A resource: its type, its evaluated properties, and its DeletionPolicy and UpdateReplacePolicy as written."""

    type: str
    properties: dict[str, Any]
    policies: dict[str, Any]


def records(versions: Iterable[ResourceVersion], targets: Iterable[Resource]) -> dict[str, Record]:
    """Returns logical id -> record. targets: scalable targets of other stacks, under "stack/logical id"."""
    found: dict[str, Record] = {}
    for version in versions:
        resource = version.resource
        if resource.type in TYPES:
            policies = {name: resource.written[name] for name in POLICIES if name in resource.written}
            found[resource.logical_id] = Record(resource.type, version.marked_within, policies)
    for target in targets:
        marked = ResourceVersion(target)
        properties = {name: marked.marked(name) for name in marked.written}
        found[f"{target.stack.name}/{target.logical_id}"] = Record(target.type, properties, {})
    return found


class EndpointResources:
    """The records of one stack, found by type, by reference and by name. names: logical id -> name, of both types."""

    def __init__(self, stack: Stack, found: dict[str, Record]) -> None:
        self._key = stack.key
        self.records = found
        self._places = {logical_id: place for place, logical_id in enumerate(found)}
        self._by_type: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        for logical_id, record in found.items():
            self._by_type.setdefault(record.type, []).append((logical_id, record.properties))
        self._named_ids = dict(self._fixed_names())
        self.names = {**self._named(ENDPOINT), **self._named(COMPONENT)}
        text, alarms = self.text, self.of(ALARM)
        self._targets = _grouped((text(target.get("ResourceId")), owner) for owner, target in self.of(TARGET))
        self._variants = _variants(self._targets)
        self._log_groups = _grouped((text(group.get("LogGroupName")), owner) for owner, group in self.of(LOG_GROUP))
        self._policies_of_id = _grouped((text(policy.get("ResourceId")), owner) for owner, policy in self.of(POLICY))
        self._policies_of_target = _grouped(
            (self.target(policy.get("ScalingTargetId")), owner) for owner, policy in self.of(POLICY)
        )
        self._alarms_calling = _grouped(
            (self.target(action), owner) for owner, alarm in alarms for action in items(alarm.get("AlarmActions"))
        )
        self._composites, self._metric_alarms = (
            _grouped((name, owner) for owner, alarm in of for name in {owner, str(alarm.get("AlarmName", owner))})
            for of in (self.of(COMPOSITE), alarms)
        )
        self._alarms_on = _grouped(
            (f"{one.get('Name')} {text(one.get('Value'))}", owner)
            for owner, alarm in alarms
            for one in map(mapping, items(alarm.get("Dimensions")))
        )

    def _fixed_names(self) -> Iterator[tuple[tuple[str, str], str]]:
        """Yields ((type, name), logical id) of the configs and models with a name of their own."""
        for kind, name in _FIXED.items():
            for logical_id, properties in self.of(kind):
                if isinstance(properties.get(name), str):
                    yield (kind, properties[name]), logical_id

    def of(self, kind: str) -> list[tuple[str, dict[str, Any]]]:
        """Returns (logical id, properties) of the resources of a type, in the order of the template."""
        return self._by_type.get(kind, [])

    def scalable_targets(self, resource_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yields the targets that scale what has this id in Application Auto Scaling."""
        yield from self._found(self._targets.get(resource_id, ()))

    def scaled_variants(self, endpoint: str) -> list[str]:
        """Returns the variants of an endpoint that targets name, for one whose config is elsewhere."""
        return self._variants.get(f"endpoint/{endpoint}", [])

    def scaling_policies(self, target: str, resource_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yields the policies of a target, by reference or by the id that it scales."""
        own = {*self._policies_of_target.get(target, ()), *self._policies_of_id.get(resource_id, ())}
        yield from self._found(sorted(own, key=self._places.__getitem__))

    def policy_alarms(self, policy: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yields the alarms that call a scaling policy."""
        yield from self._found(self._alarms_calling.get(policy, ()))

    def alarms_on(self, dimension: str, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yields the alarms with this dimension."""
        yield from self._found(self._alarms_on.get(f"{dimension} {name}", ()))

    def composite_alarms(self, names: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yields the composite alarms with one of these logical ids or names, in the order of the template."""
        listed = {owner for name in names for owner in self._composites.get(name, ())}
        yield from self._found(sorted(listed, key=self._places.__getitem__))

    def metric_alarms(self, names: Iterable[str]) -> Iterator[str]:
        """Yields the logical ids of the alarms with one of these logical ids or names."""
        for name in names:
            yield from self._metric_alarms.get(name, ())

    def log_groups(self, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yields the log groups of this name."""
        yield from self._found(self._log_groups.get(name, ()))

    def follow(self, value: Any, kind: str) -> tuple[str, dict[str, Any]] | None:
        """Returns the resource of a type that a value refers to, or is the name of; None where this stack has none."""
        target = self.target(value) or self._named_ids.get((kind, value if isinstance(value, str) else ""), "")
        record = self.records.get(target)
        return (target, record.properties) if record is not None and record.type == kind else None

    def target(self, value: Any) -> str:
        """Returns the logical id that a value refers to as a whole, or ""."""
        marks = marks_in(value) if isinstance(value, str) else []
        if len(marks) == 1 and not isinstance(marks[0], str) and marks[0][0] == self._key:
            return marks[0][1]
        return ""

    def text(self, value: Any) -> str | None:
        """Returns a text, with names for references to endpoints and components; None for any other value.

        What is known at deployment only stays in it as a mark: equal marks are equal values.
        """
        return self._text(value, self.names)

    def literal(self, value: Any) -> str | None:
        """Returns a text without references to this stack; None for any other value."""
        return self._text(value, {})

    def _text(self, value: Any, names: Mapping[str, str]) -> str | None:
        if not isinstance(value, str):
            return None
        parts = []
        for part in marks_in(value):
            if isinstance(part, str):
                parts.append(part)
            elif part[0] != self._key:
                parts.append("${" + ".".join(part) + "}")  # of another stack
            elif part[1] in names:
                parts.append(names[part[1]])
            else:
                return None
        return "".join(parts)

    def _named(self, kind: str) -> dict[str, str]:
        """Logical id -> name; the logical id itself where the name is known at deployment only."""
        names = {logical_id: self.literal(properties.get(NAME_OF[kind])) for logical_id, properties in self.of(kind)}
        return {logical_id: logical_id if name is None else name for logical_id, name in names.items()}

    def _found(self, logical_ids: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        for logical_id in dict.fromkeys(logical_ids):
            yield logical_id, self.records[logical_id].properties


def _variants(resource_ids: Iterable[str | None]) -> dict[str, list[str]]:
    """ "endpoint/name" -> the variants that resource ids of Application Auto Scaling name."""
    found: dict[str, list[str]] = {}
    for text in resource_ids:
        endpoint, between, variant = (text or "").partition("/variant/")
        if between:
            found.setdefault(endpoint, []).append(variant)
    return found


def _grouped(places: Iterable[tuple[str | None, str]]) -> dict[str | None, list[str]]:
    grouped: dict[str | None, list[str]] = {}
    for key, owner in places:
        grouped.setdefault(key, []).append(owner)
    return grouped
