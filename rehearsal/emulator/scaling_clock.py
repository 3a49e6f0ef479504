"""The clock of scaling: a test moves it, and each of its minutes is decided."""

from __future__ import annotations

import contextlib
from typing import Any

from rehearsal.api_model import RefusedError
from rehearsal.decisions import decide
from rehearsal.emulator import alarms
from rehearsal.emulator.private_names import get
from rehearsal.hosting import Hosting, Record
from rehearsal.outcomes import Capacity, Outcome
from rehearsal.scaling import capacity_of, set_capacity

_MINUTE = 60.0


def advance(params: dict[str, Any], hosting: Hosting) -> dict[str, Any]:
    """Moves the clock on, minute by minute; returns the time and what was decided, or why it was not.

    params: Seconds; From sets the clock first, in seconds since 1970; TrackingPeriods, see `outcomes.Moment`.

    Raises:
        RefusedError: The clock was never set.
    """
    begun = params.get("From", hosting.time)
    if begun is None:
        raise RefusedError("Advance: got no From, and the clock was never set; fix: From, in seconds since 1970")
    now, until = float(begun), float(begun) + float(params["Seconds"])
    rows: list[dict[str, Any]] = []
    while now < until:
        before, now = now, min(until, (now // _MINUTE + 1) * _MINUTE)
        _evaluate(hosting, now)
        for key, target in hosting.targets.items():
            policies = [one for name, one in hosting.policies.items() if name[1:] == key]
            found = _decided(target, policies, hosting, before, now, params.get("TrackingPeriods"))
            count = capacity_of(target, hosting)
            rows += [_row(one, target, now, count) for one in found]
    hosting.time = until
    return {"Time": until, "Decisions": _without_repeats(rows)}


def _evaluate(hosting: Hosting, now: float) -> None:
    """Sets the states of the alarms that run a policy; a decision reports maths that are not evaluated."""
    policies = {one["PolicyARN"] for one in hosting.policies.values()}
    for alarm in list(get("_alarms").values()):
        if policies & set(alarm.get("AlarmActions", [])):
            with contextlib.suppress(RefusedError):
                alarms.evaluate(alarm, now)


def _decided(
    target: Record, policies: list[Record], hosting: Hosting, after: float, now: float, periods: int | None
) -> tuple[Outcome, ...]:
    current = capacity_of(target, hosting)
    if current is None:
        return ()
    found = decide(
        target,
        Capacity(minimum=target["MinCapacity"], maximum=target["MaxCapacity"], current=current),
        target.get("Cooldowns", {}),
        policies,
        list(get("_alarms").values()),
        alarms.read,
        after=after,
        now=now,
        tracking_periods=periods,
    )
    target["MinCapacity"], target["MaxCapacity"] = found.capacity.minimum, found.capacity.maximum
    target["Cooldowns"] = found.cooldowns
    set_capacity(target, hosting, found.capacity.current)
    return found.outcomes


def _row(one: Outcome, target: Record, now: float, count: int | None) -> dict[str, Any]:
    row = {"At": now, "ResourceId": target["ResourceId"], "By": one.by, "Reason": one.reason, "Source": one.source}
    return {**row, "Decided": one.decided, "Range": [one.low, one.high], "Count": count}


def _without_repeats(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A decision that is not made for the same reason minute by minute is listed once."""
    kept: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        same = (row["ResourceId"], row["By"], row["Reason"], row["At"] if row["Decided"] else None)
        kept.setdefault(same, row)
    return list(kept.values())
