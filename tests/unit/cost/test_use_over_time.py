"""When the alarms on use and on unit costs fire: minutes worked out by hand in tests/data/*.csv.

under_use.csv: GPU use of ml.g5.2xlarge, one GPU, and requests in flight on ml.inf2.xlarge, below 20 % in two hours on
end; an hour counts from its first minute on, so the second is there in minute 61. "6000": milliseconds that all requests
of a minute took together.
unit_cost.csv: ml.g5.2xlarge, $1.52 an hour, $0.025333 a minute; the limits are $2 per 1000 requests and $2 per million
tokens over an hour, with 100 requests or more.
tokens.csv: amazon.nova-lite-v1:0, $0.06 input, $0.24 output, $0.015 cache read per million; the limits are $1 an hour in
eight of ten minutes, and $0.15 per million tokens over an hour, with 100 requests or more.
"1@0 2@30": one from minute 0 on, two from minute 30 on; 0 publishes nothing. No minute: never fires.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Sequence
from typing import Any

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from cdk_inference.bedrock import BedrockAccess, FoundationModel
from cdk_inference.cost import BurnRate, UnderUse, UnitCost
from cdk_inference.endpoints import AsyncEndpoint, AsyncIo, RealtimeEndpoint
from cdk_inference.scaling import TargetBacklog
from tests.costs import watched
from tests.each import each
from tests.judges.alarm_clock import Key, first_minute
from tests.support import ROOT, llm, models, new_stack, template_of

MINUTES = 300
# How many periods an alarm looks back beyond its own is not documented: none, and more than was seen.
EXTRA = (0, 3)


def rows(name: str) -> dict[str, dict[str, str]]:
    text = (ROOT / f"tests/data/{name}.csv").read_text()
    return {row["scenario"]: row for row in csv.DictReader(text.splitlines())}


UNDER_USE, UNIT_COST, TOKENS = rows("under_use"), rows("unit_cost"), rows("tokens")


@functools.cache
def alarms() -> dict[str, Any]:
    """The end of the alarm's name -> its properties."""
    stack = new_stack()
    topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:us-east-1:111122223333:alarms")
    gpu = RealtimeEndpoint.from_endpoint_name(stack, "Gpu", "gpu", hardware="ml.g5.2xlarge")
    inf = RealtimeEndpoint.from_endpoint_name(stack, "Inf", "inf", hardware="ml.inf2.xlarge")
    files = s3.Bucket.from_bucket_name(stack, "Files", "files")
    batch = AsyncEndpoint(
        stack,
        "Batch",
        server=llm(models(stack)),
        hardware="ml.g5.2xlarge",
        scaling=TargetBacklog(per_instance=5, max_instances=4),
        exchange=AsyncIo(bucket=files),
    )
    tokens = cloudwatch.Metric(namespace="Mine", metric_name="Tokens", dimensions_map={"Endpoint": "gpu"})
    watched(
        stack,
        "Use",
        targets=[gpu, inf, batch],
        alarm_topic=topic,
        idle=None,
        under_use=UnderUse(percent=20, hours=2),
        unit_cost={
            gpu: UnitCost(usd_per_1000_requests=2, usd_per_million_tokens=2, tokens=tokens),
            batch: UnitCost(usd_per_1000_requests=2, usd_per_million_tokens=2, tokens=tokens),
        },
    )
    nova = BedrockAccess(stack, "Access", models=[FoundationModel("amazon.nova-lite-v1:0")]).target()
    watched(
        stack,
        "Bedrock",
        targets=[nova],
        alarm_topic=topic,
        burn_rate=BurnRate(usd_per_hour=1, minutes=10),
        unit_cost=UnitCost(usd_per_million_tokens=0.15),
    )
    found = template_of(stack)["Resources"].values()
    return {one["Properties"]["AlarmName"]: one["Properties"] for one in found if one["Type"].endswith("Alarm")}


@functools.cache
def over_time(text: str) -> list[int | float]:
    steps = sorted((int(minute), float(count)) for count, minute in (step.split("@") for step in text.split()))
    return [next(count for minute, count in reversed(steps) if minute <= now) for now in range(MINUTES)]


def of_endpoint(metric: str, name: str) -> Key:
    return metric, "EndpointName", name, "VariantName", "AllTraffic"


def sampled(counts: Sequence[float], values: Sequence[float]) -> list[list[float]]:
    """For every minute as many samples as are counted, each of that value."""
    return [[value] * int(count) for count, value in zip(counts, values, strict=True)]


def summed(values: Sequence[float]) -> list[list[float]]:
    return [[value] if value else [] for value in values]


def fires(end: str, samples: Any, extra: int) -> int | None:
    (name,) = (name for name in alarms() if name.endswith(end))
    return first_minute(name, alarms(), samples, MINUTES, extra)


def minute(text: str) -> int | None:
    return int(text) if text else None


# Real-time and asynchronous endpoints of the same type: name -> the metric of its requests.
GPUS = {"gpu": "Invocations", "fleet-batch": "InvocationsProcessed"}


@each("name", GPUS)
@each("extra", EXTRA)
@each("scenario", UNDER_USE)
def test_under_use(scenario: str, extra: int, name: str) -> None:
    row = UNDER_USE[scenario]
    gpu, inf = over_time(row["gpu_instances"]), over_time(row["inf_instances"])
    samples = {
        of_endpoint("GPUUtilization", name): sampled(gpu, over_time(row["gpu_percent"])),
        of_endpoint("CPUUtilization", "inf"): sampled(inf, [50.0] * MINUTES),
        of_endpoint("ModelLatency", "inf"): summed([one * 1000 for one in over_time(row["inf_milliseconds"])]),
    }
    assert fires(f"Use-{name}-AllTraffic-under-use", samples, extra) == minute(row["gpu_fires"])
    assert fires("-inf-AllTraffic-under-use", samples, extra) == minute(row["inf_fires"])


@each("name", GPUS)
@each("extra", EXTRA)
@each("scenario", UNIT_COST)
def test_unit_cost(scenario: str, extra: int, name: str) -> None:
    row = UNIT_COST[scenario]
    samples = {
        of_endpoint("CPUUtilization", name): sampled(over_time(row["instances"]), [50.0] * MINUTES),
        of_endpoint(GPUS[name], name): summed(over_time(row["requests"])),
        ("Tokens", "Endpoint", "gpu"): summed(over_time(row["tokens"])),
    }
    assert fires(f"Use-{name}-requests-cost", samples, extra) == minute(row["requests_fires"])
    assert fires(f"Use-{name}-tokens-cost", samples, extra) == minute(row["tokens_fires"])


@each("extra", EXTRA)
@each("scenario", TOKENS)
def test_tokens_of_bedrock(scenario: str, extra: int) -> None:
    row = TOKENS[scenario]
    names = {"Invocations": "requests", "InputTokenCount": "input", "OutputTokenCount": "output"}
    names["CacheReadInputTokenCount"] = "cache_read"
    samples = {
        (metric, "ModelId", "amazon.nova-lite-v1:0"): summed(over_time(row[column])) for metric, column in names.items()
    }
    assert fires("Bedrock-burn-rate", samples, extra) == minute(row["burn"])
    assert fires("nova-lite-v1:0-tokens-cost", samples, extra) == minute(row["tokens_fires"])


def test_every_alarm_fires_in_some_scenarios_and_not_in_others() -> None:
    for table, columns in (
        (UNDER_USE, ("gpu_fires", "inf_fires")),
        (UNIT_COST, ("requests_fires", "tokens_fires")),
        (TOKENS, ("burn", "tokens_fires")),
    ):
        for column in columns:
            assert {bool(row[column]) for row in table.values()} == {True, False}
