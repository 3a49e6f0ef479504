"""The bucket for requests and answers: closed, encrypted, and emptied."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import PayloadBucket
from tests.each import each
from tests.refusals import refusal_of
from tests.support import Template, new_stack, of_type, template_of

LIFECYCLE = [
    {
        "Id": "Retention",
        "Status": "Enabled",
        "ExpirationInDays": 30,
        "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    },
    {"Id": "DeleteMarkers", "Status": "Enabled", "ExpiredObjectDeleteMarker": True},
]


def made(**arguments: Any) -> Template:
    stack = new_stack()
    given = {name: value(stack) if callable(value) else value for name, value in arguments.items()}
    PayloadBucket(stack, "Capture", **{"key": kms.Key(stack, "Key"), "retention_days": 30, **given})
    return template_of(stack)


def refusal(**arguments: Any) -> str:
    return refusal_of(made, **arguments)


def test_encrypted_versioned_closed_logged_and_emptied() -> None:
    logs, bucket = of_type(made(), "AWS::S3::Bucket")
    for one in (logs, bucket):
        assert one["LifecycleConfiguration"]["Rules"] == LIFECYCLE
        assert one["VersioningConfiguration"] == {"Status": "Enabled"}
        assert set(one["PublicAccessBlockConfiguration"].values()) == {True}
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]["Fn::GetAtt"][0].startswith("Key")
    assert bucket["LoggingConfiguration"]["DestinationBucketName"]["Ref"].startswith("CaptureAccessLogs")
    assert "LoggingConfiguration" not in logs


def test_only_tls_and_outlives_its_stack() -> None:
    template = made()
    assert [
        any(
            one["Effect"] == "Deny" and "aws:SecureTransport" in str(one)
            for one in policy["PolicyDocument"]["Statement"]
        )
        for policy in of_type(template, "AWS::S3::BucketPolicy")
    ] == [True, True]
    kept = [one["DeletionPolicy"] for one in template["Resources"].values() if one["Type"] == "AWS::S3::Bucket"]
    assert kept == ["Retain", "Retain"]


def test_access_logs_elsewhere() -> None:
    _, bucket = of_type(made(access_logs=lambda stack: s3.Bucket(stack, "Logs")), "AWS::S3::Bucket")
    assert bucket["LoggingConfiguration"]["DestinationBucketName"]["Ref"].startswith("Logs")


@each("days", [0, -1, True, 1.5, None])
def test_retention(days: object) -> None:
    assert refusal(retention_days=days) == (
        f"PayloadBucket fleet/Capture: retention_days: got {days!r}; allowed: a whole number from 1; fix: for example "
        "retention_days=30"
    )


def test_a_key_elsewhere_and_logs_that_are_no_bucket() -> None:
    def far(stack: cdk.Stack) -> kms.IKey:
        return kms.Key.from_key_arn(stack, "Far", "arn:aws:kms:eu-west-1:111122223333:key/mine")

    assert refusal(key=far, access_logs="logs") == (
        "PayloadBucket fleet/Capture has 2 problems:\n"
        "  1. key: got 'a key in eu-west-1'; allowed: a key in us-east-1, the bucket's region; fix: copy it to us-east-1, "
        "or move the bucket to eu-west-1\n"
        "  2. access_logs: got 'logs'; allowed: a bucket (aws_s3.IBucket) or None; fix: leave it out to have one made"
    )
