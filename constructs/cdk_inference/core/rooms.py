"""Which subpackage offers a name: read from the `__all__` of each, without importing any."""

from __future__ import annotations

import ast
from pathlib import Path

from cdk_inference.core.alike import nearest


def where_to_import(name: str) -> str | None:
    """Returns the import that `name`, or the most similar public name, needs; None without a similar one."""
    offered = _offered()
    meant = name if name in offered else nearest(name, (one for one in offered if not one.isupper()))
    if meant is None:
        return None
    return f"from cdk_inference.{offered[meant]} import {meant}"


def _offered() -> dict[str, str]:
    """Public name -> the first subpackage that has it."""
    found: dict[str, str] = {}
    for file in sorted(Path(__file__).parents[1].glob("*/__init__.py")):
        for statement in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
                found = {**dict.fromkeys(ast.literal_eval(statement.value), file.parent.name), **found}
    return found
