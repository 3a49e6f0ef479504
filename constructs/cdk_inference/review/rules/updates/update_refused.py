"""Updates that a service refuses, although no schema says that the property cannot be changed."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.changes import PropertyChange
from cdk_inference.review.create_only import refused
from cdk_inference.review.finding import Hit
from cdk_inference.review.formatting import value
from cdk_inference.review.pair import ResourcePair, StackPair
from cdk_inference.review.rule import Rule

# "If you change the value of the KeySpec, KeyUsage, Origin, or MultiRegion properties of an existing KMS key, the
# update request fails": aws-resource-kms-key.html (user guide of 2023-12-07)
_REFUSED = {"AWS::KMS::Key": ("KeySpec", "KeyUsage", "MultiRegion", "Origin")}
_TABLES = ("AWS::DynamoDB::Table",)
_SAFE = "create a second resource with the new value, and migrate"


def check(pair: StackPair) -> Iterator[Hit]:
    """Of what is on both sides and known on both."""
    for resource in pair.of():
        for change in resource.changes:
            if change.known and _refuses(resource.type, change):
                yield resource.hit(
                    f"its {'.'.join(change.path)} changes from {value(change.before)} to {value(change.after)}",
                    "the update fails and is rolled back: the value of an existing one cannot be changed",
                    _SAFE,
                )
    for resource in pair.of(*_TABLES):
        yield from _indexes(resource)


def _refuses(kind: str, change: PropertyChange) -> bool:
    return change.path[0] in _REFUSED.get(kind, ()) or "/".join(change.path) in refused(kind)


def _indexes(resource: ResourcePair) -> Iterator[Hit]:
    """ "You can delete or add one global secondary index without interruption. If you do both in the same update (for
    example, by changing the index's logical ID), the update fails": aws-resource-dynamodb-table.html (2023-12-07)."""
    if resource.before is None or resource.after is None or resource.replacement is not None or not resource.changes:
        return
    old, new = (_names(side.get("GlobalSecondaryIndexes")) for side in (resource.before, resource.after))
    if len(old ^ new) > 1:
        moves = [
            *(f"{name} goes" for name in sorted(old - new)),
            *(f"{name} comes" for name in sorted(new - old)),
        ]
        yield resource.hit(
            f"several of its global secondary indexes are created or deleted at once: {', '.join(moves)}",
            "the update fails and is rolled back: an update can create or delete only one index",
            "one deployment for each index",
        )


def _names(found: object) -> set[str]:
    return {str(one.get("IndexName")) for one in found if isinstance(one, dict)} if isinstance(found, list) else set()


RULE = Rule(
    id="update-refused",
    level="error",
    title="An update that the service refuses",
    why=(
        "Documented by AWS but not in any schema: the specification, use, origin and kind of a KMS key, and more than "
        "one global secondary index of a table in one update. A table that is replaced, and an index that only "
        "changes, are not findings."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html "
    "(text of 2023-12-07)",
    check=check,
    any_type=True,
)
