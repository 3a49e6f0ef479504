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
    start = time.process_time()
    found = _reviewed(_group("10"), _group("11"))
    assert time.process_time() - start < CPU_SECONDS_MAX
    assert [one.rule for one in found.findings] == ["network-opened"]


def _reviewed(before: Template, after: Template) -> Review:
    base, head = (Loaded(deployment=deployment_of({"S": side}, "us-east-1"), unread=()) for side in (before, after))
    return review(pair_up(base, head))


def _group(first: str) -> Template:
    rules = [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": f"{first}.{number // 256}.{number % 256}.0/24"}
        for number in range(0, 2 * RULES, 2)
    ]
    properties = {"GroupDescription": "many", "SecurityGroupIngress": rules}
    return {"Resources": {"Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}}}
