"""Alarms that would have stopped a bad update, and no longer do."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.occurrences import lost_rollback_alarms
from cdk_inference.review.pair import StackPair
from cdk_inference.review.rule import Rule
from cdk_inference.review.transitions.sources import GUARDRAILS


def check(pair: StackPair) -> Iterator[Hit]:
    """Of endpoints and components on both sides."""
    for name in dict.fromkeys(change.subject for change in pair.updates.changes):
        lost = lost_rollback_alarms(*pair.endpoint_properties, name)
        if lost is None:
            continue
        before, after = lost
        if after:
            what = f"{before - after} of its {before} rollback alarms no longer stop a bad update"
            means = "the metrics of these alarms no longer trigger a rollback"
        else:
            what = "no alarm stops a bad update any more"
            means = "SageMaker completes an update even if the new fleet fails"
        safe = "keep DeploymentConfig.AutoRollbackConfiguration, and change thresholds in the alarms"
        yield pair.owner_hit(name, what, means, safe, "warning" if after else None)


RULE = Rule(
    id="rollback-removed",
    level="error",
    title="Rollback alarms that are removed",
    why=(
        "Without alarms in AutoRollbackConfiguration the baking period has no effect, and a new fleet that returns "
        "errors stays. With some alarms left it is a warning. An alarm that is renamed or gets another threshold is "
        "not a finding."
    ),
    source=GUARDRAILS,
    check=check,
)
