"""What each kind of target shows, and that every metric on a dashboard is one that the tables have."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_inference.cost import FleetDashboard
from cdk_inference.cost.dashboard.kinds import DEMAND, DEMAND_WORDS, FAILURES, FIRST_TOKEN, MORE, USE
from cdk_inference.metrics import KINDS as METRIC_KINDS
from cdk_inference.metrics import MetricFact, of_kind, published
from cdk_inference.scaling import (
    CombinedPolicies,
    TargetConcurrency,
    TargetInvocations,
    TargetMetric,
    TargetUtilization,
)
from tests.each import each
from tests.judges.dashboard_body import body_of
from tests.judges.graph_maths import Series, evaluate, rows_of
from tests.support import new_stack, of_type, template_of
from tests.unit.cost.boards import (
    KINDS,
    TOP,
    alone,
    board,
    imported,
    marks,
    rate,
    realtime,
    titled,
    titles,
    unpublished,
)

pytestmark = pytest.mark.xdist_group("boards")


def shown(name: str) -> list[str]:
    """The titles below the top."""
    found = titles(alone(name))
    return found[found.index(TOP[-1]) + 1 :] if TOP[-1] in found else found[1:]


@each(
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


@each("name", KINDS)
def test_every_metric_is_in_the_tables(name: str) -> None:
    assert unpublished(alone(name)) == []


@each("kind", METRIC_KINDS)
def test_the_tables_of_lines_name_what_the_kind_publishes(kind: str) -> None:
    names = [line.metric for line in (*USE.get(kind, ()), *FAILURES.get(kind, ()))]
    names += [line.metric for graph in MORE.get(kind, ()) for line in graph.lines]
    names += [DEMAND[kind]] if kind in DEMAND else []
    names += [FIRST_TOKEN[kind].metric] if kind in FIRST_TOKEN else []
    assert [name for name in names if not isinstance(published(name, kind), MetricFact)] == []


def test_the_words_for_loads_are_of_metrics() -> None:
    names = {fact.name for kind in METRIC_KINDS for fact in of_kind(kind)}
    assert set(DEMAND_WORDS) <= names


@each(
    ("name", "title", "expected"),
    [
        ("realtime", "Instances", [(6, "max 6"), (1, "min 1")]),
        ("realtime", "Load: requests in flight", [(4, "target 4")]),
        ("inf2", "Load: requests per instance and minute", [(1200, "target 1200")]),
        ("asynchronous", "Instances", [(3, "max 3"), (0, "min 0")]),
        ("asynchronous", "Load: queued requests per instance", [(5, "target 5")]),
        ("one_component", "Copies, while requests come", [(3, "max 3"), (1, "min 1")]),
        ("one_component", "Load: GPU", [(70, "target 70")]),
        ("imported", "Instances", []),
        ("imported", "Load: requests in flight", []),
        ("by_the_clock", "Instances", [(12, "max 12"), (1, "min 1")]),
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
    return realtime(stack, scaling=CombinedPolicies(policies=policies))


def test_each_metric_that_scaling_holds_has_a_graph_and_each_known_value_a_line() -> None:
    body = board([_follows_three])
    loads = {title: marks(titled(body, title)) for title in titles(body) if title.startswith("Load")}
    assert loads == {
        "Load: requests in flight": [],
        "Load: requests per instance and minute": [(90, "target 90")],
        "Load: GPU, summed over GPUs": [(280, "target 280")],
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
    assert _followed(EndpointName="fleet-chat", VariantName="AllTraffic") == ["Average", "target 3"]
    assert _followed(EndpointName="other", VariantName="AllTraffic") == ["Maximum"]


def test_of_unknown_hardware_only_what_all_have_is_drawn() -> None:
    properties = titled(alone("imported"), "Utilization, 100 per vCPU and per GPU")
    assert [row.options["label"] for row in rows_of(properties["metrics"])] == ["CPU", "memory"]


@each(("name", "lines"), [("bedrock", [4]), ("realtime", [3, 3]), ("asynchronous", [3, 4])])
def test_what_fits_stands_in_one_line(name: str, lines: list[int]) -> None:
    places = [one["y"] for one in alone(name)["widgets"][4:]]
    assert [places.count(y) for y in sorted(set(places))] == lines


def test_the_top_fills_its_line_whatever_is_there() -> None:
    stack = new_stack()
    alarm = cloudwatch.Alarm.from_alarm_arn(stack, "A", "arn:aws:cloudwatch:us-east-1:111122223333:alarm:burn")
    target = imported(stack)
    for number, more in enumerate(({}, {"alarms": [alarm]}, {"usd_per_hour": rate()})):
        FleetDashboard(stack, f"Board{number}", targets=[target], **more)
    for found, expected in zip(
        of_type(template_of(stack), "AWS::CloudWatch::Dashboard"), ([12, 12], [8, 8, 8], [6, 9, 9]), strict=True
    ):
        assert [one["width"] for one in body_of(found)["widgets"] if one["y"] == 1] == expected


def test_a_fixed_count_is_one_line_and_finer_samples_are_fewer_instances() -> None:
    first, second = (
        one["properties"] for one in alone("with_variants")["widgets"] if one["properties"].get("title") == "Instances"
    )
    assert (marks(first), marks(second)) == ([(2, "fixed: 2")], [(1, "fixed: 1")])
    expression, samples = rows_of(first["metrics"])
    assert expression.options["expression"] == "samples * 0.166667"
    assert samples.options["stat"] == "SampleCount"


@each(
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


@each("name", KINDS)
def test_every_graph_has_a_region_a_unit_and_a_period(name: str) -> None:
    for widget in alone(name)["widgets"]:
        properties = widget["properties"]
        if widget["type"] == "metric":
            assert properties["region"] == "us-east-1"
            assert properties["period"] == 300
        if properties.get("view") == "timeSeries":
            assert properties["yAxis"]["left"]["label"]


@each("name", [name for name in KINDS if name != "component_endpoint"])
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


def test_periods_are_those_of_the_graphs() -> None:
    body = alone("realtime")
    assert (body["periodOverride"], body["start"]) == ("inherit", "-PT3H")
