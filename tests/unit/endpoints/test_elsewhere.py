"""Things that an endpoint refers to: of the right kind, in its region, and usable in a policy."""

from __future__ import annotations

import re
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import RealtimeEndpoint, VpcPlacement
from cdk_inference.hardware import InstanceType, register_region
from cdk_inference.serving import Container, EcrImage, S3Model
from tests.each import each
from tests.refusals import refusal_of
from tests.support import endpoint_template, llm, models, new_stack, of_type, only, template_of

SUBJECT = "RealtimeEndpoint fleet/Chat"


def refusal(**arguments: Any) -> str:
    return refusal_of(endpoint_template, **arguments)


def test_a_key_that_is_none() -> None:
    assert refusal(encryption_key="arn:aws:kms:us-east-1:111122223333:key/1") == (
        f"{SUBJECT}: encryption_key: got 'arn:aws:kms:us-east-1:111122223333:key/1'; allowed: a key (aws_kms.IKey); "
        "fix: for example kms.Key.from_key_arn(...)"
    )


def test_an_alias_is_no_key_for_a_policy() -> None:
    assert refusal(encryption_key=lambda stack: kms.Alias.from_alias_name(stack, "Alias", "alias/mine")) == (
        f"{SUBJECT}: encryption_key: got 'an alias'; allowed: the key itself: an IAM policy that names an alias "
        "matches nothing; fix: pass the key behind it, for example alias.alias_target_key or kms.Key.from_key_arn(...)"
    )


def test_key_bucket_and_image_of_another_region() -> None:
    def server(stack: cdk.Stack) -> Container:
        bucket = s3.Bucket.from_bucket_attributes(stack, "Eu", bucket_name="eu-models", region="eu-west-1")
        arn = "arn:aws:ecr:eu-west-1:111122223333:repository/mine"
        image = EcrImage(repository=ecr.Repository.from_repository_arn(stack, "Repository", arn), tag="1")
        return Container(model=S3Model(bucket=bucket, prefix="m/", size_gb=1), image=image, runs_on=("gpu",))

    def key(stack: cdk.Stack) -> kms.IKey:
        return kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/1")

    fix = "fix: copy it to us-east-1, or move the endpoint to eu-west-1"
    assert refusal(server=server, encryption_key=key) == (
        f"{SUBJECT} has 3 problems:\n"
        f"  1. server.model.bucket: got 'a bucket in eu-west-1'; allowed: a bucket in us-east-1, the endpoint's "
        f"region; {fix}\n"
        f"  2. server.image: got 'a repository in eu-west-1'; allowed: a repository in us-east-1, the endpoint's "
        f"region; {fix}\n"
        f"  3. encryption_key: got 'a key in eu-west-1'; allowed: a key in us-east-1, the endpoint's region; {fix}"
    )


@each("prefix", ["a*/", "a?b/", "m-${aws:username}/", "a\nb/"])
def test_a_prefix_never_widens_the_policy(prefix: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        S3Model(prefix=prefix, size_gb=1)
    (character,) = {found for found in prefix if found in "*?$\n"}
    assert str(caught.value) == (
        f"S3Model: prefix: got {prefix!r}; allowed: keys without {character!r}; fix: rename the objects"
    )


def test_a_model_larger_than_the_local_disk() -> None:
    def server(stack: cdk.Stack) -> Any:
        bucket = models(stack)
        return llm(bucket, model=S3Model(bucket=bucket, prefix="llama/", size_gb=500))

    assert refusal(server=server) == (
        f"{SUBJECT} has 2 problems:\n"
        "  1. hardware: got 'ml.g6.2xlarge with degree 1'; allowed: more than 465.91 GiB to use on each GPU (weights "
        "465.66, outside PyTorch 0.25); here are 19.83 of 22.40; fix: use 'ml.p4de.24xlarge' (degree 8) or "
        "'ml.p5.48xlarge' (degree 8) or 'ml.g7e.48xlarge' (degree 8); or declare workload= if fewer bits are loaded\n"
        "  2. server.model: got '500 GB on disk'; allowed: what the local disk of ml.g6.2xlarge holds, 450 GB; "
        "fix: choose hardware with more local storage, or a smaller (quantized) model"
    )


@each(
    ("arguments", "name"),
    [({"vpc": "vpc-1"}, "vpc"), ({"security_groups": ["sg-1"]}, "security_groups"), ({"subnets": []}, "subnets")],
)
def test_a_placement_of_wrong_things(arguments: dict[str, Any], name: str) -> None:
    vpc = ec2.Vpc.from_vpc_attributes(new_stack(), "Vpc", vpc_id="vpc-1", availability_zones=["a", "b"])
    with pytest.raises(ConfigurationError) as caught:
        VpcPlacement(**{"vpc": vpc, **arguments})
    assert [problem.argument for problem in caught.value.problems] == [name]


def test_a_vpc_that_is_still_being_looked_up_is_let_through() -> None:
    app = cdk.App()
    stack = cdk.Stack(app, "fleet", env=cdk.Environment(region="us-east-1", account="111122223333"))
    vpc = ec2.Vpc.from_lookup(stack, "Vpc", vpc_id="vpc-1")
    placement = VpcPlacement(vpc=vpc, subnets=ec2.SubnetSelection(subnet_group_name="models"))
    made = RealtimeEndpoint(stack, "Chat", server=llm(models(stack)), hardware="ml.g6.2xlarge", vpc=placement)
    assert made.endpoint_name == "fleet-chat"


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
EC2_DESCRIPTION = re.compile(r"[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}")


def test_ec2_takes_the_descriptions_whatever_the_id() -> None:
    stack = new_stack()
    vpc = ec2.Vpc(
        stack,
        "Vpc",
        max_azs=2,
        nat_gateways=0,
        subnet_configuration=[ec2.SubnetConfiguration(name="models", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)],
    )
    RealtimeEndpoint(stack, "Chat's", server=llm(models(stack)), hardware="ml.g6.2xlarge", vpc=VpcPlacement(vpc=vpc))
    group = only(template_of(stack), "AWS::EC2::SecurityGroup")
    texts = [group["GroupDescription"], *(rule["Description"] for rule in group["SecurityGroupEgress"])]
    assert [text for text in texts if not EC2_DESCRIPTION.fullmatch(text)] == []


def test_a_grant_on_a_name_that_is_known_later_keeps_it() -> None:
    stack = new_stack()
    name = cdk.Fn.import_value("EndpointName")
    role = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    RealtimeEndpoint.from_endpoint_name(stack, "Old", name).grant_invoke(role)
    (statement,) = only(template_of(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert statement["Resource"]["Fn::Join"][1][-1] == {"Fn::ImportValue": "EndpointName"}


def test_a_dashboard_in_another_region_finds_the_metric() -> None:
    app = cdk.App()
    stack, other = new_stack(app=app), new_stack("dashboards", region="eu-west-1", app=app)
    endpoint = RealtimeEndpoint(stack, "Chat", server=llm(models(stack)), hardware="ml.g6.2xlarge")
    dashboard = cloudwatch.Dashboard(other, "Dashboard")
    dashboard.add_widgets(cloudwatch.GraphWidget(left=[endpoint.metric_invocations()]))
    assert '"region":"us-east-1"' in str(only(template_of(other), "AWS::CloudWatch::Dashboard"))


def test_a_hardware_value_instead_of_its_name() -> None:
    new = InstanceType(name="ml.g99.xlarge", kind="gpu", storage_volume=False)
    assert refusal(hardware=new).endswith('fix: write hardware="ml.g99.xlarge"')


def test_a_region_registered_by_the_app_is_no_reason_to_accept_a_finding() -> None:
    register_region("ml.g6.2xlarge", "us-east-1")
    stack = new_stack()
    endpoint = RealtimeEndpoint(stack, "Chat", server=llm(models(stack)), hardware="ml.g6.2xlarge")
    assert "W3030" not in str([entry.data for entry in endpoint.node.find_child("Config").node.metadata])


def test_the_role_can_be_given_more() -> None:
    stack = new_stack()
    bucket = s3.Bucket(stack, "Extra")
    endpoint = RealtimeEndpoint(
        stack, "Chat", server=llm(models(stack)), hardware="ml.g6.2xlarge", network_isolation=False
    )
    bucket.grant_put(endpoint.execution_role)
    assert endpoint.execution_role.role_arn == endpoint.execution_role.role_arn  # made once
    assert len(of_type(template_of(stack), "AWS::IAM::Policy")) == 1


def test_two_stages_with_one_stack_name() -> None:
    app = cdk.App()
    made = []
    for name in ("Dev", "Prod"):
        stack = cdk.Stack(cdk.Stage(app, name), "fleet", stack_name="fleet", env=cdk.Environment(region="us-east-1"))
        endpoint = RealtimeEndpoint(stack, "Chat", server=llm(models(stack)), hardware="ml.g6.2xlarge")
        made.append(endpoint.endpoint_name)
    assert made == ["fleet-chat", "fleet-chat"]
