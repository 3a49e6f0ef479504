"""Texts of a review, the same in every format."""

from __future__ import annotations

import re

from cdk_inference.cli.formatters.base import clean, money
from cdk_inference.review.cost import CostChange
from cdk_inference.review.finding import LEVELS, Finding, NotCompared
from cdk_inference.review.reviewing import Review

# A word of ours, and no name of somebody else's.
_WORD = re.compile(r"[a-z]+(?:/[a-z]+)?[:,]?(?: |$)")
_ALONE_MAX = 3
COST_COLUMNS = ("resource", "$/month at minimum", "at maximum", "change at minimum", "at maximum")


def headline(review: Review) -> str:
    """The verdict, on one line."""
    counts = [counted(number, level) for level in LEVELS if (number := review.count(level))]
    parts = [", ".join(counts) or "nothing found"]
    if review.acknowledged:
        parts.append(f"{len(review.acknowledged)} acknowledged")
    cost = cost_headline(review)
    if cost:
        parts.append(cost)
    if review.not_compared:
        parts.append(f"{len(review.not_compared)} not compared")
    parts.append(counted(review.stacks, "stack"))
    return f"{review.verdict}: {'; '.join(parts)}"


def cost_headline(review: Review) -> str:
    """By how much the total changes; "" where it does not."""
    if review.cost is None:
        return ""
    unknown = " and what has no price" if review.cost.unknown else ""
    if not review.cost.changes:
        return "costs change by what has no price" if unknown else ""
    low, high = map(signed, review.cost.total.usd)
    return f"{low if low == high else f'{low} to {high}'} a month{unknown}"


def signed(usd: float) -> str:
    """+$1.00, -$1.00, or $0.00."""
    shown = money(abs(usd)) if abs(usd) >= 0.005 else "$0.00"
    return shown if shown == "$0.00" else f"{'-' if usd < 0 else '+'}{shown}"


def counted(number: int, thing: str) -> str:
    """ "1 thing", "2 things"."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def sentence(text: str) -> str:
    """With a capital letter, unless it begins with a name, and a full stop."""
    start = f"{text[:1].upper()}{text[1:]}" if _WORD.match(text) else text
    return clean(f"{start}{'' if text.endswith('.') else '.'}")


def place(finding: Finding) -> str:
    """Where it is: stack, logical id and type."""
    return clean(f"{finding.where}{f' ({finding.type})' if finding.type else ''}")


def advice(finding: Finding) -> str:
    """What to do instead; of a note, what to know. "" where there is nothing."""
    return finding.safe if finding.level == "note" or not finding.safe else f"Instead: {finding.safe}"


def sentences(finding: Finding) -> list[str]:
    """What happens, what that means, what to do."""
    return [sentence(one) for one in (finding.what, finding.means, advice(finding)) if one]


def cost_rows(review: Review) -> list[tuple[str, ...]]:
    """Under `COST_COLUMNS`: what differs, what has no price, and the total; [] where nothing differs."""
    cost = review.cost
    if cost is None or not (cost.changes or cost.unknown):
        return []
    rows = [_row(change, clean(change.resource)) for change in cost.changes]
    for change in cost.unknown:
        if change not in cost.changes:
            rows.append(_row(change, clean(change.resource)))
    return [*rows, _row(cost.total, "all, with what is the same")]


def _row(change: CostChange, name: str) -> tuple[str, ...]:
    before, after = change.before, change.after
    spans = []
    for was, becomes in ((before.minimum, after.minimum), (before.maximum, after.maximum)):
        spans.append(f"{_end(was.usd, was.at_least)} to {_end(becomes.usd, becomes.at_least)}")
    known = change.known or not change.resource
    changes = [signed(usd) if known else "unknown" for usd in change.usd]
    return name, *spans, *changes


def _end(usd: float, at_least: bool) -> str:
    return ("unknown" if usd == 0 else f"at least {money(usd)}") if at_least else money(usd)


def acknowledged_rows(review: Review) -> list[str]:
    """Each acknowledged finding with its reason."""
    return [
        clean(
            f"{finding.level} {finding.rule}: {finding.where}: {by.reason}"
            + (f" (until {by.expires})" if by.expires else "")
        )
        for finding, by in review.acknowledged
    ]


def not_compared_rows(review: Review) -> list[str]:
    """Each thing that was not compared, and why; many with one reason together."""
    by_reason: dict[str, list[NotCompared]] = {}
    for one in review.not_compared:
        by_reason.setdefault(one.why, []).append(one)
    rows = []
    for why, those in by_reason.items():
        if len(those) <= _ALONE_MAX:
            rows += [clean(str(one)) for one in those]
        else:
            rows.append(clean(f"{those[0].where} and {len(those) - 1} more: {why}"))
    return rows
