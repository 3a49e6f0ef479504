"""The table of transitions in tests/data/review/: pairs of templates, and by hand what a review finds between them.

A file holds those of one rule, under `cases`. Of each: id, kind (violating, passing, near-miss), about, base and head (a
template, or under `stacks` several by name), expected ("level rule where", where being what `Finding.where` is without
the stack's name S). Beside these: `protected`, whether the stacks have termination protection, before and after; `gate`,
the limit of costs; `reports`, the validation reports before and after, a list of [rule, construct path, reason] each,
where logical id X of S has the path S/X; `checks`, the plugins that ran, before and after. The day is 2026-11-24.
"""

from __future__ import annotations

import datetime
import functools
import json
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cdk_inference.pricing import price_book
from cdk_inference.review.cost import Gate, cost_difference
from cdk_inference.review.load import Loaded
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.pairing import pair_up
from cdk_inference.review.reviewing import Review
from cdk_inference.template import Deployment, Finding, deployment_of, load_deployment
from cdk_inference.template.load import load_object
from tests.support import ROOT

FOLDER = ROOT / "tests/data/review"
KINDS = ("violating", "passing", "near-miss")
REGION = "us-east-1"
TODAY = datetime.date(2026, 11, 24)


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

    def __str__(self) -> str:
        return f"{self.rule}: {self.id}"

    def pair(self) -> DeploymentPair:
        """The two sides as the command reads them."""
        given = self.more.get("parameters", {})
        base, head = (Loaded(deployment=deployment(side, given), unread=()) for side in self.sides)
        for number, side in enumerate((base, head)):
            for stack in side.deployment.stacks:
                stack.protected = self.more.get("protected", (None, None))[number]
                stack.paths = {name: f"{stack.name}/{name}" for name in stack.template["Resources"]}
            side.deployment.checks = frozenset(self.more.get("checks", ((), ()))[number])
            side.deployment.findings = reported(self.more.get("reports", (None, None))[number])
        made = pair_up(base, head, today=TODAY)
        if "gate" in self.more:
            book = price_book([], TODAY)
            gate = Gate(**self.more["gate"])
            made = replace(made, cost=cost_difference(made.before, made.after, book, gate, made.compared))
        return made

    @property
    def sides(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Before and after."""
        return self.base, self.head


def deployment(side: dict[str, Any], parameters: dict[str, Any] | None = None) -> Deployment:
    """A side as it is read: a template, `stacks` by name, or `files` by their path in a folder."""
    if "files" not in side:
        return deployment_of(stacks(side), REGION, parameters)
    with tempfile.TemporaryDirectory() as folder:
        for name, template in side["files"].items():
            file = Path(folder) / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(json.dumps(template), encoding="utf-8")
        return load_deployment([Path(folder)], REGION, parameters=parameters)


def reported(written: list[list[Any]] | None) -> tuple[Finding, ...] | None:
    """A validation report."""
    if written is None:
        return None
    return tuple(Finding(rule=rule, construct_path=path, reason=reason) for rule, path, reason in written)


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
