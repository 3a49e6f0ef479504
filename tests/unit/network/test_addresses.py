"""Sums over addresses, against Python's ipaddress."""

from __future__ import annotations

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.network.addresses import (
    PREFIX_MAX,
    RESERVED_PER_SUBNET,
    cidr_problem,
    needed,
    subnet_prefix,
    usable,
)
from tests.each import each

prefixes = st.integers(16, 28)
zones = st.integers(2, 16)


@given(prefix=prefixes, zones=zones)
def test_the_subnets_are_one_per_zone_and_as_large_as_fits(prefix: int, zones: int) -> None:
    block = ipaddress.IPv4Network(("10.0.0.0", prefix))
    chosen = subnet_prefix(prefix, zones)
    subnets = list(block.subnets(new_prefix=chosen))
    assert len(subnets) >= zones
    assert len(list(block.subnets(new_prefix=chosen - 1))) < zones
    if chosen <= PREFIX_MAX:
        assert usable(chosen) == subnets[0].num_addresses - RESERVED_PER_SUBNET


@given(prefix=prefixes, zones=zones, instances=st.integers(0, 40_000), services=st.integers(0, 4))
def test_refused_when_one_subnet_does_not_hold_all(prefix: int, zones: int, instances: int, services: int) -> None:
    problem = cidr_problem(f"10.0.0.0/{prefix}", zones, instances, services)
    chosen = subnet_prefix(prefix, zones)
    assert (problem is None) == (chosen <= PREFIX_MAX and usable(chosen) >= 5 * instances + services)


@given(prefix=prefixes, zones=zones, instances=st.integers(0, 40_000), services=st.integers(0, 4))
def test_the_fix_is_accepted_and_the_next_smaller_block_is_not(
    prefix: int, zones: int, instances: int, services: int
) -> None:
    problem = cidr_problem(f"10.0.0.0/{prefix}", zones, instances, services)
    if problem is None or not problem.fix.startswith("a block of /"):
        return
    length = int(problem.fix.split("/")[1].split(" ")[0])
    assert length < prefix
    assert cidr_problem(f"10.0.0.0/{length}", zones, instances, services) is None
    assert length == 28 or cidr_problem(f"10.0.0.0/{length + 1}", zones, instances, services) is not None


@given(instances=st.integers(0, 1000), services=st.integers(0, 10))
def test_more_of_either_needs_more(instances: int, services: int) -> None:
    assert needed(instances + 1, services) - needed(instances, services) == 5
    assert needed(instances, services + 1) - needed(instances, services) == 1


def test_too_small() -> None:
    assert str(cidr_problem("10.0.0.0/27", 2, 8, 1)) == (
        "cidr: got '10.0.0.0/27'; allowed: a block that gives each of 2 zones 41 addresses: 5 for each of 8 instances, "
        "1 for each of 1 interface endpoints; fix: a block of /25 or larger"
    )


def test_too_many_instances_for_any_block() -> None:
    problem = cidr_problem("10.0.0.0/16", 2, 10_000, 1)
    assert problem is not None
    assert problem.fix == "fewer instances, or more networks"


@each("cidr", ["10.0.0.0", "10.0.0.0/15", "10.0.0.0/29", "10.0.0.1/16", "::/16", 16, None, "", "a/16"])
def test_no_block(cidr: object) -> None:
    assert str(cidr_problem(cidr, 2, 0, 0)) == (
        f"cidr: got {cidr!r}; allowed: an IPv4 block from /16 to /28, written from its first address; fix: for example "
        'cidr="10.0.0.0/16"'
    )


def test_a_block_known_at_deployment_only() -> None:
    assert str(cidr_problem("${Token[TOKEN.1]}", 2, 0, 0)) == (
        "cidr: got 'a value known at deployment only'; allowed: plain text; fix: for example cidr=\"10.0.0.0/16\""
    )
