"""Data capture: the config, the role, what is refused."""

from __future__ import annotations

from typing import Any, cast

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import DataCapture, Observability, RealtimeEndpoint
from cdk_inference.endpoints.data_capture import PREFIX_MAX
from tests.each import each
from tests.refusals import refusal_of
from tests.support import Template, endpoint_template, llm, models, new_stack, only

KEY_ARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


class FakeKey:
    """Looks like a key to the value, which never asks the CDK."""

    key_arn = KEY_ARN


class FakeBucket:
    """Looks like a bucket."""

    bucket_arn = "arn:aws:s3:::captured"
    bucket_name = "captured"
    encryption_key: Any = FakeKey()


def value(**changes: Any) -> DataCapture:
    return DataCapture(**{"bucket": FakeBucket(), "percent": 5, **changes})


def captured(**changes: Any) -> Template:
    def observability(stack: cdk.Stack) -> Observability:
        bucket = s3.Bucket.from_bucket_name(stack, "Captured", "captured")
        key = kms.Key.from_key_arn(stack, "Key", KEY_ARN)
        return Observability(capture=DataCapture(**{"bucket": bucket, "key": key, "percent": 5, **changes}))

    return endpoint_template(observability=observability)


def config(**changes: Any) -> Any:
    return only(captured(**changes), "AWS::SageMaker::EndpointConfig")["DataCaptureConfig"]


def refusal(**changes: Any) -> str:
    return refusal_of(value, **changes)


def test_nothing_is_captured_by_default() -> None:
    assert "DataCaptureConfig" not in only(endpoint_template(), "AWS::SageMaker::EndpointConfig")


def test_the_whole_config_and_what_the_role_may_do() -> None:
    template = captured()
    assert only(template, "AWS::SageMaker::EndpointConfig")["DataCaptureConfig"] == {
        "EnableCapture": True,
        "InitialSamplingPercentage": 5,
        "DestinationS3Uri": "s3://captured/captured",
        "KmsKeyId": KEY_ARN,
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"], "CsvContentTypes": ["text/csv"]},
    }
    policy = only(template, "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
    assert [one for one in policy if one["Sid"].startswith("Capture")] == [
        {
            "Sid": "Capture",
            "Effect": "Allow",
            "Action": ["s3:PutObject"],
            "Resource": ["arn:aws:s3:::captured/captured/*"],
        },
        {
            "Sid": "CaptureKey",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": [KEY_ARN],
        },
    ]


def test_only_answers_to_a_deeper_prefix() -> None:
    found = config(what=("response",), prefix="a/b-c/", percent=100)
    assert found["CaptureOptions"] == [{"CaptureMode": "Output"}]
    assert found["DestinationS3Uri"] == "s3://captured/a/b-c"
    assert found["InitialSamplingPercentage"] == 100


def test_no_empty_list_of_content_types() -> None:
    assert config(csv_content_types=())["CaptureContentTypeHeader"] == {"JsonContentTypes": ["application/json"]}
    assert "CaptureContentTypeHeader" not in config(csv_content_types=(), json_content_types=())


def test_zero_percent_is_a_value() -> None:
    assert config(percent=0)["InitialSamplingPercentage"] == 0


def test_the_buckets_own_key() -> None:
    def observability(stack: cdk.Stack) -> Observability:
        bucket = s3.Bucket(stack, "Captured", encryption_key=kms.Key(stack, "Key"))
        return Observability(capture=DataCapture(bucket=bucket, percent=1))

    template = endpoint_template(observability=observability)
    found = only(template, "AWS::SageMaker::EndpointConfig")["DataCaptureConfig"]["KmsKeyId"]
    (statement,) = (
        one
        for one in only(template, "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
        if one["Sid"] == "CaptureKey"
    )
    assert statement["Resource"] == [found]
    assert found["Fn::GetAtt"][0].startswith("Key")


@given(percent=st.integers())
def test_percent(percent: int) -> None:
    if 0 <= percent <= 100:
        assert value(percent=percent).percent == percent
    else:
        assert refusal(percent=percent) == (
            f"DataCapture: percent: got {percent}; allowed: a whole number from 0 to 100; fix: write percent=5 for one "
            "request in twenty"
        )


@given(prefix=st.text(alphabet="ab./*?$-_= ~é", max_size=12))
def test_a_prefix_is_folders_and_never_widens_a_policy(prefix: str) -> None:
    try:
        value(prefix=prefix)
    except ConfigurationError:
        return
    assert prefix.endswith("/")
    assert all(name and name[0] not in ".-=" for name in prefix[:-1].split("/"))
    assert not set(prefix) & set("*?$ ")


WHAT = 'a tuple of request, response, at least one, each once; fix: for example what=("request", "response"); leave capture out to keep nothing'
PREFIX = (
    'names of letters, digits, "_", "-", "." and "=", each followed by "/"; fix: for example prefix="captured/chat/"'
)
TYPES = 'a tuple of up to 10 content types without parameters; fix: for example json_content_types=("application/json",), or () for none'


@each(
    ("changes", "message"),
    [
        ({"bucket": "captured"}, "bucket: got 'captured'; allowed: a bucket (aws_s3.IBucket); fix: for example bucket=PayloadBucket(...).bucket"),
        ({"what": ()}, f"what: got (); allowed: {WHAT}"),
        ({"what": ("Input",)}, f"what: got ('Input',); allowed: {WHAT}"),
        ({"what": ("request", "request")}, f"what: got ('request', 'request'); allowed: {WHAT}"),
        ({"what": "request"}, f"what: got 'request'; allowed: {WHAT}"),
        ({"prefix": "captured"}, f"prefix: got 'captured'; allowed: {PREFIX}"),
        ({"prefix": ""}, f"prefix: got ''; allowed: {PREFIX}"),
        ({"prefix": "a//"}, f"prefix: got 'a//'; allowed: {PREFIX}"),
        ({"prefix": "s3://b/c/"}, f"prefix: got 's3://b/c/'; allowed: {PREFIX}"),
        ({"json_content_types": "application/json"}, f"json_content_types: got 'application/json'; allowed: {TYPES}"),
        ({"json_content_types": ("application/json; charset=utf-8",)}, f"json_content_types: got 'application/json; charset=utf-8'; allowed: {TYPES}"),
        ({"json_content_types": ("a/" + "b" * 255,)}, f"json_content_types: got '{'a/' + 'b' * 255}'; allowed: {TYPES}"),
    ],
    ids=lambda one: str(one)[:40],
)  # fmt: skip
def test_a_wrong_argument(changes: dict[str, Any], message: str) -> None:
    assert refusal(**changes) == f"DataCapture: {message}"


def test_the_longest_prefix() -> None:
    longest = "a" * (PREFIX_MAX - 1) + "/"
    assert len(f"s3://{'b' * 63}/{longest}") == 512
    assert value(prefix=longest).prefix == longest
    assert refusal(prefix="a" + longest).endswith("; allowed: up to 443 characters; fix: use a shorter prefix")


def test_a_bucket_whose_key_nobody_knows() -> None:
    bucket = FakeBucket()
    bucket.encryption_key = None
    assert refusal(bucket=bucket) == (
        "DataCapture: bucket: got 'a bucket without a key'; allowed: a bucket with a KMS key that is known here: captured "
        "data may be personal; fix: pass key=..., the key of an imported bucket too, or make the bucket with "
        "PayloadBucket(...)"
    )


def test_an_empty_key_is_no_key_left_out() -> None:
    bucket = s3.Bucket.from_bucket_name(new_stack(), "Captured", "captured")
    observability = Observability(capture=DataCapture(bucket=bucket, key=cast(Any, ""), percent=5))
    assert "observability.capture.key: got ''; allowed: a key" in refusal_of(
        endpoint_template, observability=observability
    )


def test_a_bucket_and_a_key_of_another_region() -> None:
    stack = new_stack()
    bucket = s3.Bucket.from_bucket_attributes(stack, "Far", bucket_name="far", region="eu-west-1")
    key = kms.Key.from_key_arn(stack, "Key", KEY_ARN.replace("us-east-1", "eu-west-1"))
    capture = DataCapture(bucket=bucket, key=key, percent=5)
    with pytest.raises(ConfigurationError) as caught:
        RealtimeEndpoint(
            stack,
            "Chat",
            server=llm(models(stack)),
            hardware="ml.g6.2xlarge",
            observability=Observability(capture=capture),
        )
    assert str(caught.value) == (
        "RealtimeEndpoint fleet/Chat has 2 problems:\n"
        "  1. observability.capture.bucket: got 'a bucket in eu-west-1'; allowed: a bucket in us-east-1, the endpoint's "
        "region; fix: copy it to us-east-1, or move the endpoint to eu-west-1\n"
        "  2. observability.capture.key: got 'a key in eu-west-1'; allowed: a key in us-east-1, the endpoint's region; "
        "fix: copy it to us-east-1, or move the endpoint to eu-west-1"
    )


def test_an_alias_in_place_of_its_key() -> None:
    stack = new_stack()
    alias = kms.Alias.from_alias_name(stack, "Alias", "alias/mine")
    capture = DataCapture(bucket=models(stack), key=alias, percent=5)
    with pytest.raises(ConfigurationError) as caught:
        RealtimeEndpoint(
            stack,
            "Chat",
            server=llm(s3.Bucket.from_bucket_name(stack, "Other", "other")),
            hardware="ml.g6.2xlarge",
            observability=Observability(capture=capture),
        )
    assert [problem.argument for problem in caught.value.problems] == ["observability.capture.key"]


def test_no_capture_at_all_is_no_value() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Observability(capture=5)
    assert str(caught.value) == (
        "Observability: capture: got 5; allowed: DataCapture or None; fix: capture=DataCapture(...)"
    )
