"""Where the fleet's alarms go: a topic that CloudWatch of this account may publish to, and nobody else."""

from __future__ import annotations

from aws_cdk import Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

_CLOUDWATCH = "cloudwatch.amazonaws.com"


def allow_cloudwatch(key: kms.Key) -> None:
    """Lets CloudWatch alarms of this account publish to topics that `key` encrypts.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html (read 2026-11-23)
    """
    key.add_to_resource_policy(
        iam.PolicyStatement(
            sid="AlarmsToTopics",
            principals=[iam.ServicePrincipal(_CLOUDWATCH)],
            actions=["kms:Decrypt", "kms:GenerateDataKey*"],
            resources=["*"],
            conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
        )
    )


def alarm_topic(stack: Stack, key: kms.IKey) -> sns.Topic:
    """The topic; who is to be told subscribes to it."""
    topic = sns.Topic(stack, "Alarms", master_key=key, enforce_ssl=True)
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            sid="CloudWatchAlarms",
            principals=[iam.ServicePrincipal(_CLOUDWATCH)],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
        )
    )
    return topic
