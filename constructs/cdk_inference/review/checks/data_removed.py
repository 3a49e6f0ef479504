"""What holds data is taken out of the template, and goes."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import StackPair
from cdk_inference.review.rule import Rule
from cdk_inference.review.stateful import DELETION_POLICY, KEPT, STATEFUL, policy_after


def check(pair: StackPair) -> Iterator[Hit]:
    """Of what is removed the earlier template's policy holds."""
    for resource in pair.of(*STATEFUL):
        if not resource.removed or resource.before is None:
            continue
        policy = policy_after(resource.type, resource.before.attribute("DeletionPolicy"), resource.before.written)
        if policy not in KEPT:
            known = STATEFUL[resource.type]
            yield resource.hit(
                f"the {known.what} is removed, and its DeletionPolicy is {policy}",
                f"lost is what it holds: {known.lost}",
                "deploy DeletionPolicy: Retain first, by itself; then remove it, and it stays outside of the stack",
            )


RULE = Rule(
    id="data-removed",
    level="error",
    title="A resource with data is removed and not retained",
    why=(
        "CloudFormation deletes what is no longer in the template, by the DeletionPolicy of the template that is "
        "deployed: setting it in the same change is too late. Retain and Snapshot are no finding."
    ),
    source=DELETION_POLICY,
    check=check,
)
