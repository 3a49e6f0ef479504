"""What holds data is taken out of the template, and goes."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.core.unknown import Unknown
from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import ResourcePair, StackPair
from cdk_inference.review.rule import Rule
from cdk_inference.review.stateful import DELETION_POLICY, KEPT, STATEFUL, kept_by_service, policy_after


def check(pair: StackPair) -> Iterator[Hit]:
    """Of what is removed the earlier template's policy holds."""
    for resource in pair.of(*STATEFUL):
        known = STATEFUL.get(resource.type)
        if known is None or resource.before is None or not (resource.removed or _perhaps(resource)):
            continue
        if "DBClusterIdentifier" in resource.before.written or kept_by_service(resource.before):
            continue  # the cluster, or the vector store, has the data
        policy = policy_after(resource.type, resource.before.attribute("DeletionPolicy"), resource.before.written)
        if policy not in KEPT:
            certain = resource.removed
            lost = f"data lost: {known.lost}"
            yield resource.hit(
                f"the {known.what} {'is' if certain else 'may be'} removed, and its DeletionPolicy is {policy}",
                lost if certain else f"its new condition is known at deployment only; where it does not hold, {lost}",
                "first deploy DeletionPolicy: Retain by itself; then remove it, and it stays outside the stack",
                None if certain else "warning",
            )


def _perhaps(resource: ResourcePair) -> bool:
    """Whether it has another condition than before, and nobody knows whether that holds."""
    before, after = resource.before, resource.after
    if before is None or after is None or not isinstance(after.resource.exists, Unknown):
        return False
    return before.resource.written.get("Condition") != after.resource.written.get("Condition")


RULE = Rule(
    id="data-removed",
    level="error",
    title="A resource with data is removed and not retained",
    why=(
        "CloudFormation deletes what is no longer in the template, by the DeletionPolicy of the template that is "
        "deployed: setting it in the same change is too late. Under a new condition that is not known it is a warning. "
        "Retain and Snapshot are not findings; neither are the instances of a database cluster and data sources with "
        "DataDeletionPolicy RETAIN: the data stay elsewhere."
    ),
    source=DELETION_POLICY,
    check=check,
    any_type=True,
)
