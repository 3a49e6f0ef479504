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


FORMS = tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))


@functools.cache
def _read(form: str) -> dict[str, Any]:
    return load_object(FOLDER / f"{form}.yaml", "changes")


def template(form: str) -> dict[str, Any]:
    """The template of a file, its stacks or its files."""
    read = _read(form)
    found: dict[str, Any] = {"files": read["files"]} if "files" in read else read["template"]
    return found


def parameters(form: str) -> dict[str, Any]:
    """The values of parameters in a file."""
    found: dict[str, Any] = _read(form).get("parameters", {})
    return found


@functools.cache
def changes(form: str) -> tuple[Transition, ...]:
    """Every change of a file."""
    made = []
    for one in _read(form)["changes"]:
        more = dict(one)
        base = changed(template(form), more.pop("base", {}))
        head = changed(base, more.pop("set"))
        id, about, expected = (more.pop(key) for key in ("id", "about", "expected"))
        kind = "violating" if any(not line.startswith("note ") for line in expected) else "passing"
        more = {"parameters": parameters(form), **more}
        made.append(
            Transition(rule=form, id=id, kind=kind, about=about, base=base, head=head, expected=expected, more=more)
        )
    return tuple(made)


def all_changes() -> tuple[Transition, ...]:
    """Every change of every file."""
    return tuple(one for form in FORMS for one in changes(form))
