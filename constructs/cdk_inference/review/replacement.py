"""Which resources CloudFormation replaces: it makes another one first, then deletes the old one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cdk_inference.review.changes import PropertyChange
from cdk_inference.review.create_only import create_only
from cdk_inference.review.resource_versions import ResourceVersion


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """certain: if not, it may be. by: paths of the properties. because: replaced logical ids that these refer to.

    unknown: of one that is not certain, whether it is not known if the properties change; else it depends on more.
    changes: the properties with their values.
    """

    certain: bool
    by: tuple[str, ...]
    because: tuple[str, ...] = ()
    unknown: bool = False
    changes: tuple[PropertyChange, ...] = field(default=(), compare=False)


class KeptResource(NamedTuple):
    """A resource that both templates have. type: the later one. after: as it is going to be."""

    type: str
    changes: tuple[PropertyChange, ...]
    after: ResourceVersion


def replacements(kept: Mapping[str, KeptResource]) -> dict[str, Replacement]:
    """Returns logical id -> replacement, for the resources of one stack.

    A resource that refers, by a property that cannot be changed, to a replaced resource is replaced itself.
    """
    replaced = {logical_id: own for logical_id, resource in kept.items() if (own := _own(resource)) is not None}
    if not replaced:
        return replaced
    referring: dict[str, list[tuple[str, str]]] = {}
    for logical_id, resource in kept.items():
        for target, path in _fixed_references(resource):
            referring.setdefault(target, []).append((logical_id, path))
    waiting = list(replaced)
    while waiting:
        target = waiting.pop()
        if not replaced[target].certain:
            continue  # what only may be replaced drags nothing along
        for logical_id, path in referring.get(target, []):
            known = replaced.get(logical_id)
            if known is None or not known.certain:
                replaced[logical_id] = Replacement(certain=True, by=(path,), because=(target,))
                waiting.append(logical_id)
    return {logical_id: replaced[logical_id] for logical_id in kept if logical_id in replaced}


def _own(resource: KeptResource) -> Replacement | None:
    """Returns the replacement by the resource's own properties that differ."""
    if not resource.changes:
        return None
    fixed = create_only(resource.type)
    surely: list[PropertyChange] = []
    unknown: list[PropertyChange] = []
    maybe: list[PropertyChange] = []
    for change in resource.changes:
        if change.known and fixed.replaces(change.path):
            surely.append(change)
        elif fixed.may_replace(change.path):
            (maybe if change.known else unknown).append(change)
    by = surely or maybe or unknown
    if not by:
        return None
    return Replacement(
        certain=bool(surely),
        by=tuple("/".join(change.path) for change in by),
        unknown=not surely and not maybe,
        changes=tuple(by),
    )


def _fixed_references(resource: KeptResource) -> Iterable[tuple[str, str]]:
    """Yields (logical id, path) of the references in properties that cannot be changed."""
    fixed = create_only(resource.type)
    for path, target in resource.after.references(fixed.properties) if fixed.always else ():
        if fixed.replaces(path):
            yield target, "/".join(path)
