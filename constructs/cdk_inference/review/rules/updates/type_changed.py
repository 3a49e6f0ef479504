"""A logical id that names another type of resource than before."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import StackPair
from cdk_inference.review.rule import Rule


def check(pair: StackPair) -> Iterator[Hit]:
    """Of resources on both sides."""
    for resource in pair.of():
        if resource.before is None or resource.after is None:
            continue
        was, becomes = resource.before.resource.type, resource.after.resource.type
        if was != becomes:
            yield resource.hit(
                f"its type changes from {was} to {becomes}",
                "CloudFormation refuses the update: the type of a resource cannot be changed",
                "give the new resource another logical id",
            )


RULE = Rule(
    id="type-changed",
    level="error",
    title="A logical id that gets another type",
    why=(
        'CloudFormation refuses it with "Update of resource type is not permitted". A new logical id is not a '
        "finding, and the old resource then counts as removed."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html"
    " (read 2026-11-24; the message is from CloudFormation, the page is silent)",
    check=check,
    any_type=True,
)
