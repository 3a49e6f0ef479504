"""A review as text for a terminal."""

from __future__ import annotations

from cdk_inference.cli.review_words import clean, headline, place, sentence
from cdk_inference.review.reviewing import Review


def review_table(review: Review) -> str:
    """The headline, then each finding in a block, worst first, then what was not compared."""
    parts = [headline(review)]
    for finding in review.findings:
        parts += [
            "",
            f"{finding.level.upper()} {finding.rule}: {place(finding)}",
            f"  {sentence(finding.what)}",
            f"  {sentence(finding.means)}",
            f"  Instead: {clean(finding.safe)}",
        ]
    if review.not_compared:
        parts += ["", "Not compared:", *(f"  {clean(str(one))}" for one in review.not_compared)]
    return "\n".join(parts)
