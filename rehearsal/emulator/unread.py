"""Notes which properties a handler of the emulator does not read: they would be dropped without a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# CloudFormation type -> properties that no handler read.
_found: dict[str, set[str]] = {}


class Recorded(dict[str, Any]):
    """Properties that note which of them are read. Iterating over all reads all."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.read.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.read.add(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self.read |= set(self.keys())
        return super().__iter__()

    def items(self) -> Any:
        self.read |= set(super().keys())
        return super().items()


def note(kind: str, properties: Recorded) -> None:
    """Notes what was left unread after a handler ran."""
    left = {name for name in dict.keys(properties) if name not in properties.read}
    _found.setdefault(kind, set()).update(left)


def assume(kind: str, what: str) -> None:
    """Notes what a rehearsal assumes of a whole type."""
    _found.setdefault(kind, set()).add(what)


def found() -> dict[str, list[str]]:
    """Returns type -> unread properties, types without any left out."""
    return {kind: sorted(names) for kind, names in sorted(_found.items()) if names}
