"""SAM's resources are read as those that SAM makes. Expectations were compared once with aws-sam-translator 1.115."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given

from cdk_inference.template import OpaquePart, Stack, Unknown, deployment_of, load_deployment, opaque_parts
from cdk_inference.template.sam import merged
from tests.each import each
from tests.unit.template.test_wrong_shapes import JSON, wounded

AWS_POLICY = "arn:aws:iam::aws:policy"
OPEN = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}], "Version": "2012-10-17"}
SERVICES = {"Function": "lambda", "StateMachine": "states"}


def stack(kind: str, condition: str | None = None, sections: dict[str, Any] | None = None, **properties: Any) -> Stack:
    resource = {"Type": f"AWS::Serverless::{kind}", "Properties": properties}
    resource |= {"Condition": condition} if condition else {}
    template = {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"F": resource}, **(sections or {})}
    return deployment_of({"S": template}, "us-east-1").stacks[0]


def types(made: Stack) -> dict[str, str]:
    return {one.logical_id: one.type for one in made.resources()}


def role(made: Stack) -> tuple[Any, Any]:
    """(attached, inline) of the generated role."""
    found = made.resource("FRole")
    assert found is not None
    return found.get("ManagedPolicyArns"), found.get("Policies")


@each("kind", SERVICES)
def test_a_role_is_made_unless_one_is_named(kind: str) -> None:
    made = stack(kind, PermissionsBoundary="b", RolePath="/p/", Policies="AdministratorAccess")
    found = made.resource("FRole")
    assert found is not None
    assert found.type == "AWS::IAM::Role"
    (trust,) = found.get("AssumeRolePolicyDocument")["Statement"]
    assert trust["Principal"] == {"Service": [f"{SERVICES[kind]}.amazonaws.com"]}
    assert (found.get("PermissionsBoundary"), found.get("Path")) == ("b", "/p/")
    assert found.get("ManagedPolicyArns")[-1] == f"{AWS_POLICY}/AdministratorAccess"
    assert "FRole" not in types(stack(kind, Role="arn:aws:iam::1:role/r", Policies="AdministratorAccess"))


BASIC = f"{AWS_POLICY}/service-role/AWSLambdaBasicExecutionRole"


@each(
    ("properties", "attached", "inline"),
    [
        ({}, [], None),
        ({"Policies": ["AmazonS3ReadOnlyAccess", "arn:aws:iam::1:policy/own"]}, [f"{AWS_POLICY}/AmazonS3ReadOnlyAccess", "arn:aws:iam::1:policy/own"], None),
        ({"Policies": {"Fn::Sub": "arn:aws:iam::1:policy/${AWS::Region}"}}, ["arn:aws:iam::1:policy/us-east-1"], None),
        ({"Policies": OPEN}, [], [{"PolicyName": "FRolePolicy0", "PolicyDocument": OPEN}]),
        ({"Policies": ["AmazonS3ReadOnlyAccess", OPEN]}, [f"{AWS_POLICY}/AmazonS3ReadOnlyAccess"], [{"PolicyName": "FRolePolicy1", "PolicyDocument": OPEN}]),
        ({"Policies": [{"Fn::If": ["On", OPEN, {"Ref": "AWS::NoValue"}]}]}, [], [{"PolicyName": "FRolePolicy0", "PolicyDocument": OPEN}]),
        ({"Policies": [{"Fn::If": ["On", "AdministratorAccess", "AmazonS3ReadOnlyAccess"]}]}, [f"{AWS_POLICY}/AdministratorAccess"], None),
        ({"VpcConfig": {}}, [f"{AWS_POLICY}/service-role/AWSLambdaVPCAccessExecutionRole"], None),
        ({"Tracing": "Active"}, [f"{AWS_POLICY}/AWSXrayWriteOnlyAccess"], None),
        ({"Events": {"Q": {"Type": "SQS", "Properties": {"Queue": "q"}}}}, [f"{AWS_POLICY}/service-role/AWSLambdaSQSQueueExecutionRole"], None),
    ],
)  # fmt: skip
def test_policies_become_those_of_the_role(properties: dict[str, Any], attached: list[str], inline: Any) -> None:
    sections = {"Conditions": {"On": {"Fn::Equals": ["a", "a"]}}}
    assert role(stack("Function", sections=sections, **properties)) == ([BASIC, *attached], inline)


@each("policy", [{"S3SomePolicy": {"BucketName": "x"}}, {"Fn::If": ["On", OPEN, "AdministratorAccess"]}, 5])
def test_other_policies_are_not_known_and_stay_the_same(policy: Any) -> None:
    made = role(stack("Function", Policies=[policy]))
    assert isinstance(made[1][0]["PolicyDocument"], Unknown)
    assert made[1][0]["PolicyDocument"].text == role(stack("Function", Policies=[policy]))[1][0]["PolicyDocument"].text
    other = role(stack("Function", Policies=[{"S3OtherPolicy": {"BucketName": "x"}}]))
    assert made[1][0]["PolicyDocument"].text != other[1][0]["PolicyDocument"].text


@each(
    ("kind", "properties", "made"),
    [
        ("Function", {"Role": "r"}, {"F": "AWS::Lambda::Function"}),
        (
            "Function",
            {"Role": "r", "FunctionUrlConfig": {"AuthType": "NONE"}},
            {
                "F": "AWS::Lambda::Function",
                "FUrl": "AWS::Lambda::Url",
                "FUrlPublicPermissions": "AWS::Lambda::Permission",
                "FURLInvokeAllowPublicAccess": "AWS::Lambda::Permission",
            },
        ),
        (
            "Function",
            {"Role": "r", "FunctionUrlConfig": {"AuthType": "AWS_IAM"}},
            {"F": "AWS::Lambda::Function", "FUrl": "AWS::Lambda::Url"},
        ),
        (
            "Function",
            {"Role": "r", "AutoPublishAlias": "live", "DeploymentPreference": {"Type": "AllAtOnce"}},
            {
                "F": "AWS::Lambda::Function",
                "FAliaslive": "AWS::Lambda::Alias",
                "FDeploymentGroup": "AWS::CodeDeploy::DeploymentGroup",
            },
        ),
        (
            "Function",
            {
                "Role": "r",
                "Events": {
                    "Q": {"Type": "SQS", "Properties": {"Queue": "q"}},
                    "S": {"Type": "Schedule", "Properties": {"Schedule": "rate(1 day)"}},
                    "N": {"Type": "SNS", "Properties": {"Topic": "t"}},
                },
            },
            {
                "F": "AWS::Lambda::Function",
                "FQ": "AWS::Lambda::EventSourceMapping",
                "FS": "AWS::Events::Rule",
                "FN": "AWS::SNS::Subscription",
            },
        ),
        ("SimpleTable", {}, {"F": "AWS::DynamoDB::Table"}),
        ("Api", {"StageName": "prod"}, {"F": "AWS::ApiGateway::RestApi", "FprodStage": "AWS::ApiGateway::Stage"}),
        ("HttpApi", {}, {"F": "AWS::ApiGatewayV2::Api"}),
        ("StateMachine", {"Role": "r"}, {"F": "AWS::StepFunctions::StateMachine"}),
        ("LayerVersion", {}, {"F": "AWS::Lambda::LayerVersion"}),
        ("GraphQLApi", {}, {"F": "AWS::Serverless::GraphQLApi"}),
    ],
)
def test_what_is_made(kind: str, properties: dict[str, Any], made: dict[str, str]) -> None:
    assert types(stack(kind, **properties)) == made
    conditions = {"Conditions": {"Off": {"Fn::Equals": ["a", "b"]}}}
    assert types(stack(kind, "Off", conditions, **properties)) == {}


EVENTS = {"Q": {"Type": "SQS", "Properties": {"Queue": "q"}}, "S": {"Type": "Schedule", "Properties": {}}}
FUNCTION = {
    "Policies": [OPEN, {"S3ReadPolicy": {}}, {"Fn::If": ["On", OPEN, "a"]}],
    "FunctionUrlConfig": {"AuthType": "NONE"},
    "DeploymentPreference": {"Alarms": ["a"]},
    "AutoPublishAlias": "live",
    "Events": EVENTS,
    "Tags": {"a": "b"},
    "CodeUri": {"Bucket": "b"},
}
KINDS = {
    "Function": FUNCTION,
    "SimpleTable": {"PrimaryKey": {"Name": "k"}},
    "Api": {"Auth": {}},
    "StateMachine": {"DefinitionUri": "s3://b/k"},
}
EVERYTHING = {
    "Transform": ["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"],
    "Globals": {"Function": {"Tracing": "Active", "Layers": ["a"]}},
    "Resources": {
        **{kind: {"Type": f"AWS::Serverless::{kind}", "Properties": properties} for kind, properties in KINDS.items()},
        "Fn::ForEach::X": ["N", ["a"], {"T${N}": {"Type": "AWS::Serverless::SimpleTable"}}],
    },
}


@given(wounded(EVERYTHING) | JSON)
def test_any_template_is_read(template: Any) -> None:
    if isinstance(template, dict):
        made = deployment_of({"S": template}, "us-east-1").stacks[0]
        for resource in made.resources():
            made.marked(resource.written.get("Properties"))
        assert all(isinstance(one, OpaquePart) for one in opaque_parts(made))


def test_a_function_keeps_what_lambda_has() -> None:
    given = {"CodeUri": "s3://b/k", "VpcConfig": {"SubnetIds": ["s"]}, "Tags": {"a": "b"}, "Tracing": "Active"}
    (found,) = stack("Function", Role="r", Handler="a.b", **given).resources("AWS::Lambda::Function")
    assert found.stack.resolve(found.written["Properties"]) == {
        "Role": "r",
        "Handler": "a.b",
        "VpcConfig": {"SubnetIds": ["s"]},
        "Code": {"S3Bucket": "b", "S3Key": "k"},
        "Tags": [{"Key": "a", "Value": "b"}],
        "TracingConfig": {"Mode": "Active"},
    }


def test_alarms_of_a_deployment_are_those_of_the_group() -> None:
    preference = {"Type": "Canary10Percent5Minutes", "Alarms": ["a"]}
    (group,) = stack("Function", AutoPublishAlias="live", DeploymentPreference=preference).resources(
        "AWS::CodeDeploy::DeploymentGroup"
    )
    assert group.get("AlarmConfiguration") == {"Enabled": True, "Alarms": [{"Name": "a"}]}
    assert group.get("DeploymentConfigName") == "CodeDeployDefault.LambdaCanary10Percent5Minutes"


def test_a_table_has_its_key() -> None:
    (table,) = stack("SimpleTable", PrimaryKey={"Name": "k", "Type": "Number"}, TableName="t").resources()
    assert table.stack.resolve(table.written["Properties"]) == {
        "TableName": "t",
        "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "N"}],
        "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
    }


def test_globals_are_under_what_a_resource_says() -> None:
    default = {"Timeout": 5, "Layers": ["a"], "Environment": {"Variables": {"A": "1", "B": "1"}}, "Tags": {"Ref": "x"}}
    own = {"Timeout": 9, "Layers": ["b"], "Environment": {"Variables": {"B": "2"}}, "Tags": {"a": "b"}}
    assert merged(default, own) == {
        "Timeout": 9,
        "Layers": ["a", "b"],
        "Environment": {"Variables": {"A": "1", "B": "2"}},
        "Tags": {"a": "b"},
    }
    made = stack("Function", sections={"Globals": {"Function": default}}, Role="r")
    (found,) = made.resources()
    assert (found.get("Timeout"), "Globals" in made.template) == (5, False)


def test_an_application_is_a_nested_stack(tmp_path: Path) -> None:
    (tmp_path / "inner.yaml").write_text("Resources: {T: {Type: AWS::SNS::Topic}}")
    application = "{Type: AWS::Serverless::Application, Properties: {Location: %s}}"
    repository = application % "{ApplicationId: a, SemanticVersion: 1.0.0}"
    outer = (
        f"Resources: {{A: {application % './inner.yaml'}, B: {repository}}}\nTransform: AWS::Serverless-2016-10-31\n"
    )
    (tmp_path / "outer.yaml").write_text(outer)
    deployment = load_deployment([tmp_path / "outer.yaml"], None)
    assert [one.name for one in deployment.stacks] == ["outer", "outer/A"]
    assert [one.logical_id for one in opaque_parts(deployment.stacks[0])] == ["B"]


@each(
    ("location", "read"),
    [
        ("!Sub './${Name}.yaml'", 2),
        ("!Join ['', [inner, .yaml]]", 2),
        ("!If [Local, ./inner.yaml, {ApplicationId: a, SemanticVersion: 1.0.0}]", 2),
        ("!If [Other, ./inner.yaml, {ApplicationId: a, SemanticVersion: 1.0.0}]", 1),
        ("!ImportValue template", 1),
    ],
)
def test_an_application_whose_location_is_computed(location: str, read: int, tmp_path: Path) -> None:
    (tmp_path / "inner.yaml").write_text("Resources: {A: {Type: AWS::SNS::Topic}}")
    (tmp_path / "outer.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\n"
        "Parameters: {Name: {Type: String, Default: inner}}\n"
        "Conditions: {Local: !Equals [!Ref Name, inner], Other: !Not [!Condition Local]}\n"
        f"Resources: {{In: {{Type: AWS::Serverless::Application, Properties: {{Location: {location}}}}}}}\n"
    )
    made = load_deployment([tmp_path / "outer.yaml"], "us-east-1")
    assert len(made.stacks) == read
    assert [one.logical_id for one in opaque_parts(made.stacks[0])] == ([] if read == 2 else ["In"])


def test_without_the_transform_nothing_is_made_of_it() -> None:
    template = {"Resources": {"F": {"Type": "AWS::Serverless::Function"}}}
    assert types(deployment_of({"S": template}, None).stacks[0]) == {"F": "AWS::Serverless::Function"}
