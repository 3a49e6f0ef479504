"""What every format has in common: the methods of a formatter, and texts that are safe to show."""

from __future__ import annotations

import abc
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a command that needs one of them does not load the others
    from cdk_inference.pricing.estimates import Estimate
    from cdk_inference.requirements.report import Report
    from cdk_inference.review.reviewing import Review

# Control characters, halves of surrogate pairs, this package's own marks, and what changes the direction of a line or
# is not seen at all: nothing of these reaches a terminal or a page.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ue000-\ue002\ue010-\ue012\U000e0000-\U000e007f]"
)
# What a machine of CI takes for a command where it is printed: at the beginning of a line, or anywhere in one.
# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands (read 2026-11-29)
# https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands (read 2026-11-29)
_AT_THE_START = re.compile(r"(?m)^(\s*)::")
_ANYWHERE = re.compile(r"##(?=[a-zA-Z]*\[)")


class EstimateFormatter(abc.ABC):
    """Writes an estimate in one format. Its first line holds the headline."""

    @abc.abstractmethod
    def estimate(self, estimate: Estimate) -> str:
        """Returns the estimate as text."""


class ReviewFormatter(abc.ABC):
    """Writes a review in one format. Its first line holds the headline, except in SARIF."""

    @abc.abstractmethod
    def review(self, review: Review, folder: Path, docs: str = "") -> str:
        """Returns the review as text. folder: what was reviewed. docs: the address of docs/review.md, or ""."""


class CheckFormatter(abc.ABC):
    """Writes a check in one format. Its first line holds the headline, except in JSON and SARIF."""

    @abc.abstractmethod
    def check(self, report: Report, folder: Path) -> str:
        """Returns the check as text. folder: what was checked."""


def clean(text: str) -> str:
    """`text` on one line, of characters that can be shown."""
    return _UNPRINTABLE.sub("?", text)


def no_commands(text: str) -> str:
    """`text` without what the log of a machine of CI takes for a command."""
    return _ANYWHERE.sub("# #", _AT_THE_START.sub(r"\1: :", text))


def money(usd: float) -> str:
    """US dollars with cents; more digits below a cent, so that what is not free is not shown as 0."""
    if 0 < usd < 0.01:
        return f"${usd:.6f}".rstrip("0") if usd >= 0.000001 else "under $0.000001"
    return f"${usd:,.2f}"
