"""Boxes in words, a sentence for all of one statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from cdk_inference.review.finding import Hit, Level, NotCompared
from cdk_inference.review.formatting import listed
from cdk_inference.review.iam.broader import Broader
from cdk_inference.review.iam.compare import Box
from cdk_inference.review.iam.conditions import Clause
from cdk_inference.review.iam.statement import ANYONE, Terms
from cdk_inference.review.pair import ResourcePair
from cdk_inference.template.values import readable, reasons_in


class OwnBoxes(NamedTuple):
    """Boxes of one resource and subject. pair: what to name."""

    pair: ResourcePair
    subject: Broader
    boxes: tuple[Box, ...]


def by_owner(found: Broader, boxes: Iterable[Box]) -> Iterator[OwnBoxes]:
    """The boxes by the resource that they stand in."""
    groups: dict[str, tuple[ResourcePair, list[Box]]] = {}
    for box in boxes:
        pair = found.owner(box)
        if pair is not None:
            groups.setdefault(f"{pair.stack.name}/{pair.logical_id}", (pair, []))[1].append(box)
    for pair, own in groups.values():
        yield OwnBoxes(pair, found, tuple(own))


def requests(boxes: Iterable[Box], *, principals: bool = True) -> str:
    """ "s3:GetObject, s3:PutObject on X, for account Y, if Bool Z true"; between statements stands "; "."""
    groups: dict[int, list[Box]] = {}
    for box in boxes:
        groups.setdefault(id(box.statement), []).append(box)
    return "; ".join(_statement(own, principals) for own in groups.values())


def _statement(boxes: list[Box], principals: bool) -> str:
    by_resource: dict[Terms, list[Box]] = {}
    for box in boxes:
        by_resource.setdefault(box.resource, []).append(box)
    alike: dict[tuple[str, str, str], list[Terms]] = {}
    spelled = boxes[0].statement.as_written
    for resource, own in by_resource.items():
        who = f", for {_terms([box.principal for box in own], 'anyone', _who)}" if principals else ""
        actions = _terms([box.action for box in own], "any action", spelled)
        held = listed(tuple(dict.fromkeys(_clause(clause) for box in own for clause in box.conditions)))
        alike.setdefault((actions, who, f", if {held}" if held else ""), []).append(resource)
    itself = boxes[0].statement.itself
    return "; ".join(
        f"{actions}{'' if itself else ' on ' + _terms(resources, 'any resource', str)}{who}{held}"
        for (actions, who, held), resources in alike.items()
    )


def _terms(found: list[Terms], everything: str, spelled: Callable[[str], str]) -> str:
    texts: list[str] = []
    for one in found:
        parts = [everything if text == ANYONE else readable(spelled(text)) for text in one.patterns]
        texts += [f"all but {listed(tuple(parts))}"] if one.negated else parts
    return listed(tuple(dict.fromkeys(texts)))


def _who(text: str) -> str:
    kind, _, name = text.partition(":")
    return f"account {name}" if kind == "AWS" and not name.startswith("arn:") else name


def clauses(boxes: Iterable[Box]) -> str:
    """The conditions that are gone."""
    return listed(tuple(dict.fromkeys(_clause(clause) for box in boxes for clause in box.lost)))


def _clause(clause: Clause) -> str:
    others = " or others" if len(clause.values) > 3 else ""
    return f"{' '.join(clause.shown)} {' or '.join(readable(value) for value in clause.values[:3])}{others}"


def undecided(broader: Broader, boxes: Iterable[Box]) -> Iterator[NotCompared]:
    """Yields what could not be compared, and why, except what the pairing recorded of resources on both sides."""
    whys = [next(iter(reasons_in(mark)), "") for mark in broader.comparison.untold]
    owners: list[ResourcePair | None] = [broader.pair] * len(whys)
    for box in boxes:
        texts = [*box.action.patterns, *box.resource.patterns, *box.principal.patterns]
        texts += [value for clause in box.conditions for value in clause.values]
        whys.append(box.why or next((reason for text in texts for reason in reasons_in(text)), ""))
        owners.append(broader.owner(box))
    for why, pair in zip(whys, owners, strict=True):
        if pair is None or any(not change.known for change in pair.changes):
            continue
        why = why or broader.unknown or "a part of what it was allowed is not known"
        yield pair.not_compared(f"whether {broader.subject} is allowed more: {why}")


class Allowed(NamedTuple):
    """What several roles may do by one statement: all that a hit says but for their names.

    said: with {} for the names, which `together` puts in.
    """

    broadening: Broader
    pair: ResourcePair
    said: str
    means: str
    safe: str
    level: Level | None = None


def together(found: Iterable[Allowed]) -> Iterator[Hit]:
    """One hit for one policy, however many roles have it."""
    groups: dict[tuple[str, str, str, Level | None], list[Allowed]] = {}
    for one in found:
        place = f"{one.pair.stack.name}/{one.pair.logical_id}"
        groups.setdefault((place, one.said, one.means, one.level), []).append(one)
    for own in groups.values():
        names = listed(tuple(dict.fromkeys(one.broadening.subject for one in own)))
        first = own[0]
        yield first.broadening.hit(first.pair, first.said.replace("{}", names, 1), first.means, first.safe, first.level)
