"""Endpoints of every kind answer to the words that cost controls and applications know."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import (
    AsyncEndpoint,
    AsyncIo,
    ComponentEndpoint,
    InferenceComponent,
    ManagedInstances,
    RealtimeEndpoint,
    Resources,
    ServerlessEndpoint,
)
from cdk_inference.serving import S3Archive, TeiCpu
from cdk_inference.target import InferenceTarget
from tests.each import each
from tests.support import llm, models, new_stack


def realtime(stack: cdk.Stack) -> InferenceTarget:
    return RealtimeEndpoint(stack, "Chat", server=llm(models(stack)), hardware="ml.g6.2xlarge")


def asynchronous(stack: cdk.Stack) -> InferenceTarget:
    exchange = AsyncIo(bucket=s3.Bucket.from_bucket_name(stack, "Exchange", "exchange"))
    return AsyncEndpoint(stack, "Chat", server=llm(models(stack)), hardware="ml.g6.2xlarge", exchange=exchange)


def serverless(stack: cdk.Stack) -> InferenceTarget:
    model = S3Archive(bucket=models(stack), key="m.tar.gz", size_gb=0.4, unpacked_gb=0.5)
    return ServerlessEndpoint(stack, "Chat", server=TeiCpu(model=model))


def component(stack: cdk.Stack) -> InferenceTarget:
    shared = ComponentEndpoint(stack, "Shared", hardware="ml.g6.2xlarge", instances=ManagedInstances(max_instances=2))
    resources = Resources(memory_mb=8192, accelerators=1)
    return InferenceComponent(stack, "Chat", endpoint=shared, server=llm(models(stack)), resources=resources)


def imported(stack: cdk.Stack) -> InferenceTarget:
    return RealtimeEndpoint.from_endpoint_name(stack, "Chat", "fleet-chat")


OF_VARIANT = {"EndpointName": "fleet-chat", "VariantName": "AllTraffic"}
ROWS = [
    (realtime, "Invocations", OF_VARIANT),
    (imported, "Invocations", OF_VARIANT),
    (asynchronous, "InvocationsProcessed", OF_VARIANT),
    (serverless, "Invocations", OF_VARIANT),
    (component, "Invocations", {"InferenceComponentName": "fleet-chat"}),
]


@each(("make", "requests", "dimensions"), ROWS, ids=lambda one: getattr(one, "__name__", ""))
def test_every_kind_is_a_target(make: Any, requests: str, dimensions: dict[str, str]) -> None:
    target = make(new_stack())
    assert isinstance(target, InferenceTarget)
    assert target.target_name == "fleet-chat"
    found = {
        "metric_requests": (requests, "Sum"),
        "metric_client_errors": ("Invocation4XXErrors", "Sum"),
        "metric_server_errors": ("Invocation5XXErrors", "Sum"),
    }
    for word, (name, statistic) in found.items():
        metric = getattr(target, word)()
        assert isinstance(metric, cloudwatch.Metric)
        assert (metric.metric_name, metric.statistic, metric.dimensions) == (name, statistic, dimensions)


def test_latency_is_in_milliseconds_with_an_id_of_its_own() -> None:
    stack = new_stack()
    first, second = realtime(stack), RealtimeEndpoint.from_endpoint_name(stack, "Old", "old")
    one, other = first.metric_latency_milliseconds(), second.metric_latency_milliseconds(statistic="p50")
    (key,), (other_key,) = one.using_metrics, other.using_metrics
    assert (one.expression, one.label) == (f"{key} / 1000", "fleet-chat latency, ms")
    assert (one.using_metrics[key].metric_name, one.using_metrics[key].statistic) == ("ModelLatency", "p99")
    assert other.using_metrics[other_key].statistic == "p50"
    assert key != other_key
    cloudwatch.GraphWidget(left=[one, other]).to_json()
