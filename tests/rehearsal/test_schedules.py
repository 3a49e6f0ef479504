"""Moments of scheduled actions, worked out by hand from Application Auto Scaling's pages."""

from __future__ import annotations

import datetime
from typing import Any

from cdk_inference.core.unknown import Unknown
from rehearsal.schedules import moments
from tests.each import each

WORKDAYS = "cron(0 7 ? * MON-FRI *)"


def _second(text: str) -> float:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC).timestamp()


def _moments(after: str, until: str, schedule: str, **more: Any) -> list[str] | str:
    found = moments({"Schedule": schedule, **more}, _second(after), _second(until))
    if isinstance(found, Unknown):
        return found.reason
    return [datetime.datetime.fromtimestamp(one, datetime.UTC).strftime("%m-%d %H:%M") for one in found]


@each(
    ("schedule", "more", "expected"),
    [
        (WORKDAYS, {}, ["11-30 07:00", "12-01 07:00"]),
        (WORKDAYS, {"Timezone": "Europe/Berlin"}, ["11-30 06:00", "12-01 06:00"]),
        (WORKDAYS, {"Timezone": "Asia/Kolkata"}, ["11-30 01:30", "12-01 01:30"]),
        ("cron(0 7 ? * mon *)", {}, ["11-30 07:00"]),
        ("cron(0/30 7 1 12 ? 2026)", {}, ["12-01 07:00", "12-01 07:30"]),
        ("at(2026-11-30T09:15:00)", {}, ["11-30 09:15"]),
        ("at(2026-11-30T09:15:00)", {"Timezone": "Europe/Berlin"}, ["11-30 08:15"]),
        ("at(2026-12-30T09:15:00)", {}, []),
        ("rate(12 hours)", {"StartTime": "2026-11-29T20:00:00Z"}, ["11-30 08:00", "11-30 20:00", "12-01 08:00"]),
        ("rate(1 day)", {"StartTime": "2026-12-05T20:00:00Z"}, []),
        # The start time is a moment of its own, the end time the last one that may be one.
        (WORKDAYS, {"StartTime": "2026-11-30T12:00:00Z"}, ["11-30 12:00", "12-01 07:00"]),
        (WORKDAYS, {"EndTime": "2026-12-01T07:00:00Z"}, ["11-30 07:00", "12-01 07:00"]),
        (WORKDAYS, {"EndTime": "2026-12-01T06:59:00Z"}, ["11-30 07:00"]),
        (WORKDAYS, {"EndTime": _second("2026-12-01T06:59:00")}, ["11-30 07:00"]),
    ],
)
def test_the_moments_from_sunday_to_tuesday_noon(schedule: str, more: dict[str, Any], expected: list[str]) -> None:
    assert _moments("2026-11-29T22:00:00", "2026-12-01T12:00:00", schedule, **more) == expected


def test_a_time_zone_follows_its_clocks() -> None:
    zone = {"Timezone": "Europe/Berlin"}
    assert _moments("2026-07-05T22:00:00", "2026-07-06T12:00:00", WORKDAYS, **zone) == ["07-06 05:00"]


def test_a_moment_belongs_to_one_span_only() -> None:
    assert _moments("2026-11-30T06:59:00", "2026-11-30T07:00:00", WORKDAYS) == ["11-30 07:00"]
    assert _moments("2026-11-30T07:00:00", "2026-11-30T07:01:00", WORKDAYS) == []


@each(
    ("schedule", "more", "reason"),
    [
        ("rate(5 minutes)", {}, "a rate without a start time"),
        ("rate(0 minutes)", {"StartTime": 0}, "is not rate"),
        ("rate(2 weeks)", {"StartTime": 0}, "is not rate"),
        ("cron(0 7 L * ? *)", {}, "does not evaluate L"),
        ("cron(0 7 ? * MON#1 *)", {}, "does not evaluate L"),
        ("cron(0 7 * *)", {}, "4 fields"),
        ("at(2027-03-28T02:30:00)", {"Timezone": "Europe/Berlin"}, "clocks of Europe/Berlin change"),
        ("cron(30 2 * * ? *)", {"Timezone": "Europe/Berlin"}, "clocks of Europe/Berlin change"),
        ("at(2027-03-28T04:00:00)", {"EndTime": "2027-03-28T05:00:00Z"}, "start or end time does to at"),
        ("at(2027-03-28T04:00:00)", {"Timezone": "Europe/Atlantis"}, "no time zone Europe/Atlantis"),
    ],
)
def test_what_aws_does_not_state_has_a_reason(schedule: str, more: dict[str, Any], reason: str) -> None:
    assert reason in _moments("2027-03-27T22:00:00", "2027-03-28T12:00:00", schedule, **more)
