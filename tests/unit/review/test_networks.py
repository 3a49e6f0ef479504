"""What several networks cover together, and security groups with many rules."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest

from cdk_inference.review.load import Loaded
from cdk_inference.review.pairing import pair_up
from cdk_inference.review.protections import openings
from cdk_inference.review.protections.networks import Networks, network
from cdk_inference.review.reviewing import Review, review
from cdk_inference.template import deployment_of
from tests.support import Template


@pytest.mark.parametrize(
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
    wanted = network(one)
    assert wanted is not None
    networks = (network(text) for text in several.split())
    assert (wanted in Networks(found for found in networks if found is not None)) is covered


@pytest.mark.parametrize("text", ["sg-1", "10.0.0.0/33", ""])
def test_other_text_is_no_network(text: str) -> None:
    assert network(text) is None


def test_many_rules_of_a_group_are_compared_with_its_networks_once(collected: mock.Mock) -> None:
    found = _reviewed({"Group": _group("10", 100)}, {"Group": _group("11", 100)})
    assert [one.rule for one in found.findings] == ["network-opened"]
    assert collected.call_count == 1


def test_two_groups_are_compared_once_however_many_functions_exchange_them(collected: mock.Mock) -> None:
    groups = {"Old": _group("10", 60), "New": _group("11", 60)}
    before, after = ({f"F{number}": _function(group) for number in range(30)} for group in groups)
    found = _reviewed({**groups, **before}, {**groups, **after})
    assert [one.rule for one in found.findings] == ["network-opened"] * 30
    assert collected.call_count == 1


@pytest.fixture
def collected() -> Iterator[mock.Mock]:
    """Counts how often the networks of rules are collected: with thousands of rules, once is all that is affordable."""
    with mock.patch.object(openings, "Networks", side_effect=Networks) as counted:
        yield counted


def _reviewed(before: Template, after: Template) -> Review:
    sides = (deployment_of({"S": {"Resources": side}}, "us-east-1") for side in (before, after))
    return review(pair_up(*(Loaded(deployment=side, unread=()) for side in sides)))


def _function(group: str) -> Template:
    network = {"SecurityGroupIds": [{"Fn::GetAtt": [group, "GroupId"]}], "SubnetIds": ["subnet-1"]}
    return {"Type": "AWS::Lambda::Function", "Properties": {"VpcConfig": network}}


def _group(first: str, count: int) -> Template:
    rules = [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": f"{first}.{number // 256}.{number % 256}.0/24"}
        for number in range(0, 2 * count, 2)
    ]
    properties = {"GroupDescription": "many", "SecurityGroupIngress": rules}
    return {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}
