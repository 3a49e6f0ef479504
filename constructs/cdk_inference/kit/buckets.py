"""Name, ARN and key of a bucket, read once: many endpoints use the same one, and every read calls Node."""

from __future__ import annotations

from typing import Any

from cdk_inference.kit.per_construct import PerConstruct


def _key_arn(bucket: Any) -> str | None:
    return None if bucket.encryption_key is None else str(bucket.encryption_key.key_arn)


_names: PerConstruct[str] = PerConstruct(lambda bucket: str(bucket.bucket_name))
_arns: PerConstruct[str] = PerConstruct(lambda bucket: str(bucket.bucket_arn))
_key_arns: PerConstruct[str | None] = PerConstruct(_key_arn)


def bucket_name(bucket: Any) -> str:
    """Returns the name of `bucket`."""
    return _names.of(bucket)


def bucket_arn(bucket: Any) -> str:
    """Returns the ARN of `bucket`."""
    return _arns.of(bucket)


def key_arn(bucket: Any) -> str | None:
    """Returns the ARN of the key that encrypts `bucket`; None where the bucket names none."""
    return _key_arns.of(bucket)
