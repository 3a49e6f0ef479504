"""What each kind of target shows, and that every metric on a dashboard is one that the tables have."""

from __future__ import annotations

import re
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_inference.cost import FleetDashboard
from cdk_inference.cost.dashboard.kinds import DEMAND, DEMAND_WORDS, FAILURES, FIRST_TOKEN, MORE, USE
from cdk_inference.metrics import KINDS as METRIC_KINDS
from cdk_inference.metrics import MetricFact, of_kind, published
from cdk_inference.scaling import Several, TargetConcurrency, TargetInvocations, TargetMetric, TargetUtilization
from tests.judges.dashboard_body import body_of, findings
from tests.judges.graph_maths import Series, evaluate, rows_of
from tests.support import new_stack, of_type, only, template_of
from tests.synthesized import templates
from tests.unit.cost.boards import (
    KINDS,
    alone,
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

TOP = [
    "Server errors, % of requests, last 5 minutes",
    "Latency p99, milliseconds, last 5 minutes",
]
# Namespaces that are nobody's of the tables, and the alarms' own.
OWN = {"Own"}


def shown(name: str) -> list[str]:
    """The titles below the top."""
    found = titles(alone(name))
    return found[found.index(TOP[-1]) + 1 :] if TOP[-1] in found else found[1:]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "realtime",
            [
                "### fleet-chat · real-time endpoint · ml.g6.12xlarge",
                *("Requests", "Latency in the container", "Errors"),
                *("Instances", "Load: requests in flight", "Utilization"),
            ],
        ),
        (
            "inf2",
            [
                "### fleet-search · real-time endpoint · ml.inf2.xlarge",
                *("Requests", "Latency in the container", "Errors"),
                *("Instances", "Load: requests per instance and minute", "Utilization"),
                "SageMaker publishes no metric of NeuronCore use ([its list](https://docs.aws.amazon.com/sagemaker/latest/"
                "dg/monitoring-cloudwatch.html), read 2026-11-22): watch the load.",
            ],
        ),
        (
            "asynchronous",
            [
                "### fleet-batch · asynchronous endpoint · ml.g5.2xlarge",
                *("Requests processed", "Latency in the container, queue not included", "Errors"),
                *("Instances", "Load: queued requests per instance", "Oldest request waits", "Utilization"),
            ],
        ),
        (
            "serverless",
            [
                "### fleet-small · serverless endpoint",
                *("Requests", "Latency in the container", "Errors"),
                *("Concurrency used", "Cold starts take", "Utilization"),
            ],
        ),
        (
            "component_endpoint",
            [
                "### fleet-shared · endpoint that hosts inference components · ml.g6.12xlarge",
                *("Reserved by components", "Utilization"),
            ],
        ),
        (
            "one_component",
            [
                "### fleet-chat · inference component · ml.g6.12xlarge",
                *("Requests", "Latency in the container", "Errors"),
                *("Copies, while requests come", "Load: GPU", "Utilization"),
            ],
        ),
        (
            "imported",
            [
                "### old · real-time endpoint",
                *("Requests", "Latency in the container", "Errors"),
                *("Instances", "Load: requests in flight", "Utilization, 100 per vCPU and per GPU"),
                "The hardware is not known here, so GPU use is left out.",
            ],
        ),
        (
            "bedrock",
            [
                "### us.anthropic.claude-haiku-5-5 · model on Amazon Bedrock",
                *("Requests", "Latency of the whole answer", "Errors", "Tokens per minute"),
            ],
        ),
        (
            "with_variants",
            [
                "### fleet-many · real-time endpoint · ml.g6.2xlarge",
                *("Requests", "Latency in the container", "Errors"),
                *("Instances", "Load: requests in flight", "Utilization"),
                "### fleet-many, variant B · real-time endpoint · ml.g5.2xlarge",
                *("Requests", "Latency in the container", "Errors"),
                *("Instances", "Load: requests in flight", "Utilization"),
            ],
        ),
        (
            "with_shadow",
            [
                "### fleet-copied · real-time endpoint · ml.g6.2xlarge",
                *("Requests", "Latency in the container", "Errors"),
                *("Instances", "Load: requests in flight", "Utilization"),
                "### fleet-copied, variant New · real-time endpoint · ml.g5.2xlarge",
                *("Instances", "Utilization"),
            ],
        ),
    ],
)
def test_each_kind_shows_what_it_publishes(name: str, expected: list[str]) -> None:
    assert shown(name) == expected


def _unpublished(body: dict[str, Any]) -> list[tuple[str, ...]]:
    """Metrics of a body that no table has with exactly these dimensions."""
    known = {(fact.namespace, fact.name, *sorted(fact.dimensions)) for kind in METRIC_KINDS for fact in of_kind(kind)}
    rows = [row for one in body["widgets"] for row in rows_of(one["properties"].get("metrics", ())) if row.names]
    return [
        row.names
        for row in rows
        if (row.names[0], row.names[1], *sorted(row.names[2::2])) not in known and row.names[0] not in OWN
    ]


@pytest.mark.parametrize("name", KINDS)
def test_every_metric_is_in_the_tables(name: str) -> None:
    assert _unpublished(alone(name)) == []


@pytest.mark.xdist_group("synthesized")
def test_every_metric_of_the_example_is_in_the_tables() -> None:
    (stack,) = templates("example-fleet_dashboard")
    body = body_of(only(stack.template, "AWS::CloudWatch::Dashboard"))
    assert _unpublished(body) == []


@pytest.mark.parametrize("kind", METRIC_KINDS)
def test_the_tables_of_lines_name_what_the_kind_publishes(kind: str) -> None:
    names = [line.metric for line in (*USE.get(kind, ()), *FAILURES.get(kind, ()))]
    names += [line.metric for graph in MORE.get(kind, ()) for line in graph.lines]
    names += [DEMAND[kind]] if kind in DEMAND else []
    names += [FIRST_TOKEN[kind].metric] if kind in FIRST_TOKEN else []
    assert [name for name in names if not isinstance(published(name, kind), MetricFact)] == []


def test_the_words_for_loads_are_of_metrics() -> None:
    names = {fact.name for kind in METRIC_KINDS for fact in of_kind(kind)}
    assert set(DEMAND_WORDS) <= names


@pytest.mark.parametrize(
    ("name", "title", "expected"),
    [
        ("realtime", "Instances", [(6, "most 6"), (1, "fewest 1")]),
        ("realtime", "Load: requests in flight", [(4, "scaling holds 4")]),
        ("inf2", "Load: requests per instance and minute", [(1200, "scaling holds 1200")]),
        ("asynchronous", "Instances", [(3, "most 3"), (0, "fewest 0")]),
        ("asynchronous", "Load: queued requests per instance", [(5, "scaling holds 5")]),
        ("one_component", "Copies, while requests come", [(3, "most 3"), (1, "fewest 1")]),
        ("one_component", "Load: GPU", [(70, "scaling holds 70")]),
        ("imported", "Instances", []),
        ("imported", "Load: requests in flight", []),
        ("by_the_clock", "Instances", [(12, "most 12"), (1, "fewest 1")]),
    ],
)
def test_bounds_and_what_scaling_holds_are_drawn(name: str, title: str, expected: list[tuple[float, str]]) -> None:
    assert marks(titled(alone(name), title)) == expected


def _follows_three(stack: cdk.Stack) -> Any:
    in_flight = cdk.CfnParameter(stack, "InFlight", type="Number", default=4).value_as_number
    policies = (
        TargetConcurrency(per_instance=in_flight, max_instances=6),
        TargetInvocations(per_instance_per_minute=90, max_instances=6),
        TargetUtilization(of="gpu", percent=70, max_capacity=6),
    )
    return realtime(stack, scaling=Several(policies=policies))


def test_each_metric_that_scaling_holds_has_a_graph_and_each_known_value_a_line() -> None:
    body = board([_follows_three])
    loads = {title: marks(titled(body, title)) for title in titles(body) if title.startswith("Load")}
    assert loads == {
        "Load: requests in flight": [],
        "Load: requests per instance and minute": [(90, "scaling holds 90")],
        "Load: GPU, summed over GPUs": [(280, "scaling holds 280")],
    }


def _followed(**dimensions: str) -> list[str]:
    """What is drawn for a policy that follows requests in flight of these dimensions."""
    metric = cloudwatch.Metric(
        namespace="AWS/SageMaker",
        metric_name="ConcurrentRequestsPerModel",
        dimensions_map=dimensions,
        statistic="Average",
    )
    scaling = TargetMetric(metric=metric, value=3, max_capacity=6)
    properties = titled(board([lambda stack: realtime(stack, scaling=scaling)]), "Load: requests in flight")
    (row,) = rows_of(properties["metrics"])
    return [row.options.get("stat", "Average"), *(label for _, label in marks(properties))]


def test_a_metric_of_another_endpoint_is_not_this_ones_load() -> None:
    assert _followed(EndpointName="fleet-chat", VariantName="AllTraffic") == ["Average", "scaling holds 3"]
    assert _followed(EndpointName="other", VariantName="AllTraffic") == ["Maximum"]


def test_of_unknown_hardware_only_what_all_have_is_drawn() -> None:
    properties = titled(alone("imported"), "Utilization, 100 per vCPU and per GPU")
    assert [row.options["label"] for row in rows_of(properties["metrics"])] == ["CPU", "memory"]


@pytest.mark.parametrize(("name", "lines"), [("bedrock", [4]), ("realtime", [3, 3]), ("asynchronous", [3, 4])])
def test_what_fits_stands_in_one_line(name: str, lines: list[int]) -> None:
    places = [one["y"] for one in alone(name)["widgets"][4:]]
    assert [places.count(y) for y in sorted(set(places))] == lines


def test_the_top_fills_its_line_whatever_is_there() -> None:
    stack = new_stack()
    alarm = cloudwatch.Alarm.from_alarm_arn(stack, "A", "arn:aws:cloudwatch:us-east-1:111122223333:alarm:burn")
    target = imported(stack)
    for number, more in enumerate(({}, {"verdicts": [alarm]}, {"usd_per_hour": rate()})):
        FleetDashboard(stack, f"Board{number}", targets=[target], **more)
    for found, expected in zip(
        of_type(template_of(stack), "AWS::CloudWatch::Dashboard"), ([12, 12], [8, 8, 8], [6, 9, 9]), strict=True
    ):
        assert [one["width"] for one in body_of(found)["widgets"] if one["y"] == 1] == expected


def test_a_fixed_count_is_one_line_and_finer_samples_are_fewer_instances() -> None:
    first, second = (
        one["properties"] for one in alone("with_variants")["widgets"] if one["properties"].get("title") == "Instances"
    )
    assert (marks(first), marks(second)) == ([(2, "fixed: 2")], [(1, "fewest 1")])
    expression, samples = rows_of(first["metrics"])
    assert expression.options["expression"] == "samples * 0.166667"
    assert samples.options["stat"] == "SampleCount"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("realtime", {"CPU": "cpu / 48", "GPU": "gpu / 4", "GPU memory": "gpu_memory / 4", "memory": None}),
        ("inf2", {"CPU": "cpu / 4", "memory": None}),
        ("component_endpoint", {"CPU": None, "GPU": None, "GPU memory": None, "memory": None}),
        ("serverless", {"memory": None}),
    ],
)
def test_utilization_is_of_all_cores_and_gpus(name: str, expected: dict[str, str | None]) -> None:
    properties = titled(alone(name), "Utilization")
    rows = [row for row in rows_of(properties["metrics"]) if row.visible]
    assert {row.options["label"]: row.options.get("expression") for row in rows} == expected
    assert properties["yAxis"]["left"] == {"label": "percent", "min": 0, "max": 100, "showUnits": False}


def test_types_with_unlike_numbers_of_cores_are_not_divided() -> None:
    properties = titled(alone("pools"), "Utilization, 100 per vCPU and per GPU")
    assert [row.options.get("expression") for row in rows_of(properties["metrics"])] == [None] * 4
    assert "max" not in properties["yAxis"]["left"]


@pytest.mark.parametrize("name", KINDS)
def test_every_graph_has_a_region_a_unit_and_a_period(name: str) -> None:
    for widget in alone(name)["widgets"]:
        properties = widget["properties"]
        if widget["type"] == "metric":
            assert properties["region"] == "us-east-1"
            assert properties["period"] == 300
        if properties.get("view") == "timeSeries":
            assert properties["yAxis"]["left"]["label"]


@pytest.mark.parametrize("name", [name for name in KINDS if name != "component_endpoint"])
def test_latency_is_in_milliseconds(name: str) -> None:
    body = alone(name)
    for properties in (one["properties"] for one in body["widgets"]):
        if properties.get("title", "").startswith("Latency"):
            for row in rows_of(properties["metrics"]):
                published_in_microseconds = row.names[1:2] == ("ModelLatency",)
                assert not (row.visible and published_in_microseconds)
            expressions = [row.options["expression"] for row in rows_of(properties["metrics"]) if not row.names]
            assert all(one.endswith(" / 1000") for one in expressions)


def test_the_share_of_errors_is_of_the_requests() -> None:
    (share,) = (row for row in rows_of(titled(alone("realtime"), "Errors")["metrics"]) if not row.names)
    points: dict[str, Series] = {"server0": [3.0, 0.0, None], "requests0": [60.0, 10.0, 0.0]}
    assert evaluate(share.options["expression"], points.__getitem__) == [5.0, 0.0, None]


def test_the_top_has_the_alarms_and_the_dollars() -> None:
    stack = new_stack()
    alarm = cloudwatch.Alarm.from_alarm_arn(stack, "A", "arn:aws:cloudwatch:us-east-1:111122223333:alarm:burn")
    FleetDashboard(
        stack, "Board", targets=[imported(stack)], verdicts=[alarm], usd_per_hour=rate(), limit_usd_per_hour=9.5
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


def test_periods_are_those_of_the_graphs() -> None:
    body = alone("realtime")
    assert (body["periodOverride"], body["start"]) == ("inherit", "-PT3H")


class Mine:
    """A target of somebody else's, with nothing but the words that targets share."""

    target_name = "mine"

    def metric_requests(self, **options: Any) -> cloudwatch.Metric:
        return cloudwatch.Metric(namespace="Own", metric_name="Requests", **{"statistic": "Sum", **options})

    metric_client_errors = metric_server_errors = metric_latency_milliseconds = metric_requests


def test_a_target_of_ones_own_shows_what_callers_see() -> None:
    assert titles(board([lambda _: Mine()]))[3:] == ["### mine", "Requests", "Latency", "Errors"]


def _name(**place: Any) -> str:
    app = cdk.App()
    scope = app if "stage" not in place else cdk.Stage(app, place["stage"])
    env = cdk.Environment(account="111122223333", region=place.get("region", "us-east-1"))
    stack = cdk.Stack(scope, place.get("stack", "fleet"), env=env)
    made = FleetDashboard(stack, place.get("id", "Board"), targets=[imported(stack)])
    assert made.dashboard_name == only(template_of_scope(stack), "AWS::CloudWatch::Dashboard")["DashboardName"]
    return made.dashboard_name


def template_of_scope(stack: cdk.Stack) -> dict[str, Any]:
    root = cdk.Stage.of(stack)
    assert root is not None
    found = root.synth().get_stack_artifact(stack.artifact_id).template
    assert isinstance(found, dict)
    return found


def test_dashboards_of_one_account_never_share_a_name() -> None:
    names = [
        _name(),
        _name(region="eu-west-1"),
        _name(stack="fleet-dev"),
        _name(stage="prod"),
        _name(stage="dev"),
        _name(id="Other"),
        _name(id="B" * 200, stack="s" * 120),
        _name(id="B" * 200 + "c", stack="s" * 120),
    ]
    assert names[:5] == [
        "fleet-board-us-east-1",
        "fleet-board-eu-west-1",
        "fleet-dev-board-us-east-1",
        "prod-fleet-board-us-east-1",
        "dev-fleet-board-us-east-1",
    ]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name) for name in names)


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


@settings(max_examples=8)
@given(st.lists(st.sampled_from([realtime, inf2, asynchronous, imported]), min_size=1, unique=True))
def test_any_fleet_makes_a_sound_body(targets: list[Any]) -> None:
    body = board(targets, usd_per_hour=rate(), monthly_budget_usd=100)
    assert len([title for title in titles(body) if title.startswith("### ")]) == len(targets)
    # Nothing overlaps, as the judge says, and no place is left empty.
    widgets = body["widgets"]
    rows = max(one["y"] + one["height"] for one in widgets)
    assert sum(one["width"] * one["height"] for one in widgets) == 24 * rows


def test_it_is_one_resource() -> None:
    stack = new_stack()
    target = imported(stack)
    FleetDashboard(stack, "Board", targets=[target])
    assert list(template_of(stack)["Resources"]) == [
        "BoardDashboard" + next(iter(template_of(stack)["Resources"]))[14:]
    ]
    assert len(of_type(template_of(stack), "AWS::CloudWatch::Dashboard")) == 1
