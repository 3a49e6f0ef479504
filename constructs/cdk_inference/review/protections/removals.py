"""Resources that protect another one, and are taken away while it stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from cdk_inference.review.pair import DeploymentPair, ResourcePair
from cdk_inference.review.resource_names import ResourceNames, resource_names, versions
from cdk_inference.review.resource_versions import ResourceVersion


@dataclass(frozen=True, kw_only=True)
class Protector:
    """One row. for_: the properties that name what it protects; () for the whole account. lost: what is lost."""

    type: str
    for_: tuple[str, ...]
    lost: str


class RemovedProtector(NamedTuple):
    """A protector that is gone."""

    pair: ResourcePair
    row: Protector


def removed_protectors(deployments: DeploymentPair, table: tuple[Protector, ...]) -> Iterator[RemovedProtector]:
    """Those that are no longer there, unless what they protect is gone too, or another one protects it."""
    by_type = {row.type: row for row in table}
    was, becomes = resource_names(deployments, "before"), resource_names(deployments, "after")
    left = [
        (side.resource.type, _targets(becomes, side, by_type[side.resource.type]))
        for _, side in versions(deployments, "after", *by_type)
    ]
    removed = {key for key, pair in was.pairs.items() if pair.after is None}
    for pair, side in versions(deployments, "before", *by_type):
        if pair.after is not None and pair.after.resource.type == side.resource.type:
            continue
        row = by_type[side.resource.type]
        targets = _targets(was, side, row)
        if any(key in removed for key in targets):
            continue
        if not any(kind == row.type and targets == others for kind, others in left):
            yield RemovedProtector(pair, row)


def _targets(known: ResourceNames, side: ResourceVersion, row: Protector) -> frozenset[str]:
    found: set[str] = set()
    for name in row.for_:
        value: Any = known.value(side, name)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str):
                found.add(known.within(one))
    return frozenset(found)
