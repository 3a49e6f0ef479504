"""A table in one test runs every row and names all that fail."""

from __future__ import annotations

import pytest

from tests.each import each


def test_all_rows_run_and_all_that_fail_are_named() -> None:
    ran: list[tuple[str, int]] = []

    @each("letter", ["a", "b"])
    @each(("number", "good"), [(1, True), (2, False), (3, False)])
    def table(letter: str, number: int, good: bool) -> None:
        ran.append((letter, number))
        if not good:
            pytest.fail(f"{letter}{number} is wrong")

    with pytest.raises(AssertionError) as caught:
        table()
    assert ran == [(letter, number) for letter in "ab" for number in (1, 2, 3)]
    message = str(caught.value)
    assert message.startswith("2 of 2 rows fail\nletter=a: AssertionError: 2 of 3 rows fail\nnumber=2, good=False")
    assert all(f"{row} is wrong" in message for row in ("a2", "a3", "b2", "b3"))


def test_a_table_without_rows_is_an_error() -> None:
    with pytest.raises(AssertionError, match="tests nothing"):
        each("row", [])
