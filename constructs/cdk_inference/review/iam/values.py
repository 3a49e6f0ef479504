"""Values of a condition: whether all that one matches is matched by another."""

from __future__ import annotations

import datetime
import ipaddress
from typing import Literal, NamedTuple

from cdk_inference.review.iam.patterns import Sure, covers

Sort = Literal["exact", "any-case", "pattern", "arn", "word", "number", "date", "address"]


class Kind(NamedTuple):
    """How the values of some operators match. negated: the operators that hold where none matches."""

    sort: Sort
    operators: tuple[str, ...]
    negated: tuple[str, ...] = ()


KINDS = (
    Kind("exact", ("stringequals",), ("stringnotequals",)),
    Kind("any-case", ("stringequalsignorecase",), ("stringnotequalsignorecase",)),
    Kind("pattern", ("stringlike",), ("stringnotlike",)),
    Kind("arn", ("arnequals", "arnlike"), ("arnnotequals", "arnnotlike")),
    Kind("word", ("bool", "binaryequals")),
    Kind("number", ("numericequals",), ("numericnotequals",)),
    Kind("number", ("numericlessthan", "numericlessthanequals", "numericgreaterthan", "numericgreaterthanequals")),
    Kind("date", ("dateequals",), ("datenotequals",)),
    Kind("date", ("datelessthan", "datelessthanequals", "dategreaterthan", "dategreaterthanequals")),
    Kind("address", ("ipaddress",), ("notipaddress",)),
)


def within(inner: Kind, by: str, one: str, outer: Kind, against: str, other: str) -> Sure:
    """Whether what operator `by` matches with `one` is matched by operator `against` with `other`."""
    if by == against and one == other:
        return Sure.YES
    sorts = (inner.sort, outer.sort)
    plain = inner.sort == "exact" or (inner.sort in ("pattern", "arn") and not set(one) & set("*?"))
    if outer.sort == "exact":
        return _yes(plain and one == other)
    if outer.sort == "any-case":
        return _yes((plain or inner.sort == "any-case") and one.lower() == other.lower())
    if outer.sort == "pattern":
        return covers(other, one) if inner.sort in ("exact", "pattern", "arn") else _yes(other == "*")
    if sorts in (("arn", "arn"), ("exact", "arn")):
        return _arn(other, one)
    if sorts == ("word", "word"):
        return _yes(by == against and one.lower() == other.lower())
    if sorts in (("number", "number"), ("date", "date")):
        return _yes(_ordered(by, one, against, other, outer.sort))
    if sorts == ("address", "address"):
        return _yes(_inside(one, other))
    return Sure.NO


def _yes(found: bool) -> Sure:
    return Sure.YES if found else Sure.NO


def _arn(wide: str, narrow: str) -> Sure:
    """Each of the six parts by itself."""
    parts, others = wide.split(":", 5), narrow.split(":", 5)
    if len(parts) != 6 or len(others) != 6:
        return covers(wide, narrow) if wide == narrow else Sure.NO
    return min(covers(one, other) for one, other in zip(parts, others, strict=True))


def _ordered(by: str, one: str, against: str, other: str, sort: Sort) -> bool:
    try:
        if sort == "number":
            first, second = float(one), float(other)
        else:
            first, second = _date(one), _date(other)
    except (ValueError, OverflowError):
        return False
    names = by.removeprefix("numeric").removeprefix("date"), against.removeprefix("numeric").removeprefix("date")
    down, up = ("lessthan", "lessthanequals"), ("greaterthan", "greaterthanequals")
    if names[1] == "equals":
        return names[0] == "equals" and first == second
    exclusive = not names[1].endswith("equals") and names[0] in ("equals", "lessthanequals", "greaterthanequals")
    if names[1] in down and names[0] in (*down, "equals"):
        return first < second or (first == second and not exclusive)
    if names[1] in up and names[0] in (*up, "equals"):
        return first > second or (first == second and not exclusive)
    return names == ("notequals", "notequals") and first == second


def _date(text: str) -> float:
    found = datetime.datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=datetime.UTC)).timestamp()


def _inside(one: str, other: str) -> bool:
    try:
        inner, outer = ipaddress.ip_network(one), ipaddress.ip_network(other)
    except ValueError:
        return False
    # Of one version, which the types of ipaddress cannot say.
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]
