"""Alarms and dashboards of two constructs never have one name: CloudWatch would take the second for the first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from constructs import Construct

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.cost import BurnRate, CostControls, FleetDashboard
from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.health import HealthAlarms
from tests.each import each
from tests.support import CONTEXT, llm, models

Made = Callable[[Construct, str, Any], Construct]


def controls(scope: Construct, id: str, target: Any, *, dashboard: bool = True) -> Construct:
    limit = BurnRate(usd_per_hour=50)
    return CostControls(
        scope, id, targets=[target], notify=["oncall@example.com"], burn_rate=limit, dashboard=dashboard
    )


def alarms_only(scope: Construct, id: str, target: Any) -> Construct:
    return controls(scope, id, target, dashboard=False)


def health(scope: Construct, id: str, target: Any) -> Construct:
    return HealthAlarms(scope, id, targets=[target], notify=["oncall@example.com"])


def board(scope: Construct, id: str, target: Any) -> Construct:
    return FleetDashboard(scope, id, targets=[target])


def stack_in(app: cdk.App, name: str, region: str = "us-east-1") -> cdk.Stack:
    return cdk.Stack(app, name, env=cdk.Environment(account="111122223333", region=region))


def target_in(stack: cdk.Stack) -> RealtimeEndpoint:
    return RealtimeEndpoint(stack, "Chat", server=llm(models(stack)), hardware="ml.g6.2xlarge")


CASE = ", in lower case"


@each(
    ("made", "first", "second", "message"),
    [
        (controls, ("A-B", "C"), ("A", "B-C"), "id: got 'B-C'; allowed: an id that gives a name of its own; fix: change one of the ids: A-B/C already has the name A-B-C"),
        (health, ("A-B", "C"), ("A", "B-C"), "id: got 'B-C'; allowed: an id that gives a name of its own; fix: change one of the ids: A-B/C already has the name A-B-C"),
        (board, ("A-B", "C"), ("A", "B-C"), f"id: got 'B-C'; allowed: an id that gives a name of its own{CASE}; fix: change one of the ids: A-B/C already has the name a-b-c-us-east-1"),
        (controls, ("A", "Cost"), ("A", "cost"), f"id: got 'cost'; allowed: an id that gives a name of its own{CASE}; fix: change one of the ids: A/Cost/Dashboard already has the name a-cost-dashboard-us-east-1"),
        (board, ("A", "Board"), ("A", "board"), f"id: got 'board'; allowed: an id that gives a name of its own{CASE}; fix: change one of the ids: A/Board already has the name a-board-us-east-1"),
        (alarms_only, ("A", "Cost"), ("A", "cost"), ""),  # names of alarms keep their case
        (health, ("A", "Health"), ("A", "health"), ""),
    ],
)  # fmt: skip
def test_a_name_that_another_construct_has(
    made: Made, first: tuple[str, str], second: tuple[str, str], message: str
) -> None:
    app = cdk.App(context=CONTEXT)
    stacks = {name: stack_in(app, name) for name in dict.fromkeys((first[0], second[0]))}
    targets = {name: target_in(stack) for name, stack in stacks.items()}
    made(stacks[first[0]], first[1], targets[first[0]])
    before = len(app.node.find_all())
    if not message:
        made(stacks[second[0]], second[1], targets[second[0]])
        return
    with pytest.raises(ConfigurationError) as caught:
        made(stacks[second[0]], second[1], targets[second[0]])
    assert message in str(caught.value)
    assert len(app.node.find_all()) == before


@each("made", [controls, health, board])
def test_another_region_and_a_nested_stack_have_names_of_their_own(made: Made) -> None:
    app = cdk.App(context=CONTEXT)
    for name, region in (("A-B", "us-east-1"), ("A", "us-west-2")):
        stack = stack_in(app, name, region)
        made(stack, "C" if name == "A-B" else "B-C", target_in(stack))
    stack = stack_in(app, "N")
    target = target_in(stack)
    made(stack, "In-C", target)
    if made is health:  # its alarms begin with the nested stack's own name
        made(cdk.NestedStack(stack, "In"), "C", target)
