"""From two deployments to pairs: stacks by name and region, resources by logical id."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from cdk_inference.core.unknown import Unknown
from cdk_inference.review.changes import identical
from cdk_inference.review.finding import NotCompared
from cdk_inference.review.load import Loaded, only_stack
from cdk_inference.review.pair import DeploymentPair, ResourcePair, StackPair
from cdk_inference.review.resource_versions import ResourceVersion
from cdk_inference.template.conditions import switched_off
from cdk_inference.template.deployments import placed
from cdk_inference.template.opaque import unknown_macros
from cdk_inference.template.scalable_targets import targets_elsewhere
from cdk_inference.template.stacks import Deployment, Resource, Stack


def pair_up(base: Loaded, head: Loaded, *, files: bool = False, today: datetime.date | None = None) -> DeploymentPair:
    """Pairs the stacks and resources of two deployments.

    Args:
        base: what is deployed. head: what will be deployed.
        files: whether both are single templates, which are compared whatever they are called.
        today: the day that acknowledgements expire by; default: today.
    """
    before, after = base.deployment, head.deployment
    if files:
        before = _named_alike(base, head)
    before, after = _regions_from(after, before), _regions_from(before, after)
    unread = (*base.unread, *head.unread)
    old, new = ({_key(stack): stack for stack in side.stacks} for side in (before, after))
    targets = (targets_elsewhere(before), targets_elsewhere(after))
    elsewhere = (_own_ids(targets[0]), _own_ids(targets[1]))
    stacks: list[StackPair] = []
    not_compared = list(unread)
    for key in [*new, *(key for key in old if key not in new)]:
        stack = new.get(key) or old[key]
        side = "base" if key not in old and base.unread else "head" if key not in new and head.unread else ""
        if side:
            not_compared.append(
                NotCompared(stack=stack.name, why=f"it is not among the resources that could be read of {side}")
            )
            continue
        outer = _outer(stack, new) if key not in new else None
        if outer is not None and isinstance(outer.nested.get(_id_in(stack)), Unknown):
            continue  # the outer stack reports it
        scaled = (targets[0].get(stack.key, ()), targets[1].get(stack.key, ()))
        pair = StackPair(
            name=stack.name,
            before=old.get(key),
            after=new.get(key),
            deleted=outer is not None,
            targets=scaled,
            elsewhere=(elsewhere[0].get(stack.key, frozenset()), elsewhere[1].get(stack.key, frozenset())),
        )
        pair.resources.update(_resources(pair))
        pair.share_values()
        stacks.append(pair)
        not_compared += _untold(pair)
    return DeploymentPair(
        before=before,
        after=after,
        stacks=tuple(stacks),
        not_compared=tuple(not_compared),
        complete=not unread,
        today=today or datetime.date.today(),
    )


def _own_ids(targets: Mapping[str, list[Resource]]) -> dict[str, frozenset[str]]:
    """Key of a stack -> logical ids of its targets that scale something in another stack."""
    found: dict[str, set[str]] = {}
    for one in (target for listed in targets.values() for target in listed):
        found.setdefault(one.stack.key, set()).add(one.logical_id)
    return {key: frozenset(ids) for key, ids in found.items()}


def _key(stack: Stack) -> tuple[str, str]:
    return stack.key, stack.region or ""


def _named_alike(base: Loaded, head: Loaded) -> Deployment:
    """Returns the base, with the name of the head's stack where both have one stack."""
    stack, other = only_stack(base), only_stack(head)
    if stack is None or other is None or stack.name == other.name:
        return base.deployment
    return placed(base.deployment, names={stack.key: other.name})


def _regions_from(source: Deployment, deployment: Deployment) -> Deployment:
    """Returns the deployment, with regions for stacks without one: that of the only stack of the name in `source`."""
    places: dict[str, set[str]] = {}
    for stack in source.stacks:
        if stack.region is not None:
            places.setdefault(stack.key, set()).add(stack.region)
    unplaced = [stack.key for stack in deployment.stacks if stack.region is None]
    regions = {key: next(iter(places[key])) for key in unplaced if len(places.get(key, ())) == 1}
    return placed(deployment, regions=regions) if regions else deployment


def _resources(pair: StackPair) -> Iterator[tuple[str, ResourcePair]]:
    """Yields (logical id, pair). A stack that is no longer in the app stays as it is, so it has none."""
    old = _versions(pair.before) if pair.after is not None or pair.deleted else {}
    new = _versions(pair.after)
    for logical_id in [*new, *(name for name in old if name not in new)]:
        before, after = old.get(logical_id), new.get(logical_id)
        yield logical_id, ResourcePair(stack=pair, logical_id=logical_id, before=before, after=after)


def _versions(stack: Stack | None) -> dict[str, ResourceVersion]:
    return {} if stack is None else {resource.logical_id: ResourceVersion(resource) for resource in stack.resources()}


def _outer(stack: Stack, new: Mapping[tuple[str, str], Stack]) -> Stack | None:
    """Returns the later side's stack that a nested one of the earlier side was in."""
    return None if stack.outer is None else new.get(_key(stack.outer))


def _id_in(nested: Stack) -> str:
    return nested.name.rpartition("/")[2]


def _untold(pair: StackPair) -> Iterator[NotCompared]:
    """What of a stack cannot be compared."""
    old, new = pair.before, pair.after
    if old is None or new is None:
        return
    name = pair.name
    for logical_id in sorted(old.nested.keys() | new.nested.keys()):
        unknown = [child for stack in (old, new) if isinstance(child := stack.nested.get(logical_id), Unknown)]
        if unknown:
            yield NotCompared(stack=name, logical_id=logical_id, why=f"a nested stack: {unknown[0].reason}")
    for logical_id, resource in pair.resources.items():
        yield from _unknown(name, logical_id, resource)
    if identical(old.template, new.template):
        return
    yield from _switched_off(name, old, new)
    macros = dict.fromkeys(one for stack in (old, new) for one in unknown_macros(stack.template))
    if macros:
        yield NotCompared(stack=name, why=f"macros change the template at deployment: {', '.join(macros)}")
    for logical_id in sorted({*_shapeless(old), *_shapeless(new)}):
        if not identical(old.written.get(logical_id), new.written.get(logical_id)):
            yield NotCompared(stack=name, logical_id=logical_id, why="it is not a resource with a type")


def _shapeless(stack: Stack) -> Iterator[str]:
    """Logical ids of what stands among the resources and has no type."""
    for logical_id, one in stack.written.items():
        if one is not None and not (isinstance(one, dict) and isinstance(one.get("Type"), str)):
            yield logical_id


def _switched_off(name: str, old: Stack, new: Stack) -> Iterator[NotCompared]:
    """Resources that differ, and that the default of a parameter takes out of the stack on each side that has them."""
    sides = [{one.logical_id: one for one in switched_off(stack)} for stack in (old, new)]
    for logical_id in sorted(sides[0].keys() | sides[1].keys()):
        both = [stack.written.get(logical_id) for stack in (old, new)]
        hidden = all(one is None or logical_id in side for one, side in zip(both, sides, strict=True))
        if hidden and not identical(*both):
            one = sides[1].get(logical_id) or sides[0][logical_id]
            parameters = " and ".join(one.parameters)
            yield NotCompared(stack=name, logical_id=logical_id, why=f"switched off by the default of {parameters}")


def _unknown(stack: str, logical_id: str, pair: ResourcePair) -> Iterator[NotCompared]:
    sides = [side.resource for side in (pair.before, pair.after) if side is not None]
    unsure = [one.exists for one in sides if isinstance(one.exists, Unknown)]
    if unsure and (len(sides) == 1 or sides[0].written.get("Condition") != sides[1].written.get("Condition")):
        yield NotCompared(
            stack=stack, logical_id=logical_id, why=f"whether it is created is unknown: {unsure[0].reason}"
        )
    for change in pair.changes:
        if not change.known:
            path = "/".join(change.path)
            yield NotCompared(stack=stack, logical_id=logical_id, path=path, why=change.why or "a part is not known")
