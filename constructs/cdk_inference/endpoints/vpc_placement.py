"""Checks of the subnets and security groups of an endpoint's containers."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import Problem
from cdk_inference.kit.vpc_placement import VpcPlacement

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_VpcConfig.html (read 2026-11-23)
SUBNETS_MAX = 16
SECURITY_GROUPS_MAX = 5
# Two subnets in different zones even for one instance: https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html
ZONES_MIN = 2


def placement_problems(placement: VpcPlacement) -> list[Problem]:
    """Why SageMaker would not take this placement."""
    fix = "name private subnets with VpcPlacement(subnets=ec2.SubnetSelection(...)), or give the VPC more"
    allowed = f"{ZONES_MIN} to {SUBNETS_MAX} subnets in at least {ZONES_MIN} Availability Zones"
    problems: list[Problem] = []
    try:
        selected = _subnets(placement)
    except RuntimeError as error:  # the CDK's word on a selection that matches nothing, through jsii
        message = str(error).partition(": ")[2]
        if "availabilityZone" in message:  # of a subnet that was imported by its id alone
            zones_known = f"{allowed}, whose zones are known here"
            name = 'ec2.Subnet.from_subnet_attributes(self, "A", subnet_id="subnet-...", availability_zone="...")'
            return [Problem("vpc.subnets", "subnets whose zone is not known", zones_known, f"import each as {name}")]
        return [Problem("vpc.subnets", message, allowed, fix)]
    if selected.is_pending_lookup or any(is_token(one) for one in selected.subnet_ids if one.startswith("#")):
        return problems  # how many there are is not known yet
    if selected.has_public:
        # "connection within your VPC that is not connected to the internet", and no public address:
        # https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html (read 2026-11-24)
        reach = "private subnets: in a public one a container has no public address, so it reaches nothing outside"
        problems.append(Problem("vpc.subnets", "public subnets", reach, fix))
    zones = len(set(selected.availability_zones))
    if zones < ZONES_MIN or len(selected.subnet_ids) > SUBNETS_MAX:
        problems.append(
            Problem(
                "vpc.subnets",
                f"{len(selected.subnet_ids)} subnets in {zones} Availability Zones",
                allowed,
                fix,
            )
        )
    groups = placement.security_groups
    if groups is not None and not 1 <= len(groups) <= SECURITY_GROUPS_MAX:
        merge = "leave security_groups out to have one made, or merge groups"
        problems.append(Problem("vpc.security_groups", len(groups), f"1 to {SECURITY_GROUPS_MAX}", merge))
    return problems


def security_groups(scope: Construct, placement: VpcPlacement) -> Sequence[ec2.ISecurityGroup]:
    """The security groups of the containers; makes one below `scope` where none is given."""
    return placement.security_groups or [_security_group(scope, placement.vpc)]


def vpc_config(placement: VpcPlacement, groups: Sequence[ec2.ISecurityGroup]) -> sagemaker.CfnModel.VpcConfigProperty:
    """SageMaker's VpcConfig."""
    return sagemaker.CfnModel.VpcConfigProperty(
        subnets=_subnets(placement).subnet_ids, security_group_ids=[group.security_group_id for group in groups]
    )


def _subnets(placement: VpcPlacement) -> ec2.SelectedSubnets:
    if placement.subnets is not None:
        return placement.vpc.select_subnets(
            availability_zones=placement.subnets.availability_zones,
            one_per_az=placement.subnets.one_per_az,
            subnet_filters=placement.subnets.subnet_filters,
            subnet_group_name=placement.subnets.subnet_group_name,
            subnets=placement.subnets.subnets,
            subnet_type=placement.subnets.subnet_type,
        )
    if placement.internet:
        return placement.vpc.select_subnets(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
    isolated = placement.vpc.isolated_subnets
    return placement.vpc.select_subnets(subnets=isolated or placement.vpc.private_subnets)


def _security_group(scope: Construct, vpc: ec2.IVpc) -> ec2.SecurityGroup:
    group = ec2.SecurityGroup(
        scope,
        "SecurityGroup",
        vpc=vpc,
        # EC2 takes few characters here, no apostrophe, and 255 at most.
        # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html (read 2026-11-23)
        description="Containers of one SageMaker endpoint: HTTPS out, nothing in",
        allow_all_outbound=False,
    )
    group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "HTTPS to S3 and AWS APIs")
    return group
