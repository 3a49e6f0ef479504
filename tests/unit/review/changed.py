"""The changes in tests/data/changes/: templates as people write them, and by hand what a review finds in each change.

A file has `changes` and `template`, which may have several under `stacks`, or `files`: path in a folder -> template,
for nested stacks. `parameters` are values for both sides. Of each change: id, about, `set` (path -> new value; null
takes it away; steps stand between slashes, a number is a place in a list, "+" the end of one; "file#" before it names
one of `files`), `base` (the same, for both sides, before), expected ("level rule where", as in tests/data/review/),
and whatever else tests/unit/review/transitions.py knows.
"""

from __future__ import annotations

import copy
import functools
from typing import Any

from cdk_inference.template.load import load_object
from tests.support import ROOT
from tests.unit.review.transitions import Transition

FOLDER = ROOT / "tests/data/changes"


def put(template: dict[str, Any], path: str, value: Any) -> None:
    """Sets or takes away a value of a template."""
    file, _, inside = path.rpartition("#")
    *steps, last = inside.split("/")
    place: Any = template["files"][file] if file else template
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
    if isinstance(place, list):
        if last == "+":
            place.append(value)
        elif value is None:
            del place[int(last)]
        else:
            place[int(last)] = value
    elif value is None:
        del place[last]
    else:
        place[last] = value


def changed(template: dict[str, Any], paths: dict[str, Any]) -> dict[str, Any]:
    """A copy of a template with other values."""
    made = copy.deepcopy(template)
    for path, value in paths.items():
        put(made, path, copy.deepcopy(value))
    return made


@functools.cache
def templates() -> dict[str, dict[str, Any]]:
    """File's name -> its template, its stacks or its files."""
    return {file.stem: _template(load_object(file, "changes")) for file in sorted(FOLDER.glob("*.yaml"))}


def _template(form: dict[str, Any]) -> dict[str, Any]:
    template: dict[str, Any] = {"files": form["files"]} if "files" in form else form["template"]
    return template


def parameters(name: str) -> dict[str, Any]:
    """The values of parameters in a file."""
    found: dict[str, Any] = load_object(FOLDER / f"{name}.yaml", "changes").get("parameters", {})
    return found


@functools.cache
def all_changes() -> tuple[Transition, ...]:
    """Every change of every file."""
    made = []
    for file in sorted(FOLDER.glob("*.yaml")):
        form = load_object(file, "changes")
        for one in form["changes"]:
            base = changed(_template(form), one.pop("base", {}))
            head = changed(base, one.pop("set"))
            id, about, expected = (one.pop(key) for key in ("id", "about", "expected"))
            kind = "violating" if any(not line.startswith("note ") for line in expected) else "passing"
            more = {"parameters": form.get("parameters", {}), **one}
            made.append(
                Transition(
                    rule=file.stem, id=id, kind=kind, about=about, base=base, head=head, expected=expected, more=more
                )
            )
    return tuple(made)
