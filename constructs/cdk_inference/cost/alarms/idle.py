"""The alarm on instances that run without requests.

Two plain alarms and a composite of them, without metric maths: a variant that never had a request has never published a
request, and what maths makes of that is not documented. A plain alarm that takes missing data for breaching is.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html (read 2026-11-22)
"""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk_inference.cost.billed import COUNTED, PricedVariant
from cdk_inference.cost.formatting import described
from cdk_inference.cost.limits import Idle
from cdk_inference.cost.notifications import connect
from cdk_inference.endpoints.nag_reasons import PART_OF_COMPOSITE
from cdk_inference.kit.interfaces import Topic
from cdk_inference.kit.nag import acknowledge
from cdk_inference.kit.physical_names import alarm_name

_PERIOD_MINUTES = 5


def idle_alarms(
    scope: Construct, name: str, idle: Idle, variant: PricedVariant, topic: Topic
) -> cloudwatch.CompositeAlarm:
    """Fires once instances have run, and no request has come, throughout the time."""
    metrics, target = variant.variant.metrics, variant.target
    # Of targets of one id in different places each has its own; the order of targets plays no part.
    id = f"{target.node.id}{metrics.variant_name}{target.node.addr[-6:]}"
    begin = f"{name}-{target.target_name}-{metrics.variant_name}"
    idle_name = alarm_name(begin, "idle")
    whose = f"Component of the alarm {idle_name}"
    period = Duration.minutes(_PERIOD_MINUTES)
    readings = idle.minutes // _PERIOD_MINUTES
    running = cloudwatch.Alarm(
        scope,
        f"{id}Running",
        alarm_name=alarm_name(begin, "running"),
        alarm_description=f"{target.target_name} has instances. {whose}.",
        metric=metrics.metric(COUNTED, statistic="SampleCount", period=period),
        threshold=0,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluation_periods=readings,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    quiet = cloudwatch.Alarm(
        scope,
        f"{id}Quiet",
        alarm_name=alarm_name(begin, "quiet"),
        alarm_description=f"{target.target_name} receives no requests. {whose}.",
        metric=metrics.metric_requests(statistic="Sum", period=period),
        threshold=0,
        comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluation_periods=readings,
        # An endpoint without requests publishes no data points.
        treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
    )
    composite = cloudwatch.CompositeAlarm(
        scope,
        f"{id}Idle",
        composite_alarm_name=idle_name,
        alarm_description=described(
            f"{target.target_name}, variant {metrics.variant_name}, has run for {idle.minutes} minutes without a "
            "request; its instances are billed in full. Check whether its callers still need it. If not, remove it "
            "from the stack or lower min_instances; if rarely, AsyncEndpoint and ComponentEndpoint scale to zero.",
            [variant],
        ),
        alarm_rule=cloudwatch.AlarmRule.all_of(running, quiet),
    )
    for part in (running, quiet):
        acknowledge(part, PART_OF_COMPOSITE)
    connect(composite, topic)
    return composite
