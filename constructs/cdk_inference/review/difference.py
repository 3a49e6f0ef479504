"""One value that differs, with what the choice of its row depends on."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

from cdk_inference.review.endpoint_properties import Owner, Path, Property
from cdk_inference.template.partial_text import same_text
from cdk_inference.template.values import unknown_in

# What a side has where the other has a value.
MISSING = object()


class Difference(NamedTuple):
    """One value that differs between an endpoint or component and itself later."""

    old: Owner
    new: Owner
    path: Path
    was: Property
    becomes: Property

    @property
    def owners(self) -> set[str]:
        """The logical ids of the resources that have it."""
        return {side.logical_id for side in (self.was, self.becomes) if side.logical_id}

    @property
    def depends(self) -> bool:
        """Whether the two may be the same, since a part of one is known at deployment only."""
        sides = (self.was.value, self.becomes.value)
        holes = any(isinstance(one, str) and unknown_in(one) for one in sides)
        return holes and same_text(*sides) is None and all(isinstance(one, str) for one in sides)

    @property
    def variant(self) -> str:
        """The variant that it is of, where the path names one."""
        return self.path[1]

    def sides(self, *path: str) -> tuple[Any, Any]:
        """The values at another path, before and after."""
        nothing = Property(MISSING, "")
        return self.old.properties.get(path, nothing).value, self.new.properties.get(path, nothing).value

    def differs(self, *path: str) -> bool:
        """Whether the value at another path differs as well."""
        was, becomes = self.sides(*path)
        return bool(was != becomes)

    def registered(self, variant: str) -> tuple[bool, bool]:
        """Whether the variant is registered with Application Auto Scaling, before and after."""
        return variant in self.old.registered, variant in self.new.registered


Choice = str | Callable[[Difference], str | None]
Choices = tuple[tuple[str, Choice], ...]


def first(choices: Choices, difference: Difference) -> str | None:
    """The row by the first rule whose pattern the path has: "*" is any step, "**" at the end any number of them."""
    top = difference.path[0]
    for pattern, choice in choices:
        if pattern.startswith(top) and _matches(_steps(pattern), difference.path):
            return choice if isinstance(choice, str) else choice(difference)
    return None


@functools.cache
def _steps(pattern: str) -> tuple[str, ...]:
    return tuple(pattern.split("/"))


def _matches(pattern: tuple[str, ...], path: Path) -> bool:
    if pattern[-1] == "**":
        pattern, path = pattern[:-1], path[: len(pattern) - 1]
    return len(pattern) == len(path) and all(a in ("*", b) for a, b in zip(pattern, path, strict=True))
