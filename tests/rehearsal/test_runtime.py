"""The calls behind an endpoint: at once, as a stream, through S3 and by OpenAI's path."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.base import BUCKET, PREFIX, Template, base, properties
from tests.rehearsal.cloud import PLENTY, Cloud, needs_emulator

pytestmark = [needs_emulator, pytest.mark.xdist_group("rehearsal")]
STACK = "rehearsed"


def _asynchronous(template: Template, *, output: str = "llama/out") -> None:
    for name in ("Target", "Policy"):
        del template["Resources"][name]
    del properties(template, "Endpoint")["DeploymentConfig"]
    config = {"S3OutputPath": f"s3://{BUCKET}/{output}", "S3FailurePath": f"s3://{BUCKET}/llama/failed"}
    properties(template, "Config")["AsyncInferenceConfig"] = {"OutputConfig": config}
    statements = properties(template, "Role")["Policies"][0]["PolicyDocument"]["Statement"]
    statements.append({"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{BUCKET}/llama/*"})


def _deployed(cloud: Cloud, template: Template) -> Any:
    cloud.clear(PLENTY)
    cloud.upload(BUCKET, [f"{PREFIX}config.json"])
    assert cloud.deploy(template, STACK) == ("CREATE_COMPLETE", [])
    return cloud.look.client("sagemaker-runtime")


def test_a_stream_comes_in_parts_that_botocore_reads(cloud: Cloud) -> None:
    client = _deployed(cloud, base())
    answer = client.invoke_endpoint_with_response_stream(EndpointName="chat", Body=b"hello")
    parts = [one["PayloadPart"]["Bytes"] for one in answer["Body"]]
    assert len(parts) > 1
    assert json.loads(b"".join(parts))["request"] == "hello"


def test_an_asynchronous_call_writes_its_answer_to_s3(cloud: Cloud) -> None:
    template = base()
    _asynchronous(template)
    client = _deployed(cloud, template)
    cloud.s3.put_object(Bucket=BUCKET, Key="llama/in.json", Body=b"hello")
    place = f"s3://{BUCKET}/llama/in.json"
    answer = client.invoke_endpoint_async(EndpointName="chat", InputLocation=place, InferenceId="mine")
    assert answer["InferenceId"] == "mine"
    key = answer["OutputLocation"].removeprefix(f"s3://{BUCKET}/")
    assert json.loads(cloud.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())["request"] == "hello"
    with pytest.raises(ClientError, match="Endpoint chat is asynchronous; allowed: InvokeEndpointAsync"):
        client.invoke_endpoint(EndpointName="chat", Body=b"hello")


@pytest.mark.parametrize(
    ("key", "why"), [("llama/none.json", "which does not exist"), ("elsewhere/in.json", "may not s3:GetObject")]
)
def test_a_request_that_cannot_be_read_fails_where_failures_go(cloud: Cloud, key: str, why: str) -> None:
    template = base()
    _asynchronous(template)
    client = _deployed(cloud, template)
    if "none" not in key:
        cloud.s3.put_object(Bucket=BUCKET, Key=key, Body=b"hello")
    answer = client.invoke_endpoint_async(EndpointName="chat", InputLocation=f"s3://{BUCKET}/{key}")
    failed = answer["FailureLocation"].removeprefix(f"s3://{BUCKET}/")
    assert why in cloud.s3.get_object(Bucket=BUCKET, Key=failed)["Body"].read().decode()
    with pytest.raises(ClientError, match="NoSuchKey"):
        cloud.s3.get_object(Bucket=BUCKET, Key=answer["OutputLocation"].removeprefix(f"s3://{BUCKET}/"))


def _chat(cloud: Cloud, name: str, **more: Any) -> bytes:
    body = {"model": "mine", "messages": [{"role": "user", "content": "How are you?"}], **more}
    url = f"{cloud.place.endpoint}/endpoints/{name}/openai/v1/chat/completions"
    headers = {"Authorization": "Bearer token", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers)) as answer:
        found: bytes = answer.read()
    return found


def test_the_openai_path_answers_an_echo_that_says_so(cloud: Cloud) -> None:
    _deployed(cloud, base())
    answer = json.loads(_chat(cloud, "chat"))
    assert answer["choices"][0]["message"]["content"] == "an echo, not a model: How are you?"
    lines = _chat(cloud, "chat", stream=True).decode().split("\n\n")
    deltas = [json.loads(line.removeprefix("data: "))["choices"][0]["delta"] for line in lines if "{" in line]
    assert "".join(one.get("content", "") for one in deltas).strip() == "an echo, not a model: How are you?"
    assert lines[-2] == "data: [DONE]"
    with pytest.raises(urllib.error.HTTPError) as caught:
        _chat(cloud, "other")
    assert "Endpoint other of account" in caught.value.read().decode()
