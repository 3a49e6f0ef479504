"""Addresses of the internet: subnets, instances, databases, load balancers that get one."""

from __future__ import annotations

import ipaddress
from typing import Any

from cdk_inference.review.protections.comparators import lowered, more, switched_on
from cdk_inference.review.protections.protection import Protection, rows

_ADDRESS = "it gets a public address, protected from the internet only by security groups"
_PUBLIC = ("PubliclyAccessible",)


def _larger_network(was: Any, becomes: Any) -> str:
    """A network with more addresses; also of a rule that denies, since the next rule in order then counts for fewer."""
    old, new = (_addresses(one) for one in (was, becomes))
    return f"changes from {was} to {becomes}" if old is not None and new is not None and new > old else ""


def _addresses(found: Any) -> int | None:
    try:
        return ipaddress.ip_network(str(found).strip(), strict=False).num_addresses
    except ValueError:
        return None


EXPOSURE: tuple[Protection, ...] = (
    *rows("AWS::EC2::Subnet", "instances in it get public addresses", (("MapPublicIpOnLaunch",), switched_on())),
    *rows(
        "AWS::EC2::Instance",
        _ADDRESS,
        (("NetworkInterfaces", "[DeviceIndex]", "AssociatePublicIpAddress"), switched_on()),
    ),
    *rows(
        "AWS::EC2::LaunchTemplate",
        _ADDRESS,
        (("LaunchTemplateData", "NetworkInterfaces", "[DeviceIndex]", "AssociatePublicIpAddress"), switched_on()),
    ),
    *rows("AWS::AutoScaling::LaunchConfiguration", _ADDRESS, (("AssociatePublicIpAddress",), switched_on())),
    *rows(
        "AWS::ECS::Service",
        _ADDRESS,
        (
            ("NetworkConfiguration", "AwsvpcConfiguration", "AssignPublicIp"),
            switched_on(off="DISABLED", default="DISABLED"),
        ),
    ),
    *rows("AWS::RDS::DBInstance", _ADDRESS, (_PUBLIC, switched_on(default=None))),
    *rows("AWS::RDS::DBCluster", _ADDRESS, (_PUBLIC, switched_on(default=None))),
    *rows("AWS::Redshift::Cluster", _ADDRESS, (_PUBLIC, switched_on())),
    *rows("AWS::RedshiftServerless::Workgroup", _ADDRESS, (_PUBLIC, switched_on())),
    *rows("AWS::DMS::ReplicationInstance", _ADDRESS, (_PUBLIC, switched_on(default=True))),
    *rows(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        _ADDRESS,
        (("Scheme",), lowered("internet-facing", "internal", default="internet-facing")),
    ),
    *rows(
        "AWS::ElasticLoadBalancing::LoadBalancer",
        _ADDRESS,
        (("Scheme",), lowered("internet-facing", "internal", default="internet-facing")),
    ),
    *rows(
        "AWS::EKS::Cluster",
        "the cluster API is reachable from the internet",
        (("ResourcesVpcConfig", "EndpointPublicAccess"), switched_on(default=True)),
        (("ResourcesVpcConfig", "PublicAccessCidrs"), more(default=("0.0.0.0/0",))),
    ),
    *rows(
        "AWS::EC2::NetworkAclEntry",
        "the subnets let the traffic through, and only security groups filter it",
        (("RuleAction",), lowered("allow", "deny")),
        (("CidrBlock",), _larger_network),
        (("Ipv6CidrBlock",), _larger_network),
    ),
    *rows("AWS::EC2::PrefixList", "every rule that names the list lets them through", (("Entries",), more("Cidr"))),
    *rows(
        "AWS::MSK::Cluster",
        _ADDRESS,
        (
            ("BrokerNodeGroupInfo", "ConnectivityInfo", "PublicAccess", "Type"),
            switched_on(off="DISABLED", default="DISABLED"),
        ),
    ),
)
