"""What Application Auto Scaling accepts as a schedule with a time zone: cron(six fields) and at(moment).

https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html and the page
it refers to, https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html (read 2026-11-24)
"""

from __future__ import annotations

import datetime
import functools
import re
from dataclasses import dataclass

from cdk_inference.core.unknown import Unknown

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


@dataclass(frozen=True, kw_only=True)
class _Field:
    """One field: its range, the words for it (the first one means `low`), and what else may stand there, alone."""

    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()
    special: str = r"(?!)"

    @property
    def every(self) -> frozenset[int]:
        """All values."""
        return frozenset(range(self.low, self.high + 1))


_FIELDS = (
    _Field(name="minutes", low=0, high=59),
    _Field(name="hours", low=0, high=23),
    _Field(name="day of month", low=1, high=31, special=r"\?|L|([1-9]|[12]\d|3[01])W"),
    _Field(name="month", low=1, high=12, words=_MONTHS),
    _Field(name="day of week", low=1, high=7, words=_DAYS, special=r"\?|L|[1-7]L|([1-7]|[A-Z]{3})#[1-5]"),
    _Field(name="year", low=1970, high=2199),
)


@dataclass(frozen=True, kw_only=True)
class Cron:
    """A cron expression: the values of each field. Days of the week count from 1, Sunday.

    counted_days: whether a day depends on the calendar of its month (L, W, #); then `days` or `weekdays` is not known.
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    years: frozenset[int]
    counted_days: bool

    @property
    def every_year(self) -> bool:
        """Whether it acts in the same way in each year."""
        return self.years == _FIELDS[5].every

    @property
    def every_week(self) -> bool:
        """Whether it acts in the same way in each week."""
        everything = self.days == _FIELDS[2].every and self.months == _FIELDS[3].every
        return everything and self.every_year and not self.counted_days


def parse_schedule(schedule: str) -> Cron | datetime.datetime | Unknown:
    """The expression, the moment of at(...), or the fault that makes AWS refuse `schedule`."""
    if (found := re.fullmatch(r"at\((.*)\)", schedule)) is not None:
        return _moment(found[1])
    if schedule.startswith("rate("):
        return Unknown("a rate has no time zone")
    if (found := re.fullmatch(r"cron\((.*)\)", schedule)) is None:
        return Unknown("neither cron(...) nor at(...)")
    fields = found[1].split()
    if len(fields) != len(_FIELDS):
        return Unknown(f"{len(fields)} fields instead of {len(_FIELDS)}")
    values = []
    for field, text in zip(_FIELDS, fields, strict=True):
        known = _values(field, text)
        if known is None:
            return Unknown(f"{text} as {field.name}")
        values.append(known)
    if (fields[2] == "?") == (fields[4] == "?"):
        return Unknown("not exactly one ? in day of month and day of week")
    counted = any(mark in fields[2] for mark in "LW") or any(mark in fields[4] for mark in "L#")
    minutes, hours, days, months, weekdays, years = values
    return Cron(
        minutes=minutes,
        hours=hours,
        days=days,
        months=months,
        weekdays=weekdays,
        years=years,
        counted_days=counted,
    )


def schedule_fault(schedule: str) -> str | None:
    """Why AWS refuses `schedule`, or None."""
    found = parse_schedule(schedule)
    return found.reason if isinstance(found, Unknown) else None


def zone_fault(zone: str) -> str | None:
    """Returns the fault of a time zone's name, or None. Without a list of zones on the machine its shape decides."""
    if zone != "UTC" and re.fullmatch(r"[A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2}", zone) is None:
        return "not an IANA name"
    known = _zones()
    return "not among the IANA names" if known and zone not in known else None


@functools.cache
def _zones() -> frozenset[str]:
    """Reads a directory of some 600 files."""
    import zoneinfo  # and sysconfig: for schedules with a time zone alone

    return frozenset(zoneinfo.available_timezones())


def _moment(text: str) -> datetime.datetime | Unknown:
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", text) is None:
        return Unknown("not at(yyyy-mm-ddThh:mm:ss)")
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        return Unknown("no such moment")


def _values(field: _Field, text: str) -> frozenset[int] | None:
    """The values of one field, all of them for what stands alone; None for text that does not fit."""
    if re.fullmatch(field.special, text) is not None:
        known = "#" not in text or text[0].isdigit() or text[:3] in field.words
        return field.every if known else None
    found: set[int] = set()
    for item in text.split(","):
        values = _item(field, item)
        if values is None:
            return None
        found.update(values)
    return frozenset(found)


def _item(field: _Field, item: str) -> range | None:
    span, slash, step = item.partition("/")
    if slash and not (step.isascii() and step.isdigit() and int(step) > 0):
        return None
    every = int(step) if slash else 1
    if span == "*":
        return range(field.low, field.high + 1, every)
    ends = [_number(field, part) for part in span.split("-")]
    if len(ends) > 2:
        return None
    # Whether a range may wrap around (FRI-MON) is not documented; a list says the same.
    first, last = ends[0], ends[-1]
    if first is None or last is None or first > last:
        return None
    # 0/15 begins at 0 and goes on to the end of the field.
    return range(first, (field.high if slash and len(ends) == 1 else last) + 1, every)


def _number(field: _Field, text: str) -> int | None:
    if text in field.words:
        return field.low + field.words.index(text)
    if not (text.isascii() and text.isdigit()):
        return None
    return int(text) if field.low <= int(text) <= field.high else None
