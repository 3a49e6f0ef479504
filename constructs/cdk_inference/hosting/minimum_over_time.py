"""The minimum that a schedule sets, over the time after which the schedule repeats.

Recurring cron expressions in one time zone; a change of clocks is not counted.
https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html (2026-11-24)
"""

from __future__ import annotations

import bisect
import calendar
import datetime
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cdk_inference.core.aws_cron import Cron, parse_schedule
from cdk_inference.core.unknown import Unknown

_DAY = 24 * 60
_WEEK_DAYS = 7
# For schedules by day of month or month: any year will do that is no leap year. This one begins on a Friday.
_YEAR, _YEAR_DAYS = 2027, 365
_PER_DAY_MAX = 96  # a schedule that acts every quarter of an hour


@dataclass(frozen=True, kw_only=True)
class ScheduledAction:
    """At the times of `schedule` the bounds become these; None leaves a bound as it is.

    has_term: whether the action has a start or an end.
    """

    schedule: str | Unknown
    minimum: int | Unknown | None
    maximum: int | Unknown | None
    time_zone: str | Unknown = "UTC"
    has_term: bool = False


@dataclass(frozen=True, kw_only=True)
class MinimumOverTime:
    """The minimum at every minute of a week, or of a year of 365 days.

    steps: (minute, minimum from then on), in order, none like the one before it. Before the first step the last one
    holds, since the time repeats. Minutes count from Sunday 00:00, or from January 1.
    """

    time_zone: str
    days: int
    steps: tuple[tuple[int, int], ...]

    def at(self, minute: int) -> int:
        """The minimum at one minute."""
        return self.steps[bisect.bisect_right(self.steps, (minute, math.inf)) - 1][1]

    @property
    def lowest(self) -> int:
        """The smallest minimum."""
        return min(minimum for _, minimum in self.steps)

    @property
    def peak(self) -> int:
        """The largest minimum."""
        return max(minimum for _, minimum in self.steps)

    @property
    def average(self) -> float:
        """The minimum, averaged over the time after which the schedule repeats."""
        return self._mean(0, self.days * _DAY)

    @property
    def average_of_lowest_month(self) -> float:
        """The minimum, averaged over the calendar month in which that is least; over a week where each is alike."""
        if self.days == _WEEK_DAYS:
            return self.average
        lengths = [calendar.monthrange(_YEAR, month)[1] * _DAY for month in range(1, 13)]
        ends = itertools.accumulate(lengths)
        return min(self._mean(end - length, end) for length, end in zip(lengths, ends, strict=True))

    def _mean(self, start: int, end: int) -> float:
        moments = [start, *(minute for minute, _ in self.steps if start < minute < end), end]
        spans = itertools.pairwise(moments)
        return math.fsum(self.at(begin) * (finish - begin) for begin, finish in spans) / (end - start)


def minimum_over_time(actions: Sequence[ScheduledAction]) -> MinimumOverTime | Unknown | None:
    """The minimum that the actions set; None if none sets one; Unknown where the schedule does not repeat for sure."""
    setting = [action for action in actions if action.minimum is not None]
    if not setting:
        return None
    zones = list(dict.fromkeys(action.time_zone for action in setting))
    if len(zones) > 1:
        return Unknown("the schedule uses several time zones")
    if isinstance(zones[0], Unknown):
        return zones[0]
    if any(action.has_term for action in setting):
        return Unknown("the schedule begins or ends on a day")
    recurring: list[tuple[Cron, int]] = []
    for action in setting:
        cron = _recurring(action.schedule)
        if isinstance(cron, Unknown):
            return cron
        if not isinstance(action.minimum, int):
            return action.minimum
        recurring.append((cron, action.minimum))
    days = list(_days(weekly=all(cron.every_week for cron, _ in recurring)))
    events: dict[int, int] = {}
    for cron, minimum in recurring:
        for moment in _moments(cron, days):
            if events.setdefault(moment, minimum) != minimum:
                return Unknown("two actions of the schedule set different minimums at the same time")
    if not events:
        return Unknown("no action of the schedule ever happens")
    return MinimumOverTime(time_zone=zones[0], days=len(days), steps=_steps(events))


def _recurring(schedule: str | Unknown) -> Cron | Unknown:
    if isinstance(schedule, Unknown):
        return schedule
    # That names of days are read whatever their case is written nowhere; a template that was deployed says so itself.
    head, bracket, fields = schedule.strip().partition("(")
    found = parse_schedule(f"{head}{bracket}{fields.upper()}")
    if isinstance(found, Unknown):
        why = found.reason
    elif isinstance(found, datetime.datetime):
        why = "it acts once"
    elif not found.every_year:
        why = "it acts in some years only"
    elif found.counted_days:
        why = "its days depend on the calendar"
    elif len(found.minutes) * len(found.hours) > _PER_DAY_MAX:
        why = f"it acts more than {_PER_DAY_MAX} times a day"
    else:
        return found
    return Unknown(f"the schedule {schedule[:60]!r} has no average: {why}")


def _days(*, weekly: bool) -> Iterator[tuple[int, int, int]]:
    """(month, day of month, day of week with 1 for Sunday); of a week the first two always match."""
    if weekly:
        yield from ((1, 1, weekday) for weekday in range(1, _WEEK_DAYS + 1))
        return
    first = datetime.date(_YEAR, 1, 1)
    for number in range(_YEAR_DAYS):
        day = first + datetime.timedelta(days=number)
        yield day.month, day.day, day.isoweekday() % _WEEK_DAYS + 1


def _moments(cron: Cron, days: Sequence[tuple[int, int, int]]) -> Iterator[int]:
    for number, (month, day, weekday) in enumerate(days):
        if month in cron.months and day in cron.days and weekday in cron.weekdays:
            for hour, minute in itertools.product(cron.hours, cron.minutes):
                yield number * _DAY + hour * 60 + minute


def _steps(events: dict[int, int]) -> tuple[tuple[int, int], ...]:
    """Returns the steps in order, without steps that change nothing."""
    ordered = sorted(events.items())
    before = [ordered[-1], *ordered[:-1]]
    changing = tuple(step for step, last in zip(ordered, before, strict=True) if step[1] != last[1])
    return changing or ((0, ordered[0][1]),)
