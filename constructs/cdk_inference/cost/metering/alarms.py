"""Whether metering itself works: three alarms, each with what it means and what to do."""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk_inference.cost.metering.function import FUNCTION_NAME, LOG_GROUP_NAME
from cdk_inference.cost.notifications import connect
from cdk_inference.kit.interfaces import Topic
from cdk_inference.kit.physical_names import alarm_name

READINGS = 3
_MORE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
_LOG = f"See the newest lines of the log group {LOG_GROUP_NAME}"


def meter_alarms(
    scope: Construct,
    name: str,
    *,
    every_minutes: int,
    errors: cloudwatch.IMetric,
    readings: cloudwatch.IMetric,
    unpriced: cloudwatch.IMetric,
    topic: Topic,
) -> None:
    """`errors`, `readings` (Sum and SampleCount) and `unpriced` (Maximum), all with a period of `every_minutes`."""
    minutes = READINGS * every_minutes
    connect(
        cloudwatch.Alarm(
            scope,
            "Errors",
            alarm_name=alarm_name(name, "errors"),
            alarm_description=(
                f"{FUNCTION_NAME} has failed in two of its last {READINGS} runs, so the dollars of this region are "
                f"missing or old. {_LOG}, under failed: a run that is throttled or timed out needs a longer "
                "every_minutes, a denied call a change of whatever denies it."
            ),
            metric=errors,
            threshold=0,
            comparison_operator=_MORE,
            evaluation_periods=READINGS,
            datapoints_to_alarm=READINGS - 1,
            # A function that does not run fails not; the next alarm is for that.
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        ),
        topic,
    )
    silent = cloudwatch.Alarm(
        scope,
        "Silent",
        alarm_name=alarm_name(name, "silent"),
        alarm_description=(
            f"Metering is dead: {FUNCTION_NAME} has published no sum for this region for {minutes} minutes, so no "
            f"alarm on its dollars can fire. See whether its schedule is enabled and its concurrency above 0. "
            f"{_LOG}; without any, the function is not invoked."
        ),
        metric=readings,
        threshold=1,
        comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluation_periods=READINGS,
        # Nothing published is what this alarm is for.
        treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
    )
    # Until the first run nothing has been published, which says nothing. The time ends with the first readings.
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_WarmUpConfiguration.html (read 2026-11-24)
    resource = silent.node.default_child
    assert isinstance(resource, cloudwatch.CfnAlarm)
    resource.warm_up_configuration = cloudwatch.CfnAlarm.WarmUpConfigurationProperty(
        warm_up_period_duration_in_minutes=minutes
    )
    connect(silent, topic)
    connect(
        cloudwatch.Alarm(
            scope,
            "Unpriced",
            alarm_name=alarm_name(name, "unpriced"),
            alarm_description=(
                f"Instances run for which {FUNCTION_NAME} has no price, for {minutes} minutes now: the region's "
                f"dollars are too low, and their endpoints have none. {_LOG}, under unpriced, for endpoints and types. "
                "Give the price to Metering with prices=price_book(...), or upgrade cdk-inference for newer "
                "tables, and deploy."
            ),
            metric=unpriced,
            threshold=0,
            comparison_operator=_MORE,
            evaluation_periods=READINGS,
            # Without a reading nothing is known to have changed; the alarm before this one reports a missing reading.
            treat_missing_data=cloudwatch.TreatMissingData.IGNORE,
        ),
        topic,
    )
