"""Data capture: a share of the requests and answers, kept in S3.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataCaptureConfig.html (botocore 1.44.5, read 2026-11-24)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdk_inference.core.checks import has_members, is_token, matching, whole_number
from cdk_inference.core.errors import Problem, refuse
from cdk_inference.endpoints.prefix import prefix_problem

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

# What this package calls it -> what the API calls it.
CAPTURE_MODES = {"request": "Input", "response": "Output"}

_CONTENT_TYPE = r"[a-zA-Z0-9](-*[a-zA-Z0-9])*/[a-zA-Z0-9](-*[a-zA-Z0-9.])*"
_CONTENT_TYPES_MAX = 10
_CONTENT_TYPE_MAX = 256  # characters


@dataclass(frozen=True, kw_only=True)
class DataCapture:
    """What of an endpoint's traffic is kept, and where: `<prefix><endpoint>/<variant>/yyyy/mm/dd/hh/*.jsonl`.

    bucket: the bucket, in the endpoint's region; for example `PayloadBucket(...).bucket`.
    percent: how many of a hundred requests, a whole number from 0 to 100.
    prefix: key prefix inside the bucket, ending in "/". Default "captured/". The execution role may write there and
        nowhere else.
    what: "request", "response" or both, the default.
    key: encrypts the captured data. Default: the bucket's own. One of the two must be known: without the right to use
        it SageMaker captures nothing, and does not say so.
    json_content_types, csv_content_types: content types whose bodies are kept as text, up to 10 each; all others are
        kept in base64. Default: "application/json" and "text/csv".

    Requests and answers may hold personal data, and are kept as they are. Capture stops while the instance's disk is
    full: AWS advises to keep it below 75 %. It is part of the endpoint config, so changing it is an update of the
    endpoint. See docs/capture.md.

    Raises ConfigurationError.
    """

    bucket: s3.IBucket
    percent: int
    prefix: str = "captured/"
    what: tuple[str, ...] = ("request", "response")
    key: kms.IKey | None = None
    json_content_types: tuple[str, ...] = ("application/json",)
    csv_content_types: tuple[str, ...] = ("text/csv",)

    def __post_init__(self) -> None:
        refuse(
            "DataCapture",
            self._bucket_problem(),
            whole_number("percent", self.percent, 0, 100, "write percent=5 for one request in twenty"),
            prefix_problem("prefix", self.prefix, "captured/chat/"),
            self._what_problem(),
            _content_types_problem("json_content_types", self.json_content_types),
            _content_types_problem("csv_content_types", self.csv_content_types),
        )

    @property
    def encryption_key(self) -> kms.IKey:
        """The key that encrypts what is captured."""
        key = self.key or self.bucket.encryption_key
        assert key is not None, "a capture without a key is refused"
        return key

    def _bucket_problem(self) -> Problem | None:
        if not has_members(self.bucket, "bucket_arn", "bucket_name", "encryption_key"):
            fix = "for example bucket=PayloadBucket(...).bucket"
            return Problem("bucket", self.bucket, "a bucket (aws_s3.IBucket)", fix)
        if self.key is not None or self.bucket.encryption_key is not None:
            return None
        allowed = "a bucket with a KMS key that is known here: captured data may be personal"
        fix = "pass key=..., the key of an imported bucket too, or make the bucket with PayloadBucket(...)"
        return Problem("bucket", "a bucket without a key", allowed, fix)

    def _what_problem(self) -> Problem | None:
        names = self.what
        known = isinstance(names, tuple) and all(isinstance(one, str) and one in CAPTURE_MODES for one in names)
        if known and names and len(set(names)) == len(names):
            return None
        fix = 'for example what=("request", "response"); leave capture out to keep nothing'
        return Problem("what", names, f"a tuple of {', '.join(CAPTURE_MODES)}, at least one, each once", fix)


def _content_types_problem(argument: str, types: object) -> Problem | None:
    fix = f'for example {argument}=("application/json",), or () for none'
    allowed = f"a tuple of up to {_CONTENT_TYPES_MAX} content types without parameters"
    if not isinstance(types, tuple) or len(types) > _CONTENT_TYPES_MAX:
        return Problem(argument, types, allowed, fix)
    for one in types:
        wrong = matching(argument, one, _CONTENT_TYPE, allowed, fix)
        if wrong is not None or (not is_token(one) and len(one) > _CONTENT_TYPE_MAX):
            return Problem(argument, one, allowed, fix)
    return None
