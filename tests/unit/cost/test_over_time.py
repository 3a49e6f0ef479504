"""When the alarms fire: minutes worked out by hand in tests/data/alarms.csv, against the alarms of a template.

Prices there: ml.g6.2xlarge $1.222, ml.g5.2xlarge $1.52, ml.inf2.xlarge $0.99; the limit is $7.50 for ten minutes, eight
readings of ten. An idle hour is twelve readings of five minutes, each with an instance and none with a request; an
instance that starts in minute 0 is in the twelfth once four minutes of that lie before the start, in minute 56.
"1@0 6@30": one from minute 0 on, six from minute 30 on; 0 publishes nothing. No minute: never fires.
"""

from __future__ import annotations

import csv
import functools
from typing import Any

from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from cdk_inference.cost import BurnRate
from cdk_inference.endpoints import AsyncEndpoint, AsyncIo, InstancePools, RealtimeEndpoint
from cdk_inference.scaling import TargetBacklog
from tests.costs import watched
from tests.each import each
from tests.judges.alarm_clock import Key, Samples, first_minute
from tests.support import ROOT, llm, models, new_stack, template_of

MINUTES = 200
ROWS = {row["scenario"]: row for row in csv.DictReader((ROOT / "tests/data/alarms.csv").read_text().splitlines())}
# How many periods an alarm looks back beyond its own is not documented: none, and more than was seen.
EXTRA = {"soonest": 0, "latest": 3}


@functools.cache
def alarms() -> dict[str, Any]:
    """Logical id -> properties."""
    stack = new_stack()
    bucket = models(stack)
    chat = RealtimeEndpoint(
        stack, "Chat", server=llm(bucket), hardware=InstancePools(types=("ml.g6.2xlarge", "ml.g5.2xlarge"))
    )
    search = RealtimeEndpoint.from_endpoint_name(stack, "Search", "search", hardware="ml.inf2.xlarge")
    files = s3.Bucket.from_bucket_name(stack, "Files", "files")
    batch = AsyncEndpoint(
        stack,
        "Batch",
        server=llm(bucket),
        hardware="ml.g5.2xlarge",
        scaling=TargetBacklog(per_instance=5, max_instances=4),
        exchange=AsyncIo(bucket=files),
    )
    topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:us-east-1:111122223333:alarms")
    watched(stack, targets=[chat, search, batch], alarm_topic=topic, burn_rate=BurnRate(usd_per_hour=7.5), idle=None)
    watched(stack, "Use", targets=[chat, search, batch], alarm_topic=topic)
    found = template_of(stack)["Resources"]
    return {name: one["Properties"] for name, one in found.items() if one["Type"].endswith("Alarm")}


def by_name(end: str) -> str:
    (found,) = (name for name, alarm in alarms().items() if alarm["AlarmName"].endswith(end))
    return found


@functools.cache
def over_time(text: str) -> list[int]:
    steps = sorted((int(minute), int(count)) for count, minute in (step.split("@") for step in text.split()))
    return [next(count for minute, count in reversed(steps) if minute <= now) for now in range(MINUTES)]


def samples(row: dict[str, str]) -> Samples:
    def key(metric: str, endpoint: str, *more: str) -> Key:
        return metric, "EndpointName", endpoint, *more, "VariantName", "AllTraffic"

    g6, g5 = over_time(row["chat_g6"]), over_time(row["chat_g5"])
    cpu = "CPUUtilization"
    counts = {
        key(cpu, "fleet-chat"): [one + other for one, other in zip(g6, g5, strict=True)],
        key(cpu, "search"): over_time(row["search"]),
        key(cpu, "fleet-batch"): over_time(row["batch"]),
    }
    if row["chat_by_type"] == "yes":
        counts[key(cpu, "fleet-chat", "InstanceType", "ml.g6.2xlarge")] = g6
        counts[key(cpu, "fleet-chat", "InstanceType", "ml.g5.2xlarge")] = g5
    requests = {
        key("Invocations", "fleet-chat"): over_time(row["chat_requests"]),
        key("InvocationsProcessed", "fleet-batch"): over_time(row["batch_requests"]),
        key("Invocations", "search"): [1] * MINUTES,
    }
    return {
        **{name: [[50.0] * count for count in series] for name, series in counts.items()},
        **{name: [[1.0] * count for count in series] for name, series in requests.items()},
    }


def minute(text: str) -> int | None:
    return int(text) if text else None


@each("extra", EXTRA)
@each("scenario", ROWS)
def test_each_alarm_fires_in_the_minute_that_was_worked_out_by_hand(scenario: str, extra: str) -> None:
    row = ROWS[scenario]
    given = samples(row)
    found = {
        name: first_minute(by_name(end), alarms(), given, MINUTES, EXTRA[extra])
        for name, end in (
            ("burn", "-burn-rate"),
            ("idle_chat", "-fleet-chat-AllTraffic-idle"),
            ("idle_batch", "-fleet-batch-AllTraffic-idle"),
            ("idle_search", "-search-AllTraffic-idle"),
        )
    }
    assert found == {
        "burn": minute(row["burn"]),
        "idle_chat": minute(row[f"idle_chat_{extra}"]),
        "idle_batch": minute(row[f"idle_batch_{extra}"]),
        "idle_search": None,
    }


def test_every_scenario_is_told_apart_by_some_alarm() -> None:
    """A table in which nothing fires, or everything does, proves nothing."""
    for column in ("burn", "idle_chat_soonest", "idle_batch_soonest"):
        assert {bool(row[column]) for row in ROWS.values()} == {True, False}
