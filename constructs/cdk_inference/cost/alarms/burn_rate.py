"""The alarm on dollars per hour: one, or a composite where the targets have more metrics than an alarm reads."""

from __future__ import annotations

import math
from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk_inference.cost.formatting import described, dollars
from cdk_inference.cost.limits import BurnRate
from cdk_inference.cost.lowest_cost import part_limits
from cdk_inference.cost.metric_math import METRICS_MAX, MINUTE, Priced, dollars_per_hour, in_alarms, period_of
from cdk_inference.cost.notifications import connect
from cdk_inference.endpoints.nag_reasons import PART_OF_COMPOSITE
from cdk_inference.kit.interfaces import Topic
from cdk_inference.kit.nag import acknowledge
from cdk_inference.kit.physical_names import alarm_name

_ADVICE = (
    "See which target has more instances or tokens than usual; lower its max_instances, or the load. An update "
    "runs two fleets for a while."
)
_LABEL = "US dollars an hour"


def burn_alarm(
    scope: Construct, name: str, burn_rate: BurnRate, priced: Sequence[Priced], topic: Topic
) -> cloudwatch.IAlarm:
    """Fires when at least four of five readings within the time are above the limit, or above a part of it."""
    groups = in_alarms(priced)
    whole = f"{dollars(burn_rate.usd_per_hour)} an hour for {burn_rate.minutes} minutes"
    alarm: cloudwatch.Alarm | cloudwatch.CompositeAlarm
    if len(groups) == 1:
        description = described(f"What runs has cost more than {whole}. {_ADVICE}", priced)
        alarm = _alarm(scope, "", name, burn_rate, burn_rate.usd_per_hour, priced, description)
    else:
        limits = part_limits(burn_rate.usd_per_hour, groups)
        parts = [
            _alarm(scope, str(number), name, burn_rate, limit, group, _part_description(number, limit, name, group))
            for number, (limit, group) in enumerate(zip(limits, groups, strict=True), 1)
        ]
        for part in parts:
            acknowledge(part, PART_OF_COMPOSITE)
        alarm = cloudwatch.CompositeAlarm(
            scope,
            "BurnRate",
            composite_alarm_name=alarm_name(name, "burn-rate"),
            alarm_description=described(
                f"Some of the targets have cost more than their part of {whole}. An alarm reads {METRICS_MAX} metrics: "
                f"the limit is divided among {len(parts)} alarms, by the cost of minimum instances and by how many "
                "variants and models each watches. It can fire before the whole limit is reached, and not after. "
                f"{_ADVICE}",
                priced,
            ),
            alarm_rule=cloudwatch.AlarmRule.any_of(*parts),
        )
    connect(alarm, topic)
    return alarm


def _part_description(number: int, limit: float, name: str, group: Sequence[Priced]) -> str:
    whole = alarm_name(name, "burn-rate")
    return described(f"Part {number} of the alarm {whole}: its targets cost more than {dollars(limit)} an hour.", group)


def _alarm(
    scope: Construct,
    part: str,
    name: str,
    burn_rate: BurnRate,
    limit: float,
    priced: Sequence[Priced],
    description: str,
) -> cloudwatch.Alarm:
    readings = math.ceil(burn_rate.minutes * MINUTE / period_of(priced))
    return cloudwatch.Alarm(
        scope,
        f"BurnRate{part}",
        alarm_name=alarm_name(name, f"burn-rate-{part}" if part else "burn-rate"),
        alarm_description=description,
        metric=dollars_per_hour(priced, _LABEL),
        threshold=limit,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluation_periods=readings,
        datapoints_to_alarm=readings - readings // 5,
        # Nothing is published where nothing runs, and that costs nothing.
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
