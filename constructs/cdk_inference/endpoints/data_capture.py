"""Data capture: a share of requests and answers in S3, its DataCaptureConfig and permissions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aws_cdk import aws_sagemaker as sagemaker

from cdk_inference.core.checks import as_tuple, has_members, is_token, matching, whole_number
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.kit.iam import Statement
from cdk_inference.kit.interfaces import Key, as_key
from cdk_inference.kit.region_checks import key_problem, region_problem
from cdk_inference.serving import Bucket, HuggingFaceModel, Server

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

CaptureMode = Literal["request", "response"]
# What this package calls it -> what the API calls it.
CAPTURE_MODES: Mapping[CaptureMode, str] = {"request": "Input", "response": "Output"}

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
        kept in base64. By default JSON and CSV.

    Requests and answers may hold personal data, and are kept as they are. Capture stops while the instance's disk is
    full: AWS advises to keep it below 75 %. It is part of the endpoint config, so changing it is an update of the
    endpoint. See docs/capture.md.

    Raises ConfigurationError.
    """

    bucket: s3.IBucket
    percent: int
    prefix: str = "captured/"
    what: tuple[CaptureMode, ...] = ("request", "response")
    key: Key | None = None
    json_content_types: tuple[str, ...] = ("application/json",)
    csv_content_types: tuple[str, ...] = ("text/csv",)

    def __post_init__(self) -> None:
        for name in ("what", "json_content_types", "csv_content_types"):
            object.__setattr__(self, name, as_tuple(getattr(self, name)))
        raise_problems(
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
        key: Key | None = self.bucket.encryption_key if self.key is None else self.key
        assert key is not None, "a capture without a key is refused"
        return as_key(key)

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


# Characters of an S3 URI in endpoint configs: S3OutputPath, S3FailurePath, DestinationS3Uri (botocore 1.44.5).
S3_URI_MAX = 512
PREFIX_MAX = S3_URI_MAX - len("s3://") - 63 - len("/")  # beside the longest bucket name
# Stricter than S3: in a policy * and ? would widen the permission, and ${ begin a variable.
_PREFIX = r"([A-Za-z0-9_][A-Za-z0-9_.=-]*/)+"
_FOLDERS = 'names of letters, digits, "_", "-", "." and "=", each followed by "/"'


def prefix_problem(argument: str, prefix: object, example: str) -> Problem | None:
    """Why `prefix` is none, or too long for an endpoint config."""
    wrong = matching(argument, prefix, _PREFIX, _FOLDERS, f'for example {argument}="{example}"')
    if wrong is None and not is_token(prefix) and len(str(prefix)) > PREFIX_MAX:
        return Problem(argument, prefix, f"up to {PREFIX_MAX} characters", "use a shorter prefix")
    return wrong


Config = sagemaker.CfnEndpointConfig


def capture_problems(capture: DataCapture | None, region: str) -> list[Problem | None]:
    """Why an endpoint in `region` cannot capture so."""
    if not isinstance(capture, DataCapture):
        return []
    where = "observability.capture"
    return [
        region_problem(f"{where}.bucket", capture.bucket, region, "a bucket"),
        key_problem(capture.encryption_key, region, argument=f"{where}.key"),
    ]


def used_buckets(servers: Iterable[Server], capture: DataCapture | None) -> dict[str, list[Bucket]]:
    """The buckets that an endpoint reads and writes."""
    stored = [server.model for server in servers if not isinstance(server.model, HuggingFaceModel)]
    read = [model.bucket for model in stored if model.bucket is not None]
    return {"read": read, "written": [] if capture is None else [capture.bucket]}


def capture_config(capture: DataCapture | None) -> Config.DataCaptureConfigProperty | None:
    """The endpoint config's part; None without capture."""
    if capture is None:
        return None
    return Config.DataCaptureConfigProperty(
        enable_capture=True,
        initial_sampling_percentage=capture.percent,
        # SageMaker adds a slash of its own: with another one here keys would have two, as in
        # https://github.com/aws/amazon-sagemaker-examples/issues/1938
        destination_s3_uri=f"s3://{capture.bucket.bucket_name}/{capture.prefix.removesuffix('/')}",
        kms_key_id=capture.encryption_key.key_arn,
        capture_options=[Config.CaptureOptionProperty(capture_mode=CAPTURE_MODES[one]) for one in capture.what],
        capture_content_type_header=_content_types(capture),
    )


def capture_statements(capture: DataCapture | None) -> list[Statement]:
    """What the execution role may do: write under the prefix, with this key.

    Large objects are written in parts, which takes kms:Decrypt too:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
    """
    if capture is None:
        return []
    key_actions = ["kms:Decrypt", "kms:GenerateDataKey"]
    return [
        {
            "Sid": "Capture",
            "Effect": "Allow",
            "Action": ["s3:PutObject"],
            "Resource": [f"{capture.bucket.bucket_arn}/{capture.prefix}*"],
        },
        {
            "Sid": "CaptureKey",
            "Effect": "Allow",
            "Action": key_actions,
            "Resource": [capture.encryption_key.key_arn],
        },
    ]


def _content_types(capture: DataCapture) -> Config.CaptureContentTypeHeaderProperty | None:
    """None where neither kind is named: the API takes no empty lists."""
    json, csv = list(capture.json_content_types), list(capture.csv_content_types)
    if not json and not csv:
        return None
    return Config.CaptureContentTypeHeaderProperty(json_content_types=json or None, csv_content_types=csv or None)
