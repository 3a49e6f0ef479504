"""Metrics per instance type, and the load of the pools together."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_inference.endpoints import ImportedEndpoint, InstancePools, RealtimeEndpoint
from cdk_inference.metrics import METRICS
from tests.each import each
from tests.refusals import refusal_of
from tests.support import encoder, llm, models, new_stack, of_type, template_of

FIRST, SECOND = "ml.g6.12xlarge", "ml.g5.12xlarge"
SUBJECT = "metric of endpoint fleet-chat"
MINUTE = cdk.Duration.minutes(1)
NEURON_FIX = (
    "fix: SageMaker publishes no metric of NeuronCore use (https://docs.aws.amazon.com/sagemaker/latest/dg/"
    "monitoring-cloudwatch.html, read 2026-11-22); use CPUUtilization, or how many requests are in flight"
)


def pooled(stack: cdk.Stack | None = None, id: str = "Chat") -> RealtimeEndpoint:
    stack = stack or new_stack()
    bucket = stack.node.try_find_child("Models") or models(stack)
    return RealtimeEndpoint(stack, id, server=llm(bucket), hardware=InstancePools(types=(FIRST, SECOND)))  # type: ignore[arg-type]


def imported(hardware: str | InstancePools | None) -> ImportedEndpoint:
    return RealtimeEndpoint.from_endpoint_name(new_stack(), "Old", "old", hardware=hardware)


def refusal(ask: Any) -> str:
    return refusal_of(ask)


def only_metric(expression: cloudwatch.MathExpression) -> tuple[str, cloudwatch.Metric]:
    ((key, metric),) = expression.using_metrics.items()
    assert isinstance(metric, cloudwatch.Metric)
    return key, metric


def test_an_endpoint_knows_its_types_by_priority() -> None:
    assert [hardware.name for hardware in pooled().instance_types] == [FIRST, SECOND]
    stack = new_stack()
    one = RealtimeEndpoint(stack, "Chat", server=llm(models(stack)), hardware="ml.g6.2xlarge")
    assert one.instance_types == (one.hardware,)
    assert imported(None).instance_types is None
    assert [hardware.name for hardware in imported("ml.g6.2xlarge").instance_types or ()] == ["ml.g6.2xlarge"]
    old = imported(InstancePools(types=(FIRST, SECOND)))
    assert [hardware.name for hardware in old.instance_types or ()] == [FIRST, SECOND]
    assert old.hardware is not None
    assert old.hardware.name == FIRST


def test_a_filled_metric_for_each_type() -> None:
    found = pooled().metric_per_type("ConcurrentRequestsPerModel", period=MINUTE, statistic="Average")
    assert list(found) == [FIRST, SECOND]
    for name, expression in found.items():
        key, metric = only_metric(expression)
        assert (expression.expression, expression.label) == (f"FILL({key}, 0)", name)
        assert expression.period.to_seconds() == 60
        assert (metric.namespace, metric.metric_name, metric.statistic) == (
            *("AWS/SageMaker", "ConcurrentRequestsPerModel", "Average"),
        )
        assert metric.dimensions == {"EndpointName": "fleet-chat", "VariantName": "AllTraffic", "InstanceType": name}


def test_every_metric_of_the_table_with_its_namespace_and_statistic() -> None:
    pools = imported(InstancePools(types=(FIRST, SECOND)))
    found = [only_metric(one)[1] for fact in METRICS for one in pools.metric_per_type(fact.name).values()]
    assert [(metric.namespace, metric.metric_name, metric.statistic) for metric in found] == [
        (fact.namespace, fact.name, fact.statistic) for fact in METRICS for _ in (FIRST, SECOND)
    ]


def test_label_and_color_are_the_expressions() -> None:
    found = pooled().metric_per_type("Invocations", label="chat", color="#1f77b4")
    assert [(one.label, one.color) for one in found.values()] == [
        ("chat ml.g6.12xlarge", "#1f77b4"),
        ("chat ml.g5.12xlarge", "#1f77b4"),
    ]


def test_several_endpoints_metrics_and_statistics_fit_on_one_graph() -> None:
    stack = new_stack()
    chat, other = pooled(stack), pooled(stack, "Other")
    lines = [
        *chat.metric_per_type("Invocations").values(),
        *other.metric_per_type("Invocations").values(),
        *chat.metric_per_type("Invocations", statistic="SampleCount").values(),
        *chat.metric_per_type("Invocations", period=MINUTE).values(),
        *chat.metric_per_type("ModelLatency").values(),
        chat.metric_pool_load({FIRST: 20, SECOND: 8}),
    ]
    cloudwatch.Dashboard(stack, "Board").add_widgets(cloudwatch.GraphWidget(left=lines))
    (board,) = of_type(template_of(stack), "AWS::CloudWatch::Dashboard")
    assert str(board["DashboardBody"]).count("FILL(g6_12xlarge_") == 5 + 2


def test_the_load_counts_only_pools_that_publish() -> None:
    load = pooled().metric_pool_load({SECOND: 8.5, FIRST: 20})
    first, second = load.using_metrics
    assert (first[:12], second[:12]) == ("g6_12xlarge_", "g5_12xlarge_")
    assert load.expression == (
        f"(FILL({first}, 0) / 20 + FILL({second}, 0) / 8.5) / ((FILL({first}, -1) >= 0) + (FILL({second}, -1) >= 0))"
    )
    assert load.label == "load of the pools"
    for metric in load.using_metrics.values():
        assert isinstance(metric, cloudwatch.Metric)
        assert (metric.metric_name, metric.statistic) == ("ConcurrentRequestsPerModel", "Average")


def value(expression: str, points: dict[str, float | None]) -> float | None:
    """The expression at one moment, by CloudWatch's rules: a comparison is 1 or 0, division by zero is no data point."""
    names: dict[str, Any] = dict(points)
    names["FILL"] = lambda point, filler: filler if point is None else point
    try:
        return float(eval(expression, {"__builtins__": {}}, names))
    except ZeroDivisionError:
        return None


@each(
    ("first", "second", "expected"),
    [
        (10, 8, 0.75),  # 10 / 20 and 8 / 8, two pools
        (10, None, 0.5),  # the second has no instances: 10 / 20 of the one there is, not 0.25
        (None, 4, 0.5),
        (0, 8, 0.5),  # idle is not empty
        (0, 0, 0),
        (None, None, None),
    ],
)
def test_the_load_by_hand(first: float | None, second: float | None, expected: float | None) -> None:
    load = imported(InstancePools(types=(FIRST, SECOND))).metric_pool_load({FIRST: 20, SECOND: 8})
    keys = tuple(load.using_metrics)
    assert value(load.expression, dict(zip(keys, (first, second), strict=True))) == expected


def test_one_type_is_not_a_pool() -> None:
    stack = new_stack()
    one = RealtimeEndpoint(stack, "Chat", server=llm(models(stack)), hardware="ml.g6.2xlarge")
    assert refusal(lambda: one.metric_per_type("Invocations")) == (
        f"{SUBJECT}: hardware: got 'ml.g6.2xlarge'; allowed: InstancePools: SageMaker publishes metrics per instance type "
        "for these only; fix: use metric('Invocations')"
    )
    assert refusal(lambda: one.metric_pool_load({"ml.g6.2xlarge": 4})) == (
        f"{SUBJECT}: hardware: got 'ml.g6.2xlarge'; allowed: InstancePools: SageMaker publishes metrics per instance type "
        "for these only; fix: use metric('ConcurrentRequestsPerModel')"
    )


def test_an_imported_endpoint_whose_types_are_not_known() -> None:
    assert refusal(lambda: imported(None).metric_per_type("Invocations")) == (
        "metric of endpoint old: hardware: got None; allowed: the instance types of the endpoint's pools; fix: write "
        "RealtimeEndpoint.from_endpoint_name(..., hardware=InstancePools(types=(...)))"
    )


def test_each_type_of_an_imported_endpoint_is_checked() -> None:
    assert refusal(lambda: imported(InstancePools(types=(FIRST, "ml.inf3.xlarge")))).startswith(
        "endpoint fleet/Old: hardware: got 'ml.inf3.xlarge'; allowed: an instance type of SageMaker hosting;"
    )


@each("metric", ["GPUUtilization", "GPUMemoryUtilization"])
def test_neuron_types_have_no_gpu_metrics(metric: str) -> None:
    stack = new_stack()
    pools = InstancePools(types=("ml.inf2.xlarge", "ml.inf2.8xlarge"))
    encoders = RealtimeEndpoint(stack, "Chat", server=encoder(models(stack)), hardware=pools)
    told = f"{SUBJECT}: metric_name: got '{metric}'; allowed: hardware of kind gpu, not"
    assert refusal(lambda: encoders.metric_per_type(metric)) == f"{told} ml.inf2.xlarge; {NEURON_FIX}"
    assert refusal(lambda: encoders.metric(metric)) == f"{told} ml.inf2.xlarge, ml.inf2.8xlarge; {NEURON_FIX}"
    # Of mixed pools the GPUs publish it, whichever comes first; for each type it is asked in vain.
    mixed = imported(InstancePools(types=("ml.inf2.8xlarge", FIRST), allow_untested=True))
    assert mixed.metric(metric).metric_name == metric
    assert refusal(lambda: mixed.metric_per_type(metric)) == (
        f"metric of endpoint old: metric_name: got '{metric}'; allowed: hardware of kind gpu, not ml.inf2.8xlarge; "
        f"{NEURON_FIX}"
    )


FIX = 'fix: write max_concurrency={"ml.g6.12xlarge": 16, ...} with every type of the pools'
NUMBER = "fix: write how many requests in flight one instance takes"


@each(
    ("max_concurrency", "message"),
    [
        (16, f"max_concurrency: got 16; allowed: a mapping of {FIRST}, {SECOND} to numbers; {FIX}"),
        (
            {FIRST: 16},
            f"max_concurrency: got ['{FIRST}']; allowed: each of the pools' types and no other: {FIRST}, {SECOND}; {FIX}",
        ),
        (
            {FIRST: 16, SECOND: 8, "ml.g4dn.xlarge": 2},
            f"max_concurrency: got ['{FIRST}', '{SECOND}', 'ml.g4dn.xlarge']; allowed: each of the pools' types and no "
            f"other: {FIRST}, {SECOND}; {FIX}",
        ),
        ({FIRST: 16, SECOND: 0}, f"max_concurrency['{SECOND}']: got 0; allowed: a number above 0; {NUMBER}"),
        ({FIRST: True, SECOND: 8}, f"max_concurrency['{FIRST}']: got True; allowed: a number above 0; {NUMBER}"),
        (
            {FIRST: -1.8881545897087626e289, SECOND: 8},
            f"max_concurrency['{FIRST}']: got 'a value known at deployment only'; allowed: a plain number; {NUMBER}",
        ),
    ],
)
def test_wrong_capacities(max_concurrency: Any, message: str) -> None:
    old = imported(InstancePools(types=(FIRST, SECOND)))
    assert refusal(lambda: old.metric_pool_load(max_concurrency)) == f"metric of endpoint old: {message}"


def test_an_unknown_metric_is_told_like_elsewhere() -> None:
    old = imported(InstancePools(types=(FIRST, SECOND)))
    assert refusal(lambda: old.metric_per_type("Requests")) == refusal(lambda: old.metric("Requests"))
