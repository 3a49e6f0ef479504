"""Markdown, for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cdk_inference.cli.formatters import estimate_text
from cdk_inference.cli.formatters.base import EstimateFormatter, ReviewFormatter
from cdk_inference.cli.formatters.markdown_text import escaped
from cdk_inference.cli.formatters.review_markdown import review_markdown
from cdk_inference.pricing.estimates import Estimate
from cdk_inference.review.reviewing import Review

_TEXT_COLUMNS = 2  # of an estimate; the others are numbers


class MarkdownFormatter(EstimateFormatter, ReviewFormatter):
    """The headline in bold, tables, and lists."""

    def estimate(self, estimate: Estimate) -> str:
        """The headline in bold, a table, and lists."""
        text = estimate_text
        align = ["---" if number < _TEXT_COLUMNS else "---:" for number in range(len(text.COLUMNS) - 1)]
        rows = [[escaped(cell) for cell in row] for row in (text.COLUMNS, *map(text.cells, estimate.lines))]
        rows.insert(1, [*align, "---"])
        rows.append([f"**{escaped(cell)}**" if cell else "" for cell in text.total_cells(estimate)])
        parts = [
            f"**{escaped(text.headline(estimate))}**",
            "",
            *(f"| {' | '.join(row)} |" for row in rows),
            *_list("Unknown", text.reasons(estimate)),
            *_list("Prices", text.price_words(estimate)),
            *_list("Price sources", estimate.order),
            *_list("Notes", text.remarks(estimate)),
            *_list("Not included", [text.outside(estimate)]),
        ]
        return "\n".join(parts)

    def review(self, review: Review, folder: Path, docs: str = "") -> str:
        """The comment: what `review_markdown` makes."""
        del folder
        return review_markdown(review, docs)


def _list(title: str, lines: Sequence[str]) -> list[str]:
    return ["", f"{title}:", "", *(f"- {escaped(line)}" for line in lines)] if lines else []


FORMATTER = MarkdownFormatter()
