"""What costs unlike before: AWS Cost Anomaly Detection, over all services of the account."""

from __future__ import annotations

import json
from typing import Any

from aws_cdk import CfnResource, Stack
from aws_cdk import aws_ce as ce
from constructs import Construct

from cdk_inference.core.checks import is_token, known_number, matching, number_above
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.cost.account.regions import missing_type
from cdk_inference.cost.notifications import account_topic_problem, after_policy
from cdk_inference.kit.interfaces import Topic
from cdk_inference.kit.once import once_problem, take_once
from cdk_inference.kit.stack_context import path_below, stack_context
from cdk_inference.kit.topic_publishers import ANOMALIES, report_publisher

# cfn-lint 1.58.0, AWS::CE::AnomalyMonitor (read 2026-11-24)
_MONITOR = r"arn:aws[-a-z0-9]*:ce:[-a-z0-9]*:[0-9]{12}:anomalymonitor/[-a-zA-Z0-9/:_]+"

_WHAT = "anomaly monitor of services"
_ONE = "pass that one's monitor: monitor_arn=first.monitor_arn"
# Numbers are written with six decimals: less would be written as 0.
_LEAST = 0.000001


class AnomalyDetection(Construct):
    """Reports a service that costs more than its past explains. Its monitor is there once per account.

    usd: US dollars more than expected, in all of an anomaly, from which AWS reports at once. Above 0.
    alarm_topic: gets the reports. It must let costalerts.amazonaws.com publish, as `AlarmTopic` does; a topic of the
        app that does not is a warning.
    percent: how much more than expected at least, besides `usd`: 40 for 40 % more. Above 0. Default: any.
    monitor_arn: **the account's monitor of services, if it has one.** AWS allows one and has made it in many accounts
        (Default-Services-Monitor). A second one fails: CloudFormation's event says `AlreadyExists`, message "null"
        (https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2515, read 2026-11-29) and
        no name is meant; the API's message is "Limit exceeded on dimensional spend monitor creation". `aws ce
        get-anomaly-monitors` shows the monitor. Default: this makes it.

    AWS looks at net unblended cost of usage up to a day later, at a service after 10 days of history, and not at AWS
    Marketplace, so not at third-party models on Bedrock. One topic per subscription; mail only comes daily or weekly,
    and is not here. https://docs.aws.amazon.com/cost-management/latest/userguide/getting-started-ad.html and
    management-limits.html (read 2026-11-22)
    Raises ConfigurationError.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        usd: float,
        alarm_topic: Topic,
        percent: float | None = None,
        monitor_arn: str | None = None,
    ) -> None:
        context, path = stack_context(scope), path_below(scope, id)
        stack = Stack.of(scope)
        once = (
            once_problem("monitor_arn", _WHAT, path, context, region=False, fix=_ONE) if monitor_arn is None else None
        )
        raise_problems(
            f"AnomalyDetection {path}",
            number_above("usd", usd, 0, "write US dollars") or _small_problem("usd", usd),
            account_topic_problem(alarm_topic, stack.account),
            None
            if percent is None
            else number_above("percent", percent, 0, "write 40 for 40 % more than expected")
            or _small_problem("percent", percent),
            once,
            None
            if monitor_arn is None
            else matching(
                "monitor_arn", monitor_arn, _MONITOR, "the ARN of a monitor", "see aws ce get-anomaly-monitors"
            ),
            _token_problem("usd", usd),
            _token_problem("percent", percent),
            missing_type("AWS::CE::AnomalyMonitor", stack.region),
        )
        super().__init__(scope, id)
        if monitor_arn is None:
            take_once(_WHAT, path, context, region=False)
        self.monitor_arn = monitor_arn or self._monitor(stack)
        subscription = ce.CfnAnomalySubscription(
            self,
            "Subscription",
            subscription_name=f"{stack.stack_name}-anomalies",
            monitor_arn_list=[self.monitor_arn],
            frequency="IMMEDIATE",
            subscribers=[{"type": "SNS", "address": alarm_topic.topic_arn}],
            threshold_expression=json.dumps(_threshold(usd, percent)),
        )
        after_policy(subscription, alarm_topic)
        report_publisher(self, alarm_topic, ANOMALIES)
        _untagged(subscription)

    def _monitor(self, stack: Stack) -> str:
        monitor = ce.CfnAnomalyMonitor(
            self,
            "Monitor",
            monitor_name=f"{stack.stack_name}-services",
            monitor_type="DIMENSIONAL",
            monitor_dimension="SERVICE",
        )
        _untagged(monitor)
        return monitor.ref


def _small_problem(argument: str, value: float) -> Problem | None:
    if is_token(value) or value >= _LEAST:
        return None
    return Problem(argument, value, f"{_plain(_LEAST)} or more", "write a larger number")


def _plain(value: float) -> str:
    """Without an exponent."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _untagged(resource: CfnResource) -> None:
    """ResourceTags is create-only (cfn-lint 1.58.0): other tags would be a second monitor, which is refused."""
    resource.add_property_deletion_override("ResourceTags")


def _threshold(usd: float, percent: float | None) -> dict[str, Any]:
    """In percent and dollars, as text: botocore 1.44.5, ce.CreateAnomalySubscription (read 2026-11-24)."""
    parts = [_part("ANOMALY_TOTAL_IMPACT_ABSOLUTE", usd)]
    if percent is not None:
        parts.append(_part("ANOMALY_TOTAL_IMPACT_PERCENTAGE", percent))
    return {"And": parts} if len(parts) > 1 else parts[0]


def _part(key: str, value: float) -> dict[str, Any]:
    return {"Dimensions": {"Key": key, "Values": [_plain(value)], "MatchOptions": ["GREATER_THAN_OR_EQUAL"]}}


def _token_problem(argument: str, value: object) -> Problem | None:
    """A number within a JSON text."""
    return known_number(argument, value, "it becomes part of a text")
