"""An estimate as a page: a bar from minimum to maximum for each line, the table, and what is not in the sums."""

from __future__ import annotations

from typing import Any

from cdk_inference.cli.formatters import estimate_text as text
from cdk_inference.cli.formatters.base import money
from cdk_inference.cli.formatters.columns import Column, telling
from cdk_inference.cli.pages.engine import Names, percent, render, sections
from cdk_inference.pricing.amounts import Line
from cdk_inference.pricing.estimates import Estimate

_ROWS_MAX = 250
_BARS_MAX = 20
_LEGEND = (
    ("least", "at minimum capacity"),
    ("most", "up to maximum capacity"),
    ("expected", "expected, where set"),
)
_TONES = {"OVER BUDGET": "bad", "MAY EXCEED BUDGET": "unsure", "WITHIN BUDGET": "good"}


def estimate_page(estimate: Estimate) -> str:
    """Returns the whole page."""
    columns = [Column(title, number=2 <= at <= 5, shared=title == "price") for at, title in enumerate(text.COLUMNS)]
    cells = list(map(text.cells, estimate.lines))
    kept, shared = telling(columns, cells)
    names = Names(line.resource for line in estimate.lines[:_ROWS_MAX])
    shown = [[names(row[0]), *row[1:]] for row in cells[:_ROWS_MAX]]
    rows = [{"cells": [row[at] for at in kept], "total": False} for row in shown]
    total = text.total_cells(estimate)
    bars, undrawn = _bars(estimate)
    return render(
        "estimate.html",
        headline=text.headline(estimate),
        tone=_TONES.get(estimate.verdict, ""),
        date=str(estimate.date),
        bars=bars,
        undrawn=undrawn,
        legend=[one for one in _LEGEND if any(part["kind"] == one[0] for bar in bars for part in bar["parts"])],
        columns=[columns[at] for at in kept],
        shared=shared,
        rows=[*rows, {"cells": [total[at] for at in kept], "total": True}],
        more=len(estimate.lines) - len(rows),
        sections=sections(
            ("Unknown", text.reasons(estimate)),
            ("Prices", text.price_words(estimate)),
            ("Price sources", estimate.order),
            ("Notes", text.remarks(estimate)),
            ("Not included", [text.outside(estimate)]),
        ),
        about=[f"Estimate of {estimate.date}"],
    )


def _bars(estimate: Estimate) -> tuple[list[dict[str, Any]], str]:
    """(the most expensive lines, what is said about the others)."""
    known = sorted((line for line in estimate.lines if _most(line) > 0), key=_most, reverse=True)
    drawn = known[:_BARS_MAX]
    names = Names(line.resource for line in drawn)
    most = _most(drawn[0]) if drawn else 0.0
    more = len(known) - len(drawn)
    undrawn = f"{more} cheaper lines are not shown." if more else ""
    kinds = {line.kind for line in drawn}
    return [_bar(line, most, names, kind=line.kind if len(kinds) > 1 else "") for line in drawn], undrawn


def _bar(line: Line, most: float, names: Names, *, kind: str) -> dict[str, Any]:
    low, high = line.monthly.minimum, _most(line)
    known = low if isinstance(low, float) else 0.0
    ends = [text.amount(low), money(high)]
    parts = [
        {"kind": "most", "x": "0", "width": percent(high, most), "y": "1", "height": "8"},
        {"kind": "least", "x": "0", "width": percent(known, most), "y": "1", "height": "8"},
    ]
    if isinstance(line.monthly.expected, float):
        at = min(99.5, 100 * line.monthly.expected / most)
        parts.append({"kind": "expected", "x": f"{at:.2f}", "width": "0.5", "y": "0", "height": "10"})
    amount = ends[1] if ends[0] == ends[1] else " to ".join(ends)
    return {"name": names(line.resource), "kind": kind, "amount": amount, "parts": parts}


def _most(line: Line) -> float:
    return line.monthly.maximum if isinstance(line.monthly.maximum, float) else 0.0
