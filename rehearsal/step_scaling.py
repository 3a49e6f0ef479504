"""Step scaling: the capacity after an alarm's breach, as far as AWS's page states it.

https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html (read 2026-11-30,
its older text at https://github.com/awsdocs/application-auto-scaling-user-guide). An alarm in ALARM runs its policies
once a minute: https://repost.aws/knowledge-center/autoscaling-policy-cloudwatch-alarm, about EC2 Auto Scaling.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from rehearsal.metric_maths import Document, points, state
from rehearsal.outcomes import Moment, Outcome, ranged

STEP = "https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html"
_AGGREGATES: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Average": lambda values: sum(values) / len(values),
    "Minimum": min,
    "Maximum": max,
}


def stepped(policy: Document, moment: Moment) -> Outcome | None:
    """Applies a step for as long as an alarm that has the policy among its actions is in ALARM."""
    found = [
        _by_alarm(policy, alarm, moment)
        for alarm in moment.alarms
        if policy["PolicyARN"] in alarm.get("AlarmActions", []) and alarm.get("ActionsEnabled", True)
        if (state(alarm, moment.read, moment.now) or alarm.get("StateValue")) == "ALARM"
    ]
    if len(found) > 1:
        counts = [end for one in found for end in (one.low, one.high)]
        reason = "; ".join(one.reason for one in found)
        return ranged(policy, counts, f"several alarms of one policy at once: {reason}", STEP)
    return found[0] if found else None


def _by_alarm(policy: Document, alarm: Document, moment: Moment) -> Outcome:
    """AWS does not state over how many of the latest points it aggregates: decided where any number gives the same."""
    config = policy["StepScalingPolicyConfiguration"]
    real = [one for one in points(alarm, moment.read, moment.now) if one is not None]
    threshold, rising = float(alarm["Threshold"]), str(alarm["ComparisonOperator"]).startswith("Greater")
    if not real:
        limits = (moment.capacity.minimum, moment.capacity.maximum)
        return ranged(policy, limits, f"{alarm['AlarmName']} is in ALARM without a point", STEP)
    aggregate = _AGGREGATES[config.get("MetricAggregationType", "Average")]
    values = [aggregate(real[:count]) for count in range(1, len(real) + 1)]
    counts = [
        count for value in values for count in _after(config, policy["PolicyName"], value - threshold, rising, moment)
    ]
    shown = " or ".join(f"{one:g}" for one in dict.fromkeys(values))
    return ranged(policy, counts, f"{alarm['AlarmName']} at {shown}, threshold {threshold:g}", STEP)


def _after(config: Document, name: str, over: float, rising: bool, moment: Moment) -> list[int]:
    """The capacities that AWS's pages allow after a breach of this size."""
    steps = [one for one in config.get("StepAdjustments", []) if _holds(one, over, rising)]
    current = moment.capacity.current
    if not steps:
        return [current]
    adjustment = int(steps[0]["ScalingAdjustment"])
    change = amount(config, adjustment, current)
    if change > 0:
        cooling = moment.cooling(name, "out")
        if cooling is None:
            return [current + change]
        # What was added counts: +2 and then +3 within the cooldown add 1. A percentage of which capacity is not stated.
        added = (amount(config, adjustment, cooling.base), change)
        if config["AdjustmentType"] == "ExactCapacity":
            return [current + change]
        return [max(current, cooling.base + one) for one in added]
    if change < 0 and moment.cooling(name, "in") is not None:
        return [current]
    # Whether a scale-in waits for the cooldown of a scale-out, or of another policy, is not stated.
    return [current + change, current] if change < 0 and moment.any_cooling else [current + change]


def _holds(step: Document, over: float, rising: bool) -> bool:
    """Above the threshold the lower bound is inclusive, below it the upper one."""
    low, high = step.get("MetricIntervalLowerBound", -math.inf), step.get("MetricIntervalUpperBound", math.inf)
    if over > 0 or (over == 0 and rising):
        return bool(low <= over < high)
    return bool(low < over <= high)


def amount(config: Document, adjustment: int, capacity: int) -> int:
    """Returns the change of a capacity. A percentage is rounded towards 0, and what is below 1 to 1."""
    match config["AdjustmentType"]:
        case "ExactCapacity":
            return adjustment - capacity
        case "ChangeInCapacity":
            return adjustment
    product = capacity * adjustment
    size = max(abs(product) // 100, 1 if product else 0, int(config.get("MinAdjustmentMagnitude", 0)))
    return 0 if adjustment == 0 else int(math.copysign(size, adjustment))
