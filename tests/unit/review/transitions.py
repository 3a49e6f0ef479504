"""The table of transitions in tests/data/review/: pairs of templates, and by hand what a review finds between them.

A file holds those of one rule, under `cases`. Of each: id, kind (violating, passing, near-miss), about, base and head (a
template, or under `stacks` several by name), expected ("level rule where", where being what `Finding.where` is without
the stack's name S). Beside these: `protected`, whether the stacks have termination protection, before and after.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import Any

from cdk_inference.review.load import Loaded
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.pairing import pair_up
from cdk_inference.review.reviewing import Review
from cdk_inference.template import deployment_of
from cdk_inference.template.load import load_object
from tests.support import ROOT

FOLDER = ROOT / "tests/data/review"
KINDS = ("violating", "passing", "near-miss")
REGION = "us-east-1"


@dataclass(frozen=True)
class Transition:
    """One case. rule: whose file it is in."""

    rule: str
    id: str
    kind: str
    about: str
    base: dict[str, Any]
    head: dict[str, Any]
    expected: list[str]
    more: dict[str, Any] = field(default_factory=dict)

    def pair(self) -> DeploymentPair:
        """The two sides as the command reads them."""
        base, head = (Loaded(deployment=deployment_of(stacks(side), REGION), unread=()) for side in self.sides)
        for number, side in enumerate((base, head)):
            for stack in side.deployment.stacks:
                stack.protected = self.more.get("protected", (None, None))[number]
        return pair_up(base, head)

    @property
    def sides(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Before and after."""
        return self.base, self.head


def stacks(side: dict[str, Any]) -> dict[str, Any]:
    """Name -> template; a side that is one template is the stack S."""
    found: dict[str, Any] = side.get("stacks", {"S": side})
    return found


def found(review: Review) -> list[str]:
    """The findings as they are expected."""
    return sorted(f"{one.level} {one.rule} {one.where.removeprefix('S/')}" for one in review.findings)


@functools.cache
def cases() -> tuple[Transition, ...]:
    """All of them."""
    made = []
    for file in sorted(FOLDER.glob("*.yaml")):
        for case in load_object(file, "a table of cases")["cases"]:
            known = {name: case.pop(name) for name in ("id", "kind", "about", "base", "head", "expected")}
            made.append(Transition(rule=file.stem, more=case, **known))
    return tuple(made)
