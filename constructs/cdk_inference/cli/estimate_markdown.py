"""An estimate as Markdown, for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_inference.cli import estimate_words as words
from cdk_inference.pricing.estimates import Estimate

_TEXT_COLUMNS = 2


def estimate_markdown(estimate: Estimate) -> str:
    """The headline in bold, a table, and lists."""
    align = ["---" if number < _TEXT_COLUMNS else "---:" for number in range(len(words.COLUMNS) - 1)]
    rows = [words.COLUMNS, (*align, "---"), *(words.cells(line) for line in estimate.lines)]
    rows.append(tuple(f"**{cell}**" if cell else "" for cell in words.total_cells(estimate)))
    table = [f"| {' | '.join(escaped(cell) for cell in row)} |" for row in rows]
    table[1] = f"| {' | '.join(rows[1])} |"
    parts = [
        f"**{escaped(words.headline(estimate))}**",
        "",
        *table,
        *_section("Not known", words.reasons(estimate)),
        *_section("Prices", words.price_words(estimate)),
        *_section("Looked up in this order", estimate.order),
        *_section("To know", words.remarks(estimate)),
        *_section("Not in these sums", [words.outside(estimate)]),
    ]
    return "\n".join(parts)


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", f"{title}:", "", *(f"- {escaped(line)}" for line in lines)] if lines else []


def escaped(text: str) -> str:
    """Names in a template are not ours: they must not become markup. A total's own ** stay."""
    for mark in ("\\", "|", "<", "`", "[", "_", "$"):
        text = text.replace(mark, f"\\{mark}")
    return text
