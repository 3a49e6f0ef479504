"""A review as Markdown, for a comment on a pull request: at most 60 lines, the worst first."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_inference.cli import review_words as words
from cdk_inference.cli.estimate_markdown import escaped as _escaped
from cdk_inference.cli.estimate_words import clean
from cdk_inference.review.finding import LEVELS, Finding
from cdk_inference.review.reviewing import Review

LINES_MAX = 60
_TITLES = {"error": "Errors", "warning": "Warnings", "note": "To know"}
_TEXT_MAX = 1200  # characters of one entry
_LINE_MAX = 400  # of one line of a list
_COSTS_MAX = 6
_FEW = 4
# What stands around the findings: headline, titles with blank lines, costs, lists and the last line.
_AROUND = 2 + 3 * len(LEVELS) + (4 + _COSTS_MAX + 2) + 2 * (3 + _FEW + 1) + 2
_FINDINGS_MAX = LINES_MAX - _AROUND - 1


def review_markdown(review: Review) -> str:
    """The headline in bold, findings by level, costs, and lists that say how many more there are."""
    shown = review.findings[:_FINDINGS_MAX]
    parts = [f"**{escaped(words.headline(review))}**"]
    for level in LEVELS:
        entries = [_entry(finding) for finding in shown if finding.level == level]
        if entries:
            parts += ["", f"{_TITLES[level]}:", "", *entries]
    more = len(review.findings) - len(shown)
    if more:
        hidden = review.findings[_FINDINGS_MAX:]
        counts = ", ".join(
            words.counted(number, level) for level in LEVELS if (number := sum(one.level == level for one in hidden))
        )
        parts.append(f"- and {more} more: {counts}; `cdk-inference review` shows all")
    parts += _costs(review)
    parts += _section("Acknowledged", words.acknowledged_rows(review))
    parts += _section("Not compared", words.not_compared_rows(review))
    parts += ["", f"Validation report: {escaped(review.checks)}."]
    return "\n".join(parts)


def _entry(finding: Finding) -> str:
    """One line: where and what, what it means, what to do, the rule."""
    first, *others = words.sentences(finding)
    rest = " ".join(others)
    rest = rest if len(rest) <= _TEXT_MAX else f"{rest[: _TEXT_MAX - 1]}…"
    return f"- **{escaped(clean(finding.where))}: {escaped(first[:_TEXT_MAX])}** {escaped(rest)} ({finding.rule})"


def _costs(review: Review) -> list[str]:
    rows = words.cost_rows(review)
    if not rows:
        return []
    *changes, everything = rows
    more = len(changes) - _COSTS_MAX
    if more > 0:
        changes = [*changes[:_COSTS_MAX], (f"and {more} more", *("" for _ in words.COST_COLUMNS[1:]))]
    lines = [words.COST_COLUMNS, ("---", *("---:" for _ in words.COST_COLUMNS[1:])), *changes, everything]
    return ["", *(f"| {' | '.join(cell if '---' in cell else escaped(cell) for cell in line)} |" for line in lines)]


def _section(title: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    shown = [f"- {escaped(line[:_LINE_MAX])}" for line in lines[:_FEW]]
    more = len(lines) - _FEW
    return ["", f"{title}:", "", *shown, *([f"- and {more} more"] if more > 0 else [])]


def escaped(text: str) -> str:
    """Names in a template are not ours: they must not become markup, nor call anybody."""
    return _escaped(text.replace("&", "&amp;")).replace("*", "\\*").replace("~", "\\~").replace("@", "&#64;")
