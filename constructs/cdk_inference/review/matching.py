"""Rules: a pattern of a path, and the row or what finds it."""

from __future__ import annotations

from collections.abc import Callable

from cdk_inference.review.difference import Difference
from cdk_inference.review.picture import Path

Rule = str | Callable[[Difference], str | None]
Rules = tuple[tuple[str, Rule], ...]


def first(rules: Rules, one: Difference) -> str | None:
    """The row by the first rule whose pattern the path has: "*" is any step, "**" at the end any number of them."""
    for pattern, rule in rules:
        if _matches(pattern.split("/"), one.path):
            return rule if isinstance(rule, str) else rule(one)
    return None


def _matches(pattern: list[str], path: Path) -> bool:
    if pattern[-1] == "**":
        pattern, path = pattern[:-1], path[: len(pattern) - 1]
    return len(pattern) == len(path) and all(a in ("*", b) for a, b in zip(pattern, path, strict=True))
