"""What several networks cover together, and security groups with many rules."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.review.load import Loaded
from cdk_inference.review.pairing import pair_up
from cdk_inference.review.protections import allowed_traffic, openings
from cdk_inference.review.protections.allowed_traffic import AllowedTraffic
from cdk_inference.review.protections.security_groups import ALL, GroupRule
from cdk_inference.review.reviewing import Review, review
from cdk_inference.template import deployment_of
from tests.each import each
from tests.support import Template

WHOLE = "10.0.0.0/24"
OWNER: Any = None
PEERS = ["sg-1", *(f"10.0.0.{16 * at // 2**bits}/{28 + bits}" for bits in range(5) for at in range(2**bits))]
PORTS = st.none() | st.tuples(st.integers(0, 3), st.integers(0, 3))
RULES = st.builds(
    lambda into, protocol, ports, peer: GroupRule(into, protocol, None if protocol == ALL else ports, peer, OWNER),
    st.booleans(),
    st.sampled_from(["tcp", "udp", ALL]),
    PORTS,
    st.sampled_from(PEERS),
)


@each(
    ("several", "one", "covered"),
    [
        ("10.0.0.0/25 10.0.0.128/25", "10.0.0.0/24", True),
        ("10.0.0.128/25 10.0.1.0/24 10.0.0.0/25", "10.0.0.64/26", True),
        ("10.0.0.0/25 10.0.0.192/26", "10.0.0.0/24", False),
        ("0.0.0.0/1 128.0.0.0/1", "0.0.0.0/0", True),
        ("10.0.0.0/8 10.0.0.0/24 11.0.0.0/8", "10.0.0.0/7", True),
        ("0.0.0.0/0", "::/0", False),
        ("::/1 8000::/1", "2001:db8::/32", True),
        ("", "10.0.0.0/32", False),
    ],
)
def test_a_network_is_covered_by_several_together(several: str, one: str, covered: bool) -> None:
    old = [_rule(text) for text in several.split()]
    assert AllowedTraffic(old).covers(_rule(one)) is covered


@pytest.mark.parametrize("text", ["sg-1", "10.0.0.0/33", ""])
def test_other_text_is_no_network(text: str) -> None:
    assert _rule(text).network is None


@given(st.data())
def test_the_rules_of_a_group_let_through_what_each_address_says(data: st.DataObject) -> None:
    """Against sixteen addresses one by one: some rules that each take all the ports have to take each address."""
    old, new = data.draw(st.lists(RULES, max_size=8)), data.draw(RULES)

    def takes(one: GroupRule) -> bool:
        if one.into != new.into or one.protocol not in (new.protocol, ALL):
            return False
        if one.ports is None:
            return True
        return new.ports is not None and one.ports[0] <= new.ports[0] and new.ports[1] <= one.ports[1]

    able = [one for one in old if takes(one)]
    addresses = {address for one in able if one.network is not None for address in one.network}
    expected = any(one.peer == new.peer for one in able) or (new.network is not None and {*new.network} <= addresses)
    assert AllowedTraffic(old).covers(new) is expected


@pytest.mark.parametrize("count", [100, 400])
def test_rules_with_ports_of_their_own_are_not_each_compared_with_each_other(count: int) -> None:
    looked_up = 0
    contains = allowed_traffic._Ranges.__contains__

    def counted(ranges: Any, ports: Any) -> bool:
        nonlocal looked_up
        looked_up += 1
        return contains(ranges, ports)

    with mock.patch.object(allowed_traffic._Ranges, "__contains__", counted):
        found = _reviewed({"Group": _ports(count, "24")}, {"Group": _ports(count, "23")})
    assert [one.rule for one in found.findings] == ["network-opened"]
    assert looked_up <= 3 * count


def test_beyond_a_number_of_networks_it_is_not_known_what_several_cover() -> None:
    halves = [{"CidrIp": "10.0.0.0/25"}, {"CidrIp": "10.0.0.128/25"}]
    before, after = (_rules([{"IpProtocol": "-1", **one} for one in some]) for some in (halves, [{"CidrIp": WHOLE}]))
    assert _reviewed({"Group": before}, {"Group": after}).findings == ()
    with mock.patch.object(allowed_traffic, "_LOOKED_AT_MAX", 1):
        found = _reviewed({"Group": before}, {"Group": after})
    assert found.findings == ()
    assert [one.why for one in found.not_compared] == [
        "whether Group lets more through: the security group had more rules than are compared"
    ]


def test_two_groups_are_compared_once_however_many_functions_exchange_them() -> None:
    groups = {"Old": _group("10", 60), "New": _group("11", 60)}
    before, after = ({f"F{number}": _function(group) for number in range(30)} for group in groups)
    with mock.patch.object(openings, "AllowedTraffic", side_effect=AllowedTraffic) as made:
        found = _reviewed({**groups, **before}, {**groups, **after})
    assert [one.rule for one in found.findings] == ["network-opened"] * 30
    assert made.call_count == 3  # each group with itself, and the two


def _rule(peer: str) -> GroupRule:
    return GroupRule(True, "tcp", (443, 443), peer, OWNER)


def _reviewed(before: Template, after: Template) -> Review:
    sides = (deployment_of({"S": {"Resources": side}}, "us-east-1") for side in (before, after))
    return review(pair_up(*(Loaded(deployment=side, unread=()) for side in sides)))


def _function(group: str) -> Template:
    network = {"SecurityGroupIds": [{"Fn::GetAtt": [group, "GroupId"]}], "SubnetIds": ["subnet-1"]}
    return {"Type": "AWS::Lambda::Function", "Properties": {"VpcConfig": network}}


def _group(first: str, count: int) -> Template:
    traffic = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    return _rules([{**traffic, "CidrIp": f"{first}.0.{number}.0/24"} for number in range(0, 2 * count, 2)])


def _ports(count: int, prefix: str) -> Template:
    return _rules(
        [
            {
                "IpProtocol": "tcp",
                "FromPort": one,
                "ToPort": one,
                "CidrIp": f"10.{one // 100}.{2 * one % 200}.0/{prefix}",
            }
            for one in range(count)
        ]
    )


def _rules(ingress: list[Template]) -> Template:
    properties = {"GroupDescription": "many", "SecurityGroupIngress": ingress}
    return {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}
