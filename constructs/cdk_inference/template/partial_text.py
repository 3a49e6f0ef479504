"""Texts of which parts are known at deployment only: `mlops-${Team}-live` is a text with one hole.

In a text, a hole is a mark (values.py). Equal marks are one value, whatever it is: a parameter without a default has
one value in a deployment, and an update keeps it. So two texts can be equal, or differ, whatever the holes hold.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.template.values import MARK, UNKNOWN_OPEN

_HOLE = re.compile(f"({MARK})")
_HOLES_MAX = 100  # above it, texts are equal or not known


def text_in(value: Any) -> str | None:
    """`value` if it is a text; of an `Unknown`, the text with holes. None for anything else."""
    return value if isinstance(value, str) else value.text if isinstance(value, Unknown) else None


def same_text(one: Any, other: Any) -> bool | None:
    """Whether two texts, which may have holes, are the same: True or False for certain, None where it depends.

    An `Unknown` without a text, or a value of another kind, depends.
    """
    left, right = text_in(one), text_in(other)
    if left is None or right is None:
        return None
    if left == right:
        return True
    return False if _differ(_parts(left), _parts(right)) else None


def _parts(text: str) -> list[str]:
    """Characters and holes, in order."""
    found: list[str] = []
    for number, part in enumerate(_HOLE.split(text)):
        found += [part] if number % 2 else part
    return found


def _hole(part: str) -> bool:
    return len(part) > 1


def _differ(left: list[str], right: list[str]) -> bool:
    """Whether no values of the holes make the two the same."""
    left, right = _without_common_start(left, right)
    left, right = (side[::-1] for side in _without_common_start(left[::-1], right[::-1]))
    for first, second in ((left[:1], right[:1]), (left[-1:], right[-1:])):
        if first and second and not _hole(first[0]) and not _hole(second[0]):
            return True  # a character stands against another
    holes = [Counter(part for part in side if _hole(part)) for side in (left, right)]
    only = [holes[0] - holes[1], holes[1] - holes[0]]
    letters = [sum(not _hole(part) for part in side) for side in (left, right)]
    # What is in both has one length: what is left of the shorter side cannot hold the letters of the other.
    shorter = (not only[0] and letters[0] < letters[1]) or (not only[1] and letters[1] < letters[0])
    if shorter and all(map(_lasting, holes[0] & holes[1])):
        return True
    return _fails(left, right) or _fails(right, left)


def _lasting(part: str) -> bool:
    """Whether `part` is the same before and after an update: a resource may get another name or id."""
    return not _hole(part) or part.startswith(UNKNOWN_OPEN)


def _without_common_start(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    count = 0
    while count < min(len(left), len(right)) and left[count] == right[count] and _lasting(left[count]):
        count += 1
    return left[count:], right[count:]


def _fails(pattern: list[str], text: list[str]) -> bool:
    """Whether `text` has no hole, and its characters do not fit between the holes of `pattern`."""
    if any(map(_hole, text)) or sum(map(_hole, pattern)) > _HOLES_MAX:
        return False
    rest, pieces = "".join(text), _pieces(pattern)
    if len(pieces) == 1:
        return rest != pieces[0]
    if not rest.startswith(pieces[0]) or len(rest) < len(pieces[0]) + len(pieces[-1]) or not rest.endswith(pieces[-1]):
        return True
    at, end = len(pieces[0]), len(rest) - len(pieces[-1])
    for piece in pieces[1:-1]:
        found = rest.find(piece, at, end)
        if found < 0:
            return True
        at = found + len(piece)
    return False


def _pieces(pattern: list[str]) -> list[str]:
    """The characters between holes."""
    found = [""]
    for part in pattern:
        if _hole(part):
            found.append("")
        else:
            found[-1] += part
    return found
