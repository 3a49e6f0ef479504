"""A replacement that cannot be: the new resource would have the old one's name."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.create_only import create_only
from cdk_inference.review.finding import Hit
from cdk_inference.review.formatting import if_so, replaced_words, value
from cdk_inference.review.pair import ResourcePair, StackPair
from cdk_inference.review.rule import Rule
from cdk_inference.template.partial_text import same_text, text_in
from cdk_inference.template.values import references_in


def check(pair: StackPair) -> Iterator[Hit]:
    """By the names that the type is known by, and by those that another logical id has now."""
    yield from _taken(pair)
    for resource in pair.of():
        replacement = resource.replacement
        if replacement is None or not (replacement.certain or replacement.unknown):
            continue
        for name in create_only(resource.type).names:
            kept = _kept(resource, name)
            if kept is not None:
                yield resource.hit(
                    f"it {replaced_words(replacement)}, and keeps its {name}, {value(kept)}",
                    if_so(replacement, "the update fails: the new one is created first, and cannot have the same name"),
                    f"leave {name} out, so that CloudFormation generates one, or change it together with the property",
                    None if replacement.certain else "warning",
                )


def _taken(pair: StackPair) -> Iterator[Hit]:
    """A fixed name of a resource that goes, on one that comes: it is made before the old one is deleted."""
    old: dict[tuple[str, str, str], ResourcePair] = {}
    for resource in pair.of():
        if resource.removed and resource.before is not None:
            for name in create_only(resource.type).names:
                found = resource.before.get(name)
                if isinstance(found, str) and not references_in(found):
                    old[resource.type, name, found] = resource
    for resource in pair.of() if old else ():
        if not resource.added or resource.after is None or not _differs(old, resource):
            continue
        for name in create_only(resource.type).names:
            former = old.get((resource.type, name, str(resource.after.get(name))))
            if former is not None:
                kept = value(resource.after.get(name))
                yield resource.hit(
                    f"its {name} is {kept}, which {former.logical_id} has until it is deleted",
                    "the update fails: the new one is created first, and cannot have the same name",
                    "keep the logical id, or give the new one another name",
                )


def _differs(old: dict[tuple[str, str, str], ResourcePair], resource: ResourcePair) -> bool:
    """Whether more than the logical id differs; the same content elsewhere is rule moved."""
    assert resource.after is not None
    names = [(resource.type, name, str(resource.after.get(name))) for name in create_only(resource.type).names]
    sides = [old[one].before for one in names if one in old]
    return any(side is not None and side.written != resource.after.written for side in sides)


def _kept(resource: ResourcePair, name: str) -> str | None:
    if resource.before is None or resource.after is None:
        return None
    was, becomes = (text_in(side.get(name)) for side in (resource.before, resource.after))
    if any(
        path == (name,) and target in resource.stack.resources for path, target in resource.after.references((name,))
    ):
        return None  # it follows from another resource, and so it may change
    return becomes if becomes is not None and same_text(was, becomes) else None


RULE = Rule(
    id="name-clash",
    level="error",
    title="A resource with a fixed name is replaced and keeps the name",
    why=(
        "CloudFormation creates the new resource first. A fixed name is then taken, and the update fails and is rolled "
        "back. An endpoint config with a fixed name can never be changed. The same applies to a name that moves to "
        "another logical id while more changes. A name that changes too is not a finding."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html "
    "(read 2026-11-24)",
    check=check,
    any_type=True,
)
