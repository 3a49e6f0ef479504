"""Tables for a terminal: as wide as it is, numbers to the right, without columns that say nothing."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cdk_inference.cli.terminal import columns as terminal_columns

_GAP = "  "
_EMPTY = ("", "not given", "not measured")
_TEXT_WIDE, _TEXT_MIN = 20, 10  # to which texts are narrowed, before and after columns are left out
_CUT = "…"


class Column(NamedTuple):
    """A column.

    Args:
        title: Its first line.
        number: Aligned to the right, and broken last.
        whole: Its words are never cut, as of names to copy.
        shared: Where all rows have the same, one line below says so in place of the column.
        optional: Left out where the terminal is too narrow, with a line below.
    """

    title: str
    number: bool = False
    whole: bool = False
    shared: bool = False
    optional: bool = False


def table(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], total: Sequence[str] | None = None, *, indent: int = 0
) -> list[str]:
    """Returns the lines of a table with its titles.

    Args:
        columns: From left to right.
        rows: A cell for each column.
        total: A last row, which does not keep an empty column.
        indent: Of the lines, when they are printed.
    """
    body = [list(row) for row in rows]
    kept, shared = telling(columns, body)
    all_rows = [*body, total] if total is not None else body
    used, lines = list[Column](), list[Sequence[str]]()
    widths, left_out = None, list[int]()
    while widths is None:
        used, lines = [columns[at] for at in kept], [[row[at] for at in kept] for row in all_rows]
        optional = [at for at in kept if columns[at].optional]
        widths = _widths(used, lines, terminal_columns.get() - indent, last=not optional)
        if widths is None:
            left_out.append(optional[0])
            kept.remove(optional[0])
    shown = _row(used, [column.title for column in used], widths, at_bottom=True)
    shown += [line for row in _cut(used, lines, widths) for line in _row(used, row, widths)]
    if shared:
        shown.append(shared)
    if left_out:
        shown.append(f"Not shown at this width: {', '.join(columns[at].title for at in left_out)}")
    return shown


def telling(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> tuple[list[int], str]:
    """(the columns that differ or matter, what is the same in all rows in words)."""
    shared = [at for at, column in enumerate(columns) if column.shared and _same(rows, at)]
    kept = [at for at in range(len(columns)) if at not in shared and not _empty(rows, at)]
    words = ", ".join(f"{columns[at].title} {rows[0][at]}" for at in shared)
    return kept, f"In all rows: {words}" if words else ""


def _same(rows: Sequence[Sequence[str]], at: int) -> bool:
    return len(rows) > 1 and rows[0][at] not in _EMPTY and all(row[at] == rows[0][at] for row in rows)


def _empty(rows: Sequence[Sequence[str]], at: int) -> bool:
    return bool(rows) and all(row[at] in _EMPTY for row in rows)


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], most: int, *, last: bool) -> list[int] | None:
    """First titles are broken, then texts, then numbers, the widest column first; None if that is not enough.

    last: as narrow as it gets, where no column can be left out any more.
    """
    titles, whole, wide, narrow, least = [], [], [], [], []
    for at, column in enumerate(columns):
        cells = [row[at] for row in rows]
        cell, word = max(map(len, cells), default=0), max(map(_word, cells), default=0)
        title = _word(column.title)
        titles.append(max(cell, len(column.title)))
        whole.append(max(cell, title))
        uncut = word if column.whole else 0
        wide.append(whole[-1] if column.number else max(min(cell, max(_TEXT_WIDE, uncut)), title))
        narrow.append(whole[-1] if column.number else max(min(cell, max(_TEXT_MIN, uncut)), title))
        least.append(max(word, title) if column.number else narrow[-1])
    room = most - len(_GAP) * (len(columns) - 1)
    widths = titles
    for floors in (whole, wide, narrow, least) if last else (whole, wide):
        while sum(widths) > room:
            at = max(range(len(widths)), key=lambda at: widths[at] if widths[at] > floors[at] else 0)
            if widths[at] <= floors[at]:
                break
            widths[at] -= 1
    return widths if last or sum(widths) <= room else None


def _word(text: str) -> int:
    return max(map(len, text.split()), default=0)


def _cut(columns: Sequence[Column], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> list[list[str]]:
    """The rows with words that are too long cut in the middle; those of one column so that they stay different."""
    made = [list(row) for row in rows]
    for at, column in enumerate(columns):
        if column.number or column.whole:
            continue
        words = {word for row in rows for word in row[at].split(" ") if len(word) > widths[at]}
        short = cut_names(sorted(words), widths[at])
        for row in made:
            row[at] = " ".join(short.get(word, word) for word in row[at].split(" "))
    return made


def _row(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int], *, at_bottom: bool = False) -> list[str]:
    parts = [
        textwrap.wrap(cell, width, break_long_words=False, break_on_hyphens=False) if len(cell) > width else [cell]
        for cell, width in zip(row, widths, strict=True)
    ]
    lines = []
    height = max(map(len, parts), default=1)
    if at_bottom:
        parts = [[""] * (height - len(part)) + part for part in parts]
    for number in range(height):
        cells = [part[number] if number < len(part) else "" for part in parts]
        aligned = [
            cell.rjust(width) if column.number else cell.ljust(width)
            for column, cell, width in zip(columns, cells, widths, strict=True)
        ]
        lines.append(_GAP.join(aligned).rstrip())
    return lines


def cut_names(names: Iterable[str], most: int) -> dict[str, str]:
    """Returns each name with at most `most` characters: long ones lose their middle, and stay different if possible."""
    listed = list(dict.fromkeys(names))
    half = most // 2
    heads = sorted(range(most), key=lambda head: (abs(head - half), head))
    tries = [{name: _middle(name, most, head) for name in listed} for head in heads]
    # Names that differ in their middle only keep that.
    start = max(0, _common(min(listed, default=""), max(listed, default="")) - half)
    tries.append({name: name if len(name) <= most else _window(name, most, start) for name in listed})
    return next((one for one in tries if len(set(one.values())) == len(listed)), tries[0])


def _common(first: str, last: str) -> int:
    """How many characters all names have in common at their beginning, of which these are the first and the last."""
    return next((at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))


def _middle(name: str, most: int, head: int) -> str:
    return name if len(name) <= most else f"{name[:head]}{_CUT}{name[len(name) - (most - 1 - head) :]}"


def _window(name: str, most: int, start: int) -> str:
    return f"{_CUT}{name[start : start + most - 2]}{_CUT}"
