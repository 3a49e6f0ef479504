"""Log groups with retention, and what a customer-managed key must allow so that CloudWatch Logs can use it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from aws_cdk import CfnTag, RemovalPolicy, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk_inference.kit.interfaces import Key, service_principal
from cdk_inference.kit.l1 import make_l1
from cdk_inference.kit.per_construct import PerConstruct
from cdk_inference.kit.stack_context import StackContext

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html (read 2026-11-23)
LogRetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]
LOG_RETENTION_DAYS = get_args(LogRetentionDays)


def make_log_group(
    scope: Construct,
    id: str,
    place: StackContext,
    *,
    name: str,
    prefix: str,
    retention_days: int,
    keep: bool,
    key: Key | None,
    tags: Sequence[CfnTag] | None = None,
) -> logs.CfnLogGroup:
    """Makes the log group `name`, encrypted with `key`, which then admits all log groups under `prefix`.

    keep: whether the log group outlives its owner.
    """
    if key is not None and not _allow_logs(key, place, prefix):
        _warn_of_key(scope, key, place, prefix)
    group = make_l1(
        logs.CfnLogGroup,
        scope,
        id,
        log_group_name=name,
        retention_in_days=retention_days,
        kms_key_id=None if key is None else key.key_arn,
        tags=tags,
    )
    group.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if keep else RemovalPolicy.DESTROY)
    return group


KEY_ELSEWHERE = "cdk-inference:log-group-key"
# By key, what was said of it: endpoints share keys, and one sentence is enough.
_warned: PerConstruct[set[tuple[str, str]]] = PerConstruct(lambda _: set())


def _warn_of_key(scope: Construct, key: Key, place: StackContext, prefix: str) -> None:
    """Says once what the policy of a key that was made elsewhere must allow."""
    said = _warned.of(key)
    if (place.path, prefix) in said:
        return
    said.add((place.path, prefix))
    where = place.known_region or "the stack's region"
    Validations.of(scope).add_warning(
        KEY_ELSEWHERE,
        "The key of the log group is imported. Its policy must allow kms:Encrypt*, kms:Decrypt*, "
        f"kms:ReEncrypt*, kms:GenerateDataKey* and kms:Describe* to CloudWatch Logs of {where} for log groups "
        f"under {prefix}; where it does not, the log group cannot be made. "
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    )


def _allow_logs(key: Key, place: StackContext, log_group_prefix: str) -> bool:
    """Lets CloudWatch Logs of the region use `key` for log groups under `log_group_prefix`; False if it cannot.

    One statement for all endpoints of an account and region, since a key policy has at most 32 KB. Does nothing to an
    imported key. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html (read 2026-11-23)
    """
    groups = place.arn("logs", f"log-group:{log_group_prefix}*")
    return key.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[service_principal(f"logs.{place.region}.{place.url_suffix}")],
            actions=["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
            resources=["*"],
            conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
        )
    ).statement_added
