"""A table in one test runs every row and names all that fail."""

from __future__ import annotations

import os
from pathlib import Path

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
    with pytest.raises(AssertionError, match="tests nothing"):
        each("row", list)(lambda **_: None)()


@each("row", ["a", "b"])
def test_a_row_has_a_folder_and_changes_of_its_own(
    row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (list(tmp_path.iterdir()), os.environ.get("OF_A_ROW")) == ([], None)
    monkeypatch.setenv("OF_A_ROW", row)
    (tmp_path / row).touch()
    print(row)
    assert capsys.readouterr().out == f"{row}\n"


def test_rows_are_made_when_the_test_runs() -> None:
    made: list[str] = []

    def rows() -> list[str]:
        made.append("made")
        return ["a", "b"]

    @each("row", rows)
    def table(row: str) -> None:
        made.append(row)

    assert made == []
    table()
    assert made == ["made", "a", "b"]
