"""From a `DataCapture` to SageMaker's DataCaptureConfig, and what the execution role needs for it."""

from __future__ import annotations

from collections.abc import Iterable

from aws_cdk import aws_sagemaker as sagemaker

from cdk_inference.core.errors import Problem
from cdk_inference.endpoints.data_capture import CAPTURE_MODES, DataCapture
from cdk_inference.endpoints.elsewhere import key_problem, region_problem
from cdk_inference.endpoints.execution_role import Statement
from cdk_inference.serving import Bucket, HuggingFaceModel, Server

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
