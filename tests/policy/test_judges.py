"""Every template before judges that we did not write: cfn-lint, AWS's API models and words, IAM's list of actions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from cdk_inference.requirements import judge
from cdk_inference.template import load_deployment
from tests.each import each
from tests.judges import lint, service_model
from tests.synthesized import SUBJECTS, subject, templates

pytestmark = pytest.mark.xdist_group("synthesized")

# An example registers a type that no table of AWS has; both judges have to say so.
NOT_YET_KNOWN = "ml.g99.2xlarge"

# Types of the network around an endpoint, which the walker has no table for; cfn-lint reads them.
LEFT_TO_CFN_LINT = {
    "AWS::Chatbot::SlackChannelConfiguration",
    "AWS::CloudWatch::AlarmMuteRule",
    "AWS::Scheduler::Schedule",
    "AWS::Scheduler::ScheduleGroup",
    "AWS::EC2::FlowLog",
    "AWS::EC2::RouteTable",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::Subnet",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::VPC",
    "AWS::EC2::VPCEndpoint",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::TopicPolicy",
    "Custom::VpcRestrictDefaultSG",
    "AWS::Lambda::Function",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::Permission",
    "AWS::Events::Rule",
}

# The CDK's own handler, which a VPC brings along to empty its default security group.
OF_THE_CDK = "CustomResourceProvider"

# Resources with a wildcard that AWS requires or that only listing objects one by one would avoid: docs/permissions.md.
WILDCARD_STATEMENTS = {
    *("Unscoped", "Network", "Logs", "Model", "AsyncInput", "AsyncOutput", "FlowLogs", "Capture"),
    *("Subscribe", "Subscriptions", "Agreements"),
    *("ListEndpoints", "Endpoints", "EndpointConfigs", "Publish", "MeterLogs"),
}


@each("name", SUBJECTS)
def test_cfn_lint(name: str) -> None:
    for stack in templates(name):
        assert stack.region is not None
        findings = lint.findings(stack.template, stack.region)
        assert [finding for finding in findings if NOT_YET_KNOWN not in finding and OF_THE_CDK not in finding] == []


@each("name", SUBJECTS)
def test_api_models(name: str) -> None:
    for stack in templates(name):
        findings = service_model.findings(stack.template)
        assert [finding for finding in findings if NOT_YET_KNOWN not in finding] == []
        assert set(service_model.unchecked(stack.template)) <= LEFT_TO_CFN_LINT


@each("name", SUBJECTS)
def test_requirements_in_words(name: str) -> None:
    found = judge(load_deployment([subject(name).folder], None))
    violations = [f"{one.requirement.id} {one.place}: {one.finding}" for one in found.violations]
    assert [one for one in violations if NOT_YET_KNOWN not in one] == []
    assert found.not_checked == ()


def test_a_type_that_aws_does_not_know_yet_is_noticed() -> None:
    (stack,) = templates("example-new_hardware")
    assert [NOT_YET_KNOWN in finding for finding in service_model.findings(stack.template)] == [True]


def statements(template: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(type, statement) of every identity policy that allows something."""
    for resource in template["Resources"].values():
        if resource["Type"] in ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"):
            for statement in resource["Properties"]["PolicyDocument"]["Statement"]:
                if statement["Effect"] == "Allow":
                    yield resource["Type"], statement


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@each("name", SUBJECTS)
def test_no_wildcard_action_and_every_action_exists(name: str) -> None:
    known = lint.iam_actions()
    for stack in templates(name):
        actions = {action for _, statement in statements(stack.template) for action in as_list(statement["Action"])}
        assert {action for action in actions if "*" in action or action.lower() not in known} == set()


@each("name", SUBJECTS)
def test_no_wildcard_resource_beyond_the_known_ones(name: str) -> None:
    for stack in templates(name):
        found = {
            # The numbers tell components of one endpoint apart.
            str(statement.get("Sid")).rstrip("0123456789")
            for _, statement in statements(stack.template)
            if any("*" in str(resource) for resource in as_list(statement["Resource"])) and not of_a_caller(statement)
        }
        assert found <= WILDCARD_STATEMENTS


def of_a_caller(statement: dict[str, Any]) -> bool:
    """Whether it lets a caller put requests or results, or read answers, in a bucket, or below a prefix of an exchange."""
    places = r"/(in|out|failed)/\*$|'\w+ResultsBucket\w+', 'Arn'\]}, '/\*'\]\]}$"
    objects = all(re.search(places, str(one)) for one in as_list(statement["Resource"]))
    actions = {"s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"}
    return "Sid" not in statement and set(as_list(statement["Action"])) <= actions and objects


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html: no apostrophe, and neither judge knows.
EC2_DESCRIPTION = re.compile(r"[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}")


@each("name", SUBJECTS)
def test_ec2_takes_every_description(name: str) -> None:
    for stack in templates(name):
        for resource in stack.template["Resources"].values():
            if resource["Type"].startswith("AWS::EC2::SecurityGroup"):
                texts = re.findall(r"'(?:Group)?Description': (['\"].*?['\"]),?", str(resource))
                assert [text for text in texts if not EC2_DESCRIPTION.fullmatch(text[1:-1])] == []


@each("name", SUBJECTS)
def test_no_managed_policy_of_aws(name: str) -> None:
    for stack in templates(name):
        for logical_id, resource in stack.template["Resources"].items():
            if resource["Type"] == "AWS::IAM::Role" and OF_THE_CDK not in logical_id:
                assert "iam::aws:policy" not in str(resource["Properties"].get("ManagedPolicyArns", []))
