"""Sections of results.md that are measured apart from the rest."""

from __future__ import annotations

from pathlib import Path


def put_rest(path: Path, text: str) -> None:
    """Replaces all of a file but its sections."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    _, begin, sections = old.partition("<!-- ")
    path.write_text(f"{text.rstrip()}\n" + (f"\n{begin}{sections}" if begin else ""), encoding="utf-8")


def put_section(path: Path, name: str, text: str) -> None:
    """Replaces the section `name` in a file, or adds it at the end."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    before, _, rest = old.partition(begin)
    after = rest.partition(end)[2].strip()
    parts = [before.rstrip(), f"{begin}\n{text}\n{end}", after]
    path.write_text("\n\n".join(part for part in parts if part) + "\n", encoding="utf-8")
