"""Where widgets go on a dashboard's grid of 24 columns. Plain numbers; no CDK here.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html (2026-11-22)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

COLUMNS = 24
WIDGETS_MAX = 500
# Per graph, hidden ones and expressions included.
METRICS_MAX = 500
# Six columns are the least in which a graph with a legend can be read.
ABREAST_MAX = 4


@dataclass(frozen=True, kw_only=True)
class Slot:
    """Room in a line: its width in columns, and the heights of what stands in it, from above."""

    width: int
    heights: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """The place of one widget, in grid units from the left upper corner."""

    x: int
    y: int
    width: int
    height: int


def counts(count: int) -> tuple[int, ...]:
    """How many stand in each line: as few lines as can be, the fuller ones first; () for none."""
    if count == 0:
        return ()
    lines = -(-count // ABREAST_MAX)
    return tuple(count // lines + (line < count % lines) for line in range(lines))


def widths(count: int) -> tuple[int, ...]:
    """The columns of `count` that stand in one line, 1 to 24 of them: all 24, the first ones wider where it must be."""
    return tuple(COLUMNS // count + (place < COLUMNS % count) for place in range(count))


def place(lines: Sequence[Sequence[Slot]]) -> tuple[Cell, ...]:
    """The cells of all slots, line by line, each from left to right and in a slot from above.

    A line begins below the tallest slot of the one before.
    """
    found: list[Cell] = []
    top = 0
    for line in lines:
        left = 0
        for slot in line:
            below = top
            for height in slot.heights:
                found.append(Cell(x=left, y=below, width=slot.width, height=height))
                below += height
            left += slot.width
        top += max((sum(slot.heights) for slot in line), default=0)
    return tuple(found)
