"""What Application Auto Scaling accepts as a schedule with a time zone: cron(six fields) and at(moment).

https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html and the page
it refers to, https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html (read 2026-11-24)
"""

from __future__ import annotations

import datetime
import functools
import re
import zoneinfo
from dataclasses import dataclass

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


_FIELDS = (
    _Field(name="minutes", low=0, high=59),
    _Field(name="hours", low=0, high=23),
    _Field(name="day of month", low=1, high=31, special=r"\?|L|([1-9]|[12]\d|3[01])W"),
    _Field(name="month", low=1, high=12, words=_MONTHS),
    _Field(name="day of week", low=1, high=7, words=_DAYS, special=r"\?|L|[1-7]L|([1-7]|[A-Z]{3})#[1-5]"),
    _Field(name="year", low=1970, high=2199),
)


def schedule_fault(schedule: str) -> str | None:
    """What is wrong with `schedule`, or None."""
    if (found := re.fullmatch(r"at\((.*)\)", schedule)) is not None:
        return _moment_fault(found[1])
    if schedule.startswith("rate("):
        return "a rate has no time zone"
    if (found := re.fullmatch(r"cron\((.*)\)", schedule)) is None:
        return "neither cron(...) nor at(...)"
    fields = found[1].split()
    if len(fields) != len(_FIELDS):
        return f"{len(fields)} fields instead of {len(_FIELDS)}"
    for field, text in zip(_FIELDS, fields, strict=True):
        if not _field_fits(field, text):
            return f"{text} as {field.name}"
    if (fields[2] == "?") == (fields[4] == "?"):
        return "not exactly one ? in day of month and day of week"
    return None


def zone_fault(zone: str) -> str | None:
    """What is wrong with the name of a time zone, or None. Where the machine has no list of them, its shape decides."""
    if zone != "UTC" and re.fullmatch(r"[A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2}", zone) is None:
        return "not an IANA name"
    known = _zones()
    return "not among the IANA names" if known and zone not in known else None


@functools.cache
def _zones() -> frozenset[str]:
    """Reads a directory of some 600 files."""
    return frozenset(zoneinfo.available_timezones())


def _moment_fault(text: str) -> str | None:
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", text) is None:
        return "not at(yyyy-mm-ddThh:mm:ss)"
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return "no such moment"
    return None


def _field_fits(field: _Field, text: str) -> bool:
    if re.fullmatch(field.special, text) is not None:
        return "#" not in text or text[0].isdigit() or text[:3] in field.words
    return all(_item_fits(field, item) for item in text.split(","))


def _item_fits(field: _Field, item: str) -> bool:
    span, slash, step = item.partition("/")
    if slash and not (step.isascii() and step.isdigit() and int(step) > 0):
        return False
    if span == "*":
        return True
    ends = [_number(field, part) for part in span.split("-")]
    if len(ends) > 2:
        return False
    # Whether a range may wrap around (FRI-MON) is not documented; a list says the same.
    first, last = ends[0], ends[-1]
    return first is not None and last is not None and first <= last


def _number(field: _Field, text: str) -> int | None:
    if text in field.words:
        return field.low + field.words.index(text)
    if not (text.isascii() and text.isdigit()):
        return None
    return int(text) if field.low <= int(text) <= field.high else None
