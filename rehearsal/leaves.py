"""Checks one plain value against a leaf of a botocore model: type, enum, bounds, length, pattern."""

from functools import cache
from typing import Any

import regex

_SURROGATES = r"\uD800\uDC00-\uDBFF\uDFFF"  # Java's way to write every character beyond the first 65,536


@cache
def pattern_of(java: str) -> "regex.Pattern[str]":
    """A Java pattern as one of the regex module; an untranslatable one raises."""
    translated = java.replace(_SURROGATES, r"\U00010000-\U0010FFFF").replace(r"\p{Print}", r"[\x20-\x7E]")
    # Java's \w, \d and \s are ASCII; the module's ASCII flag would also narrow \p{L}.
    return regex.compile(translated, 0 if r"\p{" in translated else regex.ASCII)


def shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def bounds(size: float, unit: str, shape: Any) -> str | None:
    """The complaint about a number, a length (unit 'characters') or a count (unit 'items')."""
    what = f"has {size} {unit}, " if unit else f"{size} is "
    if size < shape.metadata.get("min", size):
        return f"{what}below the minimum {shape.metadata['min']} of {shape.name}"
    if size > shape.metadata.get("max", size):
        return f"{what}above the maximum {shape.metadata['max']} of {shape.name}"
    return None


def _number(value: object, whole: bool) -> float | None:
    """CloudFormation takes numbers as strings, too."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    if not whole:
        return number
    return int(number) if number.is_integer() else None


def _text(value: str, shape: Any) -> str | None:
    allowed = shape.metadata.get("enum")
    if allowed is not None:
        return None if value in allowed else f"{shown(value)} is not in the enum {shape.name}"
    complaint = bounds(len(value), "characters", shape)
    if complaint is not None:
        return f"{shown(value)} {complaint}"
    pattern = shape.metadata.get("pattern")
    if pattern is not None and pattern_of(pattern).fullmatch(value) is None:
        return f"{shown(value)} does not match the pattern {pattern} of {shape.name}"
    return None


def complaint(value: object, shape: Any) -> str | None:
    """What the model has against a value, or None."""
    kind = shape.type_name
    wrong = f"{shown(value)} is not of type {kind} ({shape.name})"
    if kind in ("integer", "long", "float", "double"):
        number = _number(value, whole=kind in ("integer", "long"))
        return wrong if number is None else bounds(number, "", shape)
    if kind == "boolean":
        return None if isinstance(value, bool) or value in ("true", "false") else wrong
    if not isinstance(value, str):
        return wrong
    return _text(value, shape) if kind == "string" else None
