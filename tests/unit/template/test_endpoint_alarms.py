"""Alarms on metrics of endpoints: by name or by reference, in the endpoint's stack or another one."""

from __future__ import annotations

from typing import Any

from cdk_inference.template import deployment_of, endpoint_alarms, read_hosting
from tests.each import each

NAME_OF_CHAT = {"Fn::GetAtt": ["Chat", "EndpointName"]}
DIMENSION = {"Name": "EndpointName", "Value": "chat"}


def endpoint(name: Any = "chat") -> dict[str, Any]:
    properties = {"EndpointConfigName": "c"} | ({} if name is None else {"EndpointName": name})
    return {"Type": "AWS::SageMaker::Endpoint", "Properties": properties}


def alarm(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}


def counted(*stacks: dict[str, Any]) -> list[list[str]]:
    """The logical ids of the alarms of each endpoint."""
    templates = {f"s{number}": {"Resources": resources} for number, resources in enumerate(stacks)}
    deployment = deployment_of(templates, "us-east-1")
    found = endpoint_alarms(deployment, read_hosting(deployment))
    return [[one.logical_id for one in alarms] for alarms in found.values()]


REFERENCES = [
    NAME_OF_CHAT,
    {"Fn::GetAtt": "Chat.EndpointName"},
    {"Fn::Sub": "${Chat.EndpointName}"},
    {"Fn::Select": [1, {"Fn::Split": ["/", {"Ref": "Chat"}]}]},
]


@each("value", REFERENCES)
@each("name", ["chat", None])
def test_an_alarm_may_refer_to_the_endpoint(value: object, name: str | None) -> None:
    dimensions = [{"Name": "VariantName", "Value": "AllTraffic"}, {"Name": "EndpointName", "Value": value}]
    assert counted({"Chat": endpoint(name), "A": alarm(Dimensions=dimensions)}) == [["A"]]


@each("value", [NAME_OF_CHAT, {"Fn::Sub": "${Team}-live"}, {"Fn::Join": ["-", [{"Ref": "Team"}, "live"]]}])
def test_a_name_may_have_a_part_that_is_not_known(value: object) -> None:
    resources = {"Chat": endpoint({"Fn::Sub": "${Team}-live"})}
    dimensions = [{"Name": "EndpointName", "Value": value}]
    assert counted({**resources, "A": alarm(Dimensions=dimensions)}) == [["A"]]
    other = [{"Name": "EndpointName", "Value": {"Fn::Sub": "${Other}-live"}}]
    assert counted({**resources, "A": alarm(Dimensions=other)}) == [[]]


def test_an_alarm_on_metric_math_counts_once() -> None:
    query = {"MetricStat": {"Metric": {"Dimensions": [DIMENSION]}}}
    math = alarm(Metrics=[{"Expression": "errors / all"}, query, query])
    assert counted({"Chat": endpoint(), "A": math, "B": alarm(Dimensions=[DIMENSION])}) == [["A", "B"]]


def test_an_alarm_of_another_stack_counts_unless_the_name_is_taken_twice() -> None:
    beside = {"A": alarm(Dimensions=[DIMENSION])}
    assert counted({"Chat": endpoint()}, beside) == [["A"]]
    assert counted({"Chat": endpoint()}, {"Chat": endpoint()}, beside) == [[], []]
    assert counted({"Chat": endpoint()}, {"Chat": endpoint(), **beside}) == [[], ["A"]]


@each(
    "dimensions",
    [
        [],
        [{"Name": "EndpointName", "Value": "other"}],
        [{"Name": "EndpointName", "Value": {"Ref": "Other"}}],
        # The ARN, under which nothing is published.
        [{"Name": "EndpointName", "Value": {"Ref": "Chat"}}],
        [{"Name": "QueueName", "Value": "chat"}],
        "EndpointName",
        [5],
    ],
)
def test_an_alarm_on_something_else_does_not_count(dimensions: object) -> None:
    assert counted({"Chat": endpoint(), "A": alarm(Dimensions=dimensions)}) == [[]]
