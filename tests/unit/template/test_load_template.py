"""A template from a file: JSON, YAML with short forms, and files that are neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdk_inference.template import TemplateError, load_deployment, load_template
from tests.each import each

YAML = """
AWSTemplateFormatVersion: 2010-09-09
Mappings:
  ByAccount:
    123456789012: {type: ml.g5.xlarge}
Resources:
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Condition: IsProd
    Properties:
      Ref: !Ref Type
      Sub: !Sub "${AWS::StackName}-x"
      SubWith: !Sub ["${A}", {A: !Ref B}]
      Att: !GetAtt Chat.EndpointName
      Nested: !GetAtt Inner.Outputs.Name
      AttList: !GetAtt [Chat, EndpointName]
      If: !If [IsProd, !FindInMap [Sizes, !Ref Stage, type], !Ref AWS::NoValue]
      Join: !Join ["", [a, !Select [0, !Split [",", "a,b"]]]]
      And: !And [!Condition A, !Not [!Equals [!Ref B, x]]]
"""


def test_short_forms_become_long_ones(tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(YAML)
    template = load_template(file)
    assert template["AWSTemplateFormatVersion"] == "2010-09-09"
    assert template["Mappings"] == {"ByAccount": {"123456789012": {"type": "ml.g5.xlarge"}}}
    assert template["Resources"]["Config"] == {
        "Type": "AWS::SageMaker::EndpointConfig",
        "Condition": "IsProd",
        "Properties": {
            "Ref": {"Ref": "Type"},
            "Sub": {"Fn::Sub": "${AWS::StackName}-x"},
            "SubWith": {"Fn::Sub": ["${A}", {"A": {"Ref": "B"}}]},
            "Att": {"Fn::GetAtt": ["Chat", "EndpointName"]},
            "Nested": {"Fn::GetAtt": ["Inner", "Outputs.Name"]},
            "AttList": {"Fn::GetAtt": ["Chat", "EndpointName"]},
            "If": {
                "Fn::If": [
                    "IsProd",
                    {"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "type"]},
                    {"Ref": "AWS::NoValue"},
                ]
            },
            "Join": {"Fn::Join": ["", ["a", {"Fn::Select": [0, {"Fn::Split": [",", "a,b"]}]}]]},
            "And": {"Fn::And": [{"Condition": "A"}, {"Fn::Not": [{"Fn::Equals": [{"Ref": "B"}, "x"]}]}]},
        },
    }


def test_a_key_that_yaml_takes_for_a_truth_value_is_as_cloudformation_compares_it(tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(
        "Parameters: {Gpu: {Type: String, Default: 'true'}, Big: {Type: String, Default: no}}\n"
        "Mappings: {Types: {true: {no: ml.g5.xlarge, yes: ml.g5.2xlarge}, false: {no: ml.m5.large, yes: ml.m5.xlarge}}}\n"
        "Resources: {}\n"
    )
    (stack,) = load_deployment([file], None).stacks
    assert stack.resolve({"Fn::FindInMap": ["Types", {"Ref": "Gpu"}, {"Ref": "Big"}]}) == "ml.g5.xlarge"
    assert stack.resolve({"Fn::FindInMap": ["Types", False, "true"]}) == "ml.m5.xlarge"


def test_json_is_read_with_any_name(tmp_path: Path) -> None:
    file = tmp_path / "template"
    file.write_text('\ufeff {"Resources": {}}', encoding="utf-8")
    assert load_template(file) == {"Resources": {}}


@each(
    ("content", "message"),
    [
        (
            b'{"Resources": {',
            "is neither JSON nor YAML: Expecting property name enclosed in double quotes: line 1 column 16 (char 15); name a template",
        ),
        (
            b"Resources: [",
            "is neither JSON nor YAML: line 2, column 1: while parsing a flow node, did not find expected node content; name a template",
        ),
        (b"", "is not a template: it holds nothing; name another file"),
        (b"[]", "is not a template: it holds a list; name another file"),
        (b"just text", "is not a template: it holds text; name another file"),
        (b"\xff", "cannot be read: byte 1 is 0xff, which no text in UTF-8 has there"),
        (b"{}", 'is not a CloudFormation template: "Resources" should be an object; name another file'),
        (b"Resources:\n", 'is not a CloudFormation template: "Resources" should be an object; name another file'),
    ],
)
def test_a_file_that_is_no_template_says_so(content: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_bytes(content)
    with pytest.raises(TemplateError) as caught:
        load_template(file)
    assert str(caught.value) == f"{file} {message}"


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(TemplateError) as caught:
        load_template(tmp_path / "a.yaml")
    assert str(caught.value) == f"{tmp_path}/a.yaml is missing; name a file or a folder that exists"


@each("content", ["[" * 100_000, "{" * 100_000, "- " * 100_000])
def test_a_file_that_is_nested_too_deep(content: str, tmp_path: Path) -> None:
    """libyaml would overrun the stack and end the process."""
    file = tmp_path / "template.yaml"
    file.write_text(content)
    with pytest.raises(TemplateError, match="is neither JSON nor YAML: "):
        load_template(file)


def test_a_tag_makes_no_object(tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text("a: !Python/object:os.system x\nb: !!python/object:os.system x\nResources: {}\n")
    with pytest.raises(TemplateError, match="could not determine a constructor for the tag"):
        load_template(file)
