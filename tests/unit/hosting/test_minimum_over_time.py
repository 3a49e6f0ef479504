"""The minimum over the time of a schedule, against sums made by hand and a simulation hour by hour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core.unknown import Unknown
from cdk_inference.hosting import MinimumOverTime, ScheduledAction
from cdk_inference.hosting.minimum_over_time import minimum_over_time

WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


def action(schedule: str | Unknown, minimum: int | Unknown | None, **others: object) -> ScheduledAction:
    return ScheduledAction(schedule=schedule, minimum=minimum, maximum=None, **others)  # type: ignore[arg-type]


def average(*actions: tuple[str, int]) -> float:
    found = minimum_over_time([action(*one) for one in actions])
    assert isinstance(found, MinimumOverTime)
    return found.average


# By hand: instance-hours of a week (168 hours) or of a year (365 days), over their length.
BY_HAND = [
    # One action: from then on, always.
    ([("cron(0 8 * * ? *)", 3)], 3.0),
    # 10 hours of 4, 14 of 1, every day: 54 / 24
    ([("cron(0 8 * * ? *)", 4), ("cron(0 18 * * ? *)", 1)], 54 / 24),
    # Monday to Friday 8 to 18: 50 hours of 4, 118 of 1: 318 / 168
    ([("cron(0 8 ? * MON-FRI *)", 4), ("cron(0 18 ? * MON-FRI *)", 1)], 318 / 168),
    # The same by numbers, 2 is Monday, and in lower case.
    ([("cron(0 8 ? * 2-6 *)", 4), ("cron(0 18 ? * 2,3,4,5,6 *)", 1)], 318 / 168),
    ([("cron(0 8 ? * mon-fri *)", 4), ("cron(0 18 ? * mon-fri *)", 1)], 318 / 168),
    # To nothing on Saturday 00:00, back on Monday 06:00: 54 hours of 0, 114 of 2: 228 / 168
    ([("cron(0 0 ? * SAT *)", 0), ("cron(0 6 ? * MON *)", 2)], 228 / 168),
    # Half hours: 7:30 to 19:00 is 11.5 hours of 2, 12.5 of 0: 23 / 24
    ([("cron(30 7 * * ? *)", 2), ("cron(0 19 * * ? *)", 0)], 23 / 24),
    # Every 6 hours it is set to the same.
    ([("cron(0 0/6 * * ? *)", 5)], 5.0),
    # In December 10, else 1: 31 days of 10, 334 of 1: 644 / 365
    ([("cron(0 0 1 12 ? *)", 10), ("cron(0 0 1 JAN ? *)", 1)], 644 / 365),
]


@pytest.mark.parametrize(("actions", "expected"), BY_HAND)
def test_the_average_is_the_one_made_by_hand(actions: list[tuple[str, int]], expected: float) -> None:
    assert average(*actions) == pytest.approx(expected)


def test_the_steps_of_a_week_are_those_that_change_the_minimum() -> None:
    # Sunday 00:00 is minute 0; Monday 08:00 is 1440 + 480. Setting 1 again on Tuesday changes nothing.
    actions = [action("cron(0 8 ? * MON *)", 4), action("cron(0 18 ? * MON,TUE *)", 1)]
    found = minimum_over_time(actions)
    assert found == MinimumOverTime(time_zone="UTC", days=7, steps=((1920, 4), (2520, 1)))
    assert (found.at(0), found.at(1919), found.at(1920), found.at(2519), found.at(2520)) == (1, 1, 4, 4, 1)
    assert (found.lowest, found.peak) == (1, 4)
    # Sunday's 1 is what holds already since Monday; the same minimum at every time is one step.
    again = minimum_over_time([*actions, action("cron(0 6 ? * SUN *)", 1)])
    assert again == found
    always = minimum_over_time([action("cron(0 0/6 * * ? *)", 5)])
    assert always == MinimumOverTime(time_zone="UTC", days=7, steps=((0, 5),))


# Months by hand. In December 10, else 1: every other month has 1. From the 15th to the end of the month 1, before it 4:
# 14 days of 4, and 17 of 1 in a month of 31 days, the cheapest: 73 / 31.
MONTHS = [
    ([("cron(0 0 1 12 ? *)", 10), ("cron(0 0 1 1 ? *)", 1)], 1.0),
    ([("cron(0 0 1 * ? *)", 4), ("cron(0 0 15 * ? *)", 1)], 73 / 31),
    ([("cron(0 8 * * ? *)", 4), ("cron(0 18 * * ? *)", 1)], 54 / 24),
]


@pytest.mark.parametrize(("actions", "expected"), MONTHS)
def test_the_cheapest_month_is_the_one_made_by_hand(actions: list[tuple[str, int]], expected: float) -> None:
    found = minimum_over_time([action(*one) for one in actions])
    assert isinstance(found, MinimumOverTime)
    assert found.average_of_lowest_month == pytest.approx(expected)


def test_a_schedule_of_maximums_says_nothing_of_the_minimum() -> None:
    assert minimum_over_time([action("cron(0 8 * * ? *)", None)]) is None
    assert minimum_over_time([]) is None


@pytest.mark.parametrize(
    ("schedule", "why"),
    [
        ("rate(1 day)", "a rate has no time zone"),
        ("at(2026-12-24T00:00:00)", "it acts once"),
        ("cron(0 8 * * ? 2027)", "it acts in some years only"),
        ("cron(0 8 L * ? *)", "its days depend on the calendar"),
        ("cron(0 8 3W * ? *)", "its days depend on the calendar"),
        ("cron(0 8 ? * 2#1 *)", "its days depend on the calendar"),
        ("cron(0 8 ? * 6L *)", "its days depend on the calendar"),
        ("cron(0 25 * * ? *)", "25 as hours"),
        ("cron(* * * * ? *)", "it acts more than 96 times a day"),
        ("cron(0 8)", "2 fields instead of 6"),
        ("tomorrow", "neither cron(...) nor at(...)"),
    ],
)
def test_a_schedule_that_does_not_repeat_for_sure_has_no_average(schedule: str, why: str) -> None:
    assert minimum_over_time([action(schedule, 1)]) == Unknown(f"the schedule {schedule!r} has no average: {why}")


LATER = Unknown("later")


@pytest.mark.parametrize(
    ("actions", "reason"),
    [
        (
            [action("cron(0 8 * * ? *)", 1), action("cron(0 8 * * ? *)", 2)],
            "two actions of the schedule set different minimums at the same time",
        ),
        (
            [action("cron(0 8 * * ? *)", 1), action("cron(0 9 * * ? *)", 2, time_zone="Europe/Berlin")],
            "the schedule uses several time zones",
        ),
        ([action("cron(0 8 * * ? *)", 1, has_term=True)], "the schedule begins or ends on a day"),
        ([action("cron(0 8 30 2 ? *)", 1)], "no action of the schedule ever happens"),
        ([action("cron(0 8 * * ? *)", LATER)], "later"),
        ([action(LATER, 1)], "later"),
        ([action("cron(0 8 * * ? *)", 1, time_zone=LATER)], "later"),
    ],
)
def test_what_does_not_repeat_is_not_known(actions: list[ScheduledAction], reason: str) -> None:
    assert minimum_over_time(actions) == Unknown(reason)


@given(
    st.dictionaries(st.tuples(st.integers(0, 6), st.integers(0, 23)), st.integers(0, 9), min_size=1, max_size=6),
)
def test_the_average_is_that_of_a_week_walked_hour_by_hour(times: dict[tuple[int, int], int]) -> None:
    found = minimum_over_time(
        [action(f"cron(0 {hour} ? * {WEEKDAYS[day]} *)", low) for (day, hour), low in times.items()]
    )
    assert isinstance(found, MinimumOverTime)
    now, hours = 0, []
    for hour in range(2 * 168):
        now = times.get((hour // 24 % 7, hour % 24), now)
        hours.append(now)
    week = hours[168:]
    assert found.average == pytest.approx(sum(week) / 168)
    assert (found.lowest, found.peak) == (min(week), max(week))
    assert [found.at(60 * hour) for hour in range(168)] == week


@given(st.text(max_size=30) | st.from_regex(r"cron\([0-9*?/,LW# A-Z-]{0,30}\)", fullmatch=True))
def test_any_text_is_a_schedule_or_unknown(schedule: str) -> None:
    assert isinstance(minimum_over_time([action(schedule, 1)]), (MinimumOverTime, Unknown))
