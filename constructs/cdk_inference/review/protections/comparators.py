"""Ways in which a property is loosened."""

from __future__ import annotations

import math
from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.review.changes import same
from cdk_inference.review.formatting import listed, value
from cdk_inference.review.protections.protection import Comparator, shown, text


def switched_off(on: Any = True, default: Any = False) -> Comparator:
    """It was `on`, and no longer is. default: what it is where the template names none."""

    def compare(was: Any, becomes: Any) -> str:
        old, new = (default if one is None else one for one in (was, becomes))
        return shown(was, becomes) if text(old) == text(on) and text(new) != text(on) else ""

    return compare


def switched_on(off: Any = False, default: Any = False) -> Comparator:
    """It was `off`, which is the strict value, and no longer is."""

    def compare(was: Any, becomes: Any) -> str:
        old, new = (default if one is None else one for one in (was, becomes))
        if text(old) == text(off) and text(new) != text(off):
            return f"changes from {value(old)} to {value(new)}"
        return ""

    return compare


def taken_away(was: Any, becomes: Any) -> str:
    """It was there, and no longer is. A key of AWS's own is none."""
    if _own(was) and not _own(becomes):
        return shown(was, becomes)
    return ""


def _own(found: Any) -> bool:
    if isinstance(found, dict):
        return any(map(_own, found.values()))  # such as a VPC without subnets and security groups
    return found not in (None, "", [], {}) and not str(found).startswith("alias/aws/")


def lowered(*loose_to_strict: str, default: str | None = None) -> Comparator:
    """A word that stands before the old one, from loose to strict. A word that is not listed is let through."""
    ranks = {word: number for number, word in enumerate(loose_to_strict)}

    def compare(was: Any, becomes: Any) -> str:
        old, new = (text(default if one is None else one) for one in (was, becomes))
        if old in ranks and new in ranks and ranks[new] < ranks[old]:
            return f"changes from {old} to {new}"
        return ""

    return compare


def fewer(key: str = "", *more: str, default: tuple[str, ...] = ()) -> Comparator:
    """Items of a list that are gone, identified by a key or by themselves.

    more: other keys that identify an item. default: those that there are without the list.
    """
    keys = (key, *more)

    def compare(was: Any, becomes: Any) -> str:
        old, new = (list(default) if one is None else one if isinstance(one, list) else [] for one in (was, becomes))
        if any(isinstance(one, Unknown) or isinstance(_name(one, key), Unknown) for one in (*old, *new)):
            return ""
        gone = [
            _name(one, key)
            for one in old
            if not any(same(_name(one, name), _name(other, name)) for other in new for name in keys)
        ]
        return f"no longer has {listed(tuple(value(one) for one in gone))}" if gone else ""

    return compare


def more(key: str = "", default: tuple[str, ...] = ()) -> Comparator:
    """Items of a list that are new. default: those that there are without the list."""

    def compare(was: Any, becomes: Any) -> str:
        old, new = (list(default) if one is None else one if isinstance(one, list) else [] for one in (was, becomes))
        if any(isinstance(one, Unknown) or isinstance(_name(one, key), Unknown) for one in (*old, *new)):
            return ""
        had = [_name(one, key) for one in old]
        added = [_name(one, key) for one in new if not any(same(_name(one, key), name) for name in had)]
        return f"gets {listed(tuple(value(one) for one in added))}" if added else ""

    return compare


def _name(item: Any, key: str) -> Any:
    return item.get(key) if key and isinstance(item, dict) else item


def smaller(default: float | None = None) -> Comparator:
    """Reports a lower number. default: the value of an absent property; None: an absent property is not compared."""
    return _moved(default, down=True)


def larger(default: float | None = None) -> Comparator:
    """A number that goes up."""
    return _moved(default, down=False)


def _moved(default: float | None, *, down: bool) -> Comparator:
    def compare(was: Any, becomes: Any) -> str:
        old, new = (number(default if one is None else one) for one in (was, becomes))
        if old is None or new is None or not (new < old if down else new > old):
            return ""
        return shown(was, becomes)

    return compare


def number(found: Any) -> float | None:
    """A number, also where it is text; None where it is none."""
    try:
        made = float(found)
    except (TypeError, ValueError, OverflowError):
        return None
    return None if math.isnan(made) else made
