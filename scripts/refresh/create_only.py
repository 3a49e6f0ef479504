"""Which properties of a resource cannot be changed: CloudFormation's resource schemas, as cfn-lint has them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from scripts.refresh._fresh import Fresh
from scripts.refresh._packages import installed, versions
from scripts.refresh.hosting_regions import price_list_date

PREFIX = "/properties/"


def schemas() -> tuple[str, list[dict[str, Any]]]:
    """(the day of the schemas, those of all types by name)."""
    folder = installed("cfn-lint", "cfnlint/data/schemas")
    found = [json.loads(file.read_text(encoding="utf-8")) for file in (folder / "resources").glob("*.json")]
    return price_list_date(), sorted(found, key=lambda schema: str(schema["typeName"]))


def paths(pointers: Iterable[str]) -> list[str]:
    """JSON pointers without their beginning; what lies below another of them is left out."""
    found = sorted({pointer.removeprefix(PREFIX) for pointer in pointers})
    return [path for path in found if not any(path.startswith(f"{other}/") for other in found)]


def names(schema: dict[str, Any]) -> list[str]:
    """Properties that name the resource: settable, fixed at creation, and an identifier by themselves."""
    fixed = set(paths(schema.get("createOnlyProperties", []))) - set(paths(schema.get("readOnlyProperties", [])))
    identifiers = [schema.get("primaryIdentifier", []), *schema.get("additionalIdentifiers", [])]
    single = {one[0].removeprefix(PREFIX) for one in identifiers if len(one) == 1}
    single.add(f"{schema['typeName'].rpartition('::')[2]}Name")
    return sorted(name for name in fixed & single if "/" not in name)


def fresh() -> Fresh:
    """One row per resource type that has such a property."""
    day, found = schemas()
    rows = []
    for schema in found:
        always = paths(schema.get("createOnlyProperties", []))
        maybe = [path for path in paths(schema.get("conditionalCreateOnlyProperties", [])) if path not in always]
        if always or maybe:
            rows.append((schema["typeName"], " ".join(always), " ".join(maybe), " ".join(names(schema))))
    return Fresh(
        about="properties that cannot be changed; create_only: a change replaces the resource; conditional: a change "
        "may replace it; names: each identifies the resource alone; *: an item of a list",
        source="CloudFormation resource schemas through cfn-lint",
        version=versions("cfn-lint"),
        date=day,
        licence="cfn-lint MIT-0; facts restated",
        columns=("type", "create_only", "conditional", "names"),
        key=("type",),
        rows=rows,
        lists=frozenset({"create_only", "conditional", "names"}),
    )
