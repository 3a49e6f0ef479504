"""What a review says: findings, and what it could not compare."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from cdk_inference.core.checks import one_of
from cdk_inference.core.errors import raise_problems
from cdk_inference.core.pages import page

Level = Literal["error", "warning", "note"]
# Worst first.
LEVELS: tuple[Level, ...] = get_args(Level)
DOCS = page("review")


@dataclass(frozen=True, kw_only=True)
class Hit:
    """What a rule found, in the words of the rule. `ResourcePair.hit` and `StackPair.hit` make one.

    what: what happens when this is deployed. means: what that does to those who use it. safe: what to do instead.
    level: None for the rule's own. file: the template that it is in. path: the construct path, "" where the template
    has none. any_type: whether it counts whatever service the resource is of.
    """

    stack: str
    logical_id: str
    type: str
    what: str
    means: str
    safe: str
    level: Level | None = None
    file: Path | None = field(default=None, compare=False)
    path: str = field(default="", compare=False)
    any_type: bool = field(default=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A hit with the rule that found it. stack, logical_id and type are "" where it is about all of them.

    Raises ConfigurationError for a level that is none.
    """

    rule: str
    level: Level
    stack: str
    logical_id: str
    type: str
    what: str
    means: str
    safe: str
    file: Path | None = field(default=None, compare=False)
    path: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        raise_problems(f"Finding of {self.rule}", one_of("level", self.level, LEVELS, "choose one of them"))

    @property
    def docs(self) -> str:
        """Where the rule is explained."""
        return f"{DOCS}#{self.rule}"

    @property
    def where(self) -> str:
        """Stack and logical id, as far as there are any."""
        return "/".join(part for part in (self.stack, self.logical_id) if part) or "all stacks"

    @property
    def place(self) -> str:
        """The construct path where the template has one; else stack and logical id."""
        return self.path or self.where


@dataclass(frozen=True, order=True, kw_only=True)
class NotCompared:
    """A difference, or a possible one, that could not be compared, and why. logical_id and path are "" for all of it.

    stack: "" in the comparison of two templates.
    """

    stack: str = ""
    logical_id: str = ""
    path: str = ""
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.why}" if self.where else self.why

    @property
    def where(self) -> str:
        """Stack, logical id and path, as far as there are any."""
        place = "/".join(part for part in (self.stack, self.logical_id) if part)
        return ", ".join(part for part in (place, self.path) if part)


def natural(name: str) -> list[tuple[bool, int, str]]:
    """Numbers in a name by their value, for sorting: 2 before 10."""
    parts = re.split("([0-9]{1,9})", name)
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]
