"""One row of the table of updates: what changes on a running endpoint, and how it gets there.

Read in AWS's documentation, API models and CloudFormation's schemas, not seen in an account.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.metrics import KINDS

# What SageMaker hosts; on Amazon Bedrock nothing of ours is updated.
HOSTED = tuple(kind for kind in KINDS if kind not in ("bedrock", "guardrail", "mantle"))


class Outcome(Enum):
    """What a change does to what is running. The value is its name in the docs."""

    IN_PLACE = "in place"
    BLUE_GREEN = "blue/green"
    COPIES = "new copies"
    TWO_DEPLOYMENTS = "two deployments"
    NEW_NAME = "new name"
    REFUSED = "refused by SageMaker"
    REFUSED_AT_SYNTH = "refused at synth"


MEANINGS = {
    Outcome.IN_PLACE: "no instance and no copy is replaced",
    Outcome.BLUE_GREEN: (
        "a new endpoint config; SageMaker replaces the instances as DeploymentConfig defines, by a second fleet or, "
        "rolling, in batches; the endpoint keeps serving"
    ),
    Outcome.COPIES: "the component's copies are replaced, as its rollout defines; the endpoint's instances stay",
    Outcome.TWO_DEPLOYMENTS: "in one deployment the update fails, or its outcome is undocumented; use two",
    Outcome.NEW_NAME: "another endpoint or component; callers have to move before the old one is removed",
    Outcome.REFUSED: "the update fails and CloudFormation rolls it back; the endpoint keeps serving as before",
    Outcome.REFUSED_AT_SYNTH: "the construct raises ConfigurationError; nothing is deployed",
}


class Sure(Enum):
    """How well the outcome is known."""

    DOCUMENTED = "documented"
    BLOG = "AWS blog"
    INFERRED = "inferred"
    UNKNOWN = "not documented"


_REFUSALS = (Outcome.REFUSED, Outcome.REFUSED_AT_SYNTH)


@dataclass(frozen=True, kw_only=True)
class Transition:
    """A change, and what becomes of it.

    id: unique, lower case with hyphens.
    change: what changes, in plain words. when: under which condition; "" for any.
    kinds: of `HOSTED`, those that it is about.
    outcome: see `MEANINGS`.
    lines: arguments that differ between before and after; what a step changes for a while is not counted.
    deployments: how many; 0 where it is refused.
    steps: what to deploy, one text for each deployment; () where one deployment of the change is all.
    risk: what goes wrong otherwise, or what to know; "" for nothing. by_hand: the same for a template, where `risk` is
        about arguments of the constructs; None where it is not.
    source: the page, with the date of reading. sure: how well it is known.

    Raises ConfigurationError.
    """

    id: str
    change: str
    when: str = ""
    kinds: tuple[str, ...]
    outcome: Outcome
    lines: int = 1
    deployments: int = 1
    steps: tuple[str, ...] = ()
    risk: str = ""
    by_hand: str | None = None
    source: str
    sure: Sure = Sure.DOCUMENTED

    def __post_init__(self) -> None:
        kinds = [kind for kind in self.kinds if kind not in HOSTED]
        expected = 0 if self.outcome in _REFUSALS else max(1, len(self.steps))
        several = self.outcome is Outcome.TWO_DEPLOYMENTS and len(self.steps) != 2
        raise_problems(
            f"Transition {self.id}",
            Problem("kinds", self.kinds, ", ".join(HOSTED), "choose of these") if kinds or not self.kinds else None,
            Problem("steps", self.steps, "two of them", "say what to deploy first and second") if several else None,
            None
            if self.deployments == expected
            else Problem("deployments", self.deployments, str(expected), "count the steps; a refusal has none"),
        )

    @property
    def to_know(self) -> str:
        """What goes wrong, or what to know, of any template."""
        return self.risk if self.by_hand is None else self.by_hand

    def __str__(self) -> str:
        """The row as a sentence, for a message."""
        when = f", {self.when}" if self.when else ""
        done = self.outcome.value
        if self.deployments > 1:
            steps = "; ".join(f"{number}. {step}" for number, step in enumerate(self.steps, 1))
            done = f"{_count(self.lines, 'line')} changed, {_count(self.deployments, 'deployment')}: {steps}"
        risk = f". {self.risk}" if self.risk else ""
        return f"{self.change}{when}: {done}{risk} ({self.sure.value}: {self.source})"


_WORDS = {0: "no", 1: "one", 2: "two", 3: "three"}


def _count(number: int, thing: str) -> str:
    return f"{_WORDS.get(number, number)} {thing}" + ("" if number == 1 else "s")
