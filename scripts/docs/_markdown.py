"""What the pages share."""

from __future__ import annotations

from collections.abc import Iterable

NOTE = "<!-- Written by: make refresh. Change the tables that it reads instead. -->\n"


def table(headings: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """A Markdown table; None is "unknown"."""
    lines = [headings, tuple("---" for _ in headings), *rows]
    return "".join(
        "| " + " | ".join("unknown" if cell is None else str(cell) for cell in line) + " |\n" for line in lines
    )
