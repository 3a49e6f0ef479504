"""What kept data from going with its resource, and no longer does."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.formatting import value
from cdk_inference.review.pair import ResourcePair, StackPair
from cdk_inference.review.protections.comparators import switched_off
from cdk_inference.review.protections.protection import loosened, rows
from cdk_inference.review.rule import Rule
from cdk_inference.review.stateful import DELETION_POLICY, KEPT, STATEFUL, policy_after

_ON = (True, "true", "ACTIVE")
# Properties that make the service refuse a deletion; the values that switch it on.
_PROTECTION = ("DeletionProtection", "DeletionProtectionEnabled")
# Properties that delete the content with the resource.
_EMPTIED = ("EmptyOnDelete", "ForceDeleteWithoutRecovery")


_REPLICAS = rows(
    "AWS::DynamoDB::GlobalTable",
    "nothing happens now, but one call deletes the table with all its items",
    (("Replicas", "[Region]", "DeletionProtectionEnabled"), switched_off()),
)


def check(pair: StackPair) -> Iterator[Hit]:
    """Of what is on both sides."""
    for loss in loosened(pair, _REPLICAS):
        yield loss.pair.hit(loss.what, loss.means, "keep it switched on")
    for resource in pair.of(*STATEFUL):
        known = STATEFUL.get(resource.type)
        if resource.before is None or resource.after is None or known is None:
            continue
        ways = [*_policies(resource), *_properties(resource)]
        if ways:
            yield resource.hit(
                " and ".join(ways),
                f"nothing happens now, but deleting the {known.what} later would also delete its data: {known.lost}",
                "keep it as it was; if the resource is to be removed, copy the data first",
            )


def _policies(resource: ResourcePair) -> Iterator[str]:
    assert resource.before is not None
    assert resource.after is not None
    was, becomes = (
        policy_after(resource.type, side.attribute("DeletionPolicy"), side.written)
        for side in (resource.before, resource.after)
    )
    if was in KEPT and becomes not in KEPT:
        yield f"its DeletionPolicy changes from {was} to {becomes}"
    was, becomes = (side.attribute("UpdateReplacePolicy") for side in (resource.before, resource.after))
    if resource.replacement is not None:
        return  # rule data-replaced
    if was in KEPT and becomes not in KEPT:
        yield f"its UpdateReplacePolicy changes from {was} to {becomes or 'none, which is Delete'}"


def _properties(resource: ResourcePair) -> Iterator[str]:
    change = resource.changed("DataDeletionPolicy")
    if change is not None and (change.before, change.after) == ("RETAIN", "DELETE"):
        yield "its DataDeletionPolicy changes from RETAIN to DELETE"
    for name in (*_PROTECTION, *_EMPTIED):
        change = resource.changed(name)
        if change is None or not change.known:
            continue
        on, off = (change.before, change.after) if name in _PROTECTION else (change.after, change.before)
        if on in _ON and off not in _ON:
            yield f"its {name} changes from {value(change.before)} to {value(change.after)}"


RULE = Rule(
    id="policy-loosened",
    level="warning",
    title="A deletion policy that no longer keeps data",
    why=(
        "DeletionPolicy or UpdateReplacePolicy from Retain or Snapshot to Delete, deletion protection switched off, or "
        "content that is deleted along. It is often the first half of a deletion. Snapshot in place of Retain is not "
        "a finding."
    ),
    source=DELETION_POLICY,
    check=check,
)
