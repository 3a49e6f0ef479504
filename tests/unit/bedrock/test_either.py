"""An application that moves between Bedrock and an endpoint of its own keeps everything but names and permissions."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.iam import Request, decide
from tests.bedrock_calls import Call, own_arn
from tests.judges.deployed import Deployment
from tests.support import of_type
from tests.synthesized import templates

pytestmark = pytest.mark.xdist_group("synthesized")

HAIKU = "anthropic.claude-haiku-5-5"


def stacks() -> dict[str, dict[str, Any]]:
    return {stack.name: stack.template for stack in templates("example-serve_either")}


def test_the_same_resources_with_the_same_ids() -> None:
    bedrock, endpoint = stacks().values()
    kinds = [{key: one["Type"] for key, one in found["Resources"].items()} for found in (bedrock, endpoint)]
    assert kinds[0] == kinds[1]
    assert len(kinds[0]) == 5


def test_the_alarms_differ_in_what_they_watch_alone() -> None:
    for number, differing in enumerate(
        ({"AlarmDescription", "AlarmName", "Metrics"}, {"AlarmDescription", "Dimensions", "MetricName", "Namespace"})
    ):
        first, second = (
            sorted(of_type(one, "AWS::CloudWatch::Alarm"), key=lambda alarm: "AlarmName" not in alarm)[number]
            for one in stacks().values()
        )
        assert {key for key in first if first[key] != second[key]} == differing


def test_each_may_call_its_own_model_and_not_the_others() -> None:
    bedrock = Call(
        names=own_arn(f"inference-profile/us.{HAIKU}"), model=HAIKU, regions=("us-east-1", "us-east-2", "us-west-2")
    )
    arn = "arn:aws:sagemaker:us-east-1:111122223333:endpoint/inference-prod-fleet-chat"
    for name, template in stacks().items():
        role = next(key for key, one in template["Resources"].items() if one["Type"] == "AWS::IAM::Role")
        policies = Deployment().identity_of(template, role)
        assert bedrock.answer(policies).allowed is (name == "ChatOnBedrock")
        for action in ("InvokeEndpoint", "InvokeEndpointWithResponseStream"):
            assert decide(Request(f"sagemaker:{action}", arn), policies).allowed is (name == "ChatOnEndpoint")
