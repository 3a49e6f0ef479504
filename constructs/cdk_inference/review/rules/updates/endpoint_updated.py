"""What else happens to an endpoint: to know, not to fear."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.changes import same
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
# https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html (read 2026-11-30)
_STAYS_ZERO = "Once its count is 0, no alarm starts a copy, and every request fails."
_WAKE = "keep the step scaling policy with an alarm on NoCapacityInvocationFailures, or a minimum of 1"
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
        if _never_starts(change):
            yield pair.owner_hit(change.subject, change_words(change), f"{means}. {_STAYS_ZERO}", _WAKE, "warning")
        elif level == "warning":
            yield pair.owner_hit(change.subject, change_words(change), f"{means}. {_STANDS}", _KEEP, level)
        else:
            yield pair.owner_hit(change.subject, change_words(change), means, row.to_know)


def _never_starts(change: Change) -> bool:
    """Whether a component that may have no copy loses the last alarm that calls a policy of its scalable target."""
    for one in change.differences:
        if one.path[:3] == ("scaling", "", "policy") and one.registered("") == (True, True):
            called = [
                any(path[:3] == one.path[:3] and "alarm" in path for path in side.properties)
                for side in (one.old, one.new)
            ]
            return same(one.sides("scaling", "", "MinCapacity")[1], 0) and called == [True, False]
    return False


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
        "because its last policy or its scalable target is removed, or that no alarm starts from 0, is a warning."
    ),
    source=UPDATE,
    check=check,
)
