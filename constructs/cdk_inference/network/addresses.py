"""How many addresses a network has, and how many its endpoints need. IPv4 only."""

from __future__ import annotations

import ipaddress

from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import Problem

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html (read 2026-11-24), and the same for VPCs
PREFIX_MIN, PREFIX_MAX = 16, 28
# AWS keeps the first four addresses of every subnet and the last one; same page.
RESERVED_PER_SUBNET = 5
# AWS requires 2 addresses per instance, and 5 if it has an Elastic Fabric Adapter. Its page states it for training, and
# no page says which hosting instances have one: 5 is planned for all.
# https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html (read 2026-11-24)
PER_INSTANCE = 5
# An interface endpoint has one network interface per subnet:
# https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
PER_SERVICE = 1

_FIX = 'for example cidr="10.0.0.0/16"'
_BLOCK = f"an IPv4 block from /{PREFIX_MIN} to /{PREFIX_MAX}, written from its first address"


def subnet_prefix(vpc_prefix: int, zones: int) -> int:
    """The prefix length of equal subnets, one per zone, that together are as large as the VPC allows."""
    return vpc_prefix + (zones - 1).bit_length()


def usable(prefix: int) -> int:
    """Addresses of a subnet that something can have."""
    return (1 << (32 - prefix)) - RESERVED_PER_SUBNET


def needed(instances: int, services: int) -> int:
    """Addresses that one subnet must have: that of every instance, should the other zones have no capacity."""
    return PER_INSTANCE * instances + PER_SERVICE * services


def cidr_problem(cidr: object, zones: int, instances: int, services: int) -> Problem | None:
    """Why a VPC with the block `cidr` is none, or too small for so many instances and interface endpoints."""
    if is_token(cidr):
        # Whether the subnets are large enough, and what the security groups say, follows from it.
        return Problem("cidr", "a value known at deployment only", "plain text", _FIX)
    try:
        block = ipaddress.IPv4Network(cidr) if isinstance(cidr, str) else None
    except ValueError:
        block = None
    if block is None or "/" not in str(cidr) or not PREFIX_MIN <= block.prefixlen <= PREFIX_MAX:
        return Problem("cidr", cidr, _BLOCK, _FIX)
    want = needed(instances, services)
    prefix = subnet_prefix(block.prefixlen, zones)
    if prefix <= PREFIX_MAX and usable(prefix) >= want:
        return None
    enough = [length for length in range(PREFIX_MIN, PREFIX_MAX + 1) if _fits(length, zones, want)]
    fix = f"a block of /{enough[-1]} or larger" if enough else "fewer instances, or more networks"
    allowed = (
        f"a block that gives each of {zones} zones {want} addresses: {PER_INSTANCE} for each of {instances} instances, "
        f"1 for each of {services} interface endpoints"
    )
    return Problem("cidr", cidr, allowed, fix)


def _fits(vpc_prefix: int, zones: int, want: int) -> bool:
    prefix = subnet_prefix(vpc_prefix, zones)
    return prefix <= PREFIX_MAX and usable(prefix) >= want
