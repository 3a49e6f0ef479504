"""A value that a template leaves open is not checked, with the reason; its known parts are."""

from __future__ import annotations

from typing import Any

from cdk_inference.requirements import judge
from cdk_inference.template.deployments import deployment_of
from tests.each import each

PARAMETERS = {name: {"Type": "String"} for name in ("Bucket", "Key", "Size", "Image", "Kind")}
WITHOUT = "the parameter {} has no default"


def judged(type: str, properties: dict[str, Any], rule: str, region: str = "us-east-1") -> list[str]:
    """The rule's result for one resource: "violated", or why it is not checked; [] where it is met."""
    template = {
        "Parameters": PARAMETERS,
        "Conditions": {"Small": {"Fn::Equals": [{"Ref": "Size"}, "1"]}},
        "Resources": {"It": {"Type": type, "Properties": properties}},
    }
    found = judge(deployment_of({"stack": template}, region))
    violated = ["violated" for one in found.violations if one.requirement.id == rule]
    return violated + [one.why for one in found.not_checked if one.rule == rule]


@each(
    ("url", "expected"),
    [
        ({"Fn::Sub": "s3://${Bucket}/model.tar.gz"}, []),
        ({"Fn::Sub": "s3://${Bucket}/model/"}, ["violated"]),
        ({"Fn::Sub": "s3://models/${Key}"}, [f"ModelDataUrl: {WITHOUT.format('Key')}"]),
        ({"Ref": "Key"}, [f"ModelDataUrl: {WITHOUT.format('Key')}"]),
    ],
)
def test_a_text_with_a_part_that_is_not_known(url: object, expected: list[str]) -> None:
    container = {"Image": "a/b:1", "ModelDataUrl": url}
    assert judged("AWS::SageMaker::Model", {"PrimaryContainer": container}, "model-archive") == expected


@each(
    ("limit", "expected"),
    [
        ({"Ref": "Size"}, []),
        ({"Fn::If": ["Small", {"Ref": "Size"}, {"Ref": "AWS::NoValue"}]}, [f"BudgetLimit: {WITHOUT.format('Size')}"]),
    ],
)
def test_an_unknown_value_is_there_unless_it_may_be_no_value(limit: object, expected: list[str]) -> None:
    budget = {"BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": limit}
    assert judged("AWS::Budgets::Budget", {"Budget": budget}, "budget-limit") == expected


def test_an_unknown_condition_of_a_rule() -> None:
    budget = {"BudgetType": {"Ref": "Kind"}, "TimeUnit": "MONTHLY"}
    expected = [f"BudgetType: {WITHOUT.format('Kind')}"]
    assert judged("AWS::Budgets::Budget", {"Budget": budget}, "budget-limit") == expected


def test_an_unknown_object_on_the_way() -> None:
    variants = [{"Ref": "Kind"}, {"VariantName": "v", "ModelName": "m"}]
    found = judged("AWS::SageMaker::EndpointConfig", {"ProductionVariants": variants}, "variant-hardware")
    assert found == ["violated", WITHOUT.format("Kind")]


@each("tag", ["Image", "Kind"])
def test_an_image_with_an_unknown_tag(tag: str) -> None:
    template = {
        "Parameters": PARAMETERS,
        "Resources": {
            "Model": {
                "Type": "AWS::SageMaker::Model",
                "Properties": {"PrimaryContainer": {"Image": {"Fn::Sub": f"example.com/server:${{{tag}}}"}}},
            },
            "Config": {
                "Type": "AWS::SageMaker::EndpointConfig",
                "Properties": {
                    "ProductionVariants": [
                        {"VariantName": "v", "ModelName": {"Ref": "Model"}, "InstanceType": "ml.g5.xlarge"}
                    ]
                },
            },
        },
    }
    found = judge(deployment_of({"stack": template}, "us-east-1"))
    (left,) = (one for one in found.not_checked if one.rule == "host-image-unset")
    assert left.why.startswith("Image: server:")
    assert left.why.endswith(" is known at deployment only")


def test_names_of_resources_that_may_not_exist_together() -> None:
    alarm = {"AlarmName": "a", "AlarmRule": "ALARM(b)"}
    resources = {
        "One": {"Type": "AWS::CloudWatch::CompositeAlarm", "Condition": "Small", "Properties": alarm},
        "Two": {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": alarm},
    }
    template = {
        "Parameters": PARAMETERS,
        "Conditions": {"Small": {"Fn::Equals": [{"Ref": "Size"}, "1"]}},
        "Resources": resources,
    }
    found = judge(deployment_of({"stack": template}, "us-east-1"))
    assert found.violations == ()
    assert [one.why for one in found.not_checked] == [f"whether One is made is not known: {WITHOUT.format('Size')}"] * 2


@each(
    ("changes", "region", "rule", "expected"),
    [
        ({}, "us-esat-1", "region-lists-type", ["the tables have no region us-esat-1"]),
        ({}, "xx-north-9", "region-lists-type", ["the tables have no region xx-north-9"]),
        ({}, "us-east-1", "region-lists-type", []),
        (
            {"InferenceAmiVersion": "al2099-ami"},
            "us-east-1",
            "host-image-accelerator",
            ["InferenceAmiVersion: the tables have no host image al2099-ami"],
        ),
        (
            {"InferenceAmiVersion": "al2099-ami"},
            "us-east-1",
            "host-image-cuda",
            ["InferenceAmiVersion: the tables have no host image al2099-ami"],
        ),
    ],
)
def test_what_the_tables_do_not_have(changes: dict[str, Any], region: str, rule: str, expected: list[str]) -> None:
    variant = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.g5.xlarge", **changes}
    found = judged("AWS::SageMaker::EndpointConfig", {"ProductionVariants": [variant]}, rule, region)
    assert found == expected


NESTED = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://s3.amazonaws.com/b/inner.yaml"}}
TOPIC = {"Type": "AWS::SNS::Topic"}


@each(
    ("template", "place", "why"),
    [
        ({"Resources": {"Inner": NESTED}}, "Inner", "a nested stack: its template is not among the files"),
        (
            {"Transform": "MyMacro", "Resources": {"Topic": TOPIC}},
            "MyMacro",
            "a macro: it may add resources when the stack is deployed",
        ),
        (
            {
                "Transform": "AWS::LanguageExtensions",
                "Parameters": {"Names": {"Type": "CommaDelimitedList"}},
                "Resources": {"Fn::ForEach::Loop": ["N", {"Ref": "Names"}, {"Topic${N}": TOPIC}]},
            },
            "Fn::ForEach::Loop",
            "resources made in a loop: the list of the loop is not known",
        ),
        (
            {"Resources": {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/x"}}}},
            "AWS::Include",
            "a macro: it may add resources when the stack is deployed",
        ),
    ],
)
def test_a_part_that_cannot_be_opened_is_not_checked(template: dict[str, Any], place: str, why: str) -> None:
    (left,) = judge(deployment_of({"stack": template}, "us-east-1")).not_checked
    assert (left.rule, left.logical_id) == ("every-rule", place)
    assert left.why.startswith(why)
