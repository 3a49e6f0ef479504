"""Targets of every kind, and dashboards of them, as tests make them."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_s3 as s3

from cdk_inference.bedrock import (
    BedrockAccess,
    ContentFilter,
    ExistingRouter,
    FoundationModel,
    Guardrail,
    InferenceProfile,
)
from cdk_inference.cost import FleetDashboard
from cdk_inference.endpoints import (
    AsyncEndpoint,
    AsyncIo,
    InferenceComponent,
    InstancePools,
    Observability,
    RealtimeEndpoint,
    ServerlessEndpoint,
    ShadowVariant,
    Variant,
)
from cdk_inference.metrics import KINDS as METRIC_KINDS
from cdk_inference.metrics import of_kind
from cdk_inference.scaling import FixedCount, TargetBacklog, TargetConcurrency, TargetInvocations, TargetUtilization
from cdk_inference.scaling.scheduled_bounds import ScheduledBounds
from cdk_inference.serving import S3Archive, TeiCpu
from tests.components import component, shared
from tests.judges.dashboard_body import body_of, findings
from tests.judges.graph_maths import rows_of
from tests.support import encoder, llm, models, new_stack, of_type, only, template_of

Target = Callable[[cdk.Stack], Any]
HAIKU = "us.anthropic.claude-haiku-5-5"


def _bucket(stack: cdk.Stack) -> Any:
    return stack.node.try_find_child("Models") or models(stack)


def realtime(stack: cdk.Stack, id: str = "Chat", **arguments: Any) -> RealtimeEndpoint:
    given = {
        "hardware": "ml.g6.12xlarge",
        "scaling": TargetConcurrency(per_instance=4, max_instances=6),
        **arguments,
    }
    if "server" not in given:
        given["server"] = llm(_bucket(stack))
    return RealtimeEndpoint(stack, id, **given)


def inf2(stack: cdk.Stack) -> RealtimeEndpoint:
    scaling = TargetInvocations(per_instance_per_minute=1200, max_instances=3)
    return realtime(stack, "Search", server=encoder(_bucket(stack)), hardware="ml.inf2.xlarge", scaling=scaling)


def pools(stack: cdk.Stack) -> RealtimeEndpoint:
    return realtime(stack, "Pools", hardware=InstancePools(types=("ml.g6.2xlarge", "ml.g6.4xlarge")))


def asynchronous(stack: cdk.Stack) -> AsyncEndpoint:
    return AsyncEndpoint(
        stack,
        "Batch",
        server=llm(_bucket(stack)),
        hardware="ml.g5.2xlarge",
        scaling=TargetBacklog(per_instance=5, min_instances=0, max_instances=3),
        exchange=AsyncIo(bucket=s3.Bucket.from_bucket_name(stack, "Files", "files")),
    )


def serverless(stack: cdk.Stack) -> ServerlessEndpoint:
    model = S3Archive(bucket=_bucket(stack), key="bge.tar.gz", size_gb=0.3, unpacked_gb=0.4)
    return ServerlessEndpoint(stack, "Small", server=TeiCpu(model=model))


def component_endpoint(stack: cdk.Stack) -> Any:
    return shared(stack)


def one_component(stack: cdk.Stack) -> InferenceComponent:
    return component(shared(stack), scaling=TargetUtilization(of="gpu", percent=70, max_capacity=3))


def imported(stack: cdk.Stack) -> Any:
    return RealtimeEndpoint.from_endpoint_name(stack, "Old", "old")


def bedrock(stack: cdk.Stack) -> Any:
    return BedrockAccess(stack, "Haiku", models=[InferenceProfile(HAIKU)]).target()


def router(stack: cdk.Stack) -> Any:
    arn = "arn:aws:bedrock:us-east-1:111122223333:default-prompt-router/amazon.nova:1"
    return BedrockAccess(
        stack, "Router", models=[ExistingRouter(arn, models=(FoundationModel("amazon.nova-lite-v1:0"),))]
    ).target()


def guardrail(stack: cdk.Stack) -> Guardrail:
    return Guardrail(stack, "Guardrail", policies=[ContentFilter(category="HATE")])


def with_variants(stack: cdk.Stack) -> RealtimeEndpoint:
    server = llm(_bucket(stack))
    return realtime(
        stack,
        "Many",
        server=server,
        hardware="ml.g6.2xlarge",
        scaling=FixedCount(instances=2),
        more_variants=[Variant(name="B", traffic_percent=10, server=server, hardware="ml.g5.2xlarge")],
        observability=Observability(metric_period_seconds=10),
    )


def with_shadow(stack: cdk.Stack) -> RealtimeEndpoint:
    server = llm(_bucket(stack))
    return realtime(
        stack,
        "Copied",
        server=server,
        hardware="ml.g6.2xlarge",
        scaling=FixedCount(instances=1),
        shadow=ShadowVariant(name="New", sampling_percent=10, server=server, hardware="ml.g5.2xlarge"),
    )


def by_the_clock(stack: cdk.Stack) -> RealtimeEndpoint:
    day = ScheduledBounds(
        schedule="cron(0 8 ? * MON-FRI *)", time_zone="Europe/Berlin", min_capacity=4, max_capacity=12
    )
    night = ScheduledBounds(
        schedule="cron(0 20 ? * MON-FRI *)", time_zone="Europe/Berlin", min_capacity=1, max_capacity=6
    )
    return realtime(
        stack, scaling=TargetConcurrency(per_instance=4, min_instances=2, max_instances=6, windows=(day, night))
    )


TOP = [
    "Server errors, % of requests, last 5 minutes",
    "Latency p99, milliseconds, last 5 minutes",
]

KINDS: dict[str, Target] = {
    one.__name__: one
    for one in (
        *(realtime, inf2, pools, asynchronous, serverless, component_endpoint, one_component, imported, bedrock),
        *(with_variants, with_shadow, by_the_clock),
    )
}


def rate(seconds: int = 300) -> cloudwatch.Metric:
    """Somebody's own dollars per hour."""
    return cloudwatch.Metric(
        namespace="Own", metric_name="UsdPerHour", period=cdk.Duration.seconds(seconds), label="what runs"
    )


def board(targets: list[Target], region: str | None = "us-east-1", **arguments: Any) -> dict[str, Any]:
    """The judged body of a dashboard of these targets."""
    stack = new_stack(region=region)
    FleetDashboard(stack, "Board", targets=[make(stack) for make in targets], **arguments)
    body = body_of(only(template_of(stack), "AWS::CloudWatch::Dashboard"))
    assert findings(body) == []
    return body


@functools.cache
def _alone(name: str) -> str:
    """The bodies of two dashboards of one target: as it is, and detailed."""
    stack = new_stack(region="us-east-1")
    target = KINDS[name](stack)
    for id, detailed in (("Board", False), ("Detailed", True)):
        FleetDashboard(stack, id, targets=[target], detailed=detailed)
    bodies = [body_of(one) for one in of_type(template_of(stack), "AWS::CloudWatch::Dashboard")]
    assert [findings(body) for body in bodies] == [[], []]
    return json.dumps(bodies)


def alone(name: str, *, detailed: bool = False) -> dict[str, Any]:
    """The body of a dashboard of one of `KINDS`. Tests of it are of the group "boards", so that one process makes it."""
    found = json.loads(_alone(name))[detailed]
    assert isinstance(found, dict)
    return found


def titles(body: dict[str, Any]) -> list[str]:
    """Of graphs and values; of texts the text."""
    return [one["properties"].get("title") or one["properties"]["markdown"] for one in body["widgets"]]


def titled(body: dict[str, Any], title: str) -> dict[str, Any]:
    """The properties of the one widget of that title."""
    (found,) = (one["properties"] for one in body["widgets"] if one["properties"].get("title") == title)
    assert isinstance(found, dict)
    return found


def marks(properties: dict[str, Any]) -> list[tuple[float, str]]:
    """Its levels and their names."""
    return [(one["value"], one["label"]) for one in properties.get("annotations", {}).get("horizontal", [])]


def unpublished(body: dict[str, Any]) -> list[tuple[str, ...]]:
    """Metrics of a body that no table has with exactly these dimensions, a caller's own aside."""
    known = {(fact.namespace, fact.name, *sorted(fact.dimensions)) for kind in METRIC_KINDS for fact in of_kind(kind)}
    rows = [row for one in body["widgets"] for row in rows_of(one["properties"].get("metrics", ())) if row.names]
    return [
        row.names
        for row in rows
        if (row.names[0], row.names[1], *sorted(row.names[2::2])) not in known and row.names[0] != "Own"
    ]
