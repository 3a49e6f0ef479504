"""The table of published metrics."""

from __future__ import annotations

import re

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.metrics import (
    BY_NAME,
    DEFAULT_PUBLISH_PERIOD_SECONDS,
    KINDS,
    METRICS,
    NO_NEURON_METRIC,
    PUBLISH_PERIODS_SECONDS,
    MetricFact,
    NotPublished,
    absent,
    of_kind,
    published,
)
from tests.each import each

SOURCED = re.compile(r"https://docs\.aws\.amazon\.com/\S+ \(read 20\d\d-\d\d-\d\d\)")
UNITS = r"None|Microseconds|percent, 0 to 100( x (cores|GPUs))?|unknown: the page gives none"
INVOCATION = {
    *("Invocations", "InvocationsPerInstance", "Invocation4XXErrors", "Invocation5XXErrors", "InvocationModelErrors"),
    *("ModelLatency", "OverheadLatency", "ConcurrentRequestsPerModel"),
    *("MidStreamErrors", "FirstChunkLatency", "FirstChunkModelLatency", "FirstChunkOverheadLatency"),
}
INSTANCE = {"CPUUtilization", "MemoryUtilization", "DiskUtilization", "GPUUtilization", "GPUMemoryUtilization"}


@each("metric", METRICS)
def test_every_row_is_complete(metric: MetricFact) -> None:
    assert metric.namespace in ("AWS/SageMaker", "/aws/sagemaker/Endpoints")
    assert metric.dimensions == ("EndpointName", "VariantName")
    assert re.fullmatch(UNITS, metric.unit)
    assert re.fullmatch(r"Sum|Average|Maximum|p99", metric.statistic)
    assert metric.meaning
    assert metric.kind == "realtime"
    assert metric.hardware <= {"gpu", "neuron", "gaudi", "cpu"}
    assert SOURCED.fullmatch(metric.source)


@each(("namespace", "names"), [("AWS/SageMaker", INVOCATION), ("/aws/sagemaker/Endpoints", INSTANCE)])
def test_each_namespace_has_its_metrics(namespace: str, names: set[str]) -> None:
    assert {metric.name for metric in METRICS if metric.namespace == namespace} == names


def test_no_name_is_there_twice() -> None:
    assert len({metric.name for metric in METRICS}) == len(METRICS)


def test_every_metric_is_found_by_name() -> None:
    assert tuple(BY_NAME.values()) == METRICS
    assert all(metric.name == name for name, metric in BY_NAME.items())


def test_gpu_metrics_are_for_gpus_only_and_the_others_for_all() -> None:
    limited = {metric.name for metric in METRICS if metric.hardware != {"gpu", "neuron", "gaudi", "cpu"}}
    assert limited == {"GPUUtilization", "GPUMemoryUtilization"}
    assert all(BY_NAME[name].hardware == {"gpu"} for name in limited)


@each(
    ("name", "unit", "statistic"),
    [
        ("Invocations", "None", "Sum"),
        ("ModelLatency", "Microseconds", "p99"),
        ("OverheadLatency", "Microseconds", "Average"),
        ("ConcurrentRequestsPerModel", "None", "Maximum"),
        ("GPUUtilization", "percent, 0 to 100 x GPUs", "Average"),
        ("MemoryUtilization", "percent, 0 to 100", "Average"),
    ],
)
def test_units_and_statistics(name: str, unit: str, statistic: str) -> None:
    assert (BY_NAME[name].unit, BY_NAME[name].statistic) == (unit, statistic)


def test_the_sentence_about_neuron_has_its_source() -> None:
    assert NO_NEURON_METRIC == (
        "SageMaker publishes no metric of NeuronCore use (https://docs.aws.amazon.com/sagemaker/latest/dg/"
        "monitoring-cloudwatch.html, read 2026-11-22)"
    )


def test_the_publish_periods_and_their_default() -> None:
    assert PUBLISH_PERIODS_SECONDS == (10, 30, 60, 120, 180, 240, 300)
    assert DEFAULT_PUBLISH_PERIOD_SECONDS == 60


EVERY = [fact for kind in KINDS for fact in of_kind(kind)]
MISSING = [fact for kind in KINDS for fact in absent(kind)]
SOURCE = re.compile(r"https://(docs\.aws\.amazon\.com|github\.com)/\S+ \(read 20\d\d-\d\d-\d\d\)")


def row_id(fact: MetricFact | NotPublished) -> str:
    return f"{fact.kind}-{fact.name}"


def test_real_time_is_the_kind_of_the_short_names() -> None:
    assert of_kind("realtime") == METRICS


@each("fact", EVERY)
def test_every_row_of_every_kind_has_a_source_and_dimensions(fact: MetricFact) -> None:
    assert SOURCE.fullmatch(fact.source)
    of_kinds = {
        "component": ("InferenceComponentName",),
        "bedrock": ("ModelId",),
        "guardrail": ("GuardrailArn", "GuardrailVersion"),
        "mantle": ("Model",),
    }
    expected = of_kinds.get(fact.kind)
    assert fact.dimensions == expected or (
        expected is None and fact.dimensions in (("EndpointName",), ("EndpointName", "VariantName"))
    )
    assert fact.meaning
    assert published(fact.name, fact.kind) is fact


@each("fact", MISSING)
def test_what_is_not_published_has_a_reason_and_a_way_out(fact: NotPublished) -> None:
    assert SOURCE.fullmatch(fact.source)
    assert published(fact.name, fact.kind) is fact
    kinds = ("component", "shared") if fact.kind == "shared" else (fact.kind,)
    names = {row.name for kind in kinds for row in of_kind(kind)}
    assert fact.instead.partition(" ")[0] in {*names, "", "SampleCount"}


def test_no_row_is_there_twice_and_none_is_both() -> None:
    rows = [row_id(fact) for fact in (*EVERY, *MISSING)]
    assert len(set(rows)) == len(rows)


@each(
    ("kind", "alone"),
    [
        (
            "async",
            {
                *("ApproximateBacklogSize", "ApproximateBacklogSizePerInstance"),
                *("ApproximateAgeOfOldestRequest", "HasBacklogWithoutCapacity"),
            },
        ),
        ("serverless", set()),
        ("realtime", set()),
    ],
)
def test_only_the_backlog_has_the_endpoint_alone(kind: str, alone: set[str]) -> None:
    assert {fact.name for fact in of_kind(kind) if fact.dimensions == ("EndpointName",)} == alone


def test_every_ten_seconds() -> None:
    assert {(fact.kind, fact.name) for fact in EVERY if fact.period_seconds == 10} == {
        ("realtime", "ConcurrentRequestsPerModel"),
        ("component", "ConcurrentRequestsPerCopy"),
    }


def test_what_an_asynchronous_endpoint_lacks_says_so_in_one_sentence() -> None:
    assert str(published("InvocationsPerInstance", "async")) == (
        "an asynchronous endpoint does not publish InvocationsPerInstance: the page names it among those that are not "
        "published; use ApproximateBacklogSizePerInstance; "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html (read 2026-11-24)"
    )


def test_a_name_that_no_page_has() -> None:
    assert str(published("Tokens", "serverless")) == (
        "a serverless endpoint does not publish Tokens: no page lists it; "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-monitoring.html (read 2026-11-24)"
    )


@each("kind", [None, "", "batch", 1, ["async"]])
def test_an_unknown_kind(kind: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        published("Invocations", kind)
    assert str(caught.value) == (
        f"metrics: kind: got {kind!r}; allowed: realtime, async, serverless, component, shared, bedrock, guardrail, mantle; "
        "fix: choose one of these"
    )
