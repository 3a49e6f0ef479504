"""Resources that only change their place: the same type and content under another logical id, or in another stack.

Only what is certain: one candidate on each side.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from cdk_inference.review.pair import DeploymentPair, ResourcePair, StackPair
from cdk_inference.template.stacks import Stack
from cdk_inference.template.values import marks_in, reference

_ROUNDS_MAX = 5
StackContext = tuple[str, str]


def moves(deployments: DeploymentPair) -> list[tuple[ResourcePair, ResourcePair]]:
    """(removed, added) of each resource that moved."""
    resources = [one for pair in deployments.stacks for one in pair.resources.values()]
    removed = [one for one in resources if one.removed]
    added = [one for one in resources if one.added]
    found: dict[StackContext, tuple[ResourcePair, ResourcePair]] = {}
    if not removed or not added:
        return []
    for _ in range(_ROUNDS_MAX):
        renamed = {place: (new.stack.name, new.logical_id) for place, (_, new) in found.items()}
        taken = {id(new) for _, new in found.values()}
        left = [one for one in removed if _place(one) not in found]
        free = [one for one in added if id(one) not in taken]
        before = len(found)
        for old, new in _only(left, free, renamed):
            found[_place(old)] = (old, new)
        if len(found) == before:
            break
    return list(found.values())


def _only(
    removed: Iterable[ResourcePair], added: Iterable[ResourcePair], renamed: dict[StackContext, StackContext]
) -> Iterator[tuple[ResourcePair, ResourcePair]]:
    by_content: dict[str, tuple[list[ResourcePair], list[ResourcePair]]] = {}
    for number, side in enumerate((removed, added)):
        for one in side:
            by_content.setdefault(_content(one, renamed), ([], []))[number].append(one)
    for olds, news in by_content.values():
        if len(olds) == 1 and len(news) == 1 and _telling(olds[0], news[0]):
            yield olds[0], news[0]


def _telling(old: ResourcePair, new: ResourcePair) -> bool:
    """Without properties any two of a type are alike; under the same logical id it is the same all the same."""
    side = old.before
    return old.logical_id == new.logical_id or bool(side is not None and side.written)


def _place(one: ResourcePair) -> StackContext:
    return one.stack.name, one.logical_id


def _content(one: ResourcePair, renamed: dict[StackContext, StackContext]) -> str:
    side = one.before or one.after
    assert side is not None
    stack = side.resource.stack
    return f"{side.resource.type} {json.dumps(_named(side.properties, stack, renamed), sort_keys=True, default=repr)}"


def _named(value: Any, stack: Stack, renamed: dict[StackContext, StackContext]) -> Any:
    """`value` with references to what moved as they are afterwards."""
    if isinstance(value, dict):
        return {str(key): _named(one, stack, renamed) for key, one in value.items()}
    if isinstance(value, list):
        return [_named(one, stack, renamed) for one in value]
    if not isinstance(value, str):
        return value
    parts = []
    for part in marks_in(value):
        if isinstance(part, str):
            parts.append(part)
        else:
            key, logical_id, attribute = part
            parts.append(reference(*renamed.get((key, logical_id), (key, logical_id)), attribute))
    return "".join(parts)


def renamed_stack(gone: StackPair, others: Iterable[StackPair]) -> StackPair | None:
    """The new stack that has the very resources of one that is gone; None where none has, or several have."""
    assert gone.before is not None
    wanted = _resources(gone.before)
    found = [other for other in others if other.after is not None and _resources(other.after) == wanted]
    return found[0] if len(found) == 1 and wanted else None


def _resources(stack: Stack) -> dict[str, Any]:
    """Logical id -> type and properties as written; they name nothing outside of the stack but exports."""
    found = {one.logical_id: (one.type, one.written.get("Properties")) for one in stack.resources()}
    return {logical_id: one for logical_id, one in found.items() if one[0] != "AWS::CDK::Metadata"}
