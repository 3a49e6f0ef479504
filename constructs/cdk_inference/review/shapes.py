"""Values of a template that have the shape one asks for, and intrinsics."""

from __future__ import annotations

from typing import Any


def mapping(value: Any) -> dict[str, Any]:
    """`value`, or {} where something else stands in its place. Keys that are no text are left out."""
    return {key: one for key, one in value.items() if isinstance(key, str)} if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """`value`, or [] where something else stands in its place."""
    return value if isinstance(value, list) else []


def referenced(value: Any) -> str:
    """The logical id that Ref or Fn::GetAtt names, or ""."""
    match value:
        case {"Ref": str(target)} | {"Fn::GetAtt": [str(target), *_]}:
            return target
        case {"Fn::GetAtt": str(target)}:
            return target.partition(".")[0]
    return ""


def intrinsic(value: dict[Any, Any]) -> bool:
    """Whether `value` is a function of CloudFormation instead of a value."""
    return len(value) == 1 and (str(next(iter(value))).startswith("Fn::") or "Ref" in value)
