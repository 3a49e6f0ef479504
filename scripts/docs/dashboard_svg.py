"""Draws a dashboard's widgets as SVG, each at its own place on the grid, in the manner of CloudWatch's console."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

COLUMN, ROW, GAP = 44, 42, 6
FONT = "font-family=\"Amazon Ember, 'Helvetica Neue', Arial, sans-serif\""
INK, QUIET, RULE, LINK = "#16191f", "#5f6b7a", "#e3e7eb", "#0972d3"
PALETTE = ("#1f77b4", "#ff7f0e", "#2ca02c", "#9467bd", "#8c564b")
STATES = {"ALARM": ("#d91515", "#fff0f0"), "OK": ("#037f0c", "#f0fff1"), "INSUFFICIENT_DATA": (QUIET, "#f4f4f4")}
# Of a character, in parts of the font's size.
WIDTH = 0.53


@dataclass(frozen=True, kw_only=True)
class Box:
    """A widget's place, pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One line. points: (share of the width from the left, value); None is a gap."""

    label: str
    color: str
    points: Sequence[tuple[float, float | None]]
    right: bool = False


@dataclass(frozen=True, kw_only=True)
class Axis:
    """least, most: None where the points decide."""

    unit: str = ""
    least: float | None = None
    most: float | None = None


def box_of(widget: Mapping[str, Any]) -> Box:
    """From grid units."""
    return Box(
        x=widget["x"] * COLUMN + GAP / 2,
        y=widget["y"] * ROW + GAP / 2,
        width=widget["width"] * COLUMN - GAP,
        height=widget["height"] * ROW - GAP,
    )


def page(parts: Sequence[str], columns: int, rows: int) -> str:
    """The whole picture."""
    width, height = columns * COLUMN, rows * ROW
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {FONT}>'
    note = write(width - 10, 27, "Drawn from the template, over made-up series", 11, QUIET, 'text-anchor="end"')
    return "\n".join([head, f'<rect width="{width}" height="{height}" fill="#f4f5f7"/>', note, *parts, "</svg>", ""])


def write(x: float, y: float, words: str, size: float = 11, color: str = INK, more: str = "") -> str:
    """One line of text; y is its foot."""
    return _text(x, y, escape(words), size, f'fill="{color}" {more}')


def frame(box: Box, title: str = "") -> list[str]:
    """A white card with its title."""
    card = _rectangle(box, 'rx="5" fill="#ffffff" stroke="#d1d7dd"')
    room = (box.width - 20) / WIDTH
    size = min(13.0, room / max(1, len(title)))
    return [card, *([write(box.x + 10, box.y + 19, title, size, INK, 'font-weight="700"')] if title else [])]


def graph(
    box: Box,
    title: str,
    lines: Sequence[Drawn],
    axes: tuple[Axis, Axis],
    marks: Sequence[Mapping[str, Any]],
    hours: Sequence[tuple[float, str]],
) -> list[str]:
    """Lines over time; marks are the body's horizontal annotations."""
    found = frame(box, title)
    legend, below = _legend(box, lines)
    two = any(line.right for line in lines)
    plot = Box(
        x=box.x + 46,
        y=box.y + 46,
        width=box.width - 46 - (40 if two else 14),
        height=box.height - 46 - 20 - below,
    )
    levels = [float(mark["value"]) for mark in marks]
    scales = [
        _scale(
            axis,
            [value for line in lines if line.right is side for _, value in line.points if value is not None],
            [] if side else levels,
        )
        for axis, side in zip(axes, (False, True), strict=True)
    ]
    found.append(write(box.x + 10, box.y + 36, axes[0].unit, 10, QUIET))
    if two:
        found.append(write(box.x + box.width - 10, box.y + 36, axes[1].unit, 10, QUIET, 'text-anchor="end"'))
    for side, (low, high, ticks) in enumerate(scales[: 2 if two else 1]):
        for tick in ticks:
            y = plot.y + plot.height * (high - tick) / (high - low)
            if side == 0:
                found.append(f'<path d="M{_n(plot.x)} {_n(y)}h{_n(plot.width)}" stroke="{RULE}"/>')
                found.append(write(plot.x - 6, y + 3.5, short(tick), 10, QUIET, 'text-anchor="end"'))
            else:
                found.append(write(plot.x + plot.width + 6, y + 3.5, short(tick), 10, QUIET))
    apart = plot.width * (hours[1][0] - hours[0][0])
    for share, words in hours[:: 1 if apart > 38 else 2]:
        found.append(
            write(plot.x + share * plot.width, plot.y + plot.height + 14, words, 10, QUIET, 'text-anchor="middle"')
        )
    # Shares lie behind the counts that they are made of.
    for line in sorted(lines, key=lambda one: not one.right):
        low, high, _ = scales[line.right]
        found += _path(plot, line, low, high)
    low, high, _ = scales[0]
    for mark in marks:
        y = plot.y + plot.height * (high - float(mark["value"])) / (high - low)
        color = mark.get("color", QUIET)
        dashed = f'stroke="{color}" stroke-width="1.4" stroke-dasharray="5 3"'
        found.append(f'<path d="M{_n(plot.x)} {_n(y)}h{_n(plot.width)}" {dashed}/>')
        foot = y - 4 if y - plot.y > 14 else y + 12
        halo = 'font-weight="700" stroke="#ffffff" stroke-width="3" paint-order="stroke"'
        found.append(write(plot.x + 3, foot, mark.get("label", ""), 10, color, halo))
    return found + legend


def values(box: Box, title: str, numbers: Sequence[tuple[str, str, float | None]]) -> list[str]:
    """Numbers side by side, two a line; (label, color, value)."""
    found = frame(box, title)
    abreast = min(2, len(numbers))
    lines = -(-len(numbers) // abreast)
    height = (box.height - 30) / lines
    size = min(34.0, height * 0.5)
    for place, (label, color, value) in enumerate(numbers):
        x = box.x + 12 + place % abreast * (box.width - 14) / abreast
        y = box.y + 26 + place // abreast * height
        room = (box.width - 14) / abreast - 20
        found.append(write(x, y + size, "--" if value is None else short(value), size, INK))
        found.append(f'<rect x="{_n(x)}" y="{_n(y + size + 8)}" width="9" height="9" fill="{color}"/>')
        found.append(write(x + 13, y + size + 16.5, label, min(11.0, room / WIDTH / max(1, len(label))), QUIET))
    return found


def alarms(box: Box, title: str, states: Sequence[tuple[str, str]]) -> list[str]:
    """(name, state), in their order, below each other."""
    found = frame(box, title)
    height = min(40.0, (box.height - 34) / max(1, len(states)))
    letters = int((box.width - 80) / (11 * WIDTH * 1.08))  # bold, and room for the state
    for place, (name, state) in enumerate(states):
        ink, paper = STATES[state]
        y = box.y + 29 + place * height
        row = Box(x=box.x + 10, y=y, width=box.width - 20, height=height - 5)
        found.append(_rectangle(row, f'rx="3" fill="{paper}" stroke="{ink}"'))
        middle = y + height / 2 + 1
        found.append(f'<circle cx="{_n(box.x + 22)}" cy="{_n(middle - 3.5)}" r="4" fill="{ink}"/>')
        fitting = name if len(name) <= letters else f"{name[: letters // 2]}…{name[-letters // 2 + 1 :]}"
        found.append(write(box.x + 32, middle, fitting, 11, INK, 'font-weight="700"'))
        found.append(write(box.x + box.width - 17, middle, state, 10, ink, 'text-anchor="end" font-weight="700"'))
    return found


def text(box: Box, markdown: str, *, plain: bool) -> list[str]:
    """The headings, links and plain words of Markdown."""
    found = [] if plain else frame(box)
    if markdown.startswith("#"):
        marks, _, words = markdown.partition(" ")
        size = {1: 22.0, 2: 19.0, 3: 15.0}[len(marks)]
        found.append(_linked(box.x + 8, box.y + box.height / 2 + size * 0.36, words, size, 'font-weight="700"'))
        return found
    size = 10.5
    letters = int((box.width - 20) / (size * WIDTH))
    for place, line in enumerate(_wrapped(markdown, letters)):
        found.append(_linked(box.x + 10, box.y + 18 + place * 14, line, size, ""))
    return found


def _linked(x: float, y: float, markdown: str, size: float, more: str) -> str:
    parts = re.split(r"\[([^\]]*)\]\([^)]*\)", markdown)
    spans = "".join(
        f'<tspan fill="{LINK}" font-weight="400">{escape(part)}</tspan>' if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )
    return _text(x, y, spans, size, f'fill="{INK}" {more}')


def _wrapped(markdown: str, letters: int) -> list[str]:
    lines, now, length = [], "", 0
    # Links stay whole.
    for word in re.findall(r"\S*\[[^\]]*\]\([^)]*\)\S*|\S+", markdown):
        seen = len(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", word))
        if now and length + 1 + seen > letters:
            lines.append(now)
            now, length = word, seen
        else:
            now, length = (f"{now} {word}", length + 1 + seen) if now else (word, seen)
    return [*lines, now]


def _legend(box: Box, lines: Sequence[Drawn]) -> tuple[list[str], float]:
    places, x, row = [], 0.0, 0
    for line in lines:
        width = 16 + len(line.label) * 10.5 * WIDTH + 10
        if x and x + width > box.width - 20:
            x, row = 0.0, row + 1
        places.append((x, row))
        x += width
    below = 17.0 * (row + 1)
    found = []
    for line, (left, place) in zip(lines, places, strict=True):
        y = box.y + box.height - 8 - 17 * (row - place)
        found.append(f'<rect x="{_n(box.x + 10 + left)}" y="{_n(y - 8)}" width="9" height="9" fill="{line.color}"/>')
        found.append(write(box.x + 23 + left, y, line.label, 10.5))
    return found, below


def _path(plot: Box, line: Drawn, low: float, high: float) -> list[str]:
    strokes, now = [], []
    for share, value in [*line.points, (1.0, None)]:
        if value is None:
            if now:
                strokes.append(now)
            now = []
            continue
        y = plot.y + plot.height * (high - value) / (high - low)
        now.append(f"{_n(plot.x + share * plot.width)} {_n(y)}")
    pen = f'fill="none" stroke="{line.color}" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"'
    return [f'<path d="M{"L".join(one)}" {pen}/>' for one in strokes]


def _scale(axis: Axis, values: Sequence[float], levels: Sequence[float]) -> tuple[float, float, list[float]]:
    """Lowest, highest, and the values that stand at the axis."""
    every = [*values, *levels]
    low = axis.least if axis.least is not None else min([0.0, *every])
    high = axis.most if axis.most is not None else max([low, *every]) * 1.06
    high = high if high > low else low + 1
    step = _round_step((high - low) / 4)
    first = math.ceil(low / step)
    return low, high, [step * one for one in range(first, math.floor(high / step) + 1)]


def _round_step(rough: float) -> float:
    power = 10 ** math.floor(math.log10(rough))
    return next(power * one for one in (1, 2, 2.5, 5, 10) if power * one >= rough * 0.99)


def short(number: float) -> str:
    """Three digits that count, thousands as K."""
    if abs(number) >= 10_000:
        return f"{number / 1000:.3g}K" if abs(number) < 999_500 else f"{number / 1e6:.3g}M"
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def _text(x: float, y: float, spans: str, size: float, more: str) -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" {more.strip()}>{spans}</text>'


def _rectangle(box: Box, more: str) -> str:
    place = f'x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}"'
    return f"<rect {place} {more}/>"


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
