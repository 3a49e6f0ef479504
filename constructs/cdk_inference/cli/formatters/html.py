"""Reports as one HTML page: see cli/pages."""

from __future__ import annotations

from pathlib import Path

from cdk_inference.cli.formatters.base import EstimateFormatter, ReviewFormatter
from cdk_inference.cli.pages.estimate_page import estimate_page
from cdk_inference.cli.pages.review_page import review_page
from cdk_inference.pricing.estimates import Estimate
from cdk_inference.review.reviewing import Review


class HtmlFormatter(EstimateFormatter, ReviewFormatter):
    """The whole page."""

    def estimate(self, estimate: Estimate) -> str:
        """A chart, the table, prices."""
        return estimate_page(estimate)

    def review(self, review: Review, folder: Path, docs: str = "") -> str:
        """Costs, each finding, and lists."""
        del folder
        return review_page(review, docs)


FORMATTER = HtmlFormatter()
