"""CloudFormation's functions: what a template tells before it is deployed, and what it does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cdk_inference.template import Deployment, Stack, Unknown, load_deployment
from cdk_inference.template.values import references_in, shown
from tests.each import each

TEMPLATE: dict[str, Any] = {
    "Parameters": {
        "Type": {"Type": "String", "Default": "ml.g5.xlarge"},
        "Count": {"Type": "Number", "Default": "2"},
        "List": {"Type": "CommaDelimitedList", "Default": "a, b,c"},
        "None": {"Type": "String"},
        "Ssm": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/model/type"},
        "Stage": {"Type": "String", "Default": "prod"},
    },
    "Mappings": {"Sizes": {"prod": {"type": "ml.g5.2xlarge", "count": 3}, "us-east-1": {"zone": "use1"}}},
    "Conditions": {
        "IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
        "IsDev": {"Fn::Not": [{"Condition": "IsProd"}]},
        "Open": {"Fn::Equals": [{"Ref": "None"}, "x"]},
        "Loop": {"Fn::And": [{"Condition": "Loop"}, {"Condition": "Loop"}]},
        "Both": {"Fn::And": [{"Condition": "IsProd"}, {"Condition": "IsDev"}]},
        "Either": {"Fn::Or": [{"Condition": "Open"}, {"Condition": "IsProd"}]},
        "OpenAndFalse": {"Fn::And": [{"Condition": "Open"}, {"Condition": "IsDev"}]},
    },
    "Resources": {
        "Chat": {"Type": "AWS::SageMaker::Endpoint", "Properties": {"EndpointName": {"Fn::Sub": "${Stage}-chat"}}},
        "Bare": {"Type": "AWS::SageMaker::Endpoint", "Properties": {}},
        "Queue": {"Type": "AWS::SQS::Queue"},
    },
    "Outputs": {"Name": {"Value": {"Fn::GetAtt": ["Chat", "EndpointName"]}, "Export": {"Name": "chat-name"}}},
}


def stack(template: dict[str, Any] = TEMPLATE, region: str | None = "us-east-1") -> Stack:
    deployment = Deployment()
    made = Stack(key="0", name="fleet", region=region, template=template, deployment=deployment)
    deployment.stacks.append(made)
    return made


@each(
    ("written", "value"),
    [
        ("text", "text"),
        (5, 5),
        ({"Ref": "Type"}, "ml.g5.xlarge"),
        ({"Ref": "Count"}, 2),
        ({"Ref": "List"}, ["a", "b", "c"]),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Ref": "AWS::Partition"}, "aws"),
        ({"Ref": "AWS::StackName"}, "fleet"),
        ({"Fn::Sub": "${Type} in ${AWS::Region}, ${!Kept}"}, "ml.g5.xlarge in us-east-1, ${Kept}"),
        ({"Fn::Sub": ["${A}-${Stage}", {"A": {"Ref": "Count"}}]}, "2-prod"),
        ({"Fn::Sub": "${Chat.EndpointName}"}, "prod-chat"),
        ({"Fn::GetAtt": "Chat.EndpointName"}, "prod-chat"),
        ({"Fn::Select": [1, {"Fn::Split": ["endpoint/", {"Ref": "Chat"}]}]}, "prod-chat"),
        ({"Fn::Join": ["/", ["endpoint", {"Fn::GetAtt": ["Chat", "EndpointName"]}]]}, "endpoint/prod-chat"),
        ({"Fn::Select": ["1", {"Ref": "List"}]}, "b"),
        ({"Fn::Split": [",", "a,b"]}, ["a", "b"]),
        ({"Fn::If": ["IsProd", 4, 1]}, 4),
        ({"Fn::If": ["IsDev", 4, 1]}, 1),
        ({"Fn::If": ["Both", 4, 1]}, 1),
        ({"Fn::If": ["Either", 4, 1]}, 4),
        ({"Fn::If": ["OpenAndFalse", 4, 1]}, 1),
        ({"a": {"Fn::If": ["IsDev", 4, {"Ref": "AWS::NoValue"}]}, "b": 1}, {"b": 1}),
        ([{"Ref": "AWS::NoValue"}, 1], [1]),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "type"]}, "ml.g5.2xlarge"),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "zone"]}, "use1"),
        ({"Fn::FindInMap": ["Sizes", "dev", "type", {"DefaultValue": {"Ref": "Type"}}]}, "ml.g5.xlarge"),
        ({"Fn::ImportValue": "chat-name"}, "prod-chat"),
        ({"Fn::GetStackOutput": {"StackName": "fleet", "Region": "us-east-1", "OutputName": "Name"}}, "prod-chat"),
        ({"Fn::Length": {"Ref": "List"}}, 3),
        ({"Fn::ToJsonString": {"a": 1}}, '{"a": 1}'),
    ],
)
def test_what_a_template_tells(written: Any, value: Any) -> None:
    assert stack().resolve(written) == value


@each(
    ("written", "reason"),
    [
        ({"Ref": "None"}, "the parameter None has no default"),
        ({"Ref": "Ssm"}, "the parameter Ssm is read from SSM at deployment"),
        ({"Ref": "Nothing"}, "the template has no Nothing"),
        ({"Ref": 5}, "a Ref names nothing"),
        ({"Fn::Sub": "a ${None}"}, "the parameter None has no default"),
        ({"Fn::Sub": 5}, "a Fn::Sub has no text"),
        ({"Fn::Join": ["", ["a", {"Ref": "None"}]]}, "the parameter None has no default"),
        ({"Fn::Join": "a"}, "a function has arguments of another form"),
        ({"Fn::Select": [7, {"Ref": "List"}]}, "a Fn::Select chooses nothing"),
        ({"Fn::If": ["Open", 4, 1]}, "the parameter None has no default"),
        ({"Fn::If": ["Missing", 4, 1]}, "there is no condition Missing"),
        ({"Fn::If": ["Loop", 4, 1]}, "the condition Loop refers to itself"),
        ({"Fn::FindInMap": ["Sizes", "dev", "type"]}, "Mappings have no Sizes.dev.type"),
        ({"Fn::ImportValue": "other"}, "the export other is not among what was read"),
        (
            {"Fn::GetStackOutput": {"StackName": "models", "OutputName": "Name"}},
            "the stack models is not among what was read",
        ),
        ({"Fn::GetStackOutput": {"StackName": "fleet", "OutputName": "Other"}}, "fleet has no output Other"),
        ({"Fn::Transform": {}}, "Fn::Transform is not evaluated"),
        ("{{resolve:ssm:/count}}", "{{resolve:ssm:/count}} is known at deployment only"),
    ],
)
def test_what_it_does_not_tell_has_a_reason(written: Any, reason: str) -> None:
    assert stack().resolve(written) == Unknown(reason)


def test_a_resource_that_only_the_deployment_names_is_a_reference() -> None:
    found = stack().resolve({"Fn::Sub": "endpoint/${Bare.EndpointName}/x"})
    assert references_in(found) == [("0", "Bare", "EndpointName")]
    assert shown(found) == "endpoint/${Bare.EndpointName}/x"


def test_without_a_region_what_depends_on_it_is_not_known() -> None:
    found = stack(region=None).resolve({"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "zone"]})
    assert found == Unknown("the region is not known; pass --region")


@each(("region", "partition"), [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("eu-west-1", "aws")])
def test_the_partition_is_that_of_the_region(region: str, partition: str) -> None:
    assert stack(region=region).resolve({"Ref": "AWS::Partition"}) == partition


def test_a_resource_whose_condition_fails_is_not_there() -> None:
    resources = {"A": {"Type": "T", "Condition": "IsDev"}, "B": {"Type": "T", "Condition": "Open"}, "C": {"Type": "T"}}
    found = {one.logical_id: one.exists for one in stack({**TEMPLATE, "Resources": resources}).resources("T")}
    assert found == {"B": Unknown("the parameter None has no default"), "C": True}


def nested(folder: Path, **properties: Any) -> Stack:
    inner = {
        "Parameters": {"Size": {"Type": "String", "Default": "small"}},
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {"Size": {"Value": {"Ref": "Size"}}},
    }
    (folder / "inner.json").write_text(json.dumps(inner))
    outer = {"Resources": {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": properties}}}
    (folder / "outer.json").write_text(json.dumps(outer))
    return load_deployment([folder / "outer.json"], "us-east-1").stacks[0]


def test_a_nested_stack_gets_its_parameters_and_gives_its_outputs(tmp_path: Path) -> None:
    outer = nested(tmp_path, TemplateURL="inner.json", Parameters={"Size": {"Fn::Sub": "${AWS::Region}-large"}})
    assert [one.name for one in outer.deployment.stacks] == ["outer", "outer/Inner"]
    assert outer.resolve({"Fn::GetAtt": ["Inner", "Outputs.Size"]}) == "us-east-1-large"


def test_a_nested_stack_gets_exports_of_stacks_that_are_read_later(tmp_path: Path) -> None:
    nested(tmp_path, TemplateURL="inner.json", Parameters={"Size": {"Fn::ImportValue": "size"}})
    later = {"Outputs": {"Size": {"Value": "large", "Export": {"Name": "size"}}}, "Resources": {}}
    (tmp_path / "z.json").write_text(json.dumps(later))
    outer = load_deployment([tmp_path / "outer.json", tmp_path / "z.json"], "us-east-1").stacks[0]
    assert [one.name for one in outer.deployment.stacks] == ["outer", "outer/Inner", "z"]
    assert outer.resolve({"Fn::GetAtt": ["Inner", "Outputs.Size"]}) == "large"


@each(
    ("url", "reason"),
    [
        ("https://example.com/inner.json", "its template https://example.com/inner.json is not among the files"),
        ("missing.json", "its template missing.json is not among the files"),
    ],
)
def test_a_nested_stack_that_is_not_here_is_told(url: str, reason: str, tmp_path: Path) -> None:
    assert nested(tmp_path, TemplateURL=url).nested == {"Inner": Unknown(reason)}


def test_a_template_nested_in_itself_ends(tmp_path: Path) -> None:
    loop = {"Resources": {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "loop.json"}}}}
    (tmp_path / "loop.json").write_text(json.dumps(loop))
    (stack,) = load_deployment([tmp_path / "loop.json"], None).stacks
    assert stack.nested == {"Inner": Unknown("its template loop.json nests itself")}


def test_a_template_that_grows_without_end_is_given_up() -> None:
    """Ten aliases of ten aliases, as YAML can write in a few lines."""
    value: Any = ["ml.g5.xlarge"] * 10
    for _ in range(9):
        value = [value] * 10
    assert Unknown("the template is nested too deep") in str_leaves(stack().resolve(value))


def str_leaves(value: Any) -> list[Any]:
    while isinstance(value, list):
        value = value[-1]
    return [value]
