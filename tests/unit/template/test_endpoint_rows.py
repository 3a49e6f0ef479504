"""Endpoints read from templates that others wrote as well: hardware, bounds and alarms."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_inference.template import EndpointRow, endpoints_of

ONE = {"VariantName": "AllTraffic", "InstanceType": "ml.g5.xlarge", "InitialInstanceCount": 2}
OTHER = {"VariantName": "Other", "InstanceType": "ml.g6.xlarge", "InitialInstanceCount": 3}
NAME_OF_CHAT = {"Fn::GetAtt": ["Chat", "EndpointName"]}
REFERENCES = [NAME_OF_CHAT, {"Fn::GetAtt": "Chat.EndpointName"}, {"Ref": "Chat"}]
DIMENSION = {"Name": "EndpointName", "Value": "chat"}


def endpoint(name: Any = "chat", config: Any = None) -> dict[str, Any]:
    reference = {"Fn::GetAtt": ["Config", "EndpointConfigName"]} if config is None else config
    properties = {"EndpointConfigName": reference} | ({} if name is None else {"EndpointName": name})
    return {"Type": "AWS::SageMaker::Endpoint", "Properties": properties}


def config(*variants: Any) -> dict[str, Any]:
    return {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {"ProductionVariants": list(variants)}}


def target(resource_id: Any, low: Any = 1, high: Any = 4) -> dict[str, Any]:
    properties = {"ResourceId": resource_id, "MinCapacity": low, "MaxCapacity": high}
    return {"Type": "AWS::ApplicationAutoScaling::ScalableTarget", "Properties": properties}


def alarm(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}


def rows(name: Any = "chat", variants: tuple[Any, ...] = (ONE,), **others: Any) -> list[EndpointRow]:
    resources = {"Config": config(*variants), "Chat": endpoint(name), **others}
    return endpoints_of("fleet", {"Resources": resources})


def bounds(found: list[EndpointRow]) -> list[tuple[int | None, int | None]]:
    return [(row.min_instances, row.max_instances) for row in found]


def test_a_row_has_everything_the_template_says() -> None:
    assert rows() == [
        EndpointRow(
            stack="fleet",
            logical_id="Chat",
            name="chat",
            hardware="ml.g5.xlarge",
            min_instances=2,
            max_instances=2,
            alarms=0,
        )
    ]


@pytest.mark.parametrize("template", [{}, {"Resources": {}}, {"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}])
def test_a_template_without_endpoints_has_no_rows(template: dict[str, Any]) -> None:
    assert endpoints_of("fleet", template) == []


@pytest.mark.parametrize("name", [None, {"Fn::Join": ["-", ["chat", {"Ref": "AWS::Region"}]]}])
def test_a_name_that_is_not_text_is_replaced_by_the_logical_id(name: object) -> None:
    assert [row.name for row in rows(name)] == ["Chat"]


@pytest.mark.parametrize(
    "reference",
    [{"Fn::GetAtt": ["Config", "EndpointConfigName"]}, {"Fn::GetAtt": "Config.EndpointConfigName"}, {"Ref": "Config"}],
)
def test_the_config_is_found_by_every_kind_of_reference(reference: object) -> None:
    found = endpoints_of("fleet", {"Resources": {"Chat": endpoint(config=reference), "Config": config(ONE)}})
    assert [row.hardware for row in found] == ["ml.g5.xlarge"]


@pytest.mark.parametrize(
    "reference", ["a-config-made-elsewhere", {"Fn::GetAtt": []}, {"Ref": 5}, {"Ref": []}, {"Ref": "Nothing"}]
)
def test_an_endpoint_whose_config_is_elsewhere_is_still_an_endpoint(reference: object) -> None:
    (found,) = endpoints_of("fleet", {"Resources": {"Chat": endpoint(config=reference), "Config": config(ONE)}})
    assert (found.hardware, found.min_instances, found.max_instances) == ("not said", None, None)


def test_each_variant_has_a_row_in_the_templates_order() -> None:
    assert [(row.name, row.hardware, row.min_instances) for row in rows(variants=(OTHER, ONE))] == [
        ("chat", "ml.g6.xlarge", 3),
        ("chat", "ml.g5.xlarge", 2),
    ]


def test_a_serverless_variant_has_no_hardware_and_no_count() -> None:
    (row,) = rows(variants=({"VariantName": "AllTraffic", "ServerlessConfig": {}},))
    assert (row.hardware, row.min_instances, row.max_instances) == ("not said", None, None)


def test_a_serverless_variant_says_its_memory_and_its_requests_at_once_not_those_provisioned() -> None:
    serverless = {"MemorySizeInMB": 3072, "MaxConcurrency": 10}
    variant = {"VariantName": "AllTraffic", "ServerlessConfig": serverless}
    (row,) = rows(variants=(variant,), T=target("endpoint/chat/variant/AllTraffic"))
    assert (row.hardware, row.min_instances, row.max_instances) == ("serverless, 3072 MB", 0, 10)


@pytest.mark.parametrize(("status", "expected"), [("ENABLED", (0, 4)), ("DISABLED", (2, 2)), (None, (2, 2))])
def test_instances_managed_by_the_endpoint_give_the_bounds_when_enabled(
    status: str | None, expected: tuple[int, int]
) -> None:
    managed = {"Status": status, "MinInstanceCount": 0, "MaxInstanceCount": 4}
    assert bounds(rows(variants=(ONE | {"ManagedInstanceScaling": managed},))) == [expected]


@pytest.mark.parametrize("count", [{"Ref": "Count"}, "2", 2.5, True, None])
def test_a_count_that_is_no_number_is_not_known(count: object) -> None:
    assert bounds(rows(variants=(ONE | {"InitialInstanceCount": count},))) == [(None, None)]


def test_a_scalable_target_gives_the_bounds() -> None:
    assert bounds(rows(T=target("endpoint/chat/variant/AllTraffic"))) == [(1, 4)]


@pytest.mark.parametrize("reference", REFERENCES)
@pytest.mark.parametrize("name", ["chat", None])
def test_a_scalable_target_may_refer_to_the_endpoint(reference: object, name: str | None) -> None:
    joined = {"Fn::Join": ["", ["endpoint/", reference, "/variant/AllTraffic"]]}
    assert bounds(rows(name, T=target(joined))) == [(1, 4)]


@pytest.mark.parametrize("variant", ["AllTraffic", {"Ref": "VariantName"}])
def test_a_scalable_target_may_be_joined_with_slashes(variant: object) -> None:
    joined = {"Fn::Join": ["/", ["endpoint", NAME_OF_CHAT, "variant", variant]]}
    assert bounds(rows(T=target(joined))) == [(1, 4)]


def test_a_scalable_target_belongs_to_one_variant() -> None:
    joined = {"Fn::Join": ["", ["endpoint/", NAME_OF_CHAT, "/variant/Other"]]}
    assert bounds(rows(variants=(ONE, OTHER), T=target(joined))) == [(2, 2), (1, 4)]


@pytest.mark.parametrize(
    "resource_id",
    [
        "endpoint/chat/variant/Other",
        "endpoint/other/variant/AllTraffic",
        "table/chat",
        {"Fn::Join": ["", ["endpoint/", {"Ref": "Other"}, "/variant/AllTraffic"]]},
        {"Fn::Join": ["", []]},
        {"Fn::Join": "text"},
        {"Fn::Sub": "endpoint/chat/variant/AllTraffic"},
        None,
    ],
)
def test_another_target_gives_no_bounds(resource_id: object) -> None:
    assert bounds(rows(T=target(resource_id))) == [(2, 2)]


def test_bounds_that_are_no_numbers_are_not_known() -> None:
    assert bounds(rows(T=target("endpoint/chat/variant/AllTraffic", {"Ref": "Low"}, 4))) == [(None, 4)]


@pytest.mark.parametrize("value", ["chat", *REFERENCES])
def test_an_alarm_on_a_metric_of_the_endpoint_counts(value: object) -> None:
    dimensions = [{"Name": "VariantName", "Value": "AllTraffic"}, {"Name": "EndpointName", "Value": value}]
    assert [row.alarms for row in rows(A=alarm(Dimensions=dimensions))] == [1]


def test_an_alarm_on_metric_math_counts_once() -> None:
    query = {"MetricStat": {"Metric": {"Dimensions": [DIMENSION]}}}
    math = alarm(Metrics=[{"Expression": "errors / all"}, query, query])
    assert [row.alarms for row in rows(A=math, B=alarm(Dimensions=[DIMENSION]))] == [2]


@pytest.mark.parametrize(
    "dimensions",
    [
        [],
        [{"Name": "EndpointName", "Value": "other"}],
        [{"Name": "EndpointName", "Value": {"Ref": "Other"}}],
        [{"Name": "QueueName", "Value": "chat"}],
        "EndpointName",
        [5],
    ],
)
def test_an_alarm_on_something_else_does_not_count(dimensions: object) -> None:
    assert [row.alarms for row in rows(A=alarm(Dimensions=dimensions))] == [0]


@pytest.mark.parametrize(
    "resources",
    [
        5,
        [],
        {"Chat": 5},
    ],
)
def test_another_shape_is_passed_over(resources: object) -> None:
    assert endpoints_of("fleet", {"Resources": resources}) == []


@pytest.mark.parametrize(
    "resources",
    [
        {"Chat": {"Type": "AWS::SageMaker::Endpoint", "Properties": []}},
        {"Chat": endpoint(), "Config": {"Properties": 5}},
        {"Chat": endpoint(), "Config": {"Properties": {"ProductionVariants": {"VariantName": "AllTraffic"}}}},
    ],
)
def test_an_endpoint_of_another_shape_says_nothing(resources: object) -> None:
    assert [row.hardware for row in endpoints_of("fleet", {"Resources": resources})] == ["not said"]


def test_resources_of_other_types_are_passed_over() -> None:
    others = {
        "Other": endpoint("other") | {"Type": "Custom::Endpoint"},
        "Target": target("endpoint/chat/variant/AllTraffic") | {"Type": "Custom::Target"},
        "Alarm": alarm(Dimensions=[DIMENSION]) | {"Type": "AWS::CloudWatch::AnomalyDetector"},
    }
    assert rows(**others) == rows()
