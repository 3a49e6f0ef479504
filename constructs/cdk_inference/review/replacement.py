"""Which resources CloudFormation replaces: it makes another one first, then deletes the old one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdk_inference.review.create_only import create_only, overlaps

if TYPE_CHECKING:
    from cdk_inference.review.pair import ResourcePair


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """certain: if not, it may be. by: paths of the properties. because: replaced logical ids that these refer to.

    unknown: of one that is not certain, whether it is not known if the properties change; else it depends on more.
    """

    certain: bool
    by: tuple[str, ...]
    because: tuple[str, ...] = ()
    unknown: bool = False


def replacements(pairs: Iterable[ResourcePair]) -> dict[str, Replacement]:
    """Logical id -> replacement, of the resources of one stack.

    What refers, by a property that cannot be changed, to a resource that is replaced is replaced itself.
    """
    both = {pair.logical_id: pair for pair in pairs if pair.before is not None and pair.after is not None}
    found = {logical_id: own for logical_id, pair in both.items() if (own := _own(pair)) is not None}
    if not found:
        return found
    referring: dict[str, list[tuple[str, str]]] = {}
    for logical_id, pair in both.items():
        for target, path in _fixed_references(pair):
            referring.setdefault(target, []).append((logical_id, path))
    waiting = list(found)
    while waiting:
        target = waiting.pop()
        for logical_id, path in referring.get(target, []):
            known = found.get(logical_id)
            if known is None or (found[target].certain and not known.certain):
                found[logical_id] = Replacement(certain=found[target].certain, by=(path,), because=(target,))
                waiting.append(logical_id)
    return {logical_id: found[logical_id] for logical_id in both if logical_id in found}


def _own(pair: ResourcePair) -> Replacement | None:
    """By properties of its own that differ."""
    if not pair.changes:
        return None
    fixed = create_only(pair.type)
    surely: list[str] = []
    unknown: list[str] = []
    maybe: list[str] = []
    for change in pair.changes:
        inside = any(overlaps(change.path, path) and len(change.path) >= len(path) for path in fixed.always)
        around = any(overlaps(change.path, path) for path in (*fixed.always, *fixed.conditional))
        if inside and change.known:
            surely.append("/".join(change.path))
        elif around:
            (maybe if change.known else unknown).append("/".join(change.path))
    if surely:
        return Replacement(certain=True, by=tuple(surely))
    by = maybe or unknown
    return Replacement(certain=False, by=tuple(by), unknown=not maybe) if by else None


def _fixed_references(pair: ResourcePair) -> Iterable[tuple[str, str]]:
    """(logical id, path) of the references in properties that cannot be changed."""
    fixed = create_only(pair.type).always
    if not fixed or pair.after is None:
        return
    for path, target in pair.after.references():
        if any(overlaps(path, pattern) and len(path) >= len(pattern) for pattern in fixed):
            yield target, "/".join(path)
