"""Containers in a VPC."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

from cdk_inference.bedrock import FoundationModel, PrivatePath
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import (
    AsyncEndpoint,
    AsyncIo,
    ComponentEndpoint,
    ManagedInstances,
    RealtimeEndpoint,
    VpcPlacement,
)
from tests.each import each
from tests.support import Template, llm, models, new_stack, of_type, only, template_of


def vpc(stack: cdk.Stack, kind: ec2.SubnetType = ec2.SubnetType.PRIVATE_ISOLATED, zones: int = 2) -> ec2.Vpc:
    subnets = [ec2.SubnetConfiguration(name="models", subnet_type=kind)]
    return ec2.Vpc(stack, "Vpc", max_azs=zones, nat_gateways=0, subnet_configuration=subnets)


def endpoint(stack: cdk.Stack, placement: VpcPlacement) -> None:
    RealtimeEndpoint(stack, "Chat", server=llm(models(stack)), hardware="ml.g6.2xlarge", vpc=placement)


def placed(placement: VpcPlacement, stack: cdk.Stack) -> Template:
    endpoint(stack, placement)
    return template_of(stack)


def far_away(stack: cdk.Stack) -> cdk.Stack:
    return cdk.Stack(cdk.App.of(stack), "far", env=cdk.Environment(account="111122223333", region="eu-west-1"))


def test_a_vpc_and_a_group_of_another_region() -> None:
    stack = new_stack()
    far = far_away(stack)
    there = vpc(far)
    with pytest.raises(ConfigurationError) as caught:
        endpoint(stack, VpcPlacement(vpc=there, security_groups=[ec2.SecurityGroup(far, "Group", vpc=there)]))
    assert str(caught.value) == (
        "RealtimeEndpoint fleet/Chat has 2 problems:\n"
        "  1. vpc.vpc: got 'a VPC in eu-west-1'; allowed: a VPC in us-east-1, the endpoint's region; fix: pass a VPC of "
        "us-east-1, or move the endpoint\n"
        "  2. vpc.security_groups[0]: got 'a security group in eu-west-1'; allowed: a security group in us-east-1, the "
        "endpoint's region; fix: copy it to us-east-1, or move the endpoint to eu-west-1"
    )


def test_a_vpc_of_another_region_for_other_kinds() -> None:
    stack = new_stack()
    placement = VpcPlacement(vpc=vpc(far_away(stack)))
    given = {"server": llm(models(stack)), "hardware": "ml.g6.2xlarge", "vpc": placement}
    exchange = AsyncIo(bucket=stack.node.find_child("Models"))
    instances = ManagedInstances(max_instances=2)
    for made in (
        lambda: AsyncEndpoint(stack, "Batch", **given, exchange=exchange),
        lambda: ComponentEndpoint(stack, "Host", hardware="ml.g6.2xlarge", instances=instances, vpc=placement),
        lambda: PrivatePath(stack, "Path", vpc=placement.vpc, models=[FoundationModel("amazon.nova-lite-v1:0")]),
    ):
        with pytest.raises(ConfigurationError, match=r"vpc: got 'a VPC in eu-west-1'; allowed: a VPC in us-east-1"):
            made()


def test_a_vpc_whose_region_is_known_at_deployment_only_is_taken() -> None:
    stack = new_stack()
    anywhere = cdk.Stack(cdk.App.of(stack), "anywhere")
    attributes = {"vpc_id": "vpc-1", "availability_zones": ["a", "b"], "isolated_subnet_ids": ["subnet-1", "subnet-2"]}
    endpoint(stack, VpcPlacement(vpc=ec2.Vpc.from_vpc_attributes(anywhere, "Vpc", **attributes)))


def test_isolated_subnets_and_a_group_that_lets_nothing_in() -> None:
    stack = new_stack()
    template = placed(VpcPlacement(vpc=vpc(stack)), stack)
    config = only(template, "AWS::SageMaker::Model")["VpcConfig"]
    names = [name for name, found in template["Resources"].items() if found["Type"] == "AWS::EC2::Subnet"]
    assert config["Subnets"] == [{"Ref": name} for name in names]
    assert len(names) == 2
    group = only(template, "AWS::EC2::SecurityGroup")
    assert group["SecurityGroupEgress"] == [
        {
            "CidrIp": "0.0.0.0/0",
            "Description": "HTTPS to S3 and AWS APIs",
            "FromPort": 443,
            "IpProtocol": "tcp",
            "ToPort": 443,
        }
    ]
    assert "SecurityGroupIngress" not in group
    assert of_type(template, "AWS::EC2::SecurityGroupIngress") == []


def test_the_role_may_make_network_interfaces() -> None:
    stack = new_stack()
    policy = only(placed(VpcPlacement(vpc=vpc(stack)), stack), "AWS::IAM::ManagedPolicy")["PolicyDocument"]
    (network,) = (statement for statement in policy["Statement"] if statement["Sid"] == "Network")
    assert network["Resource"] == ["*"]
    assert "ec2:CreateNetworkInterface" in network["Action"]


def test_given_groups_are_taken() -> None:
    stack = new_stack()
    made = vpc(stack)
    group = ec2.SecurityGroup(stack, "Mine", vpc=made)
    template = placed(VpcPlacement(vpc=made, security_groups=[group]), stack)
    assert len(of_type(template, "AWS::EC2::SecurityGroup")) == 1


def test_one_zone_is_refused() -> None:
    stack = new_stack()
    with pytest.raises(ConfigurationError) as caught:
        endpoint(stack, VpcPlacement(vpc=vpc(stack, zones=1)))
    assert str(caught.value) == (
        "RealtimeEndpoint fleet/Chat: vpc.subnets: got '1 subnets in 1 Availability Zones'; allowed: 2 to 16 subnets "
        "in at least 2 Availability Zones; fix: name private subnets with "
        "VpcPlacement(subnets=ec2.SubnetSelection(...)), or give the VPC more"
    )


def test_a_vpc_with_public_subnets_only_is_refused() -> None:
    stack = new_stack()
    with pytest.raises(ConfigurationError) as caught:
        endpoint(stack, VpcPlacement(vpc=vpc(stack, ec2.SubnetType.PUBLIC)))
    assert str(caught.value) == (
        "RealtimeEndpoint fleet/Chat: vpc.subnets: got '0 subnets in 0 Availability Zones'; allowed: 2 to 16 subnets "
        "in at least 2 Availability Zones; fix: name private subnets with "
        "VpcPlacement(subnets=ec2.SubnetSelection(...)), or give the VPC more"
    )


def test_public_subnets_are_refused() -> None:
    stack = new_stack()
    selection = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)
    with pytest.raises(ConfigurationError) as caught:
        endpoint(stack, VpcPlacement(vpc=vpc(stack, ec2.SubnetType.PUBLIC), subnets=selection))
    assert str(caught.value) == (
        "RealtimeEndpoint fleet/Chat: vpc.subnets: got 'public subnets'; allowed: private subnets: in a public one a "
        "container has no public address, so it reaches nothing outside; fix: name private subnets with "
        "VpcPlacement(subnets=ec2.SubnetSelection(...)), or give the VPC more"
    )


def test_a_selection_that_matches_nothing_is_refused() -> None:
    stack = new_stack()
    selection = ec2.SubnetSelection(subnet_group_name="nowhere")
    with pytest.raises(ConfigurationError) as caught:
        endpoint(stack, VpcPlacement(vpc=vpc(stack), subnets=selection))
    assert str(caught.value) == (
        "RealtimeEndpoint fleet/Chat: vpc.subnets: got \"There are no subnet groups with name 'nowhere' in this VPC. "
        'Available names: models"; allowed: 2 to 16 subnets in at least 2 Availability Zones; fix: name private '
        "subnets with VpcPlacement(subnets=ec2.SubnetSelection(...)), or give the VPC more"
    )


@each("count", [0, 6])
def test_one_to_five_groups(count: int) -> None:
    stack = new_stack()
    made = vpc(stack)
    groups = [ec2.SecurityGroup(stack, f"Group{number}", vpc=made) for number in range(count)]
    with pytest.raises(ConfigurationError) as caught:
        endpoint(stack, VpcPlacement(vpc=made, security_groups=groups))
    assert str(caught.value) == (
        f"RealtimeEndpoint fleet/Chat: vpc.security_groups: got {count}; allowed: 1 to 5; fix: leave security_groups "
        "out to have one made, or merge groups"
    )
