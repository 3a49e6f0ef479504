"""Endpoint names in nested stacks and stages, and names that two endpoints would share."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from constructs import Construct

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import RealtimeEndpoint
from tests.support import CONTEXT, llm, models, new_stack


def endpoint(scope: Construct, stack: cdk.Stack, id: str = "Chat") -> RealtimeEndpoint:
    bucket = models(stack) if stack.node.try_find_child("Models") is None else stack.node.find_child("Models")
    return RealtimeEndpoint(scope, id, server=llm(bucket), hardware="ml.g6.2xlarge")


def test_deeper_constructs_carry_their_path() -> None:
    stack = new_stack()
    assert endpoint(Construct(stack, "Team"), stack).endpoint_name == "fleet-team-chat"


def test_a_nested_stack_takes_the_outer_stacks_name() -> None:
    stack = new_stack()
    nested = cdk.NestedStack(stack, "Inner")
    assert endpoint(nested, nested).endpoint_name == "fleet-inner-chat"


def test_a_stage_is_in_its_stacks_name() -> None:
    stage = cdk.Stage(cdk.App(context=CONTEXT), "Beta")
    stack = cdk.Stack(stage, "fleet", env=cdk.Environment(region="us-east-1"))
    assert endpoint(stack, stack).endpoint_name == "beta-fleet-chat"


def test_a_long_name_is_cut_with_a_hash() -> None:
    stack = new_stack("a-stack-with-a-name-that-is-as-long-as-names-get-in-this-company")
    assert endpoint(stack, stack).endpoint_name == "a-stack-with-a-name-that-is-as-long-as-names-get-in-th-6ef7c16c"


def test_two_endpoints_with_one_name() -> None:
    stack = new_stack()
    endpoint(stack, stack, "Chat")
    with pytest.raises(ConfigurationError) as caught:
        endpoint(stack, stack, "chat")
    assert str(caught.value) == (
        "RealtimeEndpoint fleet/chat: id: got 'chat'; allowed: an id that gives a name of its own, in lower case; "
        "fix: change one of the ids: fleet/Chat already has the name fleet-chat"
    )


def test_two_stacks_whose_names_meet() -> None:
    app = cdk.App(context=CONTEXT)
    first, second = new_stack("fleet", app=app), new_stack("fleet-a", app=app)
    endpoint(first, first, "a-Chat")
    with pytest.raises(ConfigurationError) as caught:
        endpoint(second, second)
    assert str(caught.value) == (
        "RealtimeEndpoint fleet-a/Chat: id: got 'Chat'; allowed: an id that gives a name of its own, in lower case; "
        "fix: change one of the ids: fleet/a-Chat already has the name fleet-a-chat"
    )


def test_the_same_name_in_two_regions_is_two_endpoints() -> None:
    app = cdk.App(context=CONTEXT)
    names = set()
    for region in ("us-east-1", "us-west-2"):
        stack = cdk.Stack(app, region, stack_name="fleet", env=cdk.Environment(region=region))
        names.add(endpoint(stack, stack).endpoint_name)
    assert names == {"fleet-chat"}
