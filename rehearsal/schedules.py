"""The moments at which a scheduled action acts: at(), rate() and cron(), as far as AWS's pages state them.

https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html: an action
with a start time acts then and after that by its recurrence; it stops after its end time; both are in UTC.
https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html: formats, units, time zone.
(both read 2026-11-30)
"""

from __future__ import annotations

import datetime
import itertools
import math
import re
import zoneinfo
from collections.abc import Iterator, Mapping
from typing import Any

from cdk_inference.core.aws_cron import Cron, parse_schedule
from cdk_inference.core.unknown import Unknown

Action = Mapping[str, Any]
_UNITS = {"minute": 60, "hour": 3600, "day": 86400}
_DAY = datetime.timedelta(days=1)


def moments(action: Action, after: float, until: float) -> list[float] | Unknown:
    """Returns the moments after one moment up to another, in seconds since 1970; Unknown where AWS states none."""
    schedule, start, end = str(action["Schedule"]), _utc(action.get("StartTime")), _utc(action.get("EndTime"))
    if schedule.startswith("rate("):
        found = _of_rate(schedule, start, until)
    else:
        found = _of_calendar(action, schedule, after, until)
    if isinstance(found, Unknown):
        return found
    first, last = -math.inf if start is None else start, math.inf if end is None else end
    if schedule.startswith("at("):
        if start is not None or end is not None:
            return Unknown("AWS does not state what a start or end time does to at()")
    elif start is not None:
        found.append(start)
    return sorted({one for one in found if after < one <= until and first <= one <= last})


def _utc(value: Any) -> float | None:
    """A time of the API: seconds, or CloudFormation's text."""
    if value is None or isinstance(value, int | float):
        return value
    moment = value if isinstance(value, datetime.datetime) else datetime.datetime.fromisoformat(str(value))
    return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)).timestamp()


def _of_rate(schedule: str, start: float | None, until: float) -> list[float] | Unknown:
    found = re.fullmatch(r"rate\(([1-9]\d*) (minute|hour|day)s?\)", schedule)
    if found is None:
        return Unknown(f"{schedule} is not rate(value minutes|hours|days)")
    if start is None:
        return Unknown("AWS does not state when a rate without a start time begins")
    seconds = int(found[1]) * _UNITS[found[2]]
    return [start + number * seconds for number in range(max(0, math.floor((until - start) / seconds)) + 1)]


def _of_calendar(action: Action, schedule: str, after: float, until: float) -> list[float] | Unknown:
    head, bracket, fields = schedule.strip().partition("(")
    parsed = parse_schedule(f"{head}{bracket}{fields.upper()}")
    if isinstance(parsed, Unknown):
        return parsed
    if isinstance(parsed, Cron) and parsed.counted_days:
        return Unknown("a rehearsal does not evaluate L, W and # in a cron expression")
    name = str(action.get("Timezone", "UTC"))
    try:
        zone = zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return Unknown(f"this machine has no time zone {name}")
    if isinstance(parsed, datetime.datetime):
        locals_: Iterator[datetime.datetime] = iter((parsed,))
    else:
        first, last = (datetime.datetime.fromtimestamp(one, zone).date() for one in (after, until))
        locals_ = _of_cron(parsed, first, last)
    found: list[float] = []
    for local in locals_:
        both = [local.replace(tzinfo=zone, fold=fold).timestamp() for fold in (0, 1)]
        if both[0] != both[1] and any(after < one <= until for one in both):
            return Unknown(f"AWS does not state when {local} is where the clocks of {name} change")
        found.append(both[0])
    return found


def _of_cron(cron: Cron, first: datetime.date, last: datetime.date) -> Iterator[datetime.datetime]:
    for number in range((last - first).days + 1):
        day = first + number * _DAY
        fits = day.month in cron.months and day.day in cron.days and day.year in cron.years
        if fits and day.isoweekday() % 7 + 1 in cron.weekdays:
            for hour, minute in itertools.product(sorted(cron.hours), sorted(cron.minutes)):
                yield datetime.datetime.combine(day, datetime.time(hour, minute))
