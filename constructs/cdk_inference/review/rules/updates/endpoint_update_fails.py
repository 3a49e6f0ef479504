"""An update that SageMaker refuses, after minutes, or that nobody says it accepts."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.formatting import change_words, steps_words
from cdk_inference.review.pair import StackPair
from cdk_inference.review.rule import Rule
from cdk_inference.review.transitions.sources import SCALED_UPDATE
from cdk_inference.review.transitions.transition import Outcome, Sure


def check(pair: StackPair) -> Iterator[Hit]:
    """By the table of updates."""
    for change in pair.updates.changes:
        row = change.transition
        if row.outcome not in (Outcome.TWO_DEPLOYMENTS, Outcome.REFUSED):
            continue
        doubtful = row.sure is Sure.UNKNOWN
        yield pair.owner_hit(
            change.subject,
            change_words(change),
            row.risk if doubtful else f"the update fails and is rolled back. {row.risk}",
            steps_words(row),
            "warning" if doubtful else None,
        )


RULE = Rule(
    id="endpoint-update-fails",
    level="error",
    title="An endpoint update that fails in one deployment",
    why=(
        "SageMaker refuses to change the instance type of a variant that is registered for autoscaling, or to remove "
        "one, and CloudFormation cannot deregister, update and register in one update. Where AWS says neither that it "
        "works nor that it fails, it is a warning. The rows are those of docs/transitions.md."
    ),
    source=SCALED_UPDATE,
    check=check,
)
