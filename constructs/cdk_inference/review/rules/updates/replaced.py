"""A resource that is replaced and holds no data."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.formatting import if_so, replaced_words
from cdk_inference.review.pair import StackPair
from cdk_inference.review.replaced_types import MEANINGS, OTHERS, SILENT
from cdk_inference.review.rule import Rule
from cdk_inference.review.stateful import STATEFUL


def check(pair: StackPair) -> Iterator[Hit]:
    """What is replaced only because something else is comes after it in words, not by itself."""
    for resource in pair.of():
        replacement = resource.replacement
        if replacement is None or resource.type in SILENT or resource.type in STATEFUL:
            continue
        means = MEANINGS.get(resource.type, OTHERS)
        yield resource.hit(
            f"it {replaced_words(replacement)}",
            if_so(replacement, f"CloudFormation creates a new one, then deletes the old one: {means}"),
            "leave the property as it is, or create a second one under another logical id and migrate",
            None if replacement.certain else "note",
        )


RULE = Rule(
    id="replaced",
    level="warning",
    title="A resource is replaced",
    why=(
        "Its id or ARN changes. By CloudFormation's schemas, which define for each property whether it can be "
        "changed; where a schema makes it conditional, and CloudFormation's reference does not state the condition, "
        "or a value is not "
        "known, it is a note. Models and endpoint configs are "
        "meant to be replaced and are not findings; neither is what only connects others (policies, permissions, "
        "routes)."
    ),
    source="CloudFormation's resource schemas; their day is in constructs/cdk_inference/facts/create_only.csv",
    check=check,
    any_type=True,
)
