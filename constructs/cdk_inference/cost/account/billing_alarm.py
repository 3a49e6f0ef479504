"""The alarm on what the whole account is charged."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk_inference.core.checks import is_token, number_above
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.cost.formatting import dollars
from cdk_inference.cost.notifications import account_topic_problem, alarm_action
from cdk_inference.kit.interfaces import Topic
from cdk_inference.kit.once import once_problem, take_once
from cdk_inference.kit.stack_context import path_below, stack_context
from cdk_inference.kit.topic_publishers import CLOUDWATCH, report_publisher

# Metrics of billing are there for the whole world, and nowhere else:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html
REGION = "us-east-1"
_HOURS = 6
# The same whoever makes it: one of an account.
ALARM_NAME = "account-estimated-charges"
_WHAT = "billing alarm"


class BillingAlarm(Construct):
    """Fires when the account's charges of this month are above a limit. Once per account, in us-east-1.

    usd: US dollars in a calendar month, above 0.
    alarm_topic: gets the alarm; in us-east-1. It must let CloudWatch publish, as `AlarmTopic` does; a topic of the app
        that does not is a warning.

    **It stays without data until someone switches it on**: "Receive CloudWatch Billing Alerts" in the account's billing
    preferences, in an organization by the account that pays. CloudFormation has no resource for that. AWS publishes
    several times a day, and the alarm reads every six hours
    (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/
    monitor_estimated_charges_with_cloudwatch.html, read 2026-11-22).
    Raises ConfigurationError, also in any other region.
    """

    def __init__(self, scope: Construct, id: str, *, usd: float, alarm_topic: Topic) -> None:
        context, path = stack_context(scope), path_below(scope, id)
        raise_problems(
            f"BillingAlarm {path}",
            number_above("usd", usd, 0, "write US dollars per month"),
            account_topic_problem(alarm_topic, context.account, context.region),
            _region_problem(context.region),
            once_problem(
                "scope", _WHAT, path, context, region=False, fix="use that one, with the lower of both limits"
            ),
        )
        super().__init__(scope, id)
        take_once(_WHAT, path, context, region=False)
        self.alarm = cloudwatch.Alarm(
            self,
            "Alarm",
            alarm_name=ALARM_NAME,
            alarm_description=(
                f"This month's charges of the whole account, in all regions, are above {_amount(usd)}. "
                "See by service and usage type in Cost Explorer what costs more than last month; for "
                "endpoints see the alarms on burn rate and idleness. AWS publishes the amount several times a day "
                "(read 2026-11-22), so it is hours old. It starts at 0 again with the month."
            ),
            metric=cloudwatch.Metric(
                namespace="AWS/Billing",
                metric_name="EstimatedCharges",
                # Without it no data matches.
                dimensions_map={"Currency": "USD"},
                statistic="Maximum",
                period=Duration.hours(_HOURS),
            ),
            threshold=usd,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            # An amount that only grows: no news is no other amount, and no data at all shall be seen.
            treat_missing_data=cloudwatch.TreatMissingData.MISSING,
        )
        self.alarm.add_alarm_action(alarm_action(alarm_topic))
        report_publisher(self, alarm_topic, CLOUDWATCH)


def _amount(usd: float) -> str:
    return "an amount known at deployment" if is_token(usd) else dollars(usd)


def _region_problem(region: str) -> Problem | None:
    if region == REGION:
        return None
    got = "a region known at deployment only" if is_token(region) else region
    return Problem("region", got, f"{REGION}, where AWS/Billing is", f"put it in a stack in {REGION}")
