"""Extension of griffe: a line `argument: text` of a docstring is an item of a list.

https://mkdocstrings.github.io/griffe/guide/users/extending/
"""

from __future__ import annotations

import re
from typing import Any

import griffe

_ITEM = re.compile(r"^((?:\*{0,2}[a-z_][a-z_0-9]*)(?:, \*{0,2}[a-z_][a-z_0-9]*)*): (?=\S)")


def with_items(text: str) -> str:
    """Returns a docstring as Markdown in which each argument begins a list item."""
    lines: list[str] = []
    item = False
    for line in text.splitlines():
        if found := _ITEM.match(line):
            if not item:
                lines.append("")
            lines.append(f"- **`{found[1]}`**: {line[found.end() :]}")
            item = True
        else:
            if item and line[:1].islower():
                line = f"    {line}"
            elif item and line and not line.startswith(" "):
                lines.append("")
                item = False
            lines.append(line)
    return "\n".join(lines)


class ArgumentLists(griffe.Extension):
    """Applies `with_items` to every docstring of a package."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Called once the package is read."""
        _convert(pkg)


def _convert(obj: griffe.Object) -> None:
    if obj.docstring:
        obj.docstring.value = with_items(obj.docstring.value)
    for member in obj.members.values():
        if not isinstance(member, griffe.Alias):
            _convert(member)
