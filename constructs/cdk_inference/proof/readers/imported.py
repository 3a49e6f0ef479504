"""A block that another engine measured, and the ways in which its files can mislead."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from cdk_inference.core.errors import ConfigurationError, Problem
from cdk_inference.proof.block import Block


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an imported block belongs.

    Args:
        candidate: Its name.
        pair, position: See `Block`; engines do not know them.
    """

    candidate: str
    pair: int
    position: int


@dataclass(frozen=True, kw_only=True)
class Imported:
    """A block. notes: what was left out or is missing, in words."""

    block: Block
    notes: tuple[str, ...] = ()


def json_lines(path: Path) -> tuple[list[dict[str, Any]], bool]:
    """Returns (the objects, whether the last line was cut off). Raises ConfigurationError."""
    lines = _text(path).splitlines()
    found: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        try:
            content = json.loads(line)
        except ValueError:
            if number == len(lines):
                return found, True
            bad(path, f"line {number}: {line[:60]}", "one JSON object a line")
        if not isinstance(content, dict):
            bad(path, f"line {number}: {line[:60]}", "one JSON object a line")
        found.append(content)
    return found, False


def json_object(path: Path) -> dict[str, Any] | None:
    """Returns the object in a file; None where there is no such file. Raises ConfigurationError."""
    if not path.exists():
        return None
    try:
        content = json.loads(_text(path))
    except ValueError as error:
        bad(path, str(error), "JSON")
    if not isinstance(content, dict):
        bad(path, type(content).__name__, "a JSON object")
    return content


def number(content: Mapping[str, Any], *path: str) -> float | None:
    """Returns the number at a path of keys, or None."""
    found: Any = content
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return float(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else None


def bad(path: Path, got: str, allowed: str) -> NoReturn:
    """Raises ConfigurationError."""
    raise ConfigurationError(str(path), [Problem("file", got, allowed, "name the results of one run")])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        bad(path, error.strerror or str(error), "a file that can be read")
