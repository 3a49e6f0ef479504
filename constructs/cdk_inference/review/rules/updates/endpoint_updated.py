"""What else happens to an endpoint: to know, not to fear."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.classify import Change
from cdk_inference.review.endpoint_words import change_words
from cdk_inference.review.finding import Hit, Level
from cdk_inference.review.occurrences import lost_rollback_alarms
from cdk_inference.review.pair import StackPair
from cdk_inference.review.rule import Rule
from cdk_inference.review.transitions.sources import UPDATE
from cdk_inference.review.transitions.transition import MEANINGS, Outcome

_SAFE = (Outcome.IN_PLACE, Outcome.BLUE_GREEN, Outcome.COPIES)
_ELSEWHERE = ("endpoint-removed", "component-removed")
_ALARMS = ("alarms", "rollout", "component-rollout")
_NEW = ("endpoint-added", "component-added")
# Nothing fails, and the endpoint no longer follows the load.
_STANDS_STILL = ("policy-removed", "deregistered")

_STANDS = "The count no longer follows the load."
_KEEP = "keep the scalable target and a policy, or set the count that the peak load needs"


def check(pair: StackPair) -> Iterator[Hit]:
    """By the table of updates."""
    for change in pair.updates.changes:
        row = change.transition
        if row.outcome not in _SAFE or row.id in _ELSEWHERE:
            continue
        if row.id in _ALARMS and lost_rollback_alarms(*pair.endpoint_properties, change.subject):
            continue  # rule rollback-removed
        means = row.outcome.value if row.id in _NEW else f"{row.outcome.value}: {MEANINGS[row.outcome]}"
        level: Level | None = "warning" if row.id in _STANDS_STILL or _no_longer_scaled(change) else None
        if level == "warning":
            yield pair.owner_hit(change.subject, change_words(change), f"{means}. {_STANDS}", _KEEP, level)
        else:
            yield pair.owner_hit(change.subject, change_words(change), means, row.to_know)


def _no_longer_scaled(change: Change) -> bool:
    """Whether copies or provisioned concurrency had a scaling policy, and their scalable target is removed."""
    if change.transition.outcome is not Outcome.IN_PLACE:
        return False
    for one in change.differences:
        if one.path[0] == "scaling" and one.registered(one.variant) == (True, False):
            return any(path[:3] == ("scaling", one.variant, "policy") for path in one.old.properties)
    return False


RULE = Rule(
    id="endpoint-updated",
    level="note",
    title="An endpoint update that works as intended",
    why=(
        "Each row of the table of updates that lies between the two templates and is neither refused nor a new name, "
        "with what it replaces. A change of tags or of the description is none. An endpoint that no longer scales, "
        "because its last policy or its scalable target is removed, is a warning."
    ),
    source=UPDATE,
    check=check,
)
