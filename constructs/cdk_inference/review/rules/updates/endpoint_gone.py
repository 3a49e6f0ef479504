"""An endpoint or component that callers no longer find under its name."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.endpoint_words import change_words
from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import StackPair
from cdk_inference.review.rule import Rule
from cdk_inference.review.transitions.sources import ENDPOINT
from cdk_inference.review.transitions.transition import Outcome

_GONE = ("endpoint-removed", "component-removed")


def check(pair: StackPair) -> Iterator[Hit]:
    """By the table of updates."""
    for change in pair.updates.changes:
        row = change.transition
        if row.outcome is not Outcome.NEW_NAME and row.id not in _GONE:
            continue
        depends = bool(change.differences) and all(one.depends for one in change.differences)
        yield pair.owner_hit(
            change.subject,
            change_words(change),
            f"callers of the old name fail. {row.to_know}" if row.id.endswith("-renamed") else row.to_know,
            "deploy the new one next to the old one, move the callers, then remove the old one"
            if row.outcome is Outcome.NEW_NAME
            else "check its Invocations: they should be zero for weeks",
            "warning" if depends else None,
        )


RULE = Rule(
    id="endpoint-gone",
    level="error",
    title="An endpoint or component that is removed or renamed",
    why=(
        "Callers use the endpoint's name. One that is renamed, moved or removed is down for them as soon as the "
        "deployment deletes the old one. Where a part of a name is known at deployment only, it is a warning. A new "
        "endpoint next to the old ones is not a finding."
    ),
    source=ENDPOINT,
    check=check,
)
