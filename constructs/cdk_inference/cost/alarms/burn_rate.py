"""The alarm on dollars per hour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from constructs import Construct

from cdk_inference.cost.formatting import described, dollars
from cdk_inference.cost.limits import BurnRate
from cdk_inference.cost.metric_math import MINUTE, Priced, period_of
from cdk_inference.kit.physical_names import alarm_name

if TYPE_CHECKING:
    from aws_cdk import aws_sns as sns


def burn_alarm(
    scope: Construct,
    name: str,
    burn_rate: BurnRate,
    priced: Sequence[Priced],
    rate: cloudwatch.IMetric,
    topic: sns.ITopic,
) -> cloudwatch.Alarm:
    """Fires when at least four of five readings within the time are above the limit."""
    readings = math.ceil(burn_rate.minutes * MINUTE / period_of(priced))
    alarm = cloudwatch.Alarm(
        scope,
        "BurnRate",
        alarm_name=alarm_name(name, "burn-rate"),
        alarm_description=described(
            f"What runs has cost more than {dollars(burn_rate.usd_per_hour)} an hour for {burn_rate.minutes} minutes. "
            "See which target has more instances or tokens than usual; lower its max_instances, or the load. An update "
            "runs two fleets for a while.",
            priced,
        ),
        metric=rate,
        threshold=burn_rate.usd_per_hour,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluation_periods=readings,
        datapoints_to_alarm=readings - readings // 5,
        # Nothing is published where nothing runs, and that costs nothing.
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    alarm.add_alarm_action(actions.SnsAction(topic))
    alarm.add_ok_action(actions.SnsAction(topic))
    return alarm
