"""Charts of PromQL on dashboards: for whom a fleet's dashboard has them, and alone on any dashboard."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_inference.cost import FleetDashboard, PromQLChart
from tests.components import component, shared
from tests.judges.dashboard_body import body_of, findings
from tests.refusals import refusal_of
from tests.support import new_stack, only, template_of
from tests.unit.cost.boards import KINDS, alone, board, realtime

pytestmark = pytest.mark.xdist_group("boards")


def charts(body: dict[str, Any]) -> list[tuple[str, str]]:
    """(title, query) of each chart."""
    found = [one["properties"] for one in body["widgets"] if one["type"] == "chart"]
    return [(one["title"], query["query"]) for one in found for query in one["data"]["queries"]]


def host(stack: cdk.Stack) -> Any:
    return stack.node.try_find_child("Shared") or shared(stack)


def test_only_where_they_are_wanted_and_for_whom_they_are_published() -> None:
    of_endpoint = dict.fromkeys(
        ("realtime", "inf2", "pools", "imported", "with_variants", "with_shadow", "by_the_clock"), 3
    )
    expected = {**dict.fromkeys(KINDS, 0), **of_endpoint, "component_endpoint": 3, "one_component": 2}
    assert {name: len(charts(alone(name, detailed=True))) for name in KINDS} == expected
    assert {name: len(charts(alone(name))) for name in KINDS} == dict.fromkeys(KINDS, 0)


def test_of_an_endpoint_and_of_a_component() -> None:
    found = charts(board([realtime, host, lambda stack: component(host(stack), "Legal")], detailed=True))
    chat, on_host = '"aws.sagemaker.endpoint.name"="fleet-chat"', '"aws.sagemaker.endpoint.name"="fleet-shared"'
    legal = '"aws.sagemaker.inference_component.name"="fleet-legal"'
    tokens, first, instances = (
        "Tokens per second, from the container",
        "Time to first token, p99, seconds",
        "Instances, from their hosts",
    )
    assert [title for title, _ in found] == [tokens, first, instances, tokens, first, instances, tokens, first]
    assert all(chat in query for _, query in found[:3])
    assert all(on_host in query for _, query in found[3:])
    assert [legal in query for _, query in found] == [False] * 6 + [True] * 2


def test_alone_on_a_dashboard() -> None:
    stack = new_stack(region="us-east-1")
    one = PromQLChart(title="Up", query="up", width=8)
    other = PromQLChart(title="Down", query="1 - up", region="eu-west-1", height=4)
    cloudwatch.Dashboard(stack, "Own", widgets=[[one, other]])
    body = body_of(only(template_of(stack), "AWS::CloudWatch::Dashboard"))
    assert findings(body) == []
    places = [tuple(widget[name] for name in ("x", "y", "width", "height")) for widget in body["widgets"]]
    assert places == [(0, 0, 8, 6), (8, 0, 12, 4)]
    assert [one["properties"]["region"] for one in body["widgets"]] == ["known", "eu-west-1"]


def test_detailed_is_true_or_false() -> None:
    stack = new_stack()
    found = refusal_of(FleetDashboard, stack, "Board", targets=[realtime(stack)], detailed="yes")
    assert found == ("FleetDashboard fleet/Board: detailed: got 'yes'; allowed: True, False; fix: write True or False")
