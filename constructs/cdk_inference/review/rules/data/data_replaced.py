"""What holds data is replaced by an empty one."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit, Level
from cdk_inference.review.formatting import if_so, replaced_words, value
from cdk_inference.review.pair import StackPair
from cdk_inference.review.rule import Rule
from cdk_inference.review.stateful import KEPT, STATEFUL, kept_by_service

_POLICY = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html "
    "(read 2026-11-24)"
)


def check(pair: StackPair) -> Iterator[Hit]:
    """Kept or not, the new one is empty; only the old one's fate differs."""
    for resource in pair.of(*STATEFUL):
        replacement = resource.replacement
        if replacement is None or resource.after is None or "DBClusterIdentifier" in resource.after.written:
            continue  # the data of a cluster's instance are the cluster's
        policy = value(resource.after.attribute("UpdateReplacePolicy") or "Delete")
        stays = resource.before is not None and kept_by_service(resource.before)
        kept = policy in KEPT or stays
        known = STATEFUL[resource.type]
        level: Level = "warning" if kept else "error"
        if not replacement.certain:
            level = "warning" if replacement.unknown else "note"
        old = (
            "the old data stay outside it"
            if stays
            else f"the old one is kept ({policy}) outside the stack"
            if kept
            else f"data lost with the old one: {known.lost}"
        )
        yield resource.hit(
            f"the {known.what} {replaced_words(replacement)}; UpdateReplacePolicy is {policy}",
            if_so(replacement, f"the new one is empty, and {old}"),
            "leave the property as it is, or create a second resource, copy the data and move the readers",
            level,
        )


RULE = Rule(
    id="data-replaced",
    level="error",
    title="A resource with data is replaced",
    why=(
        "Some properties cannot be changed: CloudFormation makes a new, empty resource and deletes the old one. With "
        "UpdateReplacePolicy Retain or Snapshot the old data are kept, and it is a warning; so it is where a value is "
        "not known. Where only the schema calls a property conditional, and CloudFormation's reference is silent, it "
        "is a note; where the reference says that the update replaces nothing, it is not a finding."
    ),
    source=_POLICY,
    check=check,
    any_type=True,
)
