"""Rules: a pattern of a path, and the row or what finds it."""

from __future__ import annotations

from collections.abc import Callable

from cdk_inference.review.difference import Difference
from cdk_inference.review.picture import Path

Choice = str | Callable[[Difference], str | None]
Choices = tuple[tuple[str, Choice], ...]


def first(choices: Choices, one: Difference) -> str | None:
    """The row by the first rule whose pattern the path has: "*" is any step, "**" at the end any number of them."""
    for pattern, choice in choices:
        if _matches(pattern.split("/"), one.path):
            return choice if isinstance(choice, str) else choice(one)
    return None


def _matches(pattern: list[str], path: Path) -> bool:
    if pattern[-1] == "**":
        pattern, path = pattern[:-1], path[: len(pattern) - 1]
    return len(pattern) == len(path) and all(a in ("*", b) for a, b in zip(pattern, path, strict=True))
