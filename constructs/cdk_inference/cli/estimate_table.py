"""An estimate as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_inference.cli import estimate_words as words
from cdk_inference.pricing.estimates import Estimate


def estimate_table(estimate: Estimate) -> str:
    """The headline, the lines, then prices and what is not known."""
    rows = [words.COLUMNS, *(words.cells(line) for line in estimate.lines), words.total_cells(estimate)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(words.COLUMNS))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    parts = [words.headline(estimate), "", *text]
    parts += _section("Not known", words.reasons(estimate))
    parts += _section("Prices", words.price_words(estimate))
    parts += _section("Looked up in this order", estimate.order)
    parts += _section("To know", words.remarks(estimate))
    parts += _section("Not in these sums", [words.outside(estimate)])
    return "\n".join(parts)


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", f"{title}:", *(f"  {line}" for line in lines)] if lines else []
