"""Which properties replace a resource when they change, by CloudFormation's own schemas.

The table is made by scripts/generate_schemas.py and names the day of the schemas. A type that it does not have has no
property of this sort, or no schema.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

Steps = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CreateOnly:
    """always: a change replaces. conditional: it may. names: each identifies the resource alone. "*": a list's item."""

    always: tuple[Steps, ...] = ()
    conditional: tuple[Steps, ...] = ()
    names: tuple[str, ...] = ()


@functools.cache
def create_only(kind: str) -> CreateOnly:
    """Of the CloudFormation type `kind`."""
    line = _lines().get(kind)
    if line is None:
        return CreateOnly()
    always, conditional, names = line.split(",")
    return CreateOnly(always=_paths(always), conditional=_paths(conditional), names=tuple(names.split()))


def _paths(column: str) -> tuple[Steps, ...]:
    return tuple(tuple(path.split("/")) for path in column.split())


def known_types() -> int:
    """How many types the table has."""
    return len(_lines())


def schema_day() -> str:
    """The day of the schemas, as YYYY-MM-DD."""
    found = re.search(r"schemas of ([0-9-]+)", _text())
    assert found is not None, "the table says its day"
    return found[1]


@functools.cache
def _text() -> str:
    return Path(__file__).with_name("create_only.csv").read_text(encoding="utf-8")


@functools.cache
def _lines() -> dict[str, str]:
    _, *rows = (line.partition(",") for line in _text().splitlines() if not line.startswith("#"))
    return {kind: rest for kind, _, rest in rows}


def overlaps(path: Steps, pattern: Steps) -> bool:
    """Whether a change at `path` is inside `pattern`, or around it."""
    return all(step == other or other == "*" for step, other in zip(path, pattern, strict=False))
