"""docs/transitions.md: every change on a running endpoint, and how it gets there."""

from __future__ import annotations

from cdk_inference.review import MEANINGS, TOPICS, TRANSITIONS, Transition
from scripts.docs._markdown import NOTE, table

KIND_WORDS = {
    "realtime": "real-time",
    "async": "asynchronous",
    "serverless": "serverless",
    "component": "component",
    "shared": "host of components",
}


def page() -> str:
    """Every change on a running endpoint, and how it gets there."""
    words = table(("outcome", "meaning"), ((outcome.value, meaning) for outcome, meaning in MEANINGS.items()))
    headings = ("change", "of", "outcome", "lines", "deployments", "to know", "sure", "source")
    topics = "".join(f"## {topic}\n\n{table(headings, map(_transition, rows))}\n" for topic, rows in TOPICS.items())
    steps: dict[tuple[str, ...], list[str]] = {}
    for row in TRANSITIONS:
        if row.steps:
            steps.setdefault(row.steps, []).append(_change(row))
    several = "".join(
        f"**{'; '.join(dict.fromkeys(changes))}**\n\n"
        + "".join(f"{number}. {step[0].upper()}{step[1:]}.\n" for number, step in enumerate(one, 1))
        + "\n"
        for one, changes in steps.items()
    )
    introduction = f"{NOTE}# Updates, one by one\n\n{TRANSITIONS_INTRODUCTION}\n{words}\n"
    return f"{introduction}{topics}## The steps\n\n{several}{GUARD}"


def _change(row: Transition) -> str:
    return f"{row.change}, {row.when}" if row.when else row.change


def _transition(row: Transition) -> tuple[object, ...]:
    kinds = ", ".join(KIND_WORDS[kind] for kind in row.kinds)
    deployments = row.deployments or "none"
    return (_change(row), kinds, row.outcome.value, row.lines, deployments, row.risk, row.sure.value, row.source)


TRANSITIONS_INTRODUCTION = """\
What a change of a running endpoint does, and how many lines and deployments it takes. A line is an argument of the
construct that differs between before and after; what a step changes for a while is not counted.

**An instance type under autoscaling is one line and two deployments.** In one the update fails and is rolled back:
[changing hardware](changing-hardware.md). How an update reaches the instances, and what ends it: [updates](updates.md).

"Documented": AWS's page or CloudFormation's schema says so. "Inferred": it follows from what they say. "Not
documented": they are silent, and the row is the careful way. For each row a test holds the template before and after;
nothing was tried in an account.
"""

GUARD = """\
## Before you deploy

A synth cannot warn of these: it knows what will be, not what is deployed, and the `cdk.out` of the last synth is not
what is deployed either. `cdk_inference.review.classify(before, after)` takes the template that CloudFormation has
(`aws cloudformation get-template`) and the one in `cdk.out`, and gives the rows above that lie between them, with the
steps; `str()` of each is a sentence. Where something differs that no row is about, it says so. `cdk-inference review`
does that for whole deployments, and tells what else a change does: [reviewing a change](review.md).
"""
