"""The changes in tests/data/changes/: templates as people write them, and by hand what a review finds in each change.

A file has `template` and `changes`. Of each change: id, about, `set` (path -> new value; null takes it away; steps stand
between slashes, a number is a place in a list, "+" the end of one), `base` (the same, for both sides, before),
expected ("level rule where", as in tests/data/review/), and whatever else tests/unit/review/transitions.py knows.
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
    *steps, last = path.split("/")
    place: Any = template
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
    """File's name -> its template."""
    return {file.stem: load_object(file, "changes")["template"] for file in sorted(FOLDER.glob("*.yaml"))}


@functools.cache
def all_changes() -> tuple[Transition, ...]:
    """Every change of every file."""
    made = []
    for name, template in templates().items():
        for one in load_object(FOLDER / f"{name}.yaml", "changes")["changes"]:
            base = changed(template, one.pop("base", {}))
            head = changed(base, one.pop("set"))
            id, about, expected = (one.pop(key) for key in ("id", "about", "expected"))
            kind = "violating" if any(not line.startswith("note ") for line in expected) else "passing"
            made.append(
                Transition(
                    rule=name, id=id, kind=kind, about=about, base=base, head=head, expected=expected, more=dict(one)
                )
            )
    return tuple(made)
