"""Target tracking: the capacity for a metric and its target, as far as AWS's page states it.

https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html (read
2026-11-30): out in proportion to the metric, rounded conservatively; in more gradually, and only where the metric is
"far enough below" ("usually more than 10% lower"). Periods and amounts of a scale-in are not on it, nor in its older
text at https://github.com/awsdocs/application-auto-scaling-user-guide.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from rehearsal.metric_maths import Document, point
from rehearsal.outcomes import Moment, Outcome, ranged

TRACKING = "https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html"
# The statistic is that of aws-cdk-lib's SageMakerMetrics.invocationsPerInstanceSum (2.213.0): invocations a minute. Of
# the other predefined metrics none is stated.
_PREDEFINED = {"SageMakerVariantInvocationsPerInstance": ("InvocationsPerInstance", "Sum")}
_PERIOD = 60


def tracked(policy: Document, moment: Moment) -> Outcome | None:
    """Returns what a policy requests; None without points, and where the capacity stays."""
    config = policy["TargetTrackingScalingPolicyConfiguration"]
    target, capacity, name = float(config["TargetValue"]), moment.capacity, str(policy["PolicyName"])
    everything, metric = (capacity.minimum, capacity.maximum), _metric(policy, config)
    if metric is None or target <= 0:
        return ranged(policy, everything, "AWS does not state the statistic of this metric", TRACKING)
    last = moment.now // _PERIOD * _PERIOD
    spans = [(last - (back + 1) * _PERIOD, last - back * _PERIOD) for back in range(moment.tracking_periods or 1)]
    series = [point(metric, moment.read, *span) for span in spans]
    values = [one for one in series if one is not None]
    if len(values) < len(series):  # insufficient data: no scaling
        reason = "AWS does not state what it does while some of the points are missing"
        return ranged(policy, everything, reason, TRACKING) if values else None
    shown = f"{values[0]:g}, target {target:g}"
    if min(values) > target:
        if moment.tracking_periods is None:
            why = "AWS does not state for how many minutes a metric has to be above its target"
            counts = [capacity.current, _proportional(capacity.current, values[0] / target)]
            return ranged(policy, counts, f"{shown}: {why}", TRACKING)
        return ranged(policy, _out(name, values, target, moment), shown, TRACKING)
    if min(values) < target and not config.get("DisableScaleIn"):
        why = "AWS states neither how far below its target a metric has to be, nor for how long, nor what is removed"
        return ranged(policy, (capacity.minimum, capacity.current), f"{shown}: {why}", TRACKING)
    return None


def _out(name: str, values: Sequence[float], target: float, moment: Moment) -> list[int]:
    """In proportion to the metric, rounded up; within the cooldown, what was added counts."""
    cooling, current = moment.cooling(name, "out"), moment.capacity.current
    counts = [_proportional(current, one / target) for one in values]
    if cooling is not None:
        counts += [max(current, _proportional(cooling.base, one / target)) for one in values]
    return counts


def _proportional(capacity: int, ratio: float) -> int:
    return math.ceil(round(capacity * ratio, 9))


def _metric(policy: Document, config: Document) -> dict[str, Any] | None:
    """A policy's metric in the form of an alarm's."""
    if (own := config.get("CustomizedMetricSpecification")) is not None:
        return dict(own)
    kind = config.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
    parts = str(policy["ResourceId"]).split("/")
    if kind not in _PREDEFINED or len(parts) != 4:
        return None
    metric, statistic = _PREDEFINED[kind]
    names = {"EndpointName": parts[1], "VariantName": parts[3]}
    dimensions = [{"Name": key, "Value": value} for key, value in names.items()]
    return {"Namespace": "AWS/SageMaker", "MetricName": metric, "Statistic": statistic, "Dimensions": dimensions}
