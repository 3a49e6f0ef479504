"""Markdown, for a comment on a pull request. A review has at most 60 lines, the worst first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cdk_inference.cli.formatters import estimate_text, review_text
from cdk_inference.cli.formatters.base import EstimateFormatter, ReviewFormatter, clean
from cdk_inference.pricing.estimates import Estimate
from cdk_inference.review.finding import LEVELS, Finding
from cdk_inference.review.reviewing import Review

LINES_MAX = 60
_TITLES = {"error": "Errors", "warning": "Warnings", "note": "To know"}
_ENTRY_MAX = 1200  # characters of one entry
_LINE_MAX = 400  # of one line of a list
_COSTS_MAX = 6
_FEW = 4
# What stands around the findings: headline, titles with blank lines, costs, lists and the last line.
_AROUND = 2 + 3 * len(LEVELS) + (4 + _COSTS_MAX + 2) + 2 * (3 + _FEW + 1) + 2
_FINDINGS_MAX = LINES_MAX - _AROUND - 1
_TEXT_COLUMNS = 2  # of an estimate; the others are numbers


class MarkdownFormatter(EstimateFormatter, ReviewFormatter):
    """The headline in bold, tables, and lists."""

    def estimate(self, estimate: Estimate) -> str:
        """The headline in bold, a table, and lists."""
        text = estimate_text
        align = ["---" if number < _TEXT_COLUMNS else "---:" for number in range(len(text.COLUMNS) - 1)]
        rows = [text.COLUMNS, (*align, "---"), *(text.cells(line) for line in estimate.lines)]
        rows.append(tuple(f"**{cell}**" if cell else "" for cell in text.total_cells(estimate)))
        table = [f"| {' | '.join(_without_markup(cell) for cell in row)} |" for row in rows]
        table[1] = f"| {' | '.join(rows[1])} |"
        parts = [
            f"**{_without_markup(text.headline(estimate))}**",
            "",
            *table,
            *_list("Not known", text.reasons(estimate)),
            *_list("Prices", text.price_words(estimate)),
            *_list("Looked up in this order", estimate.order),
            *_list("To know", text.remarks(estimate)),
            *_list("Not in these sums", [text.outside(estimate)]),
        ]
        return "\n".join(parts)

    def review(self, review: Review, folder: Path) -> str:
        """The headline in bold, findings by level, costs, and lists that say how many more there are."""
        del folder
        shown = review.findings[:_FINDINGS_MAX]
        parts = [f"**{_escaped(review_text.headline(review))}**"]
        for level in LEVELS:
            entries = [_entry(finding) for finding in shown if finding.level == level]
            if entries:
                parts += ["", f"{_TITLES[level]}:", "", *entries]
        more = len(review.findings) - len(shown)
        if more:
            hidden = review.findings[_FINDINGS_MAX:]
            levels = [(sum(finding.level == level for finding in hidden), level) for level in LEVELS]
            counts = ", ".join(review_text.counted(number, level) for number, level in levels if number)
            parts.append(f"- and {more} more: {counts}; `cdk-inference review` shows all")
        parts += _costs(review)
        parts += _short_list("Acknowledged", review_text.acknowledged_rows(review))
        parts += _short_list("Not compared", review_text.not_compared_rows(review))
        parts += ["", f"Validation report: {_escaped(review.checks)}."]
        return "\n".join(parts)


def _list(title: str, lines: Sequence[str]) -> list[str]:
    return ["", f"{title}:", "", *(f"- {_without_markup(line)}" for line in lines)] if lines else []


def _without_markup(text: str) -> str:
    """Names in a template are not ours: they must not become markup. A total's own ** stay."""
    for mark in ("\\", "|", "<", "`", "[", "_", "$"):
        text = text.replace(mark, f"\\{mark}")
    return text


def _entry(finding: Finding) -> str:
    """One line: where and what, what it means, what to do, the rule."""
    first, *others = review_text.sentences(finding)
    rest = " ".join(others)
    rest = rest if len(rest) <= _ENTRY_MAX else f"{rest[: _ENTRY_MAX - 1]}…"
    return f"- **{_escaped(clean(finding.where))}: {_escaped(first[:_ENTRY_MAX])}** {_escaped(rest)} ({finding.rule})"


def _costs(review: Review) -> list[str]:
    rows = review_text.cost_rows(review)
    if not rows:
        return []
    *changes, everything = rows
    more = len(changes) - _COSTS_MAX
    if more > 0:
        changes = [*changes[:_COSTS_MAX], (f"and {more} more", *("" for _ in review_text.COST_COLUMNS[1:]))]
    lines = [review_text.COST_COLUMNS, ("---", *("---:" for _ in review_text.COST_COLUMNS[1:])), *changes, everything]
    return ["", *(f"| {' | '.join(cell if '---' in cell else _escaped(cell) for cell in line)} |" for line in lines)]


def _short_list(title: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    shown = [f"- {_escaped(line[:_LINE_MAX])}" for line in lines[:_FEW]]
    more = len(lines) - _FEW
    return ["", f"{title}:", "", *shown, *([f"- and {more} more"] if more > 0 else [])]


def _escaped(text: str) -> str:
    """Names in a template are not ours: they must not become markup, nor call anybody."""
    return _without_markup(text.replace("&", "&amp;")).replace("*", "\\*").replace("~", "\\~").replace("@", "&#64;")


FORMATTER = MarkdownFormatter()
