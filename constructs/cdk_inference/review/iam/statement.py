"""A statement of a policy as sets: who, what, on what, when."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cdk_inference.review.iam.conditions import Condition, condition
from cdk_inference.review.iam.patterns import Sure, covers, overlaps
from cdk_inference.template.values import unknown_in

_ROOT = re.compile(r"arn:[^:]*:iam::([^:]+):root")
_IN_ACCOUNT = re.compile(r"arn:[^:]*:(?:iam|sts)::([^:]+):.+")
ANYONE = "*"


class Terms(NamedTuple):
    """Patterns of one element; negated: what they do not match. Principals are "Kind:text", anyone is "*"."""

    patterns: tuple[str, ...]
    negated: bool = False

    def parts(self) -> tuple[Terms, ...]:
        """Terms that together match the same."""
        return (self,) if self.negated else tuple(Terms((one,)) for one in self.patterns)


def covered(wide: Terms, narrow: Terms, *, principals: bool = False) -> Sure:
    """Whether `wide` matches all that `narrow`, which is one pattern or negated, does."""
    within = principal_covers if principals else covers
    if not wide.negated and not narrow.negated:
        return max((within(one, narrow.patterns[0]) for one in wide.patterns), default=Sure.NO)
    if not wide.negated:
        return Sure.YES if ANYONE in wide.patterns else Sure.NO
    if narrow.negated:
        return min(
            (max((within(ours, one) for ours in narrow.patterns), default=Sure.NO) for one in wide.patterns),
            default=Sure.YES,
        )
    return min((_apart(one, narrow.patterns[0], principals) for one in wide.patterns), default=Sure.YES)


def meet(one: Terms, other: Terms, *, principals: bool = False) -> bool:
    """Whether both may match something; two that are negated always may."""
    within = principal_covers if principals else covers
    if one.negated and other.negated:
        return True
    if one.negated or other.negated:
        positive, negated = (other, one) if one.negated else (one, other)
        return any(all(within(gap, part) is not Sure.YES for gap in negated.patterns) for part in positive.patterns)
    touching = _principals_touch if principals else overlaps
    return any(touching(a, b) for a in one.patterns for b in other.patterns)


def _principals_touch(one: str, other: str) -> bool:
    return max(principal_covers(one, other), principal_covers(other, one)) is not Sure.NO


def principal_covers(wide: str, narrow: str) -> Sure:
    """An account covers all that are in it; anyone covers all."""
    if wide in (narrow, ANYONE):
        return Sure.YES
    inside = _IN_ACCOUNT.fullmatch(narrow.removeprefix("AWS:"))
    if wide.startswith("AWS:") and inside and wide == f"AWS:{inside[1]}":
        return Sure.YES
    if narrow != ANYONE and (unknown_in(wide) or unknown_in(narrow)):
        return Sure.MAYBE if wide.partition(":")[0] == narrow.partition(":")[0] else Sure.NO
    return Sure.NO


def _apart(gap: str, text: str, principals: bool) -> Sure:
    if principals:
        touching = max(principal_covers(gap, text), principal_covers(text, gap))
    else:
        touching = Sure.YES if overlaps(gap, text) else Sure.NO
        if touching and (unknown_in(gap) or unknown_in(text)):
            touching = Sure.MAYBE
    return Sure(Sure.YES - touching)


@dataclass(frozen=True)
class Statement:
    """One statement. owner: what it stands in, for those who compare.

    itself: whether it names no resource, being for the one that it belongs to. spelled: actions as they are written.
    """

    allows: bool
    principals: Terms
    actions: Terms
    resources: Terms
    conditions: Condition = ()
    owner: Any = field(default=None, compare=False)
    itself: bool = field(default=False, compare=False)
    spelled: Mapping[str, str] = field(default_factory=dict, compare=False)

    def as_written(self, action: str) -> str:
        """An action with the capital letters that the template has."""
        return self.spelled.get(action, action)


class Document(NamedTuple):
    """The statements of a policy, and the marks of the parts of it that are not known at all."""

    statements: tuple[Statement, ...] = ()
    unknown: tuple[str, ...] = ()


def document(value: Any, owner: Any = None) -> Document:
    """A policy, an object or its text, with marks for what is not known. A value of another form has no statements."""
    if isinstance(value, str) and not unknown_in(value):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return Document()
    if isinstance(value, str):
        return Document(unknown=(value,))
    if not isinstance(value, dict):
        return Document()
    found: list[Statement] = []
    unknown: list[str] = []
    for one in _flat(value.get("Statement")):
        if isinstance(one, str) and unknown_in(one):
            unknown.append(one)
        elif isinstance(one, dict):
            made = statement(one, owner)
            found += [] if made is None else [made]
    return Document(tuple(found), tuple(unknown))


def statement(value: dict[str, Any], owner: Any = None) -> Statement | None:
    """One statement; None where it has no effect or no action."""
    effect = value.get("Effect")
    actions = _terms(value, "Action")
    if effect not in ("Allow", "Deny") or actions is None:
        return None
    lowered = tuple(sorted({_action(one) for one in actions.patterns}))
    who = _principals(value.get("Principal", value.get("NotPrincipal", ANYONE)))
    return Statement(
        allows=effect == "Allow",
        principals=Terms(who, "Principal" not in value and "NotPrincipal" in value),
        actions=Terms(lowered, actions.negated),
        resources=_terms(value, "Resource") or Terms(("*",)),
        conditions=condition(value.get("Condition")),
        owner=owner,
        itself="Resource" not in value and "NotResource" not in value,
        spelled={_action(one): one for one in actions.patterns},
    )


def _action(text: str) -> str:
    return text if unknown_in(text) else "*" if text == "*:*" else text.lower()


def _terms(value: dict[str, Any], name: str) -> Terms | None:
    for key, negated in ((name, False), (f"Not{name}", True)):
        if key in value:
            texts = {str(one) for one in _flat(value[key]) if isinstance(one, (str, int, float))}
            return Terms(tuple(sorted(texts)), negated)
    return None


def _principals(value: Any) -> tuple[str, ...]:
    if not isinstance(value, dict):
        return tuple(sorted({ANYONE if one == ANYONE else f"AWS:{one}" for one in _flat(value)}))
    found: set[str] = set()
    for kind, named in value.items():
        for one in _flat(named):
            root = _ROOT.fullmatch(str(one))
            if kind == "AWS" and one == ANYONE:
                found.add(ANYONE)
            else:
                found.add(f"{kind}:{root[1] if kind == 'AWS' and root else one}")
    return tuple(sorted(found))


def _flat(value: Any) -> Iterator[Any]:
    """Items of lists in lists; a value by itself is a list of it."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, (list, tuple)):
            waiting.extend(reversed(one))
        elif one is not None:
            yield one
