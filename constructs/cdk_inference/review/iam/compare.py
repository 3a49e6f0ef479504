"""What a set of statements allows, or denies, that another set does not."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cdk_inference.review.iam.conditions import Clause, Condition, alternatives, implied, missing
from cdk_inference.review.iam.patterns import Sure
from cdk_inference.review.iam.statement import Document, Statement, Terms, covered, meet

_BOXES_MAX = 100_000  # of one statement; more are not compared
_PAIRS_MAX = 100_000  # of statements; a limit of this package, for 300 before and after that all differ
_TOO_MANY = "its statements are more than are compared"


class Box(NamedTuple):
    """Requests of one statement: one principal, action and resource each, or all but some.

    sure: whether it is known that they are not in the other set. lost: conditions that the other set has besides, where
    it is only they that differ. statement: where it comes from. why: why it is not known, if no value says so.
    """

    statement: Statement
    principal: Terms
    action: Terms
    resource: Terms
    conditions: Condition
    sure: bool
    lost: tuple[Clause, ...] = ()
    why: str = ""


class Comparison(NamedTuple):
    """allowed: boxes that are allowed now and were not. denied: that were denied and are not, and are allowed now.

    untold: parts that are not known and differ.
    """

    allowed: tuple[Box, ...]
    denied: tuple[Box, ...]
    untold: tuple[str, ...]


def compare(before: Document, after: Document, *, granted_elsewhere: bool = False) -> Comparison:
    """What became broader. granted_elsewhere: whether others allow what a Deny of these denied."""
    was, becomes = _sides(before), _sides(after)
    vanished = [mark for mark in before.unknown if mark not in after.unknown]
    appeared = [mark for mark in after.unknown if mark not in before.unknown]
    allowed = _bounded(list(outside(becomes[0], was[0], sure=not vanished)), becomes[1])
    allowed = [box for box in allowed if box.why or not any(_in(one, box) is Sure.YES for one in becomes[1])]
    granting = [] if granted_elsewhere else becomes[0]
    denied = _bounded(list(outside(was[1], becomes[1], sure=not appeared)), granting)
    denied = [box for box in denied if box.why or granted_elsewhere or any(_touches(one, box) for one in granting)]
    return Comparison(tuple(allowed), tuple(denied), tuple(dict.fromkeys((*appeared, *vanished))))


def _bounded(boxes: list[Box], others: Sequence[Statement]) -> list[Box]:
    """The boxes; where each cannot be compared with all of `others`, only the broadest are, and the rest not known."""
    known, count = [box for box in boxes if not box.why], _count(others)
    if len(known) <= count:
        return boxes
    known.sort(key=lambda box: _letters(box.action, box.resource, box.principal))
    left = [box._replace(sure=False, why=_TOO_MANY) for box in known[count:]]
    return [*known[:count], *left, *(box for box in boxes if box.why)]


def _count(others: Sequence[Statement]) -> int:
    """How many statements or boxes can be compared with each of `others`."""
    return max(1, _PAIRS_MAX // max(1, len(others)))


def _letters(*terms: Terms) -> int:
    """How long the patterns are: the broadest are the shortest."""
    return sum(len(text) for one in terms for text in one.patterns)


def _sides(one: Document) -> tuple[list[Statement], list[Statement]]:
    unique = list(dict.fromkeys(one.statements))
    return [one for one in unique if one.allows], [one for one in unique if not one.allows]


def outside(these: Iterable[Statement], others: Sequence[Statement], *, sure: bool = True) -> Iterator[Box]:
    """The boxes of `these` that none of `others` covers. sure: False where `others` are not all that there are."""
    known = set(others)
    left = [one for one in these if one not in known]
    count = _count(others)
    if len(left) > count:
        left.sort(key=lambda one: _letters(one.actions, one.resources, one.principals))
    for place, one in enumerate(left):
        yield from _outside(one, others, sure) if place < count else [_whole(one)]


def _whole(one: Statement) -> Box:
    return Box(one, one.principals, one.actions, one.resources, one.conditions, sure=False, why=_TOO_MANY)


def _outside(one: Statement, others: Sequence[Statement], sure: bool) -> Iterator[Box]:
    sides = (one.principals.parts(), one.actions.parts(), one.resources.parts(), alternatives(one.conditions))
    size = len(sides[0]) * len(sides[1]) * len(sides[2]) * len(sides[3])
    if size > _BOXES_MAX:
        yield _whole(one)
        return
    tables = [table for other in others if (table := _table(other, sides)) is not None]
    for p, a, r, c in itertools.product(*(range(len(side)) for side in sides)):
        found, bare = Sure.NO, []
        for other, (who, what, on, when) in tables:
            without = min(who[p], what[a], on[r])
            found = max(found, min(without, when[c]))
            if without is Sure.YES:
                bare.append(other)
        if found is not Sure.YES:
            lost = _lost(bare, sides[3][c])
            yield Box(one, sides[0][p], sides[1][a], sides[2][r], sides[3][c], sure and found is Sure.NO, lost)


Sides = tuple[tuple[Terms, ...], tuple[Terms, ...], tuple[Terms, ...], list[Condition]]
Table = tuple[list[Sure], list[Sure], list[Sure], list[Sure]]


def _table(other: Statement, sides: Sides) -> tuple[Statement, Table] | None:
    """For each part of each element whether the other statement covers it; None where it covers nothing."""
    found: list[list[Sure]] = []
    columns = ((other.resources, sides[2], False), (other.actions, sides[1], False), (other.principals, sides[0], True))
    for wide, parts, principals in columns:  # resources differ most often
        row = [covered(wide, part, principals=principals) for part in parts]
        if not any(row):
            return None
        found.append(row)
    return other, (found[2], found[1], found[0], [implied(other.conditions, part) for part in sides[3]])


def _lost(bare: Sequence[Statement], conditions: Condition) -> tuple[Clause, ...]:
    """The fewest conditions that statements had which cover the box but for them."""
    found = [missing(other.conditions, conditions) for other in bare]
    return tuple(sorted(found, key=len)[0]) if found else ()


def _in(other: Statement, box: Box) -> Sure:
    return min(
        covered(other.principals, box.principal, principals=True) if _single(box.principal) else Sure.NO,
        covered(other.actions, box.action) if _single(box.action) else Sure.NO,
        covered(other.resources, box.resource) if _single(box.resource) else Sure.NO,
        implied(other.conditions, box.conditions),
    )


def _single(terms: Terms) -> bool:
    return terms.negated or len(terms.patterns) == 1


def _touches(one: Statement, box: Box) -> bool:
    who = meet(one.principals, box.principal, principals=True)
    return who and meet(one.actions, box.action) and meet(one.resources, box.resource)
