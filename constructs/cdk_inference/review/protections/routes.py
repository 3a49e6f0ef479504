"""Routes to the internet, which make subnets public.

https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ec2.SubnetType.html (read 2026-11-24)
"""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.pair import DeploymentPair, ResourcePair
from cdk_inference.review.resource_names import ResourceNames, When, key_of, resource_names, versions
from cdk_inference.review.resource_versions import ResourceVersion

ASSOCIATION = "AWS::EC2::SubnetRouteTableAssociation"
ROUTE, GATEWAY, TABLE = "AWS::EC2::Route", "AWS::EC2::InternetGateway", "AWS::EC2::RouteTable"


def public_routes(deployments: DeploymentPair) -> Iterator[ResourcePair]:
    """Those that are new in a route table that was there before."""
    old, new = (_public(deployments, when) for when in ("before", "after"))
    pairs = resource_names(deployments, "after").pairs
    for table, pair in new.items():
        known = pairs.get(table)
        if table not in old and (known is None or known.before is not None):
            yield pair


def exposed_subnets(deployments: DeploymentPair) -> Iterator[ResourcePair]:
    """Yields associations that give a subnet another route table, with a route to an internet gateway."""
    public, tables = _public(deployments, "before"), _tables(deployments, "before")
    new = _public(deployments, "after")
    for subnet, (pair, table) in _tables(deployments, "after").items():
        _, was = tables.get(subnet, (pair, table))
        if was != table and was not in public and table in new:
            yield pair


def _tables(deployments: DeploymentPair, when: When) -> dict[str, tuple[ResourcePair, str]]:
    """Subnet -> (association, route table)."""
    known = resource_names(deployments, when)
    return {
        known.within(str(known.value(side, "SubnetId"))): (pair, known.key(known.value(side, "RouteTableId"), TABLE))
        for pair, side in versions(deployments, when, ASSOCIATION)
    }


def _public(deployments: DeploymentPair, when: When) -> dict[str, ResourcePair]:
    """Route table -> route to an internet gateway."""
    known = resource_names(deployments, when)
    gateways = {key_of(pair) for pair, _ in versions(deployments, when, GATEWAY)}
    found: dict[str, ResourcePair] = {}
    for pair, side in versions(deployments, when, ROUTE):
        if _to_gateway(known, side, gateways):
            found.setdefault(known.key(known.value(side, "RouteTableId"), TABLE), pair)
    return found


def _to_gateway(known: ResourceNames, side: ResourceVersion, gateways: set[str]) -> bool:
    gateway = known.value(side, "GatewayId")
    return isinstance(gateway, str) and (gateway.startswith("igw-") or known.key(gateway, GATEWAY) in gateways)
