"""The endpoints and components of a stack with everything that belongs to each, as flat paths that can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cdk_inference.hosting import EndpointKind
from cdk_inference.hosting import endpoint_kind as kinds
from cdk_inference.review.endpoint_resources import (
    COMPONENT,
    CONFIG,
    ENDPOINT,
    MODEL,
    NAME_OF,
    TARGET,
    EndpointResources,
    Record,
    records,
)
from cdk_inference.review.finding import NotCompared
from cdk_inference.review.resource_versions import ResourceVersion
from cdk_inference.template.stacks import Resource, Stack
from cdk_inference.template.values import items, mapping, unknown_in

Path = tuple[str, ...]

_VARIANT_DIMENSION = "sagemaker:variant:"
# Of a rollback alarm: a rollback is decided by its state, whoever else is notified of it.
_NO_STATE = ("AlarmDescription", "ActionsEnabled", "AlarmActions", "InsufficientDataActions", "OKActions")
_LOG_PREFIX = {ENDPOINT: "/aws/sagemaker/Endpoints/", COMPONENT: "/aws/sagemaker/InferenceComponents/"}


class Property(NamedTuple):
    """A value, and the logical id of the resource that has it."""

    value: Any
    logical_id: str


@dataclass
class Owner:
    """An endpoint or a component.

    kind: None where the endpoint config is not in the template.
    properties: path -> value. variants: name -> whether it is a shadow. registered: the variants ("" for a component)
    that Application Auto Scaling has. unsure: whether it may have others, by a target that could not be read.
    """

    name: str
    logical_id: str
    kind: EndpointKind | None = None
    properties: dict[Path, Property] = field(default_factory=dict)
    variants: dict[str, bool] = field(default_factory=dict)
    registered: set[str] = field(default_factory=set)
    unsure: bool = False

    @property
    def made_of(self) -> frozenset[str]:
        """The logical ids of its endpoint config and models."""
        made = ("config", "variant", "specification", "type")
        return frozenset(one.logical_id for path, one in self.properties.items() if path[0] in made)


@dataclass
class EndpointProperties:
    """What a stack has. unread: references that could not be followed. seen: logical ids that an owner covers.

    resources: the records that it was read from. astray: scalable targets of variants that their endpoint does not
    have, with what they name.
    """

    endpoints: dict[str, Owner] = field(default_factory=dict)
    components: dict[str, Owner] = field(default_factory=dict)
    unread: list[NotCompared] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    resources: dict[str, Record] = field(default_factory=dict)
    astray: list[tuple[str, str]] = field(default_factory=list)


def endpoint_properties(
    stack: Stack | None,
    versions: Iterable[ResourceVersion],
    targets: Iterable[Resource] = (),
    elsewhere: frozenset[str] = frozenset(),
) -> EndpointProperties:
    """Reads the endpoints and components of a stack, whatever shape its template has.

    Args:
        stack: None for a stack that is not there.
        versions: the stack's resources, in the order of the template.
        targets: scalable targets of other stacks that scale something in this one.
        elsewhere: logical ids of scalable targets that scale something in another stack.
    """
    if stack is None:
        return EndpointProperties()
    return _Reader(EndpointResources(stack, records(versions, targets)), elsewhere).read()


class _Reader:
    def __init__(self, resources: EndpointResources, elsewhere: frozenset[str]) -> None:
        self._resources, self._elsewhere = resources, elsewhere
        self._made = EndpointProperties(resources=resources.records)

    def read(self) -> EndpointProperties:
        resources = self._resources
        unread = [
            (logical_id, target)
            for logical_id, target in resources.of(TARGET)
            if logical_id not in self._elsewhere
            and _of_sagemaker(target)
            and not self._names_one(resources.text(target.get("ResourceId")))
        ]
        for logical_id, _ in unread:
            self._unread(logical_id, "its ResourceId is known at deployment only, so its target is unknown")
        unsure = any(str(target.get("ScalableDimension", "")).startswith(_VARIANT_DIMENSION) for _, target in unread)
        for logical_id, properties in resources.of(ENDPOINT):
            owner = Owner(name=resources.names[logical_id], logical_id=logical_id, unsure=unsure)
            self._endpoint(owner, properties)
            self._add(self._made.endpoints, owner)
        for logical_id, properties in resources.of(COMPONENT):
            owner = Owner(name=resources.names[logical_id], logical_id=logical_id)
            self._component(owner, properties)
            self._add(self._made.components, owner)
        self._made.astray = list(self._astray())
        return self._made

    def _names_one(self, text: str | None) -> bool:
        """Whether it is known what a target scales: a text without gaps, or with those of an endpoint's name."""
        if text is None or not unknown_in(text):
            return text is not None
        named = (f"endpoint/{name}/variant/" for name in self._resources.names.values())
        return text.startswith((*named, *(f"inference-component/{name}" for name in self._resources.names.values())))

    def _astray(self) -> Iterator[tuple[str, str]]:
        """Yields (logical id, resource id) of the targets of a variant that their endpoint does not have."""
        for endpoint in self._made.endpoints.values():
            for variant in self._resources.scaled_variants(endpoint.name) if endpoint.kind is not None else ():
                resource_id = f"endpoint/{endpoint.name}/variant/{variant}"
                if variant not in endpoint.variants:
                    yield from ((one, resource_id) for one, _ in self._resources.scalable_targets(resource_id))

    def _unread(self, logical_id: str, why: str) -> None:
        self._made.unread.append(NotCompared(logical_id=logical_id, why=why))

    def _add(self, into: dict[str, Owner], owner: Owner) -> None:
        if owner.name in into:
            self._unread(owner.logical_id, f"another resource has the name {owner.name}")
            return
        into[owner.name] = owner

    def _put(self, owner: Owner, path: Path, value: Mapping[str, Any], logical_id: str) -> None:
        """Adds every value below `path`; a list is one value."""
        for key, inner in value.items():
            if isinstance(inner, dict) and inner:
                self._put(owner, (*path, str(key)), inner, logical_id)
            else:
                owner.properties[*path, str(key)] = Property(inner, logical_id)

    def _put_all(self, owner: Owner, path: Path, properties: Mapping[str, Any], logical_id: str, *without: str) -> None:
        self._made.seen.add(logical_id)
        left_out = ("Tags", *without)
        self._put(owner, path, {key: one for key, one in properties.items() if key not in left_out}, logical_id)

    def _endpoint(self, owner: Owner, properties: dict[str, Any]) -> None:
        self._put_all(owner, ("endpoint",), properties, owner.logical_id, "EndpointName", "EndpointConfigName")
        found = self._resources.follow(properties.get("EndpointConfigName"), CONFIG)
        if found is None:
            self._unread(owner.logical_id, "its endpoint config is not in the template")
            named = Property(properties.get("EndpointConfigName"), owner.logical_id)
            owner.properties["endpoint", "EndpointConfigName"] = named
        else:
            self._config(owner, *found)
        for variant in owner.variants if found is not None else self._resources.scaled_variants(owner.name):
            self._scaling(owner, variant, f"endpoint/{owner.name}/variant/{variant}")
        self._log_group_and_alarms(owner, ENDPOINT)

    def _config(self, owner: Owner, logical_id: str, properties: dict[str, Any]) -> None:
        lists = {"ProductionVariants": False, "ShadowProductionVariants": True}
        self._put_all(owner, ("config",), properties, logical_id, "EndpointConfigName", *lists)
        modelled = False
        for key, shadow in lists.items():
            for number, variant in enumerate(map(mapping, items(properties.get(key)))):
                name = self._resources.literal(variant.get("VariantName"))
                if name is None or name in owner.variants:
                    why = "has no VariantName" if variant.get("VariantName") is None else "has a VariantName as another"
                    why = why if name is not None else "has a VariantName that is known at deployment only"
                    self._unread(logical_id, f"the variant {key}[{number}] {why}")
                    continue
                owner.variants[name] = shadow
                modelled |= "ModelName" in variant
                path = ("variant", name)
                left = ("VariantName", "ModelName", "InstancePools")
                self._put_all(owner, path, variant, logical_id, *left)
                self._model(owner, (*path, "model"), variant.get("ModelName"), logical_id)
                self._pools(owner, path, variant, logical_id)
                if "ServerlessConfig" in variant:
                    owner.kind = kinds.SERVERLESS
        if owner.kind is None:
            kind = kinds.REALTIME if modelled or "ExecutionRoleArn" not in properties else kinds.SHARED
            owner.kind = kinds.ASYNC if "AsyncInferenceConfig" in properties else kind

    def _pools(self, owner: Owner, path: Path, variant: dict[str, Any], logical_id: str) -> None:
        if "InstancePools" not in variant:
            return
        pools = [mapping(pool) for pool in items(variant.get("InstancePools"))]
        ordered = [(pool.get("Priority"), pool.get("InstanceType")) for pool in pools]
        owner.properties[(*path, "InstancePools")] = Property(
            sorted(ordered, key=lambda pool: str(pool[0])), logical_id
        )
        for pool in pools:
            if "ModelNameOverride" in pool:
                kind = str(pool.get("InstanceType"))
                self._model(owner, (*path, "pool", kind, "model"), pool["ModelNameOverride"], logical_id)

    def _model(self, owner: Owner, path: Path, name: Any, logical_id: str) -> None:
        if name is None:
            return
        found = self._resources.follow(name, MODEL)
        if found is None:
            # Elsewhere, or named by text: the name is all there is.
            owner.properties[(*path, "ModelName")] = Property(name, logical_id)
            return
        self._put_all(owner, path, _containers_apart(found[1]), found[0], "ModelName")

    def _scaling(self, owner: Owner, variant: str, resource_id: str) -> None:
        for logical_id, target in self._resources.scalable_targets(resource_id):
            owner.registered.add(variant)
            path = ("scaling", variant)
            self._put_all(owner, path, target, logical_id, "ResourceId")
            for policy_id, policy in self._resources.scaling_policies(logical_id, resource_id):
                where = (*path, "policy", str(policy.get("PolicyName")))
                self._put_all(owner, where, policy, policy_id, "PolicyName", "ScalingTargetId", "ResourceId")
                for alarm_id, alarm in self._resources.policy_alarms(policy_id):
                    self._put_all(owner, (*where, "alarm"), alarm, alarm_id, "AlarmDescription")

    def _log_group_and_alarms(self, owner: Owner, kind: str) -> None:
        """Adds the log group, and the alarms that end a bad update, by themselves or in a composite alarm."""
        for logical_id, group in self._resources.log_groups(f"{_LOG_PREFIX[kind]}{owner.name}"):
            self._put_all(owner, ("log",), group, logical_id, "LogGroupName")
            for key, value in self._resources.records[logical_id].policies.items():
                owner.properties[("log", key)] = Property(value, logical_id)
        rollback_alarms = {*self._rollback_alarms(owner)}
        composites = [*self._resources.composite_alarms(rollback_alarms)]
        own = {*self._resources.metric_alarms(rollback_alarms)}
        for logical_id, alarm in self._resources.alarms_on(NAME_OF[kind], owner.name) if composites else ():
            name = str(alarm.get("AlarmName", logical_id))
            if any(f'"{name}"' in str(rule.get("AlarmRule")) for _, rule in composites):
                own.add(logical_id)
        for logical_id in [*sorted(own), *(logical_id for logical_id, _ in composites)]:
            alarm = self._resources.records[logical_id].properties
            path = "alarm", str(alarm.get("AlarmName", logical_id))
            self._put_all(owner, path, self._by_dimension(alarm), logical_id, *_NO_STATE)

    def _by_dimension(self, alarm: dict[str, Any]) -> dict[str, Any]:
        """An alarm with its dimensions by their names, which have no order."""
        found = [mapping(one) for one in items(alarm.get("Dimensions"))]
        named = {str(one.get("Name")): self._resources.text(one.get("Value")) or one.get("Value") for one in found}
        return {**alarm, "Dimensions": named} if named else alarm

    def _rollback_alarms(self, owner: Owner) -> Iterator[str]:
        """Yields the logical ids, or names, of the alarms that the endpoint's or component's rollout names."""
        for path, found in owner.properties.items():
            if path[1:] == ("DeploymentConfig", "AutoRollbackConfiguration", "Alarms"):
                for alarm in map(mapping, items(found.value)):
                    named = alarm.get("AlarmName")
                    yield self._resources.target(named) or str(named)

    def _component(self, owner: Owner, properties: dict[str, Any]) -> None:
        logical_id = owner.logical_id
        special = ("InferenceComponentName", "Specification", "Specifications")
        self._put_all(owner, ("component",), properties, logical_id, *special)
        whole = mapping(properties.get("Specification"))
        owner.kind = kinds.ADAPTER if "BaseInferenceComponentName" in whole else kinds.COMPONENT
        self._specification(owner, ("specification",), whole, logical_id)
        for one in map(mapping, items(properties.get("Specifications"))):
            self._specification(owner, ("type", str(one.get("InstanceType"))), one, logical_id)
        self._scaling(owner, "", f"inference-component/{owner.name}")
        self._log_group_and_alarms(owner, COMPONENT)

    def _specification(self, owner: Owner, path: Path, one: dict[str, Any], logical_id: str) -> None:
        self._put_all(owner, path, one, logical_id, "ModelName", "InstanceType")
        self._model(owner, (*path, "model"), one.get("ModelName"), logical_id)


def _containers_apart(model: dict[str, Any]) -> dict[str, Any]:
    """A model with its containers by their place; the only one of a list is the primary one."""
    containers = model.get("Containers")
    if not isinstance(containers, list) or not containers:
        return model
    rest = {key: value for key, value in model.items() if key != "Containers"}
    if len(containers) == 1 and "PrimaryContainer" not in model:
        return {**rest, "PrimaryContainer": containers[0]}
    return {**rest, "Containers": {str(place): one for place, one in enumerate(containers)}}


def _of_sagemaker(target: dict[str, Any]) -> bool:
    """Whether a scalable target is, or may be, of SageMaker; those of tables and services are no concern of it."""
    namespace = str(target.get("ServiceNamespace", "sagemaker"))
    dimension = str(target.get("ScalableDimension", "sagemaker:"))
    return namespace == "sagemaker" or unknown_in(namespace) or dimension.startswith("sagemaker:")
