"""Tables for a terminal: their width, what is left out, and how names are cut."""

from __future__ import annotations

import contextvars

from cdk_inference.cli.formatters.columns import Column, cut_names, table
from cdk_inference.cli.terminal import columns as terminal_columns
from tests.each import each

NAME = "team-recommendations-production-eu-central-llm-endpoint-{:02}"
COLUMNS = (
    Column("endpoint"),
    Column("what"),
    Column("$/month at minimum", number=True),
    Column("expected", number=True),
    Column("price", shared=True, optional=True),
)
ROWS = [(NAME.format(number), "2 x ml.g6.xlarge", f"${number * 1000:,}.00", "", "listed") for number in (1, 22, 45)]


def lines(width: int, *arguments: object, **named: object) -> list[str]:
    def made() -> list[str]:
        terminal_columns.set(width)
        return table(*arguments, **named)  # type: ignore[arg-type]  # passed on as they come

    return contextvars.copy_context().run(made)


def test_numbers_are_on_the_right_and_what_says_nothing_is_left_out() -> None:
    assert lines(120, COLUMNS, ROWS) == [
        f"{'endpoint':{len(NAME.format(1))}}  what              $/month at minimum",
        f"{NAME.format(1)}  2 x ml.g6.xlarge           $1,000.00",
        f"{NAME.format(22)}  2 x ml.g6.xlarge          $22,000.00",
        f"{NAME.format(45)}  2 x ml.g6.xlarge          $45,000.00",
        "In all rows: price listed",
    ]


def test_long_names_lose_their_middle_and_titles_are_broken() -> None:
    assert lines(60, COLUMNS, ROWS)[:3] == [
        "                                                  $/month at",
        "endpoint                        what                 minimum",
        "team-recommenda…lm-endpoint-01  2 x ml.g6.xlarge   $1,000.00",
    ]


@each("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(len, lines(width, COLUMNS, ROWS, ("total", "", "$68,000.00", "", "")))) <= width


def test_a_column_stays_if_one_row_has_something() -> None:
    some = [ROWS[0], (*ROWS[1][:3], "$5.00", "derived")]
    assert lines(160, COLUMNS, some)[0].split() == ["endpoint", "what", "$/month", "at", "minimum", "expected", "price"]
    assert lines(160, COLUMNS, ROWS[:1])[0].split()[-1] == "price"  # of one row, all are the same


def test_optional_columns_go_before_numbers_are_broken() -> None:
    wide = (*COLUMNS[:3], Column("at maximum", number=True), COLUMNS[4])
    rows = [(*ROWS[0][:3], "$100,000.00 to $200,000.00", "listed"), (*ROWS[1][:3], "$1.00", "derived")]
    found = lines(80, wide, rows)
    assert found[-1] == "Not shown at this width: price"
    assert any("$100,000.00 to $200,000.00" in line for line in found)


def test_words_that_are_to_be_copied_are_not_cut() -> None:
    assert any(
        "ml.p6e-gb200.36xlarge" in line
        for line in lines(40, (Column("type", whole=True), Column("what")), [("ml.p6e-gb200.36xlarge", "text " * 20)])
    )


@each(
    "names",
    [
        [NAME.format(number) for number in range(45)],
        [f"llm-{number:02}-production-eu-central-recommendations-of-the-team" for number in range(45)],
        [f"team-recommendations-production-{area}-central-recommendations" for area in ("eu", "us", "ap")],
    ],
)
def test_cut_names_stay_different(names: list[str]) -> None:
    short = cut_names(names, 24)
    assert len(set(short.values())) == len(names)
    assert {len(one) for one in short.values()} == {24}


def test_names_that_fit_are_whole() -> None:
    assert cut_names(["chat", "embed"], 5) == {"chat": "chat", "embed": "embed"}
