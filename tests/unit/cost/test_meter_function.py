"""The metering function against stubs that AWS's own models check: every call, every answer.

moto 5.2.5 knows no instance pools in DescribeEndpoint, nor a pending deployment, so botocore's Stubber answers; moto
plays the account once, for the whole way from the handler to the metric.
"""

from __future__ import annotations

import datetime
import functools
import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.stub import ANY, Stubber
from moto import mock_aws

from cdk_inference.cost.metering.function import code_folder
from cdk_inference.cost.metering.meter import index
from cdk_inference.pricing import Price

PRICES = {"ml.g5.xlarge": 1.41, "ml.g6.2xlarge": 1.222}
AT = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)
ACCESS: dict[str, Any] = {
    "aws_access_key_id": "made-up",
    "aws_secret_access_key": "made-up",
    "region_name": "us-east-1",
}


@functools.cache
def client(service: str) -> Any:
    """Made once: that reads the service's model."""
    return boto3.client(service, config=index.CALLS, **ACCESS)


class Stubbed:
    """Both clients and what they are to be asked."""

    def __init__(self) -> None:
        self.sagemaker, self.cloudwatch = client("sagemaker"), client("cloudwatch")
        self.asked = Stubber(self.sagemaker)
        self.told = Stubber(self.cloudwatch)

    def lists(self, *names: str, token: str | None = None, more: str | None = None) -> None:
        summaries = [
            {
                "EndpointName": name,
                "EndpointArn": arn(name),
                "CreationTime": AT,
                "LastModifiedTime": AT,
                "EndpointStatus": "InService",
            }
            for name in names
        ]
        answer = {"Endpoints": summaries} | ({"NextToken": more} if more else {})
        self.asked.add_response("list_endpoints", answer, {"MaxResults": 100} | ({"NextToken": token} if token else {}))

    def describes(self, name: str, *variants: dict[str, Any]) -> None:
        answer = {
            "EndpointName": name,
            "EndpointArn": arn(name),
            "EndpointConfigName": f"{name}-config",
            "ProductionVariants": list(variants),
            "EndpointStatus": "InService",
            "CreationTime": AT,
            "LastModifiedTime": AT,
        }
        self.asked.add_response("describe_endpoint", answer, {"EndpointName": name})

    def configures(self, name: str, **types: str) -> None:
        variants = [{"VariantName": variant, "InstanceType": kind} for variant, kind in types.items()]
        answer = {
            "EndpointConfigName": f"{name}-config",
            "EndpointConfigArn": arn(name).replace("endpoint/", "endpoint-config/"),
            "ProductionVariants": variants,
            "CreationTime": AT,
        }
        self.asked.add_response("describe_endpoint_config", answer, {"EndpointConfigName": f"{name}-config"})

    def refuses(self, call: str, code: str, message: str) -> None:
        self.asked.add_client_error(call, code, message, 400)

    def publishes(self, *points: dict[str, Any]) -> None:
        expected = {"Namespace": "CdkInference/Cost", "MetricData": list(points)}
        self.told.add_response("put_metric_data", {}, expected)

    def run(self, prices: dict[str, float] | None = None) -> None:
        with self.asked, self.told:
            try:
                index.meter(self.sagemaker, self.cloudwatch, PRICES if prices is None else prices)
            finally:
                self.asked.assert_no_pending_responses()
                self.told.assert_no_pending_responses()


@pytest.fixture
def stubbed(monkeypatch: pytest.MonkeyPatch) -> Stubbed:
    """Answers come in the order in which they are stubbed, so one worker reads."""
    monkeypatch.setattr(index, "WORKERS", 1)
    return Stubbed()


def arn(name: str) -> str:
    return f"arn:aws:sagemaker:us-east-1:111122223333:endpoint/{name}"


def point(name: str, value: float, unit: str = "Count", **dimensions: str) -> dict[str, Any]:
    named = [{"Name": key, "Value": text} for key, text in dimensions.items()]
    return {"MetricName": name, "Value": value, "Unit": unit, "Dimensions": named, "Timestamp": ANY}


def region(usd: float, unpriced: float = 0) -> tuple[dict[str, Any], dict[str, Any]]:
    return point("UsdPerHour", usd, "None"), point("UnpricedInstances", unpriced)


def one_variant(name: str, count: float, usd: float) -> tuple[dict[str, Any], dict[str, Any]]:
    return (
        point("Instances", count, EndpointName=name, VariantName="AllTraffic"),
        point("UsdPerHour", usd, "None", EndpointName=name),
    )


def running(count: int) -> dict[str, Any]:
    return {"VariantName": "AllTraffic", "CurrentInstanceCount": count}


def logged(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def nothing_else(**told: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"unpriced": [], "uncounted": [], "serverless": [], "vanished": [], "failed": {}}
    return {"endpoints": 0} | empty | told


def test_every_kind_of_endpoint(stubbed: Stubbed, capsys: pytest.CaptureFixture[str]) -> None:
    stubbed.lists("chat", "pools", "asleep", "small")
    stubbed.describes("chat", running(2))
    stubbed.configures("chat", AllTraffic="ml.g5.xlarge")
    pools = [
        {"InstanceType": "ml.g6.2xlarge", "CurrentInstanceCount": 1},
        {"InstanceType": "ml.p5en.48xlarge", "CurrentInstanceCount": 3},
    ]
    stubbed.describes("pools", {**running(4), "InstancePools": pools})
    stubbed.describes("asleep", running(0))
    config = {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
    stubbed.describes("small", {"VariantName": "AllTraffic", "CurrentServerlessConfig": config})
    whose = {"EndpointName": "pools", "VariantName": "AllTraffic"}
    stubbed.publishes(
        *one_variant("chat", 2, 2.82),
        point("Instances", 4, **whose),
        point("Instances", 1, **whose, InstanceType="ml.g6.2xlarge"),
        point("Instances", 3, **whose, InstanceType="ml.p5en.48xlarge"),
        *one_variant("asleep", 0, 0),
        *region(4.042, 3),
    )
    stubbed.run()
    assert logged(capsys) == nothing_else(
        endpoints=4, unpriced=["pools AllTraffic: 3 of ml.p5en.48xlarge"], serverless=["small AllTraffic"]
    )


def test_a_region_without_endpoints_is_at_zero(stubbed: Stubbed, capsys: pytest.CaptureFixture[str]) -> None:
    stubbed.lists()
    stubbed.publishes(*region(0))
    stubbed.run()
    assert logged(capsys) == nothing_else()


def test_pages_are_followed_and_an_endpoint_counts_once(stubbed: Stubbed) -> None:
    stubbed.lists("a", "b", more="next")
    stubbed.lists("b", "c", token="next")
    for name in "abc":
        stubbed.describes(name, running(0))
    stubbed.publishes(*(point for name in "abc" for point in one_variant(name, 0, 0)), *region(0))
    stubbed.run()


def test_an_endpoint_that_vanishes_is_no_failure(stubbed: Stubbed, capsys: pytest.CaptureFixture[str]) -> None:
    stubbed.lists("gone", "chat")
    stubbed.refuses("describe_endpoint", "ValidationException", f'Could not find endpoint "{arn("gone")}".')
    stubbed.describes("chat", running(1))
    stubbed.configures("chat", AllTraffic="ml.g5.xlarge")
    stubbed.publishes(*one_variant("chat", 1, 1.41), *region(1.41))
    stubbed.run()
    assert logged(capsys) == nothing_else(endpoints=1, vanished=["gone"])


def test_a_configuration_that_vanished_leaves_the_type_unknown(
    stubbed: Stubbed, capsys: pytest.CaptureFixture[str]
) -> None:
    stubbed.lists("chat")
    stubbed.describes("chat", running(2))
    stubbed.refuses("describe_endpoint_config", "ValidationException", "Could not find endpoint configuration")
    stubbed.publishes(point("Instances", 2, EndpointName="chat", VariantName="AllTraffic"), *region(0, 2))
    stubbed.run()
    assert logged(capsys) == nothing_else(endpoints=1, unpriced=["chat AllTraffic: 2 of an unknown type"])


@pytest.mark.parametrize(
    ("call", "code", "message"),
    [
        ("describe_endpoint", "AccessDeniedException", "not authorized"),
        ("describe_endpoint", "ValidationException", "1 validation error detected"),
        ("describe_endpoint_config", "ThrottlingException", "Rate exceeded"),
    ],
)
def test_what_cannot_be_read_costs_the_region_its_sum(
    stubbed: Stubbed, capsys: pytest.CaptureFixture[str], call: str, code: str, message: str
) -> None:
    stubbed.lists("closed", "chat")
    if call == "describe_endpoint_config":
        stubbed.describes("closed", running(1))
    stubbed.refuses(call, code, message)
    stubbed.describes("chat", running(1))
    stubbed.configures("chat", AllTraffic="ml.g5.xlarge")
    stubbed.publishes(*one_variant("chat", 1, 1.41))
    operation = "".join(part.title() for part in call.split("_"))
    why = f"An error occurred ({code}) when calling the {operation} operation: {message}"
    with pytest.raises(RuntimeError) as caught:
        stubbed.run()
    assert str(caught.value) == f"no sum for the region, since endpoints could not be read: 1, first closed: {why}"
    assert logged(capsys) == nothing_else(endpoints=1, failed={"closed": why})


def test_more_points_than_a_call_takes(stubbed: Stubbed) -> None:
    names = [f"e{number}" for number in range(600)]
    stubbed.lists(*names)
    for name in names:
        stubbed.describes(name, running(0))
    points = [*(point for name in names for point in one_variant(name, 0, 0)), *region(0)]
    for start in (0, 500, 1000):
        stubbed.publishes(*points[start : start + 500])
    stubbed.run()


class Account:
    """An account that answers from memory, to several threads at once."""

    def __init__(self, endpoints: dict[str, Any], *, refused_calls: tuple[int, ...] = ()) -> None:
        self.endpoints = endpoints
        self.published: list[dict[str, Any]] = []
        self.calls = 0
        self._refused = refused_calls

    def get_paginator(self, _: str) -> Account:
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        return [{"Endpoints": [{"EndpointName": name} for name in self.endpoints]}]

    def describe_endpoint(self, **asked: str) -> Any:
        return {**asked, "EndpointConfigName": "c", **self.endpoints[asked["EndpointName"]]}

    def describe_endpoint_config(self, **_: Any) -> Any:
        return {"ProductionVariants": [{"VariantName": "AllTraffic", "InstanceType": "ml.g5.xlarge"}]}

    def put_metric_data(self, **told: Any) -> None:
        self.calls += 1
        if self.calls in self._refused:
            raise ClientError({"Error": {"Code": "InternalServiceFault", "Message": "no"}}, "PutMetricData")
        self.published += told["MetricData"]

    def instances(self) -> dict[str, float]:
        return {
            point["Dimensions"][0]["Value"]: point["Value"]
            for point in self.published
            if point["MetricName"] == "Instances"
        }


@pytest.mark.parametrize(
    "answer",
    [
        {"ProductionVariants": [{"CurrentInstanceCount": 1}]},
        {"ProductionVariants": [{"VariantName": "A", "CurrentInstanceCount": None, "InstanceType": "ml.g5.xlarge"}]},
        {"ProductionVariants": [{"VariantName": "A", "InstancePools": [{"InstanceType": "ml.g5.xlarge"}]}]},
        {"ProductionVariants": ["A"]},
        {"ProductionVariants": 3},
    ],
)
def test_an_answer_of_an_unexpected_form_costs_that_endpoint_alone(
    answer: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    account = Account({"odd": answer, "chat": {"ProductionVariants": [running(2)]}})
    with pytest.raises(RuntimeError, match="could not be read: 1, first odd: an answer of an unexpected form"):
        index.meter(account, account, PRICES)
    assert account.instances() == {"chat": 2}
    assert list(logged(capsys)["failed"]) == ["odd"]


def test_what_is_not_read_in_time_is_a_failure_and_the_rest_is_published(capsys: pytest.CaptureFixture[str]) -> None:
    account = Account({f"e{number}": {"ProductionVariants": [running(1)]} for number in range(300)})
    left = iter([*[60.0] * 150, *[index.PUBLISH_SECONDS - 0.1] * 150])
    with pytest.raises(RuntimeError, match=r"could not be read: 150, first e\d+: no time was left to read it"):
        index.meter(account, account, PRICES, lambda: next(left))
    assert len(account.instances()) == 150
    failed = logged(capsys)["failed"]
    assert len(failed) == index.NAMES_MAX + 1
    assert list(failed)[-1] == "and 50 more"


def test_the_time_that_is_left_is_lambdas(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[float] = []
    monkeypatch.setattr(index.boto3, "client", lambda *_, **__: None)
    monkeypatch.setattr(index, "prices", dict)
    monkeypatch.setattr(index, "meter", lambda *arguments: given.append(arguments[3]()))
    context: Any = type("Context", (), {"get_remaining_time_in_millis": staticmethod(lambda: 42_000)})
    index.handler({}, context)
    assert given == [42]


def test_a_part_that_is_not_published_costs_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    account = Account({f"e{n}": {"ProductionVariants": [running(0)]} for n in range(700)}, refused_calls=(2,))
    with pytest.raises(RuntimeError, match=r"^1 parts of the data points were not published, first: .*InternalService"):
        index.meter(account, account, PRICES)
    assert len(account.published) == 2 * 700 + 2 - index.POINTS_PER_CALL
    assert logged(capsys)["endpoints"] == 700


def test_as_many_endpoints_as_workers_are_read_at_once() -> None:
    """Each read waits until all workers are reading, which one thread never would."""
    together = threading.Barrier(index.WORKERS, timeout=30)
    account = Account({f"e{number}": {"ProductionVariants": [running(1)]} for number in range(2 * index.WORKERS)})
    read = account.describe_endpoint
    account.describe_endpoint = lambda **asked: (together.wait(), read(**asked))[1]  # type: ignore[method-assign]
    index.meter(account, account, PRICES)
    assert len(account.instances()) == 2 * index.WORKERS


def test_a_full_call_of_the_longest_names_is_within_a_megabyte() -> None:
    """1 MB, 1000 metrics: botocore's model of PutMetricData. The names are SageMaker's longest."""
    plain = Config(disable_request_compression=True)
    client: Any = boto3.client("cloudwatch", config=plain, **ACCESS)
    sizes: list[int] = []

    def sent(request: Any, **_: Any) -> AWSResponse:
        sizes.append(len(request.body))
        return answer(200, b"")

    client.meta.events.register("before-send.cloudwatch.PutMetricData", sent)
    name = "e" * 63
    one = point("Instances", 1000.5, EndpointName=name, VariantName=name, InstanceType="ml.p6e-gb200.36xlarge")
    client.put_metric_data(Namespace=index.NAMESPACE, MetricData=[{**one, "Timestamp": AT}] * index.POINTS_PER_CALL)
    assert 100_000 < sizes[0] < 1_000_000


def answer(status: int, body: bytes) -> AWSResponse:
    class Raw(io.BytesIO):
        def stream(self, **_: Any) -> Iterator[bytes]:
            yield self.read()

    headers = {"Content-Type": "application/x-amz-json-1.1", "Content-Length": str(len(body))}
    return AWSResponse("https://made-up", status, headers, Raw(body))


def test_a_throttled_call_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Through botocore's own retries, with made-up answers in place of the network."""
    waited: list[float] = []
    monkeypatch.setattr("botocore.endpoint.time.sleep", waited.append)
    throttled = b'{"__type": "ThrottlingException", "message": "Rate exceeded"}'
    answers = [answer(400, throttled), answer(400, throttled), answer(200, b'{"Endpoints": []}')]
    stubbed = Stubbed()
    stubbed.sagemaker = client.__wrapped__("sagemaker")  # which keeps what is registered
    stubbed.sagemaker.meta.events.register("before-send.sagemaker", lambda **_: answers.pop(0))
    stubbed.publishes(*region(0))
    with stubbed.told:
        index.meter(stubbed.sagemaker, stubbed.cloudwatch, PRICES)
    assert (len(waited), answers) == (2, [])


def test_from_the_handler_to_the_metric(monkeypatch: pytest.MonkeyPatch) -> None:
    # A type that moto knows.
    monkeypatch.setattr(index, "prices", lambda: {"ml.g4dn.xlarge": 0.7364})
    for name, text in (("ACCESS_KEY_ID", "made-up"), ("SECRET_ACCESS_KEY", "made-up"), ("DEFAULT_REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{name}", text)
    with mock_aws():
        sagemaker: Any = boto3.client("sagemaker")
        role = "arn:aws:iam::111122223333:role/Chat"
        sagemaker.create_model(ModelName="m", ExecutionRoleArn=role)
        variant = {"VariantName": "A", "ModelName": "m", "InstanceType": "ml.g4dn.xlarge", "InitialInstanceCount": 2}
        sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
        sagemaker.create_endpoint(EndpointName="chat", EndpointConfigName="c")
        index.handler({}, None)
        cloudwatch: Any = boto3.client("cloudwatch")
        listed = cloudwatch.list_metrics(Namespace="CdkInference/Cost")["Metrics"]
        now = datetime.datetime.now(datetime.UTC)
        hour = datetime.timedelta(hours=1)
        found = {}
        for one in listed:
            read = cloudwatch.get_metric_statistics(
                **one, StartTime=now - hour, EndTime=now + hour, Period=7200, Statistics=["Average"]
            )
            names = tuple(pair["Value"] for pair in one["Dimensions"])
            found[(one["MetricName"], *names)] = [point["Average"] for point in read["Datapoints"]]
    assert found == {
        ("Instances", "chat", "A"): [2],
        ("UsdPerHour", "chat"): [1.4728],
        ("UsdPerHour",): [1.4728],
        ("UnpricedInstances",): [0],
    }


def test_the_asset_runs_without_this_package() -> None:
    """As Lambda does it: the folder alone on the path, the handler imported by its name."""
    price = Price(
        item="ml.g5.xlarge",
        region="us-east-1",
        unit="hour",
        usd=1.41,
        kind="listed",
        date="2026-09-27",
        source="the price list",
    )
    code = (
        "import importlib, sys\n"
        "made = importlib.import_module('meter.index')\n"
        "known = sys.stdlib_module_names | {'meter', 'boto3', 'botocore'}\n"
        "own = [name for name in sys.modules if name.split('.')[0] in ('cdk_inference', 'aws_cdk')]\n"
        "print(made.prices(), callable(made.handler), own)\n"
    )
    with code_folder("us-east-1", [price]) as folder:
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=folder, env={}, capture_output=True, text=True, check=True
        )
    assert done.stdout == "{'ml.g5.xlarge': 1.41} True []\n"
