"""Text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cdk_inference.cli.formatters import estimate_text, review_text
from cdk_inference.cli.formatters.base import EstimateFormatter, ReviewFormatter
from cdk_inference.cli.formatters.columns import Column, table
from cdk_inference.core.pages import page
from cdk_inference.pricing.estimates import Estimate
from cdk_inference.review.reviewing import Review

_ESTIMATE = [
    Column(title, number=2 <= at <= 5, shared=title == "price", optional=title == "price")
    for at, title in enumerate(estimate_text.COLUMNS)
]
_COSTS = [Column(title, number=at > 0) for at, title in enumerate(review_text.COST_COLUMNS)]


class TableFormatter(EstimateFormatter, ReviewFormatter):
    """Columns of equal width, and titles above lists."""

    def estimate(self, estimate: Estimate) -> str:
        """The headline, the lines, then prices and what is not known."""
        text = estimate_text
        rows = [text.cells(line) for line in estimate.lines]
        parts = [text.headline(estimate), "", *table(_ESTIMATE, rows, text.total_cells(estimate))]
        parts += _section("Unknown", text.reasons(estimate))
        parts += _section("Prices", text.price_words(estimate))
        parts += _section("Price sources", estimate.order)
        parts += _section("Notes", text.remarks(estimate))
        parts += _section("Not included", [text.outside(estimate)])
        return "\n".join(parts)

    def review(self, review: Review, folder: Path, docs: str = "") -> str:
        """The headline, then each finding in a block, worst first, then costs and what was not compared."""
        del folder
        text = review_text
        parts = [text.headline(review)]
        parts += _section("Acknowledged in this change", text.accepted_now_rows(review))
        for finding in review.findings:
            parts += ["", f"{finding.level.upper()} {finding.rule}: {text.place(finding)}"]
            parts += [f"  {sentence}" for sentence in text.sentences(finding)]
        rows = text.cost_rows(review)
        parts += _section("Costs before and after", table(_COSTS, rows[:-1], rows[-1], indent=2) if rows else [])
        parts += _section("Acknowledged", text.acknowledged_rows(review))
        parts += _section("Not compared", text.not_compared_rows(review))
        parts += ["", f"Validation report: {review.checks}", f"Rules: {docs or page('review')}"]
        return "\n".join(parts)


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", f"{title}:", *(f"  {line}" for line in lines)] if lines else []


FORMATTER = TableFormatter()
