"""What a customer-managed key must allow so that CloudWatch Logs can use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from cdk_inference.endpoints.place import Place

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms


def allow_endpoint_logs(key: kms.IKey, place: Place, log_group_prefix: str) -> None:
    """Lets CloudWatch Logs of the region use `key` for log groups under `log_group_prefix`.

    One statement for all endpoints of an account and region, since a key policy has at most 32 KB. Does nothing to an
    imported key. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html (read 2026-11-23)
    """
    groups = place.arn("logs", f"log-group:{log_group_prefix}*")
    key.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal(f"logs.{place.region}.{place.url_suffix}")],
            actions=["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
            resources=["*"],
            conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
        )
    )
