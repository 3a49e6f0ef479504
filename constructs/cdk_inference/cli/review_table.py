"""A review as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_inference.cli import review_words as words
from cdk_inference.review.reviewing import Review


def review_table(review: Review) -> str:
    """The headline, then each finding in a block, worst first, then costs and what was not compared."""
    parts = [words.headline(review)]
    for finding in review.findings:
        parts += ["", f"{finding.level.upper()} {finding.rule}: {words.place(finding)}"]
        parts += [f"  {sentence}" for sentence in words.sentences(finding)]
    parts += _costs(review)
    parts += _section("Acknowledged", words.acknowledged_rows(review))
    parts += _section("Not compared", words.not_compared_rows(review))
    parts += ["", f"Validation report: {review.checks}", "Rules: docs/review.md"]
    return "\n".join(parts)


def _costs(review: Review) -> list[str]:
    rows = words.cost_rows(review)
    if not rows:
        return []
    table = [words.COST_COLUMNS, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(words.COST_COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
    return ["", "Costs, from before to after:", *(f"  {line}" for line in lines)]


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", f"{title}:", *(f"  {line}" for line in lines)] if lines else []
