"""The values of a cron expression, worked out by hand from EventBridge's page."""

from __future__ import annotations

import datetime

from cdk_inference.core.aws_cron import Cron, parse_schedule
from cdk_inference.core.unknown import Unknown
from tests.each import each


def parsed(schedule: str) -> Cron:
    found = parse_schedule(schedule)
    assert isinstance(found, Cron)
    return found


@each(
    ("field", "values"),
    [
        ("0", {0}),
        ("5,10", {5, 10}),
        ("50-53", {50, 51, 52, 53}),
        ("0/15", {0, 15, 30, 45}),
        ("40/15", {40, 55}),
        ("*/20", {0, 20, 40}),
        ("10-30/10,59", {10, 20, 30, 59}),
    ],
)
def test_minutes_are_lists_ranges_and_steps(field: str, values: set[int]) -> None:
    assert parsed(f"cron({field} 8 * * ? *)").minutes == values


def test_every_field_has_its_values() -> None:
    found = parsed("cron(0 8-10 1,15 JAN,12 ? 2027-2028)")
    assert (found.hours, found.days) == (frozenset({8, 9, 10}), frozenset({1, 15}))
    assert (found.months, found.years) == (frozenset({1, 12}), frozenset({2027, 2028}))
    assert found.weekdays == {1, 2, 3, 4, 5, 6, 7}
    assert parsed("cron(0 8 ? * SUN,3-5 *)").weekdays == {1, 3, 4, 5}
    assert parsed("cron(0 8 ? * SUN,3-5 *)").days == set(range(1, 32))


@each(
    ("schedule", "week", "year", "counted"),
    [
        ("cron(0 8 * * ? *)", True, True, False),
        ("cron(0 8 ? * MON-FRI *)", True, True, False),
        ("cron(0 8 ? * WED *)", True, True, False),
        ("cron(0 8 1 * ? *)", False, True, False),
        ("cron(0 8 ? JUL MON *)", False, True, False),
        ("cron(0 8 * * ? 2027)", False, False, False),
        ("cron(0 8 L * ? *)", False, True, True),
        ("cron(0 8 3W * ? *)", False, True, True),
        ("cron(0 8 ? * L *)", False, True, True),
        ("cron(0 8 ? * 6L *)", False, True, True),
        ("cron(0 8 ? * MON#2 *)", False, True, True),
    ],
)
def test_when_it_repeats(schedule: str, week: bool, year: bool, counted: bool) -> None:
    found = parsed(schedule)
    assert (found.every_week, found.every_year, found.counted_days) == (week, year, counted)


def test_a_moment_is_a_moment_and_a_fault_is_unknown() -> None:
    assert parse_schedule("at(2027-01-31T08:00:00)") == datetime.datetime(2027, 1, 31, 8)
    assert parse_schedule("cron(0 24 * * ? *)") == Unknown("24 as hours")
