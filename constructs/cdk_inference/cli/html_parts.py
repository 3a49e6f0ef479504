"""What the HTML pages have in common."""

from __future__ import annotations

import html
from collections.abc import Sequence


def escaped(text: str, most: int) -> str:
    """At most so many characters, without the scheme of addresses, so that nothing in the page leads elsewhere."""
    short = text if len(text) <= most else f"{text[: most - 1]}…"
    return html.escape(short.replace("https://", "").replace("http://", ""))


def listed(title: str, lines: Sequence[str], *, most: int, characters: int) -> str:
    """A heading with a list, and how many more there are; nothing where there is none."""
    if not lines:
        return ""
    items = [f"<li>{escaped(line, characters)}</li>" for line in lines[:most]]
    if len(lines) > most:
        items.append(f"<li>and {len(lines) - most} more</li>")
    return f"<h2>{title}</h2><ul>{''.join(items)}</ul>"
