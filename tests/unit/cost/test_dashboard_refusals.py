"""What a dashboard refuses, in whole sentences."""

from __future__ import annotations

import functools
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.cost import FleetDashboard
from tests.each import each
from tests.support import new_stack
from tests.unit.cost.boards import guardrail, imported, rate, router

IS_TARGET = "an InferenceTarget: an endpoint, a component, or a model on Bedrock"


def refused(targets: Any = None, **arguments: Any) -> str:
    stack = new_stack()
    given = [imported(stack)] if targets is None else targets(stack) if callable(targets) else targets
    with pytest.raises(ConfigurationError) as caught:
        FleetDashboard(stack, "Board", targets=given, **arguments)
    assert stack.node.try_find_child("Board") is None
    return str(caught.value)


@each("given", [[], "chat", None], ids=repr)
def test_no_targets(given: Any) -> None:
    stack = new_stack()
    with pytest.raises(ConfigurationError) as caught:
        FleetDashboard(stack, "Board", targets=given)
    assert str(caught.value) == (
        f"FleetDashboard fleet/Board: targets: got {given!r}; allowed: at least one InferenceTarget: an endpoint, a "
        "component, or a model on Bedrock; fix: name what the dashboard is to show"
    )


def test_what_is_no_target() -> None:
    assert refused([7]) == f"FleetDashboard fleet/Board: targets[0]: got 'int'; allowed: {IS_TARGET}; fix: leave it out"


def test_a_target_twice() -> None:
    assert refused(lambda stack: [imported(stack)] * 2) == (
        "FleetDashboard fleet/Board: targets[1]: got 'old'; allowed: each target once; fix: leave it out"
    )


def test_a_guardrail_is_no_target() -> None:
    assert refused(lambda stack: [guardrail(stack)]) == (
        f"FleetDashboard fleet/Board: targets[0]: got 'Guardrail'; allowed: {IS_TARGET}; fix: leave it out, and graph "
        "its metrics on a dashboard of your own"
    )


def test_a_router_has_no_metrics_of_its_own() -> None:
    assert refused(lambda stack: [router(stack)]) == (
        "FleetDashboard fleet/Board: targets[0]: got 'amazon.nova:1'; allowed: a target whose metrics are known: "
        "metric_id is a model, a profile, or an own model whose metric_id is given; fix: look under which ModelId "
        "CloudWatch has it, `aws cloudwatch list-metrics --namespace AWS/Bedrock`, and pass metric_id=...; metrics of a "
        "prompt router are those of the models that it chose"
    )


def test_what_is_no_alarm() -> None:
    assert refused(alarms=["burn"]) == (
        "FleetDashboard fleet/Board: alarms[0]: got 'str'; allowed: an alarm (aws_cloudwatch.IAlarm); fix: pass the "
        "alarm itself"
    )


def test_too_many_alarms() -> None:
    stack = new_stack()
    alarm = cloudwatch.Alarm.from_alarm_arn(stack, "A", "arn:aws:cloudwatch:us-east-1:111122223333:alarm:burn")
    assert refused(alarms=[alarm] * 101) == (
        "FleetDashboard fleet/Board: alarms: got '101 alarms'; allowed: up to 100 in one widget; fix: pass those that "
        "decide, or a composite alarm of them"
    )


def test_money_without_a_rate() -> None:
    rest = "fix: pass the metric too, for example metric_usd_per_hour() of CostControls"
    assert refused(limit_usd_per_hour=9, monthly_budget_usd=100) == (
        "FleetDashboard fleet/Board has 2 problems:\n"
        f"  1. usd_per_hour: got None; allowed: a metric, since limit_usd_per_hour is given; {rest}\n"
        f"  2. usd_per_hour: got None; allowed: a metric, since monthly_budget_usd is given; {rest}"
    )


@each("amount", [0, -1, float("nan"), float("inf"), True, "9"], ids=repr)
@each("argument", ["limit_usd_per_hour", "monthly_budget_usd"])
def test_what_is_no_amount(argument: str, amount: Any) -> None:
    assert refused(usd_per_hour=rate(), **{argument: amount}) == (
        f"FleetDashboard fleet/Board: {argument}: got {amount!r}; allowed: a number above 0; fix: write US dollars"
    )


def test_amounts_must_be_known() -> None:
    token = cdk.Token.as_number({"Ref": "Budget"})
    assert refused(usd_per_hour=rate(), monthly_budget_usd=token) == (
        "FleetDashboard fleet/Board: monthly_budget_usd: got 'a value known at deployment only'; allowed: a number that is known at synth "
        "time, since it is written into an expression or a title; fix: write the number itself"
    )


def test_what_is_no_metric() -> None:
    rest = (
        "allowed: a metric (aws_cloudwatch.Metric or MathExpression); fix: for example "
        "cloudwatch.Metric(namespace=..., metric_name=...)"
    )
    assert refused(usd_per_hour=9.5, unit_cost=[rate(), "x"]) == (
        "FleetDashboard fleet/Board has 2 problems:\n"
        f"  1. usd_per_hour: got 9.5; {rest}\n"
        f"  2. unit_cost[1]: got 'x'; {rest}"
    )


def test_thirty_days_of_minutes_are_not_kept() -> None:
    assert refused(usd_per_hour=rate(60), monthly_budget_usd=100) == (
        "FleetDashboard fleet/Board: usd_per_hour: got 'a period of 60 seconds'; allowed: a period that is a multiple of "
        "300 seconds together with monthly_budget_usd: CloudWatch keeps finer points for 15 days only, and the budget is about "
        "30; fix: read the rate every five minutes"
    )


def test_minutes_do_without_a_budget() -> None:
    stack = new_stack()
    board = FleetDashboard(stack, "Board", targets=[imported(stack)], usd_per_hour=rate(60), limit_usd_per_hour=9)
    assert board.dashboard_name == "fleet-board-us-east-1"


def test_links_are_addresses() -> None:
    assert refused(links={"Runbook": "wiki/fleet"}) == (
        "FleetDashboard fleet/Board: links['Runbook']: got 'wiki/fleet'; allowed: an address that begins with https://; "
        "fix: write the whole address"
    )
    assert refused(links=["https://wiki.example.com"]) == (
        "FleetDashboard fleet/Board: links: got ['https://wiki.example.com']; allowed: a mapping of words to addresses; "
        'fix: links={"Runbook": "https://..."}'
    )


@functools.cache
def metric(number: int) -> cloudwatch.Metric:
    return cloudwatch.Metric(namespace="Own", metric_name="M", dimensions_map={"Target": f"number {number}"})


class Plain:
    """The least that is a target; its metrics are one, since widgets are counted."""

    def __init__(self, number: int) -> None:
        self.target_name = f"number {number}"

    def metric_requests(self, **_: Any) -> cloudwatch.Metric:
        return metric(0)

    metric_client_errors = metric_server_errors = metric_latency_milliseconds = metric_requests


def test_more_targets_than_a_dashboard_holds() -> None:
    # A heading, two numbers on top; a heading and three graphs each.
    assert refused([Plain(number) for number in range(125)]) == (
        "FleetDashboard fleet/Board: targets: got '503 widgets'; allowed: targets that come to 500 widgets, the most of "
        "a dashboard; fix: make a dashboard for each part of them"
    )


def test_more_lines_than_a_graph_holds() -> None:
    many = cloudwatch.MathExpression(
        expression=" + ".join(f"m{number}" for number in range(500)),
        using_metrics={f"m{number}": metric(number) for number in range(500)},
        label="Sum",
    )
    stack = new_stack()
    with pytest.raises(ConfigurationError) as caught:
        FleetDashboard(stack, "Board", targets=[imported(stack)], unit_cost=[many])
    assert str(caught.value) == (
        "FleetDashboard fleet/Board: the graph 'Sum': got '501 metrics'; allowed: up to 500 metrics and expressions in a "
        "graph, hidden ones included; fix: make a dashboard for each part of the targets"
    )
