"""Rules by which data is deleted while its resource stays: lifecycles of objects and images, times to live.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html (read 2026-11-29)
https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html (read 2026-11-29)
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html (read 2026-11-29)
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.review.protections.comparators import number
from cdk_inference.review.protections.protection import text
from cdk_inference.review.resource_versions import ResourceVersion

# What a rule may delete -> where its days stand; the first that is there counts.
_DELETES: dict[str, tuple[tuple[str, ...], ...]] = {
    "objects": (("ExpirationInDays",),),
    "earlier versions of objects": (
        ("NoncurrentVersionExpiration", "NoncurrentDays"),
        ("NoncurrentVersionExpirationInDays",),
    ),
}


@dataclass(frozen=True)
class Expiry:
    """What a rule of a lifecycle deletes. prefix: of keys; only: other conditions, as text. after: days."""

    what: str
    prefix: str
    only: frozenset[str]
    after: float

    def covers(self, other: Expiry) -> bool:
        """Whether this deletes all that the other one does, as soon."""
        within = other.prefix.startswith(self.prefix) and self.only <= other.only
        return self.what == other.what and within and self.after <= other.after

    def __str__(self) -> str:
        where = f" under {self.prefix}" if self.prefix else ""
        return f"{self.what}{where} are deleted after {self.after:g} days"


def expiry_sooner(before: ResourceVersion, after: ResourceVersion) -> Iterator[str]:
    """Yields what of a resource is deleted from now on, and was not, or later."""
    kind = after.resource.type
    if kind == "AWS::S3::Bucket":
        yield from _objects(before, after)
    elif kind == "AWS::ECR::Repository":
        yield from _images(before, after)
    elif kind in ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"):
        yield from _items(before, after)


def _objects(before: ResourceVersion, after: ResourceVersion) -> Iterator[str]:
    old, new = (list(_expiries(side)) for side in (before, after))
    for one in new:
        if any(known.covers(one) for known in old):
            continue
        alike = [known for known in old if known.what == one.what and known.prefix == one.prefix]
        was = f"after {min(known.after for known in alike):g}" if alike else "never"
        yield f"{one} (before: {was})" if was == "never" else f"{one} instead of {was.removeprefix('after ')}"


def _expiries(side: ResourceVersion) -> Iterator[Expiry]:
    rules = side.get("LifecycleConfiguration", "Rules")
    for rule in rules if isinstance(rules, list) else []:
        if not isinstance(rule, dict) or text(rule.get("Status")) != "Enabled":
            continue
        for what, paths in _DELETES.items():
            days = next((found for path in paths if (found := number(_at(rule, path))) is not None), None)
            if days is not None:
                conditions = ("TagFilters", "ObjectSizeGreaterThan", "ObjectSizeLessThan")
                only = frozenset(f"{key} {rule[key]}" for key in conditions if key in rule)
                yield Expiry(what, str(rule.get("Prefix", "")), only, days)
        if "ExpirationDate" in rule:
            yield Expiry(f"objects, on {rule['ExpirationDate']},", str(rule.get("Prefix", "")), frozenset(), 0)


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _images(before: ResourceVersion, after: ResourceVersion) -> Iterator[str]:
    old, new = (_image_rules(side) for side in (before, after))
    for selection, count in new.items():
        was = old.get(selection)
        if was is None or count < was:
            yield f"images are deleted by a lifecycle: {selection}, {count:g}" + (f" instead of {was:g}" if was else "")


def _image_rules(side: ResourceVersion) -> dict[str, float]:
    """What a rule selects -> how many, or how old they may be."""
    written = side.get("LifecyclePolicy", "LifecyclePolicyText")
    try:
        found = json.loads(written) if isinstance(written, str) else {}
    except (ValueError, RecursionError):
        return {}
    made: dict[str, float] = {}
    for rule in found.get("rules", []) if isinstance(found, dict) else []:
        selection = rule.get("selection", {}) if isinstance(rule, dict) else {}
        if isinstance(selection, dict):
            named = [str(selection.get(key)) for key in ("tagStatus", "tagPrefixList", "countType") if key in selection]
            made[" ".join(named)] = number(selection.get("countNumber")) or 0
    return made


def _items(before: ResourceVersion, after: ResourceVersion) -> Iterator[str]:
    old, new = (side.get("TimeToLiveSpecification") for side in (before, after))
    if isinstance(old, Unknown) or isinstance(new, Unknown) or not _expires(new):
        return
    if not _expires(old):
        yield f"items are deleted once the time in {new.get('AttributeName')} is past (before: never)"
    elif text(old.get("AttributeName")) != text(new.get("AttributeName")):
        yield f"items are deleted by the time in {new.get('AttributeName')} instead of {old.get('AttributeName')}"


def _expires(found: Any) -> bool:
    return isinstance(found, dict) and text(found.get("Enabled")) == "true"
