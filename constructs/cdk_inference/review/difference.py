"""One value that differs, with what the choice of its row depends on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cdk_inference.review.picture import Leaf, Path, Subject

# What a side has where the other has a value.
MISSING = object()


@dataclass(frozen=True)
class Difference:
    """One value that differs between an endpoint or component and itself later."""

    old: Subject
    new: Subject
    path: Path
    was: Leaf
    becomes: Leaf

    @property
    def owners(self) -> set[str]:
        """The resources that have it."""
        return {leaf.owner for leaf in (self.was, self.becomes) if leaf.owner}

    @property
    def variant(self) -> str:
        """The variant that it is of, where the path names one."""
        return self.path[1]

    def sides(self, *path: str) -> tuple[Any, Any]:
        """The values at another path, before and after."""
        nothing = Leaf(MISSING, "")
        return self.old.leaves.get(path, nothing).value, self.new.leaves.get(path, nothing).value

    def differs(self, *path: str) -> bool:
        """Whether the value at another path differs as well."""
        was, becomes = self.sides(*path)
        return bool(was != becomes)

    def registered(self, variant: str) -> tuple[bool, bool]:
        """Whether the variant is registered with Application Auto Scaling, before and after."""
        return variant in self.old.registered, variant in self.new.registered
