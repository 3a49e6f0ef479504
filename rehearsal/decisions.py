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
_CRON = "https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html"
SUSPENDED = (  # what SuspendedState stops (read 2026-11-30)
    "https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-suspend-resume-scaling.html"
)
_API = "https://docs.aws.amazon.com/autoscaling/application/APIReference"
_COOLDOWN = 300.0  # seconds, by both pages of _API about policies' configurations (read 2026-11-30)
Cooldowns = Mapping[tuple[str, str], Cooldown]
# What is decided, and where AWS says so; what is not decided, and why. For the docs.
STATED: tuple[tuple[str, str, str], ...] = (
    (
        "scheduled action",
        "at(), cron() in its time zone, rate() from its start time; nothing after its end time",
        _CRON,
    ),
    ("scheduled action", "sets minimum and maximum, moves the capacity inside, waits for no cooldown", SCHEDULED),
    ("suspended state", "stops scheduled actions, scale-out or scale-in of policies", SUSPENDED),
    ("step scaling", "applies a step while its alarm is in ALARM; bounds, rounding, minimum magnitude", STEP),
    ("step scaling", "within the cooldown a larger step adds the difference; a scale-in waits", STEP),
    ("step scaling", "default cooldown of 300 s", f"{_API}/API_StepScalingPolicyConfiguration.html"),
    ("target tracking", "scales out in proportion, rounded up; none without points; scale-in may be off", TRACKING),
    (
        "target tracking",
        "default cooldown of 300 s of a variant",
        f"{_API}/API_TargetTrackingScalingPolicyConfiguration.html",
    ),
    ("several policies", "the largest capacity wins, for scale-out and scale-in", TRACKING),
)


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
    asked = [_outcome(policy, moment) for policy in known.values()]
    found = [limited(one, low, high) for one in asked if one is not None]
    least, most = together(found, capacity.current)
    if least != most or least == capacity.current:
        return Decided(capacity=capacity, cooldowns=cooldowns, outcomes=(*notes, *found))
    after_it = Capacity(minimum=capacity.minimum, maximum=capacity.maximum, current=least)
    chosen = [known[one.by] for one in found if one.low == one.high == least]
    return Decided(capacity=after_it, cooldowns=_started(chosen, moment, least), outcomes=(*notes, *found))


def _outcome(policy: Document, moment: Moment) -> Outcome | None:
    """What a policy asks for; None if it leaves the capacity as it is."""
    decided, source = (stepped, STEP) if policy["PolicyType"] == "StepScaling" else (tracked, TRACKING)
    try:
        found = decided(policy, moment)
    except RefusedError as problem:  # maths that a rehearsal does not evaluate
        found = ranged(policy, moment, (moment.capacity.minimum, moment.capacity.maximum), str(problem), source)
    return None if found is None or found.low == found.high == moment.capacity.current else found


def scheduled(
    capacity: Capacity, actions: Iterable[Document], after: float, until: float
) -> tuple[Capacity, tuple[Outcome, ...]]:
    """Returns the capacity after the scheduled actions of a span, and what they did, in the order of their moments."""
    due: list[tuple[float, Document]] = []
    notes: list[Outcome] = []

    def note(action: Document, low: int, high: int, reason: str) -> None:
        name = str(action["ScheduledActionName"])
        notes.append(Outcome(by=name, low=low, high=high, reason=reason, source=SCHEDULED))

    for action in actions:
        found = moments(action, after, until)
        if isinstance(found, Unknown):
            note(action, capacity.minimum, capacity.maximum, found.reason)
        else:
            due += [(one, action) for one in found]
    for when, action in sorted(due, key=lambda pair: pair[0]):
        new = action.get("ScalableTargetAction", {})
        low, high = int(new.get("MinCapacity", capacity.minimum)), int(new.get("MaxCapacity", capacity.maximum))
        others = [other for other_when, other in due if other_when == when and other.get("ScalableTargetAction") != new]
        if low > high or others:
            why = "a minimum above the maximum" if low > high else "two actions at one moment"
            note(action, capacity.minimum, capacity.maximum, f"AWS does not state what becomes of {why}")
            continue
        moved = min(max(capacity.current, low), high)
        capacity = Capacity(minimum=low, maximum=high, current=moved)
        note(action, moved, moved, f"{action['Schedule']}: minimum {low}, maximum {high}")
    return capacity, tuple(notes)


def together(found: Sequence[Outcome], current: int) -> tuple[int, int]:
    """Returns the range of what several policies ask for: the largest capacity wins, for scale-in too.

    A policy that is not decided may also ask for nothing.
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
