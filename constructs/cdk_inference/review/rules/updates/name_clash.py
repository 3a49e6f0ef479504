"""A replacement that cannot be: the new resource would have the old one's name."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.core.unknown import Unknown
from cdk_inference.review.changes import same
from cdk_inference.review.create_only import create_only
from cdk_inference.review.finding import Hit
from cdk_inference.review.formatting import if_so, replaced_words, value
from cdk_inference.review.pair import ResourcePair, StackPair
from cdk_inference.review.rule import Rule


def check(pair: StackPair) -> Iterator[Hit]:
    """By the names that the type is known by."""
    for resource in pair.of():
        replacement = resource.replacement
        if replacement is None or not (replacement.certain or replacement.unknown):
            continue
        for name in create_only(resource.type).names:
            kept = _kept(resource, name)
            if kept is not None:
                yield resource.hit(
                    f"it {replaced_words(replacement)}, and keeps its {name}, {value(kept)}",
                    if_so(replacement, "the update fails: the new one is made first, and cannot have the same name"),
                    f"leave {name} out, so that CloudFormation makes one up, or change it together with the property",
                    None if replacement.certain else "warning",
                )


def _kept(resource: ResourcePair, name: str) -> str | None:
    if resource.before is None or resource.after is None:
        return None
    was, becomes = resource.before.get(name), resource.after.get(name)
    if any(
        path == (name,) and target in resource.stack.resources for path, target in resource.after.references((name,))
    ):
        return None  # it follows from another resource, and so it may change
    if isinstance(becomes, Unknown) or not isinstance(becomes, str) or not same(was, becomes):
        return None
    return becomes


RULE = Rule(
    id="name-clash",
    level="error",
    title="A resource with a fixed name is replaced and keeps the name",
    why=(
        "CloudFormation makes the new resource first. A fixed name is taken then, and the update fails and is rolled "
        "back. An endpoint config with a fixed name can never be changed. A name that changes too is no finding."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html "
    "(read 2026-11-24)",
    check=check,
    any_type=True,
)
