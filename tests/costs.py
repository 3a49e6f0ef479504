"""What tests of cost controls share."""

from __future__ import annotations

from typing import Any, cast

import aws_cdk as cdk
from aws_cdk import aws_sns as sns

from cdk_inference.cost import CostControls
from cdk_inference.endpoints import RealtimeEndpoint
from tests.refusals import refusal_of
from tests.support import of_type, template_of

KINDS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")


def elsewhere(stack: cdk.Stack, name: str = "search", hardware: Any = "ml.inf2.xlarge") -> Any:
    """An endpoint that was made elsewhere."""
    return RealtimeEndpoint.from_endpoint_name(stack, name.title(), name, hardware=hardware)


def topic_of(stack: cdk.Stack, region: str = "us-east-1") -> sns.ITopic:
    """One per stack and region, however often it is asked for."""
    id = f"Topic{region}"
    found = stack.node.try_find_child(id)
    made = found or sns.Topic.from_topic_arn(stack, id, f"arn:aws:sns:{region}:111122223333:alarms")
    return cast(sns.ITopic, made)


def watched(stack: cdk.Stack, id: str = "Cost", **arguments: Any) -> CostControls:
    """Cost controls without their dashboard, which takes longer to make than all alarms."""
    return CostControls(stack, id, dashboard=False, **arguments)


def refused(stack: cdk.Stack, **arguments: Any) -> str:
    """What `CostControls` says of these arguments."""
    return refusal_of(CostControls, stack, "Cost", **arguments)


def alarms(stack: cdk.Stack) -> dict[str, Any]:
    """Name -> properties of every alarm, composite ones among them."""
    template = template_of(stack)
    return {alarm["AlarmName"]: alarm for kind in KINDS for alarm in of_type(template, kind)}
