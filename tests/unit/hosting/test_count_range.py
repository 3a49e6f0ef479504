"""Bounds of a count at any moment and over a schedule; amounts of money are worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core.unknown import Unknown
from cdk_inference.hosting import CountRange, MinimumOverTime, ScheduledAction, peak_together

TOKEN = -1.8881545897087626e289
LATER = Unknown("it is known at deployment only")
WHY = Unknown("the parameter P has no default")
# ml.g5.2xlarge in us-east-1, US dollars an hour (the shipped table, 2026-09-20), and a month of 730 hours
USD_PER_HOUR, HOURS = 1.52, 730


def action(schedule: str, low: Any = None, high: Any = None, **others: Any) -> ScheduledAction:
    return ScheduledAction(schedule=schedule, minimum=low, maximum=high, **others)


WORK_DAYS = (action("cron(0 20 ? * MON-FRI *)", 1, 1), action("cron(0 7 ? * MON-FRI *)", 4, 8))
EVERY_DAY = (action("cron(0 7 * * ? *)", 4, 8), action("cron(0 20 * * ? *)", 1, 2))


def test_one_by_night_and_four_to_eight_by_day() -> None:
    counts = CountRange.scheduled(4, 8, WORK_DAYS)
    assert (counts.lowest, counts.highest, counts.peak_lowest, counts.in_words) == (1, 8, 4, "1 to 8")
    # 13 hours of 4 on five days, else 1: (65 x 4 + 103 x 1) / 168 = 363 / 168
    assert counts.average_lowest == pytest.approx(363 / 168)
    assert round(363 / 168 * USD_PER_HOUR * HOURS, 2) == 2397.53
    assert counts.month_lowest == counts.expected == counts.average_lowest


def test_four_to_eight_by_day_over_a_base_of_one_to_two() -> None:
    counts = CountRange.scheduled(1, 2, EVERY_DAY)
    assert (counts.lowest, counts.highest, counts.peak_lowest) == (1, 8, 4)
    # 13 hours of 4 and 11 of 1 a day: 63 / 24
    assert counts.average_lowest == pytest.approx(63 / 24)
    assert round(63 / 24 * USD_PER_HOUR * HOURS, 2) == 2912.70
    assert round(4 * USD_PER_HOUR, 2) == 6.08


def test_the_time_before_the_first_action_counts_at_any_moment_and_in_no_average() -> None:
    counts = CountRange.scheduled(0, 20, EVERY_DAY)
    assert (counts.lowest, counts.highest) == (0, 20)
    assert counts.average_lowest == pytest.approx(63 / 24)
    assert counts.peak_lowest == 4


def test_a_month_has_at_least_what_its_cheapest_has() -> None:
    """In December 10, else 1: 31 days of 10 and 334 of 1 in a year, and eleven months with 1."""
    counts = CountRange.scheduled(2, 9, [action("cron(0 0 1 12 ? *)", 10), action("cron(0 0 1 1 ? *)", 1)])
    assert counts.average_lowest == pytest.approx(644 / 365)
    assert (counts.month_lowest, counts.peak_lowest, counts.highest) == (1, 10, 10)


def test_a_fixed_count_is_all_of_it() -> None:
    counts = CountRange.fixed(3)
    assert (counts.lowest, counts.highest, counts.average_lowest, counts.peak_lowest) == (3, 3, 3, 3)
    assert (counts.month_lowest, counts.expected, counts.in_words) == (3, 3, "3")


def test_without_a_schedule_the_minimum_holds_always_and_load_decides_what_to_expect() -> None:
    counts = CountRange.scheduled(2, 6)
    assert (counts.average_lowest, counts.month_lowest, counts.peak_lowest, counts.expected) == (2, 2, 2, None)


def test_an_action_may_set_one_bound_and_leave_the_other() -> None:
    assert CountRange.scheduled(2, 6, [action("cron(0 7 * * ? *)", high=9)]) == CountRange.scheduled(2, 9)
    higher = CountRange.scheduled(2, 6, [action("cron(0 7 * * ? *)", 3), action("cron(0 20 * * ? *)", high=4)])
    assert (higher.lowest, higher.highest, higher.average_lowest) == (2, 6, 3)
    # The minimum alone may rise above the maximum, and takes the count with it.
    assert CountRange.scheduled(1, 2, [action("cron(0 7 * * ? *)", 5)]).highest == 5


@pytest.mark.parametrize(
    ("counts", "lowest", "highest"),
    [
        (CountRange.fixed(TOKEN), LATER, LATER),  # type: ignore[arg-type]
        (CountRange.fixed(WHY), WHY, WHY),
        (CountRange.scheduled(1, TOKEN), 1, LATER),  # type: ignore[arg-type]
        (CountRange.scheduled(WHY, 4), WHY, WHY),
        (CountRange.scheduled(1, 4, [action("cron(0 7 * * ? *)", WHY, 9)]), WHY, WHY),
        (CountRange.scheduled(1, 4, [action("cron(0 7 * * ? *)", 2, TOKEN)]), 1, LATER),
    ],
)
def test_an_unknown_bound_stays_unknown(counts: CountRange, lowest: object, highest: object) -> None:
    assert (counts.lowest, counts.highest) == (lowest, highest)


def test_what_is_not_known_is_a_question_mark() -> None:
    assert CountRange.scheduled(WHY, 4).in_words == "?"
    assert CountRange.scheduled(1, WHY).in_words == "1 to ?"


@pytest.mark.parametrize(
    ("schedule", "why"),
    [
        ("at(2027-01-31T08:00:00)", "it acts once"),
        ("cron(0 8 ? * 2#1 *)", "its days depend on the calendar"),
    ],
)
def test_a_schedule_without_an_average_still_has_bounds(schedule: str, why: str) -> None:
    counts = CountRange.scheduled(1, 4, [action(schedule, 2, 9)])
    unknown = Unknown(f"the schedule {schedule!r} has no average: {why}")
    assert (counts.lowest, counts.highest, counts.month_lowest) == (1, 9, 1)
    assert counts.average_lowest == counts.peak_lowest == counts.expected == unknown


def test_a_suspended_schedule_may_have_acted_before() -> None:
    counts = CountRange.scheduled(2, 4, EVERY_DAY, suspended=True)
    assert (counts.lowest, counts.highest, counts.month_lowest) == (1, 8, 1)
    assert counts.average_lowest == Unknown("scheduled scaling is suspended, or may be")
    assert CountRange.scheduled(2, 4, suspended=True) == CountRange.scheduled(2, 4)


@pytest.mark.parametrize(
    ("counts", "starts"),
    [
        (CountRange.scheduled(0, 4), True),
        (CountRange.scheduled(1, 4, [action("cron(0 7 * * ? *)", 0, 4)]), True),
        # By the clock alone: at zero nothing is allowed, so no load starts an instance.
        (CountRange.scheduled(1, 4, [action("cron(0 7 * * ? *)", 0, 0)]), False),
        (CountRange.fixed(0), False),
        (CountRange.scheduled(1, 4), False),
        (CountRange.scheduled(WHY, 4), False),
        (CountRange.scheduled(0, WHY), True),
    ],
)
def test_load_has_to_start_a_count_that_may_be_zero(counts: CountRange, starts: bool) -> None:
    assert counts.scales_from_zero is starts


def test_peaks_at_the_same_time_add_up_and_others_do_not() -> None:
    day = CountRange.scheduled(1, 4, [action("cron(0 8 * * ? *)", 4), action("cron(0 18 * * ? *)", 1)])
    night = CountRange.scheduled(1, 4, [action("cron(0 8 * * ? *)", 1), action("cron(0 18 * * ? *)", 4)])
    berlin = {"time_zone": "Europe/Berlin"}
    opening, closing = action("cron(0 8 * * ? *)", 4, **berlin), action("cron(0 18 * * ? *)", 1, **berlin)
    elsewhere = CountRange.scheduled(1, 4, [opening, closing])
    assert peak_together([(2.0, day)]) == 8.0
    assert peak_together([(2.0, day), (3.0, day)]) == 20.0
    # By day 4 x 2 + 1 x 3, by night 1 x 2 + 4 x 3
    assert peak_together([(2.0, day), (3.0, night)]) == 14.0
    # Of two time zones only one peak is certain, beside what the other always needs.
    assert peak_together([(2.0, day), (3.0, elsewhere)]) == 14.0
    assert peak_together([(2.0, day), (3.0, CountRange.fixed(2)), (5.0, CountRange.fixed(WHY))]) == 14.0
    assert peak_together([]) == 0.0


COUNTS = st.integers(0, 9)
BOUNDS = st.tuples(COUNTS, COUNTS).map(lambda pair: (min(pair), max(pair)))
ACTIONS = st.lists(
    st.builds(
        lambda hour, low, high: action(f"cron(0 {hour} * * ? *)", low, high),
        st.integers(0, 23),
        st.none() | COUNTS,
        st.none() | COUNTS,
    ),
    max_size=4,
    unique_by=lambda one: one.schedule,
)


@given(BOUNDS, ACTIONS)
def test_averages_and_peaks_lie_between_the_bounds(bounds: tuple[int, int], actions: list[ScheduledAction]) -> None:
    counts = CountRange.scheduled(*bounds, actions)
    low, high, average, peak = counts.lowest, counts.highest, counts.average_lowest, counts.peak_lowest
    assert all(isinstance(count, (int, float)) for count in (low, high, average, peak))
    assert low <= average <= peak + 1e-9 <= high + 2e-9  # type: ignore[operator]
    setting = [one for one in actions if one.minimum is not None]
    assert isinstance(counts.minimums, MinimumOverTime) is bool(setting)


@given(BOUNDS, ACTIONS.filter(bool))
def test_one_more_action_never_narrows_the_bounds(bounds: tuple[int, int], actions: list[ScheduledAction]) -> None:
    fewer, all_of_them = CountRange.scheduled(*bounds, actions[1:]), CountRange.scheduled(*bounds, actions)
    assert all_of_them.lowest <= fewer.lowest  # type: ignore[operator]
    assert all_of_them.highest >= fewer.highest  # type: ignore[operator]


@given(st.lists(st.tuples(st.integers(1, 5), BOUNDS, ACTIONS), max_size=3))
def test_the_common_peak_is_at_most_the_sum_of_all_peaks_and_at_least_each(
    listed: list[tuple[int, tuple[int, int], list[ScheduledAction]]],
) -> None:
    weighted = [(float(weight), CountRange.scheduled(*bounds, actions)) for weight, bounds, actions in listed]
    peak = peak_together(weighted)
    peaks = [weight * counts.peak_lowest for weight, counts in weighted if isinstance(counts.peak_lowest, int)]
    assert max(peaks, default=0.0) <= peak + 1e-9 <= sum(peaks) + 2e-9
