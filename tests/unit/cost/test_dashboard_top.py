"""What stands on top of a dashboard, what it is called, and where its metrics are."""

from __future__ import annotations

import functools
import re
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_inference.cost import FleetDashboard
from tests.judges.dashboard_body import body_of, findings
from tests.judges.graph_maths import Series, evaluate, rows_of
from tests.support import new_stack, of_type, only, template_of
from tests.unit.cost.boards import (
    TOP,
    asynchronous,
    board,
    imported,
    inf2,
    marks,
    rate,
    realtime,
    titled,
    titles,
    with_variants,
)


def test_the_top_has_the_alarms_and_the_dollars() -> None:
    stack = new_stack()
    alarm = cloudwatch.Alarm.from_alarm_arn(stack, "A", "arn:aws:cloudwatch:us-east-1:111122223333:alarm:burn")
    FleetDashboard(
        stack, "Board", targets=[imported(stack)], alarms=[alarm], usd_per_hour=rate(), limit_usd_per_hour=9.5
    )
    body = body_of(only(template_of(stack), "AWS::CloudWatch::Dashboard"))
    assert findings(body) == []
    assert titles(body)[:6] == [
        *("## fleet Board · us-east-1", "Alarms, firing ones first", "Dollars per hour, now", *TOP, "Dollars per hour")
    ]
    assert [one["width"] for one in body["widgets"][1:5]] == [6, 4, 7, 7]
    assert titled(body, "Alarms, firing ones first")["alarms"] == [alarm.alarm_arn]
    assert marks(titled(body, "Dollars per hour")) == [(9.5, "limit $9.50")]


def test_without_what_it_is_about_there_is_no_widget() -> None:
    assert titles(board([imported]))[:3] == ["## fleet Board · us-east-1", *TOP]


def test_the_budget_is_what_the_last_thirty_days_leave() -> None:
    body = board([imported], usd_per_hour=rate(), monthly_budget_usd=1000)
    properties = titled(body, "Budget left of $1,000.00, estimate, last 30 days")
    left, metric = rows_of(properties["metrics"])
    assert properties["start"] == "-P30D"
    assert "min" not in properties["yAxis"]["left"]
    assert (metric.names, metric.id) == (("Own", "UsdPerHour"), "fleet_usd_per_hour")
    # Six dollars an hour, for five minutes each: half a dollar a point; a gap costs nothing.
    series: Series = [6.0, 6.0, None, 12.0]
    assert evaluate(left.options["expression"], lambda _: series) == [999.5, 999.0, None, 998.0]
    assert titles(body)[6] == (
        "Estimated from dollars per hour over the last 30 days, not the calendar month. What that rate leaves out is "
        "missing here: such as storage, traffic, logs, discounts."
    )


def test_each_unit_cost_has_a_graph_by_its_label() -> None:
    costs = [
        cloudwatch.Metric(namespace="Own", metric_name="PerThousand", label="Dollars per 1000 requests"),
        cloudwatch.Metric(namespace="Own", metric_name="Other"),
    ]
    body = board([imported], unit_cost=costs)
    assert titles(body)[3:5] == ["Dollars per 1000 requests", "Unit cost"]


def test_links_stand_in_the_title() -> None:
    body = board([imported], links={"Runbook": "https://wiki.example.com/a", "On call": "https://wiki.example.com/b"})
    assert titles(body)[0] == (
        "## fleet Board · us-east-1 · [Runbook](https://wiki.example.com/a) · [On call](https://wiki.example.com/b)"
    )


class Mine:
    """A target of somebody else's, with nothing but the words that targets share."""

    target_name = "mine"

    def metric_requests(self, **options: Any) -> cloudwatch.Metric:
        return cloudwatch.Metric(namespace="Own", metric_name="Requests", **{"statistic": "Sum", **options})

    metric_client_errors = metric_server_errors = metric_latency_milliseconds = metric_requests


def test_a_target_of_ones_own_shows_what_callers_see() -> None:
    assert titles(board([lambda _: Mine()]))[3:] == ["### mine", "Requests", "Latency", "Errors"]


def test_dashboards_of_one_account_never_share_a_name() -> None:
    app = cdk.App()
    prod, dev = (cdk.Stage(app, name) for name in ("prod", "dev"))
    names: list[str] = []
    for scope, stack_id, stack_name, region, ids in (
        (app, "fleet", None, "us-east-1", ("Board", "Other")),
        (app, "west", "fleet", "eu-west-1", ("Board",)),
        (app, "fleet-dev", None, "us-east-1", ("Board",)),
        (prod, "fleet", None, "us-east-1", ("Board",)),
        (dev, "fleet", None, "us-east-1", ("Board",)),
        (app, "s" * 120, None, "us-east-1", ("B" * 200, "B" * 200 + "c")),
    ):
        env = cdk.Environment(account="111122223333", region=region)
        stack = cdk.Stack(scope, stack_id, stack_name=stack_name, env=env)
        target = imported(stack)
        names += [FleetDashboard(stack, id, targets=[target]).dashboard_name for id in ids]
    assert names[:6] == [
        "fleet-board-us-east-1",
        "fleet-other-us-east-1",
        "fleet-board-eu-west-1",
        "fleet-dev-board-us-east-1",
        "prod-fleet-board-us-east-1",
        "dev-fleet-board-us-east-1",
    ]
    assert len(set(names)) == len(names) == 8
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name) for name in names)
    made = [of_type(one.template, "AWS::CloudWatch::Dashboard") for one in app.synth().stacks_recursively]
    assert sorted(one["DashboardName"] for boards in made for one in boards) == sorted(names)


def test_in_a_nested_stack_the_outermost_ones_name_begins_it() -> None:
    stack = new_stack()
    inner = cdk.NestedStack(stack, "Inner")
    assert FleetDashboard(inner, "Board", targets=[imported(inner)]).dashboard_name == "fleet-inner-board-us-east-1"


def test_where_only_cloudformation_knows_the_region_it_writes_it() -> None:
    stack = new_stack(region=None)
    FleetDashboard(stack, "Board", targets=[imported(stack)])
    properties = only(template_of(stack), "AWS::CloudWatch::Dashboard")
    assert properties["DashboardName"] == {"Fn::Join": ["", ["fleet-board-", {"Ref": "AWS::Region"}]]}
    regions = [one["properties"].get("region") for one in body_of(properties)["widgets"] if one["type"] == "metric"]
    assert set(regions) == {"known"}


def test_a_targets_metrics_keep_their_region_on_a_dashboard_elsewhere() -> None:
    app = cdk.App()
    east, west = (cdk.Stack(app, name, env=cdk.Environment(region=name)) for name in ("us-east-1", "eu-west-1"))
    FleetDashboard(west, "Board", targets=[imported(east)])
    body = body_of(only(template_of(west), "AWS::CloudWatch::Dashboard"))
    requests = titled(body, "Requests")
    assert requests["region"] == "eu-west-1"
    assert requests["metrics"][0][-1]["region"] == "us-east-1"


def test_endpoints_of_one_name_in_two_regions() -> None:
    app = cdk.App()
    stacks = [cdk.Stack(app, name, env=cdk.Environment(region=name)) for name in ("us-east-1", "eu-west-1")]
    FleetDashboard(stacks[0], "Board", targets=[imported(stack) for stack in stacks])
    body = body_of(only(template_of(stacks[0]), "AWS::CloudWatch::Dashboard"))
    assert findings(body) == []
    assert [title for title in titles(body) if title.startswith("###")] == [
        "### old · real-time endpoint",
        "### old, eu-west-1 · real-time endpoint",
    ]


def test_every_metric_of_a_target_elsewhere_names_its_region() -> None:
    app = cdk.App()
    east, west = (cdk.Stack(app, name, env=cdk.Environment(region=name)) for name in ("us-east-1", "eu-west-1"))
    FleetDashboard(west, "Board", targets=[with_variants(east)])
    body = body_of(only(template_of(west), "AWS::CloudWatch::Dashboard"))
    rows = [row for one in body["widgets"] for row in rows_of(one["properties"].get("metrics", ())) if row.names]
    assert {row.options.get("region") for row in rows} == {"us-east-1"}


@functools.cache
def fleet() -> tuple[cdk.Stack, dict[str, Any]]:
    stack = new_stack()
    return stack, {make.__name__: make(stack) for make in (realtime, inf2, asynchronous, imported)}


@settings(max_examples=settings().max_examples // 3)  # each is a dashboard
@given(st.lists(st.sampled_from(["realtime", "inf2", "asynchronous", "imported"]), min_size=1, unique=True))
def test_any_fleet_makes_a_sound_body(targets: list[str]) -> None:
    stack, made = fleet()
    id = f"Board{len(stack.node.children)}"
    chosen = [made[name] for name in targets]
    board = FleetDashboard(stack, id, targets=chosen, usd_per_hour=rate(), monthly_budget_usd=100)
    resource = board.dashboard.node.default_child
    assert isinstance(resource, cloudwatch.CfnDashboard)
    body = body_of({"DashboardBody": stack.resolve(resource.dashboard_body)})
    assert findings(body) == []
    assert len([title for title in titles(body) if title.startswith("### ")]) == len(targets)
    # Nothing overlaps, as the judge says, and no place is left empty.
    widgets = body["widgets"]
    rows = max(one["y"] + one["height"] for one in widgets)
    assert sum(one["width"] * one["height"] for one in widgets) == 24 * rows


def test_it_is_one_resource() -> None:
    stack = new_stack()
    FleetDashboard(stack, "Board", targets=[imported(stack)])
    assert [one["Type"] for one in template_of(stack)["Resources"].values()] == ["AWS::CloudWatch::Dashboard"]
