"""A review as a page: what the change costs first, then findings by rule, each with a link to its rule."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cdk_inference.cli.formatters import review_text as text
from cdk_inference.cli.formatters.review_groups import Entry, RuleGroup, by_rule
from cdk_inference.cli.pages.engine import LIST_MAX, Names, link, percent, render, sections
from cdk_inference.core.pages import page
from cdk_inference.review.cost import CostChange
from cdk_inference.review.finding import LEVELS, Finding
from cdk_inference.review.reviewing import Review

_FINDINGS_MAX = 500
_BARS_MAX = 20
_ROWS_UNFOLDED = 21  # of the table of costs
_ENTRIES_UNFOLDED = 10  # of a rule
_FEW = 4  # places that are listed without folding
_LEGEND = (
    ("up-least", "more at minimum capacity"),
    ("up-most", "more at maximum capacity"),
    ("down-least", "less at minimum capacity"),
    ("down-most", "less at maximum capacity"),
)
_TONES = {"OK": "good", "NOT OK": "bad"}


@dataclass(frozen=True, kw_only=True)
class Sides:
    """What was compared, for the page. "" and None: not given."""

    base: str = ""
    head: str = ""
    commit: str = ""
    date: datetime.date | None = None


def review_page(review: Review, docs: str = "", sides: Sides | None = None) -> str:
    """Returns the whole page. docs: the address of docs/review.md; "" for the project's own."""
    findings = review.findings[:_FINDINGS_MAX]
    rows = text.cost_rows(review)
    changes, last = rows[:-1], rows[-1:]
    names = Names(row[0] for row in rows)
    bars, undrawn = _bars(review)
    return render(
        "review.html",
        headline=text.headline(review),
        tone=_tone(review),
        sides=_words(sides or Sides()),
        accepted=sections(("Acknowledged in this change", text.accepted_now_rows(review))),
        bars=bars,
        undrawn=undrawn,
        legend=[one for one in _LEGEND if any(part["kind"] == one[0] for bar in bars for part in bar["parts"])],
        columns=text.COST_COLUMNS,
        rows=[[names(row[0]), *row[1:]] for row in (*changes[:LIST_MAX], *last)],
        more_rows=max(0, len(changes) - LIST_MAX),
        levels=_levels(findings, docs or page("review")),
        few=_FEW,
        entries_max=_ENTRIES_UNFOLDED,
        fold_rows=_ROWS_UNFOLDED,
        more=len(review.findings) - len(findings),
        sections=sections(
            ("Acknowledged", text.acknowledged_rows(review)),
            ("Not compared", text.not_compared_rows(review)),
            ("Validation report", [review.checks]),
        ),
        about=[f"Review of {sides.date}"] if sides and sides.date else [],
    )


def _tone(review: Review) -> str:
    """Green is for a headline that begins with OK alone: not for an increase that no limit judges."""
    return _TONES.get(text.headline(review).partition(":")[0], "unsure")


def _words(sides: Sides) -> list[str]:
    named = (("Base", sides.base), ("Head", sides.head), ("Commit", sides.commit))
    return [f"{title}: {value}" for title, value in named if value]


def _levels(findings: Sequence[Finding], docs: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for level in LEVELS:
        own = [finding for finding in findings if finding.level == level]
        if own:
            names = Names((one.place for one in own), 64)
            groups = [made for group in by_rule(own) for made in _articles(group, docs, names)]
            found.append({"name": level, "title": text.counted(len(own), level).capitalize(), "groups": groups})
    return found


def _articles(group: RuleGroup, docs: str, names: Names) -> list[dict[str, object]]:
    """The findings of a rule: one article for those with the same consequence and advice."""
    alike: dict[tuple[str, str], list[Entry]] = {}
    for entry in group.entries:
        alike.setdefault((entry.means, entry.advice), []).append(entry)
    return [
        {
            "rule": link(f"{docs}#{group.rule}", group.rule),
            "entries": [
                {"what": text.sentence(entry.what), "places": list(map(names, entry.places))} for entry in entries
            ],
            "texts": [text.sentence(one) for one in shared if one],
        }
        for shared, entries in alike.items()
    ]


def _bars(review: Review) -> tuple[list[dict[str, Any]], str]:
    """(the largest changes, what is said about the others)."""
    cost = review.cost
    if cost is None or not cost.changes:
        return [], ""
    drawn = sorted(cost.changes, key=lambda one: -_most(one))[:_BARS_MAX]
    names = Names(change.resource for change in drawn)
    less, more = min(0.0, *(min(one.usd) for one in drawn)), max(0.0, *(max(one.usd) for one in drawn))
    rest = len(cost.changes) - len(drawn)
    undrawn = f"{rest} resources with smaller changes are not shown." if rest else ""
    return [_bar(change, less, more, names) for change in drawn], undrawn


def _bar(change: CostChange, less: float, more: float, names: Names) -> dict[str, Any]:
    """From zero, which lies where the largest decrease leaves room, at maximum and at minimum capacity."""
    parts = []
    low, high = change.usd
    for kind, usd, y, height in (("most", high, "1", "8"), ("least", low, "3", "4")):
        start, end = sorted((0.0, usd))
        x, width = percent(start - less, more - less), percent(end - start, more - less)
        parts.append(
            {"kind": f"{'up' if usd > 0 else 'down'}-{kind}", "x": x, "width": width, "y": y, "height": height}
        )
    zero = min(99.6, float(percent(-less, more - less)))
    parts.append({"kind": "axis-bar", "x": f"{zero:.2f}", "width": "0.4", "y": "0", "height": "10"})
    amount = " to ".join(dict.fromkeys(map(text.signed, change.usd)))
    return {"name": names(change.resource), "kind": "", "amount": amount, "parts": parts}


def _most(change: CostChange) -> float:
    return max(map(abs, change.usd))
