"""Windows: schedules that Application Auto Scaling accepts, time zones that exist, bounds in order."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core import aws_cron as cron
from cdk_inference.core.aws_cron import schedule_fault, zone_fault
from cdk_inference.scaling import ScheduledBounds
from cdk_inference.scaling.scheduled_bounds import windows_problem
from tests.each import each
from tests.refusals import NUMBER_TOKEN, TEXT_TOKEN, refusal_of


def window(**changes: Any) -> ScheduledBounds:
    plain = {"schedule": "cron(0 8 ? * MON-FRI *)", "time_zone": "Europe/Berlin", "min_capacity": 1, "max_capacity": 4}
    return ScheduledBounds(**plain | changes)


def refusal(**changes: Any) -> str:
    return refusal_of(window, **changes)


@each(
    "schedule",
    [
        # AWS's own examples
        *("cron(30 6 ? * MON *)", "cron(0 10 * * ? *)", "cron(15 12 * * ? *)", "cron(0 18 ? * MON-FRI *)"),
        *("cron(0 8 1 * ? *)", "cron(0/15 * * * ? *)", "cron(0/10 * ? * MON-FRI *)", "cron(0/5 8-17 ? * MON-FRI *)"),
        *("cron(0 9 ? * 2#1 *)", "cron(0 9 ? * L *)", "cron(0 9 L * ? *)", "cron(0 9 3W * ? *)", "cron(0 9 ? * 6L *)"),
        *("cron(0,30 0 1,15 JAN,JUL ? 2027-2030)", "cron(0 9 ? * FRI,SAT,SUN *)", "cron(0  9 ? * MON#2 2199)"),
        *("at(2027-01-31T08:00:00)", "at(2028-02-29T23:59:59)", TEXT_TOKEN),
    ],
)
def test_a_schedule_that_is_accepted(schedule: str) -> None:
    assert window(schedule=schedule).schedule == schedule


@each(
    ("schedule", "fault"),
    [
        ("rate(5 minutes)", "a rate has no time zone"),
        ("0 8 ? * MON-FRI *", "neither cron(...) nor at(...)"),
        ("", "neither cron(...) nor at(...)"),
        ("cron(0 8 ? * MON-FRI *", "neither cron(...) nor at(...)"),
        ("cron(0 8 * * 1-5)", "5 fields instead of 6"),
        ("cron()", "0 fields instead of 6"),
        ("cron(60 8 ? * MON *)", "60 as minutes"),
        ("cron(0 24 ? * MON *)", "24 as hours"),
        ("cron(0 8 0 * ? *)", "0 as day of month"),
        ("cron(0 8 32W * ? *)", "32W as day of month"),
        ("cron(0 8 ? 13 MON *)", "13 as month"),
        ("cron(0 8 ? * 0 *)", "0 as day of week"),
        ("cron(0 8 ? * mon *)", "mon as day of week"),
        ("cron(0 8 ? * JAN *)", "JAN as day of week"),
        ("cron(0 8 ? * ABC#1 *)", "ABC#1 as day of week"),
        ("cron(0 8 ? * 3#1,6#3 *)", "3#1,6#3 as day of week"),
        ("cron(0 8 ?,1 * MON *)", "?,1 as day of month"),
        ("cron(0 8 ? * FRI-MON *)", "FRI-MON as day of week"),
        ("cron(0 8 ? * 2#6 *)", "2#6 as day of week"),
        ("cron(0 8 ? * MON 1969)", "1969 as year"),
        ("cron(0/0 8 ? * MON *)", "0/0 as minutes"),
        ("cron(0/ 8 ? * MON *)", "0/ as minutes"),
        ("cron(30-10 8 ? * MON *)", "30-10 as minutes"),
        ("cron(1-2-3 8 ? * MON *)", "1-2-3 as minutes"),
        ("cron(0,, 8 ? * MON *)", "0,, as minutes"),
        ("cron(? 8 ? * MON *)", "? as minutes"),
        ("cron(\u0663 8 ? * MON *)", "\u0663 as minutes"),
        ("cron(0 8 * * * *)", "not exactly one ? in day of month and day of week"),
        ("cron(0 8 ? * ? *)", "not exactly one ? in day of month and day of week"),
        ("cron(0 8 1 * MON *)", "not exactly one ? in day of month and day of week"),
        ("at(2027-02-29T08:00:00)", "no such moment"),
        ("at(2027-01-31)", "not at(yyyy-mm-ddThh:mm:ss)"),
        ("at(2027-01-31T08:00:00Z)", "not at(yyyy-mm-ddThh:mm:ss)"),
        (None, "not text"),
        (8, "not text"),
    ],
)
def test_another_schedule_is_refused_with_what_is_wrong(schedule: object, fault: str) -> None:
    assert refusal(schedule=schedule) == (
        f"ScheduledBounds: schedule: got {schedule!r}; allowed: cron(minutes hours day-of-month month day-of-week year) or "
        f'at(yyyy-mm-ddThh:mm:ss); this is {fault}; fix: for example "cron(0 8 ? * MON-FRI *)"'
    )


def test_a_window_without_time_zone_cannot_be_written() -> None:
    with pytest.raises(TypeError, match="time_zone"):
        ScheduledBounds(schedule="cron(0 8 ? * MON-FRI *)", min_capacity=1, max_capacity=4)  # type: ignore[call-arg]


@each("zone", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+9", TEXT_TOKEN])
def test_a_time_zone_that_exists(zone: str) -> None:
    assert window(time_zone=zone).time_zone == zone


@each(
    ("zone", "fault"),
    [
        ("Europe/Bonn", "not among the IANA names"),
        ("Berlin", "not an IANA name"),
        ("CET", "not an IANA name"),
        ("localtime", "not an IANA name"),
        ("europe/berlin", "not among the IANA names"),
        ("+01:00", "not an IANA name"),
        ("", "not an IANA name"),
        (None, "not text"),
    ],
)
def test_another_time_zone_is_refused(zone: object, fault: str) -> None:
    assert refusal(time_zone=zone) == (
        f"ScheduledBounds: time_zone: got {zone!r}; allowed: the IANA name of a time zone; this is {fault}; fix: for example "
        '"Europe/Berlin" or "UTC": without one the clock is UTC, and an hour is wrong half the year'
    )


def test_a_machine_without_time_zones_looks_at_the_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cron, "_zones", frozenset)
    assert zone_fault("Europe/Bonn") is None
    assert zone_fault("Bonn") == "not an IANA name"


@each(("low", "high"), [(0, 0), (0, 3), (3, 3), (NUMBER_TOKEN, 1), (9, NUMBER_TOKEN)])
def test_bounds_in_order(low: Any, high: Any) -> None:
    found = window(min_capacity=low, max_capacity=high)
    assert (found.min_capacity, found.max_capacity) == (low, high)


def test_every_problem_at_once() -> None:
    assert refusal(schedule="8", time_zone="here", min_capacity=-1, max_capacity="4") == (
        "ScheduledBounds has 4 problems:\n"
        "  1. schedule: got '8'; allowed: cron(minutes hours day-of-month month day-of-week year) or "
        'at(yyyy-mm-ddThh:mm:ss); this is neither cron(...) nor at(...); fix: for example "cron(0 8 ? * MON-FRI *)"\n'
        "  2. time_zone: got 'here'; allowed: the IANA name of a time zone; this is not an IANA name; fix: for example "
        '"Europe/Berlin" or "UTC": without one the clock is UTC, and an hour is wrong half the year\n'
        "  3. min_capacity: got -1; allowed: a whole number from 0; fix: give a count\n"
        "  4. max_capacity: got '4'; allowed: a whole number from 0; fix: give a count"
    )


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_min_capacity_above_the_max_capacity(low: int, high: int) -> None:
    if low <= high:
        assert window(min_capacity=low, max_capacity=high).min_capacity == low
    else:
        assert refusal(min_capacity=low, max_capacity=high) == (
            f"ScheduledBounds: max_capacity: got {high}; allowed: at least min_capacity ({low}); fix: raise max_capacity or lower min_capacity"
        )


@given(st.integers(0, 59), st.integers(0, 23), st.sampled_from(["?", "1", "L"]), st.sampled_from(["?", "MON", "2-6"]))
def test_exactly_one_question_mark(minute: int, hour: int, day: str, weekday: str) -> None:
    fault = schedule_fault(f"cron({minute} {hour} {day} * {weekday} *)")
    assert (fault is None) == ((day == "?") != (weekday == "?"))


@given(st.datetimes(min_value=datetime.datetime(1000, 1, 1)))
def test_every_moment_is_a_schedule(moment: datetime.datetime) -> None:
    assert schedule_fault(f"at({moment.replace(microsecond=0).isoformat()})") is None


@given(st.text())
def test_no_text_is_too_odd_to_be_judged(text: str) -> None:
    for schedule in (text, f"cron({text})", f"at({text})", f"cron({text} 8 ? * MON *)"):
        assert schedule_fault(schedule) is None or isinstance(schedule_fault(schedule), str)
    assert zone_fault(text) is None or isinstance(zone_fault(text), str)


@given(st.integers(1, 300))
def test_no_more_windows_than_the_quota(count: int) -> None:
    windows = tuple(window(schedule=f"cron({n % 60} {n // 60} * * ? *)") for n in range(count))
    problem = windows_problem(windows)
    assert str(problem) == (
        "None"
        if count <= 200
        else f"windows: got '{count} windows'; allowed: at most 200, Application Auto Scaling's quota for one target; "
        "fix: combine them in one cron expression"
    )


def test_two_windows_at_one_moment() -> None:
    assert str(windows_problem((window(), window(min_capacity=2), window(time_zone="UTC")))) == (
        "windows: got 'cron(0 8 ? * MON-FRI *) Europe/Berlin'; allowed: one window for one moment; fix: drop one of them"
    )


@each("windows", [None, [], ["cron"], ("cron",)])
def test_what_is_no_tuple_of_windows(windows: object) -> None:
    assert str(windows_problem(windows)) == (
        f"windows: got {windows!r}; allowed: a tuple of ScheduledBounds; fix: for example windows=(ScheduledBounds(...),)"
    )
