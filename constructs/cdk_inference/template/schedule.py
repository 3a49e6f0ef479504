"""Scheduled scaling: the minimum that a schedule sets, averaged over time.

Recurring cron expressions only, in one time zone; a change of clocks is not counted.
https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html (2026-11-24)
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cdk_inference.core.unknown import Unknown

_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_DAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 1)}
_MINUTES_PER_DAY = 24 * 60
_PER_DAY_MAX = 96  # a schedule that acts every quarter of an hour
# For schedules by day of month or month: any year will do that is no leap year. The last one begins on a Friday.
_YEAR = 2027


@dataclass(frozen=True, kw_only=True)
class ScheduledAction:
    """At the times of `schedule` the bounds become these; None leaves one as it is."""

    schedule: str
    minimum: int | None
    maximum: int | None
    zone: str = "UTC"
    has_term: bool = False


@dataclass(frozen=True)
class _Cron:
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int] | None
    months: frozenset[int] | None
    weekdays: frozenset[int] | None


def time_weighted_minimum(actions: Sequence[ScheduledAction]) -> float | Unknown | None:
    """The average of the minimum; None if no action sets one; Unknown if the schedule does not tell it."""
    setting = [action for action in actions if action.minimum is not None]
    if not setting:
        return None
    if len({action.zone for action in setting}) > 1:
        return Unknown("the schedule uses several time zones")
    if any(action.has_term for action in setting):
        return Unknown("the schedule begins or ends on a day")
    crons = []
    for action in setting:
        cron = _parsed(action.schedule)
        if cron is None:
            return Unknown(f"{action.schedule[:60]!r} is no recurring cron expression that is understood")
        crons.append((cron, action.minimum or 0))
    weekly = all(cron.days is None and cron.months is None for cron, _ in crons)
    days = [(None, None, day) for day in range(1, 8)] if weekly else _days_of_year()
    events: dict[int, int] = {}
    for cron, minimum in crons:
        for number, day in enumerate(days):
            if _matches(cron, day):
                for hour in cron.hours:
                    for minute in cron.minutes:
                        at = number * _MINUTES_PER_DAY + hour * 60 + minute
                        if events.setdefault(at, minimum) != minimum:
                            return Unknown("two actions of the schedule set different minimums at the same time")
    if not events:
        return Unknown("no action of the schedule ever happens")
    return _average(sorted(events.items()), len(days) * _MINUTES_PER_DAY)


def _average(events: list[tuple[int, int]], length: int) -> float:
    """Over a period of `length` minutes, which repeats: before the first event the last one still holds."""
    ends = [at for at, _ in events[1:]] + [events[0][0] + length]
    return sum(minimum * (end - at) for (at, minimum), end in zip(events, ends, strict=True)) / length


def _days_of_year() -> list[tuple[int | None, int | None, int]]:
    """(month, day of month, day of week with 1 for Sunday)"""
    return [
        (month, day, (calendar.weekday(_YEAR, month, day) + 1) % 7 + 1)
        for month in range(1, 13)
        for day in range(1, calendar.monthrange(_YEAR, month)[1] + 1)
    ]


def _matches(cron: _Cron, day: tuple[int | None, int | None, int]) -> bool:
    month, number, weekday = day
    return (
        (cron.months is None or month in cron.months)
        and (cron.days is None or number in cron.days)
        and (cron.weekdays is None or weekday in cron.weekdays)
    )


def _parsed(text: str) -> _Cron | None:
    inside = re.fullmatch(r"\s*cron\(([^()]*)\)\s*", text)
    fields = inside[1].upper().split() if inside else []
    if len(fields) not in (5, 6) or (len(fields) == 6 and fields[5] != "*"):
        return None
    minutes, hours = _field(fields[0], 0, 59, {}), _field(fields[1], 0, 23, {})
    days, months = _field(fields[2], 1, 31, {}), _field(fields[3], 1, 12, _MONTHS)
    weekdays = _field(fields[4], 1, 7, _DAYS)
    if minutes is None or hours is None or days is None or months is None or weekdays is None:
        return None
    if len(minutes) * len(hours) > _PER_DAY_MAX:
        return None
    return _Cron(
        minutes=tuple(sorted(minutes)),
        hours=tuple(sorted(hours)),
        days=None if fields[2] in "*?" else days,
        months=None if fields[3] == "*" else months,
        weekdays=None if fields[4] in "*?" else weekdays,
    )


def _field(text: str, low: int, high: int, names: dict[str, int]) -> frozenset[int] | None:
    """The values of one field; None if it is not understood (L, W, # and ranges that run backwards)."""
    found: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"(\*|\?|([0-9A-Z]+)(?:-([0-9A-Z]+))?)(?:/([0-9]{1,2}))?", part)
        if match is None:
            return None
        step = int(match[4] or 1)
        if match[1] in ("*", "?"):
            first, last = low, high
        else:
            one = _number(match[2], names)
            other = _number(match[3], names) if match[3] else (high if match[4] else one)
            if one is None or other is None:
                return None
            first, last = one, other
        if step < 1 or not low <= first <= last <= high:
            return None
        found.update(range(first, last + 1, step))
    return frozenset(found)


def _number(text: str, names: dict[str, int]) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,2}", text) else names.get(text)
