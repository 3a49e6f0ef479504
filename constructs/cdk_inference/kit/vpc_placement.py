"""Where in a VPC containers run: what an endpoint takes, and what a network gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdk_inference.core.checks import as_tuple, has_members, instance_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.kit.region_checks import region_problem, vpc_problem
from cdk_inference.serving import Bucket

if TYPE_CHECKING:  # loading aws_ec2 takes longer than making an endpoint, and only a VPC needs it
    from aws_cdk import aws_ec2 as ec2


@dataclass(frozen=True, kw_only=True)
class VpcPlacement:
    """The subnets and security groups of the model's containers.

    vpc: the VPC.
    subnets: at least two, in different Availability Zones, at most 16, none of them public. Default: the isolated
        subnets, or if the VPC has none the private ones.
    internet: whether these subnets reach the internet, through a NAT gateway or a proxy; a model from the Hugging Face
        hub needs that. Default False. With True the default subnets are the private ones with a way out.
    security_groups: 1 to 5. Default: one made for the endpoint, nothing coming in, HTTPS going out. Its stack can only
        be deleted once the network interfaces are gone: pass a group that outlives it, as `InferenceNetwork` does.

    The model is then fetched through these subnets: the VPC needs an S3 gateway endpoint or a NAT gateway. Deleting
    an endpoint leaves its network interfaces behind for a while, so a stack deletes its subnets only later
    (https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1327).
    """

    vpc: ec2.IVpc
    subnets: ec2.SubnetSelection | None = None
    internet: bool = False
    security_groups: Sequence[ec2.ISecurityGroup] | None = None

    def __post_init__(self) -> None:
        from aws_cdk import aws_ec2 as ec2

        object.__setattr__(self, "security_groups", as_tuple(self.security_groups))
        groups = self.security_groups
        fits = isinstance(groups, (list, tuple)) and all(has_members(one, "security_group_id") for one in groups)
        selection = (ec2.SubnetSelection, type(None))
        write = "subnets=ec2.SubnetSelection(subnets=[...]) or another selection"
        raise_problems(
            "VpcPlacement",
            None
            if has_members(self.vpc, "select_subnets")
            else Problem("vpc", self.vpc, "a VPC (aws_ec2.IVpc)", 'for example ec2.Vpc.from_lookup(self, "Vpc", ...)'),
            instance_of("subnets", self.subnets, selection, "SubnetSelection or None", write),
            instance_of("internet", self.internet, bool, "True or False", "write True or False"),
            None
            if groups is None or fits
            else Problem("security_groups", groups, "a list of security groups", "write security_groups=[group]"),
        )

    def region_problems(self, region: str) -> Iterator[Problem | None]:
        """Yields why the VPC or a group cannot be used in `region`; an id of another region means nothing there."""
        yield vpc_problem("vpc.vpc", self.vpc, region)
        for number, group in enumerate(self.security_groups or ()):
            yield region_problem(f"vpc.security_groups[{number}]", group, region, "a security group")

    def bucket_problems(self, *, read: Iterable[Bucket], written: Iterable[Bucket]) -> list[Problem]:
        """Why these buckets cannot be reached from here; of most networks nobody knows."""
        del read, written
        return []
