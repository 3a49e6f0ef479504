"""The time-weighted minimum of a schedule, against sums made by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.template import Unknown
from cdk_inference.template.schedule import ScheduledAction, time_weighted_minimum


def action(schedule: str, minimum: int | None, **others: object) -> ScheduledAction:
    return ScheduledAction(schedule=schedule, minimum=minimum, maximum=None, **others)  # type: ignore[arg-type]


# By hand: instance-hours of a week (168 hours) or of a year (365 days), over their length.
BY_HAND = [
    # One action: from then on, always.
    ([("cron(0 8 * * ? *)", 3)], 3.0),
    # 10 hours of 4, 14 of 1, every day: 54 / 24
    ([("cron(0 8 * * ? *)", 4), ("cron(0 18 * * ? *)", 1)], 54 / 24),
    # Monday to Friday 8 to 18: 50 hours of 4, 118 of 1: 318 / 168
    ([("cron(0 8 ? * MON-FRI *)", 4), ("cron(0 18 ? * MON-FRI *)", 1)], 318 / 168),
    # The same by numbers: 2 is Monday.
    ([("cron(0 8 ? * 2-6 *)", 4), ("cron(0 18 ? * 2,3,4,5,6 *)", 1)], 318 / 168),
    # To nothing on Saturday 00:00, back on Monday 06:00: 54 hours of 0, 114 of 2: 228 / 168
    ([("cron(0 0 ? * SAT *)", 0), ("cron(0 6 ? * MON *)", 2)], 228 / 168),
    # Half hours: 7:30 to 19:00 is 11.5 hours of 2, 12.5 of 0: 23 / 24
    ([("cron(30 7 * * ? *)", 2), ("cron(0 19 * * ? *)", 0)], 23 / 24),
    # Every 6 hours it is set to the same.
    ([("cron(0 0/6 * * ? *)", 5)], 5.0),
    # In December 10, else 1: 31 days of 10, 334 of 1: 644 / 365
    ([("cron(0 0 1 12 ? *)", 10), ("cron(0 0 1 JAN ? *)", 1)], 644 / 365),
]


@pytest.mark.parametrize(("actions", "average"), BY_HAND)
def test_the_average_is_the_one_made_by_hand(actions: list[tuple[str, int]], average: float) -> None:
    assert time_weighted_minimum([action(*one) for one in actions]) == pytest.approx(average)


def test_a_schedule_of_maximums_says_nothing_of_the_minimum() -> None:
    assert time_weighted_minimum([action("cron(0 8 * * ? *)", None)]) is None
    assert time_weighted_minimum([]) is None


@pytest.mark.parametrize(
    "schedule",
    [
        *("rate(1 day)", "at(2026-12-24T00:00:00)", "cron(0 8 * * ? 2027)", "cron(0 8 L * ? *)", "cron(0 8 ? * 2#1 *)"),
        *(
            "cron(0 25 * * ? *)",
            "cron(0 18-8 * * ? *)",
            "cron(* * * * ? *)",
            "cron(0 8)",
            "tomorrow",
            "cron(0 8/0 * * ? *)",
        ),
    ],
)
def test_what_is_not_understood_is_not_known(schedule: str) -> None:
    assert time_weighted_minimum([action(schedule, 1)]) == Unknown(
        f"{schedule!r} is no recurring cron expression that is understood"
    )


@pytest.mark.parametrize(
    ("actions", "reason"),
    [
        (
            [action("cron(0 8 * * ? *)", 1), action("cron(0 8 * * ? *)", 2)],
            "two actions of the schedule set different minimums at the same time",
        ),
        (
            [action("cron(0 8 * * ? *)", 1), action("cron(0 9 * * ? *)", 2, zone="Europe/Berlin")],
            "the schedule uses several time zones",
        ),
        ([action("cron(0 8 * * ? *)", 1, has_term=True)], "the schedule begins or ends on a day"),
        ([action("cron(0 8 30 2 ? *)", 1)], "no action of the schedule ever happens"),
    ],
)
def test_what_does_not_repeat_is_not_known(actions: list[ScheduledAction], reason: str) -> None:
    assert time_weighted_minimum(actions) == Unknown(reason)


@given(
    st.lists(
        st.tuples(st.integers(0, 23), st.integers(1, 7), st.integers(0, 9)),
        min_size=1,
        max_size=6,
        unique_by=lambda t: t[:2],
    )
)
def test_the_average_lies_between_the_minimums(times: list[tuple[int, int, int]]) -> None:
    found = time_weighted_minimum([action(f"cron(0 {hour} ? * {day} *)", low) for hour, day, low in times])
    assert isinstance(found, float)
    assert min(low for *_, low in times) - 1e-9 <= found <= max(low for *_, low in times) + 1e-9


@given(st.text(max_size=30) | st.from_regex(r"cron\([0-9*?/,LW# A-Z-]{0,30}\)", fullmatch=True))
def test_any_text_is_a_number_or_unknown(schedule: str) -> None:
    assert isinstance(time_weighted_minimum([action(schedule, 1)]), (float, Unknown))
