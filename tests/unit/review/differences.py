"""What differs between two templates."""

from __future__ import annotations

from typing import Any

from tests.support import Template


def differences(was: Any, becomes: Any, path: str = "") -> dict[str, list[Any]]:
    """What differs between two templates: path -> before and after, None where it is not there."""
    if isinstance(was, dict) and isinstance(becomes, dict):
        keys = sorted(was.keys() | becomes.keys())
        return {
            where: pair
            for key in keys
            for where, pair in differences(was.get(key), becomes.get(key), f"{path}/{key}".strip("/")).items()
        }
    if isinstance(was, list) and isinstance(becomes, list) and len(was) == len(becomes):
        return {
            where: pair
            for number, (one, other) in enumerate(zip(was, becomes, strict=True))
            for where, pair in differences(one, other, f"{path}/{number}").items()
        }
    return {} if was == becomes else {path: [was, becomes]}


def resources(template: Template) -> dict[str, Any]:
    """The resources without the wording of alarms and the sums, which say what others say."""
    found: dict[str, Any] = template["Resources"]
    return {logical_id: {**one, "Metadata": None} for logical_id, one in found.items()}
