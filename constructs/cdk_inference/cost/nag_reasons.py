"""Findings about metering that are accepted, and why: one table, read by people who audit it."""

from __future__ import annotations

from cdk_inference.kit.nag import Reason

_SERVICE_AUTHORIZATION = "https://docs.aws.amazon.com/service-authorization/latest/reference"
_PACKS = ("NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321")


def _in_packs(rule: str, why: str, packs: tuple[str, ...] = _PACKS) -> list[Reason]:
    return [Reason(f"{pack}::{pack}-{rule}", why) for pack in packs]


METER = [
    *_in_packs(
        "LambdaDLQ",
        "DeadLetterConfig: an event carries no data; the next one, minutes later, reads everything anew, "
        " and an alarm reports failed runs. "
        "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
        ("NIST.800.53.R5", "HIPAA.Security"),
    ),
    *_in_packs(
        "LambdaInsideVPC",
        "VpcConfig: it calls nothing but the public interfaces of SageMaker, CloudWatch and CloudWatch Logs, and "
        "accepts no connections. "
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
    ),
]


def meter_policy(endpoints: str, configs: str, streams: str) -> list[Reason]:
    """For the policy of the function's role; each argument is a wildcard as cdk-nag writes it."""
    why = {
        "*": "Resource: sagemaker:ListEndpoints and cloudwatch:PutMetricData know no narrower resource; the latter is "
        f"limited to one namespace by its condition. {_SERVICE_AUTHORIZATION}/list_amazonsagemaker.html",
        endpoints: "Resource: every endpoint of this account and region is metered, whoever made it. "
        f"{_SERVICE_AUTHORIZATION}/list_amazonsagemaker.html",
        configs: "Resource: the type of instances is in the configuration of each endpoint. "
        "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpointConfig.html",
        streams: "Resource: Lambda names the log streams itself, inside this one log group. "
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html",
    }
    return [Reason(f"AwsSolutions::AwsSolutions-IAM5[Resource::{one}]", reason) for one, reason in why.items()]
