"""Application Auto Scaling's decisions on plain values: a target's scheduled actions first, then its policies.

A decision that AWS's pages do not state is not made: an `Outcome` that is not decided has the reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cdk_inference.core.unknown import Unknown
from rehearsal.api_model import RefusedError
from rehearsal.metric_maths import Document, Read
from rehearsal.outcomes import Capacity, Cooldown, Moment, Outcome, limited, ranged
from rehearsal.schedules import moments
from rehearsal.step_scaling import STEP, stepped
from rehearsal.target_tracking import TRACKING, tracked

# A scheduled action sets the bounds and moves the capacity into them, whatever the cooldowns (read 2026-11-30).
SCHEDULED = "https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-policy-overview.html"
# Seconds, for steps and for variants; none is stated for inference components (both pages read 2026-11-30):
# https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepScalingPolicyConfiguration.html
# https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html
_COOLDOWN = 300.0
Cooldowns = Mapping[tuple[str, str], Cooldown]


@dataclass(frozen=True, kw_only=True)
class Decided:
    """The state after a decision. outcomes: what led to it; one that is not decided changed nothing."""

    capacity: Capacity
    cooldowns: Cooldowns
    outcomes: tuple[Outcome, ...] = ()


def decide(
    target: Document,
    capacity: Capacity,
    cooldowns: Cooldowns,
    policies: Iterable[Document],
    alarms: Sequence[Document],
    read: Read,
    *,
    after: float,
    now: float,
    tracking_periods: int | None = None,
) -> Decided:
    """Decides for a scalable target: the scheduled actions since `after`, then the policies at `now`."""
    # https://docs.aws.amazon.com/autoscaling/application/APIReference/API_SuspendedState.html (read 2026-11-30)
    suspended = target.get("SuspendedState", {})
    actions = [] if suspended.get("ScheduledScalingSuspended") else list(target.get("ScheduledActions", {}).values())
    capacity, notes = scheduled(capacity, actions, after, now)
    moment = Moment(
        now=now,
        capacity=capacity,
        read=read,
        alarms=alarms,
        cooldowns=cooldowns,
        tracking_periods=tracking_periods,
    )
    known = {str(one["PolicyName"]): one for one in policies}
    low = capacity.current if suspended.get("DynamicScalingInSuspended") else capacity.minimum
    high = capacity.current if suspended.get("DynamicScalingOutSuspended") else capacity.maximum
    requested = [_outcome(policy, moment, low, high) for policy in known.values()]
    found = [one for one in requested if one is not None]
    least, most = together(found, capacity.current)
    if least != most or least == capacity.current:
        return Decided(capacity=capacity, cooldowns=cooldowns, outcomes=(*notes, *found))
    after_it = Capacity(minimum=capacity.minimum, maximum=capacity.maximum, current=least)
    chosen = [known[one.by] for one in found if one.low == one.high == least]
    return Decided(capacity=after_it, cooldowns=_started(chosen, moment, least), outcomes=(*notes, *found))


def _outcome(policy: Document, moment: Moment, low: int, high: int) -> Outcome | None:
    """What a policy requests, within a range; None if it leaves the capacity as it is."""
    decided, source = (stepped, STEP) if policy["PolicyType"] == "StepScaling" else (tracked, TRACKING)
    try:
        found = decided(policy, moment)
    except RefusedError as problem:  # maths that a rehearsal does not evaluate
        found = ranged(policy, (moment.capacity.minimum, moment.capacity.maximum), str(problem), source)
    inside = None if found is None else limited(found, low, high)
    return None if inside is None or inside.low == inside.high == moment.capacity.current else inside


def scheduled(
    capacity: Capacity, actions: Iterable[Document], after: float, until: float
) -> tuple[Capacity, tuple[Outcome, ...]]:
    """Returns the capacity after the scheduled actions of a span, and what they did, in the order of their moments."""
    due: list[tuple[float, Document]] = []
    notes: list[Outcome] = []

    def note(action: Document, counts: tuple[int, int], reason: str, *, known: bool) -> None:
        name = str(action["ScheduledActionName"])
        row = Outcome(by=name, low=min(counts), high=max(counts), reason=reason, source=SCHEDULED, bounds_known=known)
        notes.append(row)

    for action in actions:
        found = moments(action, after, until)
        if isinstance(found, Unknown):
            note(action, (capacity.current, _bounded(capacity, action).current), found.reason, known=False)
        else:
            due += [(one, action) for one in found]
    for when, action in sorted(due, key=lambda pair: pair[0]):
        new, bounds = _bounded(capacity, action), action.get("ScalableTargetAction")
        others = [one for at, one in due if at == when and one.get("ScalableTargetAction") != bounds]
        if new.minimum > new.maximum or others:
            why = "two actions at one moment" if others else "a minimum above the maximum"
            counts = (capacity.current, new.current)
            note(action, counts, f"AWS does not state what becomes of {why}", known=False)
            continue
        capacity, done = new, f"{action['Schedule']}: minimum {new.minimum}, maximum {new.maximum}"
        note(action, (new.current, new.current), done, known=True)
    return capacity, tuple(notes)


def _bounded(capacity: Capacity, action: Document) -> Capacity:
    """A capacity after a scheduled action, which sets both bounds or one."""
    new = action.get("ScalableTargetAction", {})
    low, high = int(new.get("MinCapacity", capacity.minimum)), int(new.get("MaxCapacity", capacity.maximum))
    return Capacity(minimum=low, maximum=high, current=min(max(capacity.current, low), high))


def together(found: Sequence[Outcome], current: int) -> tuple[int, int]:
    """Returns the range of what several policies request: the largest capacity wins, for scale-in too.

    A policy that is not decided may also request nothing.
    """
    if not found:
        return current, current
    decided = [one.low for one in found if one.decided]
    least = max(decided) if decided else min(current, *(one.low for one in found))
    return least, max(least, *(one.high for one in found))


def _started(policies: Iterable[Document], moment: Moment, count: int) -> Cooldowns:
    """The cooldowns after a scaling activity. A scale-out ends the cooldowns of scale-ins."""
    current, way = moment.capacity.current, "out" if count > moment.capacity.current else "in"
    kept = {key: one for key, one in moment.cooldowns.items() if way == "in" or key[1] == "out"}
    for policy in policies:
        name = str(policy["PolicyName"])
        before = moment.cooling(name, way)
        base = current if before is None else before.base
        kept[(name, way)] = Cooldown(until=moment.now + _seconds(policy), base=base)
    return kept


def _seconds(policy: Document) -> float:
    """A policy's cooldown for scale-out, a step scaling policy's for scale-in too. Not stated: it does not end."""
    if (step := policy.get("StepScalingPolicyConfiguration")) is not None:
        return float(step.get("Cooldown", _COOLDOWN))
    variant = str(policy["ScalableDimension"]).startswith("sagemaker:variant:")
    default = _COOLDOWN if variant else math.inf
    return float(policy["TargetTrackingScalingPolicyConfiguration"].get("ScaleOutCooldown", default))
