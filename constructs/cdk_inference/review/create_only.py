"""Which properties replace a resource when they change, by CloudFormation's own schemas.

The table is `create_only` in facts/; its date is the day of the schemas. A type that it does not have has no property
of this sort, or no schema. Of a property that a schema calls conditional CloudFormation's reference says what an update
does, in the table `update_behaviors`: a replacement is certain then, and anything else is none.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cdk_inference.facts import table

Steps = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CreateOnly:
    """always: a change replaces. conditional: it may, for the schema says so and the reference has no word about it.

    names: each identifies the resource alone. "*": a list's item.
    """

    always: tuple[Steps, ...] = ()
    conditional: tuple[Steps, ...] = ()
    names: tuple[str, ...] = ()

    @functools.cached_property
    def properties(self) -> frozenset[str]:
        """The properties that a path of `always` begins with."""
        return frozenset(path[0] for path in self.always)

    @functools.cached_property
    def whole(self) -> frozenset[str]:
        """The properties in which every change replaces."""
        return frozenset(path[0] for path in self.always if len(path) == 1)

    def replaces(self, path: Steps) -> bool:
        """Whether a change at `path` replaces for certain."""
        if path[0] not in self.properties:
            return False
        return path[0] in self.whole or any(
            len(path) >= len(pattern) and overlaps(path, pattern) for pattern in self.always
        )

    def may_replace(self, path: Steps) -> bool:
        """Whether a change at `path` may replace: a part of it, or what is around it, does."""
        return any(overlaps(path, pattern) for pattern in (*self.always, *self.conditional))


@functools.cache
def create_only(kind: str) -> CreateOnly:
    """Of the CloudFormation type `kind`."""
    fields = _fields().get(kind)
    if fields is None:
        return CreateOnly()
    _, always, conditional, names = fields
    known = _behaviors().get(kind, {})
    named = [path for path in conditional.split() if known.get(path) == "replacement"]
    left = [path for path in conditional.split() if path not in known]
    return CreateOnly(always=_paths([*always.split(), *named]), conditional=_paths(left), names=tuple(names.split()))


def _paths(found: Iterable[str]) -> tuple[Steps, ...]:
    return tuple(tuple(path.split("/")) for path in found)


def refused(kind: str) -> frozenset[str]:
    """The properties of which the reference says that updates are not supported."""
    return frozenset(name for name, update in _behaviors().get(kind, {}).items() if update == "refused")


@functools.cache
def _behaviors() -> dict[str, dict[str, str]]:
    """Type -> property -> what its update does."""
    found: dict[str, dict[str, str]] = {}
    for kind, name, update, _ in table("update_behaviors").values:
        found.setdefault(kind, {})[name] = update
    return found


def known_types() -> int:
    """How many types the table has."""
    return len(_fields())


def schema_day() -> str:
    """The day of the schemas, as YYYY-MM-DD."""
    return table("create_only").header["date"]


@functools.cache
def _fields() -> dict[str, Sequence[str]]:
    return {fields[0]: fields for fields in table("create_only").values}


def overlaps(path: Steps, pattern: Steps) -> bool:
    """Whether a change at `path` is inside `pattern`, or around it."""
    return all(step == other or other == "*" for step, other in zip(path, pattern, strict=False))
