"""Whether two sets of templates have the same resources: everything but the logical ids."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any


def resources(folder: Path) -> dict[str, Any]:
    """All resources of a synthesized app, each named "<stack> <type> <number>" instead of by its logical id."""
    found: dict[str, Any] = {}
    for path in sorted(folder.rglob("*.template.json")):
        made = json.loads(path.read_text(encoding="utf-8")).get("Resources", {})
        numbers: Counter[str] = Counter()
        names: dict[str, str] = {}
        for logical_id, resource in made.items():
            kind = resource["Type"]
            names[logical_id] = f"{path.name.removesuffix('.template.json')} {kind} {numbers[kind]}"
            numbers[kind] += 1
        found.update({names[logical_id]: _renamed(resource, names) for logical_id, resource in made.items()})
    return found


def _renamed(value: Any, names: dict[str, str]) -> Any:
    """`value` with every reference to a logical id replaced by the resource's name."""
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    result = {key: _renamed(item, names) for key, item in value.items()}
    match value:
        case {"Ref": str(target), **rest} if not rest:
            result["Ref"] = names.get(target, target)
        case {"Fn::GetAtt": [str(target), *path], **rest} if not rest:
            result["Fn::GetAtt"] = [names.get(target, target), *path]
        case {"DependsOn": [*targets]}:
            result["DependsOn"] = sorted(names.get(target, target) for target in targets)
    return result


def differences(one: Path, other: Path) -> list[str]:
    """Names of the resources that are not the same in both, sorted; empty if all are."""
    first, second = resources(one), resources(other)
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
