"""A bucket for requests and answers: encrypted, closed, and emptied after a number of days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration, RemovalPolicy
from constructs import Construct

from cdk_inference.core.checks import has_members, whole_number
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.endpoints import nag_reasons
from cdk_inference.kit.interfaces import Key, as_key
from cdk_inference.kit.nag import acknowledge
from cdk_inference.kit.region_checks import key_problem, region_problem
from cdk_inference.kit.stack_context import path_below, stack_context

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3

# The least that S3 takes, for a version that is no longer the current one.
_NONCURRENT_DAYS = 1


class PayloadBucket(Construct):
    """A bucket for `DataCapture(bucket=...)` or `AsyncIo(bucket=...)`; use its `bucket`.

    key: encrypts every object.
    retention_days: how long objects are kept, from 1. There is no default: it may be personal data. Since the
        bucket is versioned, S3 removes the bytes one day later.
    access_logs: a bucket that gets this one's access logs. Default: one is made, which keeps them as long.

    Encrypted with the key, versioned, no public access, TLS only. It outlives its stack, and goes on expiring.

    Raises ConfigurationError.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: Key,
        retention_days: int,
        access_logs: s3.IBucket | None = None,
    ) -> None:
        from aws_cdk import aws_s3 as s3  # most endpoints capture nothing

        region = stack_context(scope).region
        raise_problems(
            f"PayloadBucket {path_below(scope, id)}",
            key_problem(key, region, "bucket", argument="key"),
            whole_number("retention_days", retention_days, 1, None, "for example retention_days=30"),
            _logs_problem(access_logs, region),
        )
        super().__init__(scope, id)
        lifecycle = [
            s3.LifecycleRule(
                id="Retention",
                expiration=Duration.days(retention_days),
                noncurrent_version_expiration=Duration.days(_NONCURRENT_DAYS),
                abort_incomplete_multipart_upload_after=Duration.days(1),
            ),
            s3.LifecycleRule(id="DeleteMarkers", expired_object_delete_marker=True),
        ]
        if access_logs is None:
            access_logs = s3.Bucket(
                self,
                "AccessLogs",
                encryption=s3.BucketEncryption.S3_MANAGED,
                block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
                enforce_ssl=True,
                versioned=True,
                lifecycle_rules=lifecycle,
                removal_policy=RemovalPolicy.RETAIN,
            )
            acknowledge(access_logs.node.default_child or access_logs, nag_reasons.ACCESS_LOGS_BUCKET)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.KMS,
            encryption_key=as_key(key),
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=True,
            lifecycle_rules=lifecycle,
            server_access_logs_bucket=access_logs,
            removal_policy=RemovalPolicy.RETAIN,
        )
        acknowledge(self.bucket.node.default_child or self.bucket, nag_reasons.PAYLOAD_BUCKET)


def _logs_problem(access_logs: object, region: str) -> Problem | None:
    if access_logs is None:
        return None
    if not has_members(access_logs, "bucket_arn", "bucket_name"):
        return Problem("access_logs", access_logs, "a bucket (aws_s3.IBucket) or None", "leave it out to have one made")
    return region_problem("access_logs", access_logs, region, "a bucket", "bucket")
