"""From two deployments to pairs: stacks by name and region, resources by logical id."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.core.unknown import Unknown
from cdk_inference.review.changes import identical
from cdk_inference.review.finding import NotCompared
from cdk_inference.review.load import Loaded, only_stack
from cdk_inference.review.pair import DeploymentPair, ResourcePair, StackPair
from cdk_inference.review.resource_versions import ResourceVersion
from cdk_inference.template.shapes import mapping
from cdk_inference.template.stacks import Stack


def pair_up(base: Loaded, head: Loaded, *, files: bool = False) -> DeploymentPair:
    """Pairs what belongs together. files: both are single templates, which are compared whatever they are called."""
    made = DeploymentPair(before=base.deployment, after=head.deployment)
    made.not_compared += [*base.unread, *head.unread]
    made.complete = not made.not_compared
    if files:
        _call_alike(base, head)
    _place_alike(base, head)
    old, new = ({_key(stack): stack for stack in side.deployment.stacks} for side in (base, head))
    keys = [*new, *(key for key in old if key not in new)]
    for key in keys:
        _stack(made, old.get(key), new.get(key), bool(base.unread), bool(head.unread))
    return made


def _key(stack: Stack) -> tuple[str, str]:
    return stack.key, stack.region or ""


def _call_alike(base: Loaded, head: Loaded) -> None:
    """Gives the stack of a single template, and those nested in it, the name that the other side has."""
    one, other = only_stack(base), only_stack(head)
    if one is None or other is None:
        return
    was = one.name
    for stack in base.deployment.stacks:
        stack.name = other.name + stack.name[len(was) :]
        stack.key = other.key + stack.key[len(was) :]


def _place_alike(base: Loaded, head: Loaded) -> None:
    """Gives a stack without a region that of the only one with its name on the other side."""
    for side, other in ((base, head), (head, base)):
        places: dict[str, set[str]] = {}
        for stack in other.deployment.stacks:
            places.setdefault(stack.key, set()).update([stack.region] if stack.region is not None else [])
        for stack in side.deployment.stacks:
            found = places.get(stack.key, set())
            if stack.region is None and len(found) == 1:
                stack.region = next(iter(found))


def _stack(made: DeploymentPair, before: Stack | None, after: Stack | None, base_part: bool, head_part: bool) -> None:
    one = after or before
    assert one is not None
    if (before is None and base_part) or (after is None and head_part):
        side = "base" if before is None else "head"
        made.not_compared.append(NotCompared(stack=one.name, why=f"it is not among what could be read of {side}"))
        return
    outer = _outer(made, one) if after is None else None
    if outer is not None and isinstance(outer.nested.get(_id_in(one)), Unknown):
        return  # told with the outer stack
    pair = StackPair(deployments=made, name=one.name, before=before, after=after, deleted=outer is not None)
    # What a stack had that is no longer in the app stays as it is.
    old = _resources(before) if after is not None or pair.deleted else {}
    new = _resources(after)
    for logical_id in [*new, *(name for name in old if name not in new)]:
        pair.resources[logical_id] = ResourcePair(
            stack=pair, logical_id=logical_id, before=old.get(logical_id), after=new.get(logical_id)
        )
    made.stacks.append(pair)
    made.not_compared += _untold(pair)


def _outer(made: DeploymentPair, stack: Stack) -> Stack | None:
    """The stack of the later side that a nested one of the earlier side was in."""
    if stack.outer is None:
        return None
    wanted = _key(stack.outer)
    return next((other for other in made.after.stacks if _key(other) == wanted), None)


def _id_in(nested: Stack) -> str:
    return nested.name.rpartition("/")[2]


def _resources(stack: Stack | None) -> dict[str, ResourceVersion]:
    return {} if stack is None else {resource.logical_id: ResourceVersion(resource) for resource in stack.resources()}


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
    macros = [one for stack in (old, new) if (one := stack.template.get("Transform"))]
    if macros:
        told = ", ".join(dict.fromkeys(str(one)[:80] for one in macros))
        yield NotCompared(stack=name, why=f"macros change the template at deployment: {told}")
    was, becomes = (mapping(stack.template.get("Resources")) for stack in (old, new))
    for logical_id in sorted(was.keys() | becomes.keys()):
        sides = (was.get(logical_id), becomes.get(logical_id))
        shapeless = [one for one in sides if one is not None and not isinstance(mapping(one).get("Type"), str)]
        if shapeless and not identical(*sides):
            yield NotCompared(stack=name, logical_id=logical_id, why="it is no resource with a type")


def _unknown(stack: str, logical_id: str, pair: ResourcePair) -> Iterator[NotCompared]:
    reasons = [
        side.resource.exists.reason
        for side in (pair.before, pair.after)
        if side is not None and isinstance(side.resource.exists, Unknown)
    ]
    conditions = [side.resource.written.get("Condition") for side in (pair.before, pair.after) if side is not None]
    if reasons and (len(conditions) == 1 or conditions[0] != conditions[1]):
        yield NotCompared(stack=stack, logical_id=logical_id, why=f"whether it is there: {reasons[0]}")
    for change in pair.changes:
        if not change.known:
            path = "/".join(change.path)
            yield NotCompared(stack=stack, logical_id=logical_id, path=path, why=change.why or "a part is not known")
