"""A template as endpoints and components with everything that belongs to each, as flat paths that can be compared.

Small on purpose: it follows Ref and Fn::GetAtt inside one template and matches names that are plain text. What it
cannot follow it names, and never guesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cdk_inference.review.finding import NotCompared
from cdk_inference.template.shapes import intrinsic, items, mapping, referenced

Path = tuple[str, ...]

ENDPOINT = "AWS::SageMaker::Endpoint"
CONFIG = "AWS::SageMaker::EndpointConfig"
MODEL = "AWS::SageMaker::Model"
COMPONENT = "AWS::SageMaker::InferenceComponent"
TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
ALARM = "AWS::CloudWatch::Alarm"
COMPOSITE = "AWS::CloudWatch::CompositeAlarm"
LOG_GROUP = "AWS::Logs::LogGroup"

_VARIANT_DIMENSION = "sagemaker:variant:"
_SUBSTITUTED = re.compile(r"\$\{([^!.}]+)[^}]*\}")
_LOG_PREFIX = {ENDPOINT: "/aws/sagemaker/Endpoints/", COMPONENT: "/aws/sagemaker/InferenceComponents/"}
_NAME = {ENDPOINT: "EndpointName", COMPONENT: "InferenceComponentName"}


class Property(NamedTuple):
    """A value, and the logical id of the resource that has it."""

    value: Any
    logical_id: str


@dataclass
class Owner:
    """An endpoint or a component.

    kind: of `metrics.KINDS`; "adapter" for a component without copies of its own.
    properties: path -> value. variants: name -> whether it is a shadow. registered: the variants ("" for a component)
    that Application Auto Scaling has. unsure: whether it may have others, by a target that could not be read.
    """

    name: str
    logical_id: str
    kind: str = ""
    properties: dict[Path, Property] = field(default_factory=dict)
    variants: dict[str, bool] = field(default_factory=dict)
    registered: set[str] = field(default_factory=set)
    unsure: bool = False


@dataclass
class EndpointProperties:
    """What a template has. unread: references that could not be followed. seen: logical ids that an owner covers."""

    endpoints: dict[str, Owner] = field(default_factory=dict)
    components: dict[str, Owner] = field(default_factory=dict)
    unread: list[NotCompared] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


def endpoint_properties(template: Any) -> EndpointProperties:
    """The picture of a template; whatever shape it has."""
    return _Reader(template).read()


class _Reader:
    def __init__(self, template: Any) -> None:
        resources = mapping(mapping(template).get("Resources"))
        self._resources = {key: mapping(value) for key, value in resources.items()}
        self._properties: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        for key, resource in self._resources.items():
            of_type = self._properties.setdefault(str(resource.get("Type")), [])
            of_type.append((key, mapping(resource.get("Properties"))))
        self._made = EndpointProperties()
        self._names = {**self._named(ENDPOINT), **self._named(COMPONENT)}

    def read(self) -> EndpointProperties:
        unread = [(owner, target) for owner, target in self._of(TARGET) if self._text(target.get("ResourceId")) is None]
        for owner, _ in unread:
            self._unread(owner, "what it scales is not plain text")
        unsure = any(str(target.get("ScalableDimension", "")).startswith(_VARIANT_DIMENSION) for _, target in unread)
        for logical_id, properties in self._of(ENDPOINT):
            subject = Owner(name=self._names[logical_id], logical_id=logical_id, unsure=unsure)
            self._endpoint(subject, properties)
            self._add(self._made.endpoints, subject)
        for logical_id, properties in self._of(COMPONENT):
            subject = Owner(name=self._names[logical_id], logical_id=logical_id)
            self._component(subject, properties)
            self._add(self._made.components, subject)
        return self._made

    def _named(self, kind: str) -> dict[str, str]:
        """Logical id -> name; the logical id itself where the name is known at deployment only."""
        found = {logical_id: properties.get(_NAME[kind]) for logical_id, properties in self._of(kind)}
        return {logical_id: name if isinstance(name, str) else logical_id for logical_id, name in found.items()}

    def _text(self, value: Any) -> str | None:
        """A text with the names of endpoints and components put in for references to them; None for any other."""
        match value:
            case str():
                return value
            case {"Fn::Join": [str(separator), [*parts]]}:
                known = [part for part in map(self._text, parts) if part is not None]
                return separator.join(known) if len(known) == len(parts) else None
            case {"Fn::Sub": str(text)}:
                there = all(name in self._names for name in _SUBSTITUTED.findall(text))
                return _SUBSTITUTED.sub(lambda found: self._names[found.group(1)], text) if there else None
        return self._names.get(referenced(value))

    def _unread(self, logical_id: str, why: str) -> None:
        self._made.unread.append(NotCompared(logical_id=logical_id, why=why))

    def _add(self, into: dict[str, Owner], subject: Owner) -> None:
        if subject.name in into:
            self._unread(subject.logical_id, f"another resource has the name {subject.name}")
            return
        into[subject.name] = subject

    def _of(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        yield from self._properties.get(kind, ())

    def _put(self, subject: Owner, path: Path, value: Any, owner: str) -> None:
        """Every value below `path`; a list is one value."""
        self._made.seen.add(owner)
        if isinstance(value, dict) and value and not referenced(value) and not intrinsic(value):
            for key, one in value.items():
                self._put(subject, (*path, str(key)), one, owner)
        else:
            subject.properties[path] = Property(value, owner)

    def _put_all(self, subject: Owner, path: Path, properties: Mapping[str, Any], owner: str, *without: str) -> None:
        self._made.seen.add(owner)
        for key, value in properties.items():
            if key not in ("Tags", *without):
                self._put(subject, (*path, key), value, owner)

    def _follow(self, value: Any, kind: str) -> tuple[str, dict[str, Any]] | None:
        target = referenced(value)
        resource = self._resources.get(target, {})
        return (target, mapping(resource.get("Properties"))) if resource.get("Type") == kind else None

    def _endpoint(self, subject: Owner, properties: dict[str, Any]) -> None:
        self._put_all(subject, ("endpoint",), properties, subject.logical_id, "EndpointName", "EndpointConfigName")
        found = self._follow(properties.get("EndpointConfigName"), CONFIG)
        if found is None:
            self._unread(subject.logical_id, "its endpoint config is not in the template")
        else:
            self._config(subject, *found)
        for variant in subject.variants:
            self._scaling(subject, variant, f"endpoint/{subject.name}/variant/{variant}")
        self._beside(subject, ENDPOINT)

    def _config(self, subject: Owner, owner: str, properties: dict[str, Any]) -> None:
        lists = {"ProductionVariants": False, "ShadowProductionVariants": True}
        self._put_all(subject, ("config",), properties, owner, "EndpointConfigName", *lists)
        modelled = False
        for key, shadow in lists.items():
            for number, variant in enumerate(map(mapping, items(properties.get(key)))):
                name = variant.get("VariantName")
                if not isinstance(name, str) or name in subject.variants:
                    self._unread(owner, f"{key}[{number}] has no name of its own")
                    continue
                subject.variants[name] = shadow
                modelled |= "ModelName" in variant
                path = ("variant", name)
                left = ("VariantName", "ModelName", "InstancePools")
                self._put_all(subject, path, variant, owner, *left)
                self._model(subject, (*path, "model"), variant.get("ModelName"), owner)
                self._pools(subject, path, variant, owner)
                if "ServerlessConfig" in variant:
                    subject.kind = "serverless"
        if not subject.kind:
            kind = "realtime" if modelled or "ExecutionRoleArn" not in properties else "shared"
            subject.kind = "async" if "AsyncInferenceConfig" in properties else kind

    def _pools(self, subject: Owner, path: Path, variant: dict[str, Any], owner: str) -> None:
        if "InstancePools" not in variant:
            return
        pools = [mapping(pool) for pool in items(variant.get("InstancePools"))]
        ordered = [(pool.get("Priority"), pool.get("InstanceType")) for pool in pools]
        subject.properties[(*path, "InstancePools")] = Property(sorted(ordered, key=lambda pool: str(pool[0])), owner)
        for pool in pools:
            if "ModelNameOverride" in pool:
                kind = str(pool.get("InstanceType"))
                self._model(subject, (*path, "pool", kind, "model"), pool["ModelNameOverride"], owner)

    def _model(self, subject: Owner, path: Path, name: Any, owner: str) -> None:
        if name is None:
            return
        found = self._follow(name, MODEL)
        if found is None:
            # Elsewhere, or named by text: the name is all there is.
            subject.properties[(*path, "ModelName")] = Property(name, owner)
            return
        self._put_all(subject, path, found[1], found[0], "ModelName")

    def _scaling(self, subject: Owner, variant: str, resource_id: str) -> None:
        for owner, target in self._of(TARGET):
            if self._text(target.get("ResourceId")) != resource_id:
                continue
            subject.registered.add(variant)
            path = ("scaling", variant)
            self._put_all(subject, path, target, owner, "ResourceId")
            for policy_id, policy in self._of(POLICY):
                mine = referenced(policy.get("ScalingTargetId")) == owner
                if not mine and self._text(policy.get("ResourceId")) != resource_id:
                    continue
                where = (*path, "policy", str(policy.get("PolicyName")))
                self._put_all(subject, where, policy, policy_id, "PolicyName", "ScalingTargetId", "ResourceId")
                for alarm_id, alarm in self._of(ALARM):
                    if any(referenced(action) == policy_id for action in items(alarm.get("AlarmActions"))):
                        self._put_all(subject, (*where, "alarm"), alarm, alarm_id)

    def _beside(self, subject: Owner, kind: str) -> None:
        """The log group, and the alarms that are not a policy's."""
        for owner, group in self._of(LOG_GROUP):
            if self._text(group.get("LogGroupName")) == f"{_LOG_PREFIX[kind]}{subject.name}":
                self._put_all(subject, ("log",), group, owner, "LogGroupName")
                for key in ("DeletionPolicy", "UpdateReplacePolicy"):
                    if key in self._resources[owner]:
                        subject.properties[("log", key)] = Property(self._resources[owner][key], owner)
        names = []
        for owner, alarm in self._of(ALARM):
            dimensions = [mapping(one) for one in items(alarm.get("Dimensions"))]
            wanted = (_NAME[kind], subject.name)
            mine = any((one.get("Name"), self._text(one.get("Value"))) == wanted for one in dimensions)
            if mine and not any(value.logical_id == owner for value in subject.properties.values()):
                names.append(str(alarm.get("AlarmName", owner)))
                self._put_all(subject, ("alarm", names[-1]), alarm, owner)
        for owner, alarm in self._of(COMPOSITE):
            if any(f'"{name}"' in str(alarm.get("AlarmRule")) for name in names):
                self._put_all(subject, ("alarm", str(alarm.get("AlarmName", owner))), alarm, owner)

    def _component(self, subject: Owner, properties: dict[str, Any]) -> None:
        owner = subject.logical_id
        special = ("InferenceComponentName", "Specification", "Specifications")
        self._put_all(subject, ("component",), properties, owner, *special)
        whole = mapping(properties.get("Specification"))
        subject.kind = "adapter" if "BaseInferenceComponentName" in whole else "component"
        self._specification(subject, ("specification",), whole, owner)
        for one in map(mapping, items(properties.get("Specifications"))):
            self._specification(subject, ("type", str(one.get("InstanceType"))), one, owner)
        self._scaling(subject, "", f"inference-component/{subject.name}")
        self._beside(subject, COMPONENT)

    def _specification(self, subject: Owner, path: Path, one: dict[str, Any], owner: str) -> None:
        self._put_all(subject, path, one, owner, "ModelName", "InstanceType")
        self._model(subject, (*path, "model"), one.get("ModelName"), owner)
