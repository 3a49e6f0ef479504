"""The layout is plain numbers: whatever is asked for, nothing overlaps and nothing leaves the grid."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.cost.dashboard.grid import ABREAST_MAX, COLUMNS, Cell, Slot, counts, place, widths
from tests.each import each

LINE = st.integers(1, ABREAST_MAX).flatmap(
    lambda count: st.lists(
        st.lists(st.integers(1, 8), min_size=1, max_size=3).map(tuple), min_size=count, max_size=count
    ).map(lambda heights: [Slot(width=width, heights=one) for width, one in zip(widths(count), heights, strict=True)])
)


def overlap(one: Cell, other: Cell) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


@given(st.lists(LINE, max_size=6))
def test_cells_stay_on_the_grid_and_apart(lines: list[list[Slot]]) -> None:
    cells = place(lines)
    assert len(cells) == sum(len(slot.heights) for line in lines for slot in line)
    assert all(cell.x >= 0 and cell.y >= 0 and cell.x + cell.width <= COLUMNS for cell in cells)
    assert not any(overlap(one, other) for one, other in combinations(cells, 2))


@given(st.integers(1, COLUMNS))
def test_a_line_takes_all_columns(count: int) -> None:
    found = widths(count)
    assert (len(found), sum(found)) == (count, COLUMNS)
    assert max(found) - min(found) <= 1


@given(st.integers(0, 200))
def test_lines_are_few_and_even(count: int) -> None:
    found = counts(count)
    assert sum(found) == count
    assert len(found) == -(-count // ABREAST_MAX)
    assert all(1 <= one <= ABREAST_MAX for one in found)
    assert not found or max(found) - min(found) <= 1


@each(("count", "lines"), [(0, ()), (1, (1,)), (4, (4,)), (5, (3, 2)), (6, (3, 3)), (7, (4, 3)), (9, (3, 3, 3))])
def test_so_many_lines(count: int, lines: tuple[int, ...]) -> None:
    assert counts(count) == lines


def test_a_slot_is_filled_from_above() -> None:
    lines = [[Slot(width=24, heights=(1,))], [Slot(width=16, heights=(6,)), Slot(width=8, heights=(4, 2))]]
    assert place(lines) == (
        Cell(x=0, y=0, width=24, height=1),
        Cell(x=0, y=1, width=16, height=6),
        Cell(x=16, y=1, width=8, height=4),
        Cell(x=16, y=5, width=8, height=2),
    )
