"""What several networks cover together, and security groups with thousands of rules."""

from __future__ import annotations

import time

import pytest

from cdk_inference.review.load import Loaded
from cdk_inference.review.pairing import pair_up
from cdk_inference.review.protections.networks import Networks, network
from cdk_inference.review.reviewing import Review, review
from cdk_inference.template import deployment_of
from tests.support import Template

RULES = 1_500
FUNCTIONS = 300
CPU_SECONDS_MAX = 10.0


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


def test_thousands_of_ingress_rules_take_seconds() -> None:
    found = _reviewed_in_time({"Group": _group("10", RULES)}, {"Group": _group("11", RULES)})
    assert [one.rule for one in found.findings] == ["network-opened"]


def test_hundreds_of_functions_in_another_group_take_seconds() -> None:
    groups = {"Old": _group("10", FUNCTIONS), "New": _group("11", FUNCTIONS)}
    before, after = ({f"F{number}": _function(group) for number in range(FUNCTIONS)} for group in groups)
    found = _reviewed_in_time({**groups, **before}, {**groups, **after})
    assert [one.rule for one in found.findings] == ["network-opened"] * FUNCTIONS


def _reviewed_in_time(before: Template, after: Template) -> Review:
    start = time.process_time()
    sides = (deployment_of({"S": {"Resources": side}}, "us-east-1") for side in (before, after))
    found = review(pair_up(*(Loaded(deployment=side, unread=()) for side in sides)))
    assert time.process_time() - start < CPU_SECONDS_MAX
    return found


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
