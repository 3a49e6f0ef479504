"""Rules by which data is deleted while its resource stays: lifecycles of objects and images, times to live.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html (read 2026-11-29)
https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html (read 2026-11-29)
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html (read 2026-11-29)
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from cdk_inference.core.unknown import Unknown
from cdk_inference.review.protections.comparators import number
from cdk_inference.review.protections.protection import text
from cdk_inference.review.resource_versions import ResourceVersion
from cdk_inference.template.values import items, mapping

# What a rule may delete -> where its days stand; the first that is there counts.
_DELETES: dict[str, tuple[tuple[str, ...], ...]] = {
    "objects": (("ExpirationInDays",),),
    "earlier versions of objects": (
        ("NoncurrentVersionExpiration", "NoncurrentDays"),
        ("NoncurrentVersionExpirationInDays",),
    ),
}
_KEPT = ("NoncurrentVersionExpiration", "NewerNoncurrentVersions")


class Expiry(NamedTuple):
    """What a rule of a lifecycle deletes.

    prefix: of keys. only: other conditions, as text. after: days. on: a date in place of the days. kept: how many
    earlier versions stay.
    """

    what: str
    prefix: str
    only: frozenset[str]
    after: float
    on: str = ""
    kept: float = 0

    def covers(self, other: Expiry) -> bool:
        """Whether this deletes all that the other one does, as soon."""
        within = other.prefix.startswith(self.prefix) and self.only <= other.only
        dated = bool(self.on) == bool(other.on) and self.on <= other.on
        sooner = self.after <= other.after and dated and self.kept <= other.kept
        return self.what == other.what and within and sooner

    @property
    def when(self) -> str:
        """When they are deleted."""
        return f"on {self.on}" if self.on else f"after {self.after:g} days" + self._but

    @property
    def _but(self) -> str:
        return f", all but {self.kept:g} of each" if self.kept else ""

    def __str__(self) -> str:
        where = f" under {self.prefix}" if self.prefix else ""
        only = f" with {' and '.join(sorted(self.only))}" if self.only else ""
        return f"{self.what}{where}{only} are deleted {self.when}"


def expiry_sooner(before: ResourceVersion, after: ResourceVersion) -> Iterator[str]:
    """Yields what of a resource is deleted from now on, and was not, or later."""
    kind = after.resource.type
    if kind == "AWS::S3::Bucket":
        yield from _objects(before, after)
    elif kind == "AWS::ECR::Repository":
        yield from _images(before, after)
    elif kind in ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"):
        yield from _items(before, after)
    elif kind == "AWS::OpenSearchServerless::LifecyclePolicy":
        yield from _indices(before, after)


def _objects(before: ResourceVersion, after: ResourceVersion) -> Iterator[str]:
    old, new = (list(_expiries(side)) for side in (before, after))
    for one in new:
        if any(known.covers(one) for known in old):
            continue
        alike = [known for known in old if known.what == one.what and known.prefix == one.prefix]
        nearest = min(alike, key=lambda known: (known.only != one.only, known.after), default=None)
        if nearest is None:
            yield f"{one} (before: never)"
        elif nearest.only == one.only:
            yield f"{one} instead of {nearest.when.removeprefix('after ')}"
        else:
            yield f"{one} (before: only {nearest})"


def _expiries(side: ResourceVersion) -> Iterator[Expiry]:
    rules = side.get("LifecycleConfiguration", "Rules")
    for rule in rules if isinstance(rules, list) else []:
        if not isinstance(rule, dict) or text(rule.get("Status")) != "Enabled":
            continue
        prefix, only = str(rule.get("Prefix", "")), frozenset(_conditions(rule))
        for what, paths in _DELETES.items():
            days = next((found for path in paths if (found := number(_at(rule, path))) is not None), None)
            if days is not None:
                kept = number(_at(rule, _KEPT)) if what != "objects" else None
                yield Expiry(what, prefix, only, days, kept=kept or 0)
        if "ExpirationDate" in rule:
            yield Expiry("objects", prefix, only, 0, on=str(rule["ExpirationDate"]))


def _conditions(rule: dict[str, Any]) -> Iterator[str]:
    tags = rule.get("TagFilters")
    for tag in tags if isinstance(tags, list) else []:
        if isinstance(tag, dict):
            yield f"the tag {text(tag.get('Key'))}={text(tag.get('Value'))}"
    for key, words in (("ObjectSizeGreaterThan", "more than"), ("ObjectSizeLessThan", "less than")):
        if key in rule:
            yield f"{words} {text(rule[key])} bytes"


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
    made: dict[str, float] = {}
    for rule in _rules(side.get("LifecyclePolicy", "LifecyclePolicyText"), "rules"):
        selection = rule.get("selection", {})
        if isinstance(selection, dict):
            named = [str(selection.get(key)) for key in ("tagStatus", "tagPrefixList", "countType") if key in selection]
            made[" ".join(named)] = number(selection.get("countNumber")) or 0
    return made


def _rules(policy: Any, key: str) -> list[dict[str, Any]]:
    """The rules of a policy that is JSON in a text."""
    try:
        found = json.loads(policy) if isinstance(policy, str) else {}
    except (ValueError, RecursionError):
        return []
    return [one for one in items(mapping(found).get(key)) if isinstance(one, dict)]


def _indices(before: ResourceVersion, after: ResourceVersion) -> Iterator[str]:
    old, new = (_index_rules(side) for side in (before, after))
    for pattern, hours in new.items():
        was = old.get(pattern)
        if was is not None and hours < was:
            first = "kept without end" if math.isinf(was) else f"{was / 24:g} days"
            yield f"{pattern} is deleted after {hours / 24:g} days instead of {first}"


def _index_rules(side: ResourceVersion) -> dict[str, float]:
    """Pattern of indices -> hours that their data is kept."""
    made: dict[str, float] = {}
    for rule in _rules(side.get("Policy"), "Rules"):
        least = str(rule.get("MinIndexRetention", ""))
        hours = number(least[:-1])
        for pattern in items(rule.get("Resource")):
            if rule.get("NoMinIndexRetention") is True:
                made[str(pattern)] = math.inf
            elif hours is not None:
                made[str(pattern)] = hours * (24 if least.endswith("d") else 1)
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
