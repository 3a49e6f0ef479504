"""Values of parameters: every form of file that AWS's tools take, and what none of them takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.template import Unknown, deployment_of, load_deployment
from cdk_inference.template.parameters import check_parameters, read_parameters
from tests.each import each

TOML = """
version = 0.1
[default.deploy.parameters]
stack_name = "chat"
parameter_overrides = 'Stage=prod Type="ml.g5.xlarge" Words="a b" ParameterKey=Count,ParameterValue=2'
[test.deploy.parameters]
parameter_overrides = ["Stage=test", "Count=1"]
[global.global.parameters]
parameter_overrides = "Stage=global"
"""
YAML = "default: {deploy: {parameters: {parameter_overrides: {Stage: prod, Count: 2, Open: true, Ids: [a, b]}}}}"


@each(
    ("arguments", "file", "content", "values"),
    [
        (["Stage=prod"], "", "", {"Stage": "prod"}),
        (
            ["Stage=prod", "Url=https://a.b/?c=d", "Empty="],
            "",
            "",
            {"Stage": "prod", "Url": "https://a.b/?c=d", "Empty": ""},
        ),
        (["ParameterKey=Stage,ParameterValue=a,b"], "", "", {"Stage": "a,b"}),
        (["ParameterKey=Ids,ParameterValue=a\\,b"], "", "", {"Ids": "a,b"}),
        (['ParameterKey=Ids,ParameterValue="a,b"'], "", "", {"Ids": "a,b"}),
        (["Ids=a\\,b", 'Quoted="a"'], "", "", {"Ids": "a\\,b", "Quoted": '"a"'}),
        (["Stage=dev", "Stage=prod"], "", "", {"Stage": "prod"}),
        (["{}"], "p.json", [{"ParameterKey": "Stage", "ParameterValue": "prod"}], {"Stage": "prod"}),
        (["{}"], "p.json", [{"ParameterKey": "Stage", "UsePreviousValue": True}], {}),
        (["{}"], "p.json", [{"ParameterKey": "N", "ParameterValue": 2, "ResolvedValue": "2"}], {"N": "2"}),
        (["{}"], "p.json", ["Stage=prod", "Words=a\\ b"], {"Stage": "prod", "Words": "a b"}),
        (
            ["{}"],
            "p.json",
            {"Parameters": {"Stage": "prod", "N": 2, "F": 1.5, "Open": True}},
            {"Stage": "prod", "N": "2", "F": "1.5", "Open": "true"},
        ),
        (["{}"], "p.json", {"Parameters": {"Ids": ["a", "b"]}, "Tags": {"a": "b"}, "StackPolicy": {}}, {"Ids": "a,b"}),
        (["{}"], "p.yaml", "Parameters: {Stage: prod}", {"Stage": "prod"}),
        (["{}"], "p.yaml", "- ParameterKey: Stage\n  ParameterValue: prod\n", {"Stage": "prod"}),
        (["{}", "Stage=dev"], "p.json", {"Parameters": {"Stage": "prod", "N": "1"}}, {"Stage": "dev", "N": "1"}),
        (["Stage=dev", "{}"], "p.json", {"Parameters": {"Stage": "prod"}}, {"Stage": "prod"}),
        (["{}"], "samconfig.toml", TOML, {"Stage": "prod", "Type": "ml.g5.xlarge", "Words": "a b", "Count": "2"}),
        (["{}:test"], "samconfig.toml", TOML, {"Stage": "test", "Count": "1"}),
        (["{}:global"], "samconfig.toml", TOML, {"Stage": "global"}),
        (["{}"], "samconfig.toml", "[only.deploy.parameters]\nparameter_overrides = 'A=b'", {"A": "b"}),
        (["{}"], "samconfig.yaml", YAML, {"Stage": "prod", "Count": "2", "Open": "true", "Ids": "a,b"}),
    ],
)
def test_values_are_read(arguments: list[str], file: str, content: Any, values: dict[str, str], tmp_path: Path) -> None:
    if file:
        (tmp_path / file).write_text(content if isinstance(content, str) else json.dumps(content))
    assert read_parameters([one.replace("{}", str(tmp_path / file)) for one in arguments]) == values


FORMS = '[{"ParameterKey": ..., "ParameterValue": ...}], ["KEY=VALUE"], {"Parameters": {...}} or a samconfig file'


@each(
    ("content", "got", "allowed"),
    [
        ({"Stage": "prod"}, "'Stage'", FORMS),
        ({"Parameters": {}, "Other": 1}, "'Other, Parameters'", FORMS),
        ({"Parameters": []}, "'Parameters'", FORMS),
        ("text", "'str'", FORMS),
        ("{", "is neither JSON nor YAML", FORMS),
        ([{"Key": "Stage", "Value": "prod"}], "{'Key': 'Stage', 'Value': 'prod'}", '"KEY=VALUE" in the list'),
        ([{"ParameterKey": "Stage", "Value": "prod"}], "'Value': 'prod'", '"KEY=VALUE" in the list'),
        ([{"ParameterKey": "Stage"}], "{'ParameterKey': 'Stage'}", "an entry with ParameterValue"),
        ([5], "5", '"KEY=VALUE" in the list'),
        (["Stage"], "'Stage'", "KEY=VALUE pairs"),
        (["Stage='a"], '"Stage=\'a"', "No closing quotation"),
        ({"Parameters": {"Stage": {"a": 1}}}, "{'a': 1}", "a text, a number or a list of them for Stage"),
        ({"Parameters": {"St age": "a"}}, "'St age'", "names of letters and digits"),
        ('{"Parameters": {"A": "b",\n"A": "c"}}', "line 2: the key 'A' occurs twice", FORMS),
        ([{"ParameterKey": "A", "ParameterValue": "b"}, "A=c"], "'A'", "each parameter once"),
    ],
)
def test_another_form_is_refused(content: Any, got: str, allowed: str, tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(ConfigurationError) as caught:
        read_parameters([str(file)])
    assert str(caught.value).startswith(f"--parameters {file}: file: got ")
    assert got in str(caught.value)
    assert allowed in str(caught.value)


@each(
    ("content", "suffix", "message"),
    [
        (
            "[a.deploy.parameters]\nparameter_overrides='A=b'\n[b.deploy.parameters]\nparameter_overrides='A=c'",
            "",
            "got 'default'; allowed: {0}:a, {0}:b; fix: name one of them",
        ),
        (TOML, ":prod", "got 'prod'; allowed: {0}:default, {0}:test, {0}:global; fix: name one of them"),
        (
            "[default.deploy.parameters]\nregion='x'",
            "",
            "got 'default'; allowed: an environment with parameter_overrides",
        ),
        ("[default.deploy.parameters]\nparameter_overrides=5", "", "got 5; allowed: parameter_overrides ="),
        ("[", "", "allowed: TOML"),
    ],
)
def test_a_samconfig_file_without_the_environment(content: str, suffix: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "samconfig.toml"
    file.write_text(content)
    with pytest.raises(ConfigurationError) as caught:
        read_parameters([f"{file}{suffix}"])
    assert message.format(file) in str(caught.value)


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_parameters([f"{tmp_path}/p.json"])
    assert str(caught.value) == (
        f"--parameters {tmp_path}/p.json: file: got 'no such file'; allowed: KEY=VALUE or a file with {FORMS}; "
        "fix: correct the name"
    )


@each(("argument", "got"), [("", "nothing"), (" ", "nothing"), (".", "a folder"), ("..", "a folder")])
def test_no_file_at_all(argument: str, got: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_parameters([argument])
    assert str(caught.value) == (
        f"--parameters {argument}: file: got '{got}'; allowed: KEY=VALUE or a file with {FORMS}; "
        "fix: name a file, or leave the option out"
    )


TEMPLATE = {
    "Parameters": {
        "Stage": {"Type": "String", "AllowedValues": ["dev", "prod"]},
        "Count": {"Type": "Number", "Default": 1},
        "Secret": {"Type": "Number", "NoEcho": True},
        "Ids": {"Type": "CommaDelimitedList"},
    },
    "Resources": {},
}


def test_every_wrong_value_is_told() -> None:
    deployment = deployment_of({"S": TEMPLATE}, None)
    check_parameters({"Stage": "prod", "Count": "2", "Ids": "a,b", "Secret": "x"}, deployment)
    with pytest.raises(ConfigurationError) as caught:
        check_parameters({"Stage": "live", "Count": "two", "Stge": "dev", "Other": "x"}, deployment)
    assert str(caught.value) == (
        "--parameters has 4 problems:"
        "\n  1. Stage: got 'live'; allowed: dev, prod; fix: give one of them"
        "\n  2. Count: got 'two'; allowed: a number; fix: correct the value"
        "\n  3. Stge: got 'dev'; allowed: Count, Ids, Secret, Stage; fix: write Stage"
        "\n  4. Other: got 'x'; allowed: Count, Ids, Secret, Stage; fix: name a parameter that one of the templates declares"
    )


@each(
    ("declared", "value", "refused"),
    [
        ({"Type": "String", "AllowedValues": [True, False]}, "true", ""),  # as YAML reads them
        ({"Type": "String", "AllowedValues": [True, False]}, "True", "got 'True'; allowed: true, false"),
        ({"Type": "Number", "AllowedValues": [1, 2]}, "2", ""),
        ({"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"]}, "b, a", ""),
        ({"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"]}, "a,c", "got 'c'; allowed: a, b"),
        ({"Type": "CommaDelimitedList", "AllowedValues": ["a,b", "c"]}, "a,b", ""),
        ({"Type": "List<Number>"}, "1,2.5,-3e2", ""),
        ({"Type": "List<Number>"}, "1,x", "got 'x'; allowed: a number"),
        ({"Type": "Number", "MinValue": 1, "MaxValue": "4"}, "4", ""),
        ({"Type": "Number", "MinValue": 1, "MaxValue": "4"}, "40", "got '40'; allowed: at most 4"),
        ({"Type": "Number", "MinValue": 1}, "0", "got '0'; allowed: 1 or more"),
        ({"Type": "Number", "MaxValue": 4}, " 4 ", ""),
        ({"Type": "Number"}, "nan", "got 'nan'; allowed: a number"),
        ({"Type": "Number"}, "1_0", "got '1_0'; allowed: a number"),
        ({"Type": "String", "MinLength": 3}, "ab", "got 'ab'; allowed: 3 characters or more"),
        ({"Type": "String", "MaxLength": 3}, "abcd", "got 'abcd'; allowed: at most 3 characters"),
        ({"Type": "String", "MinValue": 5}, "1", ""),
        ({"Type": "String", "AllowedPattern": "(a+)+"}, "a" * 40 + "b", ""),
        ({"Type": "Number", "MaxValue": 4, "NoEcho": True}, "40", ""),
    ],
)
def test_a_value_that_cloudformation_refuses(declared: dict[str, Any], value: str, refused: str) -> None:
    deployment = deployment_of({"S": {"Parameters": {"P": declared}, "Resources": {}}}, None)
    found = ""
    try:
        check_parameters({"P": value}, deployment)
    except ConfigurationError as error:
        found = str(error)
    assert found.partition("; fix:")[0] == (f"--parameters: P: {refused}" if refused else "")


def test_one_of_two_deployments_has_to_declare_a_parameter() -> None:
    old, new = deployment_of({"S": {"Resources": {}}}, None), deployment_of({"S": TEMPLATE}, None)
    check_parameters({"Stage": "prod"}, old, new)
    with pytest.raises(ConfigurationError, match="no template declares a parameter"):
        check_parameters({"Stage": "prod"}, old)


@each(
    "passed",
    [
        {"Fn::If": ["Prod", {"Count": 9}, {"Ref": "AWS::NoValue"}]},
        {"Fn::Transform": {"Name": "Values"}},
        {"Count": 2, "Fn::Transform": {"Name": "Values"}},
        {"Count": {"Fn::ImportValue": "count"}},
    ],
)
def test_a_default_is_no_value_where_it_is_not_known_what_a_nested_stack_gets(passed: Any, tmp_path: Path) -> None:
    inner = {**TEMPLATE, "Outputs": {"Count": {"Value": {"Ref": "Count"}}}}
    outer = {
        "Parameters": {"Stage": {"Type": "String"}},
        "Conditions": {"Prod": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
        "Resources": {
            "N": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {"TemplateURL": "inner.json", "Parameters": passed},
            }
        },
    }
    (tmp_path / "inner.json").write_text(json.dumps(inner))
    (tmp_path / "outer.json").write_text(json.dumps(outer))
    stack = load_deployment([tmp_path], None).stacks[0]
    assert isinstance(stack.resolve({"Fn::GetAtt": ["N", "Outputs.Count"]}), Unknown)


def test_values_reach_the_outer_stacks(tmp_path: Path) -> None:
    inner = {**TEMPLATE, "Outputs": {"Count": {"Value": {"Ref": "Count"}}}}
    nested = {"TemplateURL": "inner.json", "Parameters": {"Count": {"Ref": "Number"}}}
    outer = {
        "Parameters": {"Number": {"Type": "Number"}, "Names": {"Type": "CommaDelimitedList"}},
        "Resources": {"N": {"Type": "AWS::CloudFormation::Stack", "Properties": nested}},
    }
    (tmp_path / "inner.json").write_text(json.dumps(inner))
    (tmp_path / "outer.json").write_text(json.dumps(outer))
    given = {"Number": "3", "Names": "a, b"}
    deployment = load_deployment([tmp_path], None, parameters=given)
    stack = deployment.stacks[0]
    assert stack.resolve({"Fn::GetAtt": ["N", "Outputs.Count"]}) == 3
    assert stack.resolve({"Ref": "Names"}) == ["a", "b"]
    check_parameters(given, deployment)
    with pytest.raises(
        ConfigurationError, match="give the parameter of the outer template that a nested one gets it from"
    ):
        check_parameters({"Stage": "prod"}, deployment)
