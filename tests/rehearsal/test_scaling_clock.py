"""An example's endpoints scale while the clock moves: by schedule, by steps, by a target."""

from __future__ import annotations

import datetime
import json
import urllib.error
import zoneinfo
from pathlib import Path
from typing import Any

import pytest

from rehearsal.assembly import Assembly
from tests.each import each
from tests.rehearsal.cloud import PLENTY, Cloud, needs_emulator
from tests.rehearsal.test_examples import Direct
from tests.synthesized import subject

pytestmark = [needs_emulator, pytest.mark.xdist_group("synthesized")]
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


def _last_monday() -> datetime.datetime:
    """06:50 in Berlin, within the days that CloudWatch takes points of."""
    today = datetime.datetime.now(BERLIN)
    monday = today.date() - datetime.timedelta(days=today.weekday() or 7)
    return datetime.datetime.combine(monday, datetime.time(6, 50), BERLIN)


def test_an_example_scales_by_schedule_by_steps_and_by_a_target(cloud: Cloud, tmp_path: Path) -> None:
    cloud.clear(PLENTY)
    story = Direct(cloud, Assembly(subject("example-serve_scaling").folder), tmp_path)
    story.bootstrap()
    story.deploy()
    look, begun = story.look, _last_monday()

    def count(name: str) -> int:
        found = look.client("sagemaker").describe_endpoint(EndpointName=f"scaling-{name}")
        return int(found["ProductionVariants"][0]["DesiredInstanceCount"])

    def publish(name: str, metric: str, value: float, minute: int) -> None:
        pairs = {"EndpointName": f"scaling-{name}", "VariantName": "AllTraffic"}
        point: dict[str, Any] = {
            "MetricName": metric,
            "Value": value,
            "Timestamp": begun + datetime.timedelta(minutes=minute),
            "Dimensions": [{"Name": key, "Value": one} for key, one in pairs.items()],
        }
        look.client("cloudwatch").put_metric_data(Namespace="AWS/SageMaker", MetricData=[point])

    def advance(minutes: int, **more: Any) -> list[dict[str, Any]]:
        return list(look.rehearsal("Advance", Seconds=60 * minutes, **more)["Decisions"])

    for minute in range(10):
        publish("steps", "ConcurrentRequestsPerModel", 20, minute)
        publish("measured", "InvocationsPerInstance", 300, minute)
    assert (count("clock"), count("steps"), count("measured")) == (1, 1, 1)
    advance(1, From=begun.timestamp())
    assert count("steps") == 1  # two minutes of two
    decided = advance(1)
    assert count("steps") == 3
    (undecided,) = [one for one in decided if one["ResourceId"] == "endpoint/scaling-measured/variant/AllTraffic"]
    assert (undecided["Decided"], undecided["Range"], count("measured")) == (False, [1, 3], 1)
    advance(4, TrackingPeriods=3)
    assert (count("steps"), count("measured"), count("clock")) == (3, 3, 1)
    advance(4)
    assert (count("steps"), count("clock")) == (4, 3)  # the cooldown is over; 07:00 in Berlin
    targets = look.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="sagemaker")
    bounds = {
        one["ResourceId"].split("/")[1]: (one["MinCapacity"], one["MaxCapacity"]) for one in targets["ScalableTargets"]
    }
    assert (bounds["scaling-clock"], bounds["scaling-both"]) == ((3, 3), (2, 6))
    advance(13 * 60)
    assert (count("steps"), count("clock")) == (4, 1)


@each(
    ("operation", "message"),
    [
        ("Advance", "rehearsal Advance: got no Seconds, which it needs"),
        ("Readable", "rehearsal Readable: got no Role and no Bucket, which it needs"),
        (
            "Rewind",
            "rehearsal Rewind: allowed: Account, Advance, Clock, Evaluate, Quotas, Readable, Reports, Reset, Unread",
        ),
    ],
)
def test_a_call_to_the_rehearsal_that_cannot_be_meant_is_refused(operation: str, message: str, cloud: Cloud) -> None:
    cloud.clear(PLENTY)
    with pytest.raises(urllib.error.HTTPError) as refused:
        cloud.look.rehearsal(operation)
    assert json.load(refused.value)["message"] == message
