"""Which health alarms a target gets, when each fires over made-up series, and what is refused.

Minutes are worked out by hand. Errors, latency, throttles and the backlog need three minutes of the last 15 (5): from
minute 30 on the third ends with minute 33. Instances are counted in five minutes: of two instances 10 samples, and the
limit is 7.5, so that one that stops in minute 60 is missed from minute 63 on (2 x 2 + 3 = 7), and for six such
periods in minute 63 + 25 = 88. None at all: from minute 62 on (3 x 2 = 6), so 87.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from cdk_inference.bedrock import BedrockAccess, FoundationModel
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import AsyncEndpoint, AsyncIo, RealtimeEndpoint, ShadowVariant
from cdk_inference.health import HealthAlarms, HealthLimits
from cdk_inference.scaling import FixedCount, TargetBacklog, TargetConcurrency
from tests.components import component, shared
from tests.costs import elsewhere, topic_of
from tests.judges.alarm_clock import first_minute
from tests.refusals import refusal_of
from tests.support import llm, models, new_stack, template_of

# Before the series begin nothing was published: the alarms are looked at once there are points for half an hour.
START, MINUTES = 31, 200


@functools.cache
def alarms() -> dict[str, Any]:
    """Logical id -> properties; ids begin with that of the target."""
    stack = new_stack()
    bucket = models(stack)
    two_to_three = TargetConcurrency(per_instance=4, min_instances=2, max_instances=3)
    chat = RealtimeEndpoint(stack, "Chat", server=llm(bucket), hardware="ml.g5.2xlarge", scaling=two_to_three)
    night = AsyncEndpoint(
        stack,
        "Night",
        server=llm(bucket),
        hardware="ml.g5.2xlarge",
        scaling=TargetBacklog(per_instance=5, min_instances=0, max_instances=4),
        exchange=AsyncIo(bucket=s3.Bucket.from_bucket_name(stack, "Files", "files")),
    )
    host = shared(stack)
    nova = BedrockAccess(stack, "Access", models=[FoundationModel("amazon.nova-lite-v1:0")]).target()
    HealthAlarms(
        stack,
        "Health",
        targets=[chat, night, host, component(host, id="Copy"), nova],
        limits={chat: HealthLimits(p99_milliseconds=2000)},
        alarm_topic=topic_of(stack),
    )
    found = template_of(stack)["Resources"].items()
    return {
        id: one["Properties"]
        for id, one in found
        if id.startswith("Health") and one["Type"] == "AWS::CloudWatch::Alarm"
    }


def name_of(end: str) -> str:
    """The logical id of the alarm whose name ends so."""
    (found,) = (id for id, alarm in alarms().items() if alarm["AlarmName"].endswith(end))
    return found


def test_each_kind_gets_the_alarms_whose_metrics_it_publishes() -> None:
    assert sorted(alarm["AlarmName"].removeprefix("fleet-Health-") for alarm in alarms().values()) == [
        "amazon.nova-lite-v1:0-errors",
        "amazon.nova-lite-v1:0-throttled",
        "fleet-chat-AllTraffic-at-maximum",
        "fleet-chat-AllTraffic-capacity",
        "fleet-chat-AllTraffic-errors",
        "fleet-chat-AllTraffic-latency",
        "fleet-copy-capacity",
        "fleet-copy-errors",
        "fleet-night-AllTraffic-at-maximum",
        "fleet-night-AllTraffic-backlog",
        "fleet-night-AllTraffic-capacity",
        "fleet-night-AllTraffic-errors",
        "fleet-shared-at-maximum",
        "fleet-shared-disk",
        "fleet-shared-memory",
    ]


def test_every_alarm_and_its_end_reach_the_topic() -> None:
    topic = ["arn:aws:sns:us-east-1:111122223333:alarms"]
    assert all(alarm["AlarmActions"] == alarm["OKActions"] == topic for alarm in alarms().values())


def test_the_alarm_on_missing_instances_waits_for_the_first_start() -> None:
    assert alarms()[name_of("chat-AllTraffic-capacity")]["WarmUpConfiguration"] == {
        "WarmUpPeriodDurationInMinutes": 120
    }


Steps = Sequence[tuple[int, Sequence[float]]]


def series(*steps: tuple[int, Sequence[float]], every: int = 1) -> list[list[float]]:
    """From each minute on these values, in every so many minutes."""
    return [
        list(next(values for start, values in reversed(steps) if start <= minute)) if minute % every == 0 else []
        for minute in range(MINUTES)
    ]


def variant(metric: str, name: str) -> tuple[str, ...]:
    return metric, "EndpointName", name, "VariantName", "AllTraffic"


REQUESTS, FAILED = variant("Invocations", "fleet-chat"), variant("Invocation5XXErrors", "fleet-chat")
LATENCY, CPU = variant("ModelLatency", "fleet-chat"), variant("CPUUtilization", "fleet-chat")
HOST_CPU, MEMORY = variant("CPUUtilization", "fleet-shared"), variant("MemoryUtilization", "fleet-shared")
DISK = variant("DiskUtilization", "fleet-shared")
NOVA = ("InvocationThrottles", "ModelId", "amazon.nova-lite-v1:0")
TEN, ONE, NONE = (10.0,), (1.0,), (0.0,)

CASES: dict[str, tuple[str, Mapping[tuple[str, ...], Any], int | None]] = {
    "one request in ten fails": (
        "chat-AllTraffic-errors",
        {REQUESTS: series((0, TEN)), FAILED: series((0, NONE), (30, ONE))},
        33,
    ),
    "one request in twenty is the limit": (
        "chat-AllTraffic-errors",
        {REQUESTS: series((0, (20.0,))), FAILED: series((0, ONE))},
        None,
    ),
    "a request every five minutes, and each fails": (
        "chat-AllTraffic-errors",
        {REQUESTS: series((0, ONE), every=5), FAILED: series((0, NONE), (30, ONE), every=5)},
        41,
    ),
    "2.5 seconds": ("chat-AllTraffic-latency", {LATENCY: series((0, (1.5e6,)), (30, (1.5e6, 2.5e6)))}, 33),
    "one of two instances stops": ("chat-AllTraffic-capacity", {CPU: series((0, (5, 5)), (60, (5,)))}, 88),
    "two instances run": ("chat-AllTraffic-capacity", {CPU: series((0, (5, 5)))}, None),
    # 15 samples less one for each minute of two, more than 12.5 from minute 63 on; twelve periods: 63 + 55.
    "three of three instances": ("chat-AllTraffic-at-maximum", {CPU: series((0, (5, 5)), (60, (5, 5, 5)))}, 118),
    "requests find no instance": (
        "night-AllTraffic-capacity",
        {("HasBacklogWithoutCapacity", "EndpointName", "fleet-night"): series((0, NONE), (30, ONE))},
        56,
    ),
    "a request has waited for 61 minutes": (
        "night-AllTraffic-backlog",
        {("ApproximateAgeOfOldestRequest", "EndpointName", "fleet-night"): series((0, (3600,)), (30, (3660,)))},
        33,
    ),
    "an asynchronous request in ten fails": (
        "night-AllTraffic-errors",
        {
            variant("InvocationsProcessed", "fleet-night"): series((0, TEN)),
            variant("InvocationFailures", "fleet-night"): series((0, NONE), (30, ONE)),
        },
        33,
    ),
    "requests find no copy": (
        "copy-capacity",
        {("NoCapacityInvocationFailures", "InferenceComponentName", "fleet-copy"): series((0, ()), (30, ONE))},
        56,
    ),
    # 10 samples less one for each minute of one host, more than 7.5 from minute 63 on (2 x 1 + 3 x 2 = 8); 63 + 55.
    "two of two hosts": ("shared-at-maximum", {HOST_CPU: series((0, (5,)), (60, (5, 5)))}, 118),
    "a host whose memory is full": ("shared-memory", {MEMORY: series((0, (80, 89)), (30, (80, 91)))}, 33),
    "a host at the limit of memory": ("shared-memory", {MEMORY: series((0, (90, 90)))}, None),
    "a host whose disk is full": ("shared-disk", {DISK: series((0, (40, 60)), (30, (40, 95)))}, 33),
    "a host without an active component": ("shared-disk", {DISK: series((0, (60,)), (30, ()))}, None),
    "throttled": ("amazon.nova-lite-v1:0-throttled", {NOVA: series((0, ()), (30, ONE))}, 33),
}


@pytest.mark.parametrize("extra", [0, 3])
@pytest.mark.parametrize("case", CASES)
def test_fires(case: str, extra: int) -> None:
    end, samples, minute = CASES[case]
    assert first_minute(name_of(end), alarms(), samples, MINUTES, extra, START) == minute


@pytest.mark.parametrize(("extra", "minute"), [(0, 87), (3, 102)])
def test_no_instance_publishes(extra: int, minute: int) -> None:
    """CloudWatch may take older points for missing ones, three periods back here: it fires three periods later."""
    samples = {CPU: series((0, (5, 5)), (60, ()))}
    assert first_minute(name_of("chat-AllTraffic-capacity"), alarms(), samples, MINUTES, extra, START) == minute


def test_a_shadow_and_a_fixed_count() -> None:
    """Requests of a shadow are not published, and a fixed count is never at its maximum for want of more."""
    stack = new_stack()
    bucket = models(stack)
    chat = RealtimeEndpoint(
        stack,
        "Chat",
        server=llm(bucket),
        hardware="ml.g5.2xlarge",
        scaling=FixedCount(instances=1),
        shadow=ShadowVariant(
            name="Next",
            server=llm(bucket),
            hardware="ml.g6.2xlarge",
            sampling_percent=10,
        ),
    )
    made = HealthAlarms(stack, "Health", targets=[chat], alarm_topic=topic_of(stack))
    assert [alarm.node.id.replace(chat.node.addr[-6:], " ") for alarm in made.alarms] == [
        "ChatAllTraffic Errors",
        "ChatAllTraffic Capacity",
        "ChatNext Capacity",
    ]


def refused(stack: cdk.Stack, **arguments: Any) -> str:
    with pytest.raises(ConfigurationError) as caught:
        HealthAlarms(stack, "Health", **arguments)
    assert stack.node.try_find_child("Health") is None
    return str(caught.value)


def test_all_that_is_wrong_at_once() -> None:
    stack = new_stack()
    chat = elsewhere(stack)
    assert refused(stack, targets=[chat, chat, "chat"], limits={"other": 5}) == (
        "HealthAlarms fleet/Health has 5 problems:\n"
        "  1. targets[1]: got 'search'; allowed: each target once; fix: leave it out\n"
        "  2. targets[2]: got 'str'; allowed: an InferenceTarget: an endpoint, an inference component, a model on "
        "Bedrock; fix: leave it out\n"
        "  3. limits: got 5; allowed: HealthLimits, or target -> HealthLimits; fix: "
        "limits=HealthLimits(p99_milliseconds=2000), or {endpoint: HealthLimits(...)}\n"
        "  4. limits: got 'other'; allowed: one of the targets; fix: add it to targets\n"
        '  5. notify, alarm_topic: got None; allowed: one of them, for notifications; fix: notify=["oncall@example.com"], '
        "or alarm_topic=AlarmTopic(...)"
    )


@pytest.mark.parametrize("targets", [[], "chat", None, 5])
def test_no_targets(targets: Any) -> None:
    stack = new_stack()
    assert refused(stack, targets=targets, alarm_topic=topic_of(stack)) == (
        f"HealthAlarms fleet/Health: targets: got {targets!r}; allowed: a list of InferenceTargets: endpoints, inference "
        "components, models on Bedrock; fix: list the endpoints, components or models to watch"
    )


def test_a_topic_of_another_region() -> None:
    stack = new_stack()
    found = refused(stack, targets=[elsewhere(stack)], alarm_topic=topic_of(stack, "eu-west-1"))
    assert found == (
        "HealthAlarms fleet/Health: alarm_topic: got 'a topic in eu-west-1'; allowed: a topic in us-east-1, the alarm's "
        "region; fix: copy it to us-east-1, or move the alarm to eu-west-1"
    )


LIMITS: list[tuple[dict[str, Any], str]] = [
    ({"error_percent": 0}, "error_percent: got 0; allowed: a number above 0, at most 100; fix: write 5 for 5 %"),
    ({"error_percent": 101}, "error_percent: got 101; allowed: a number above 0, at most 100; fix: write 5 for 5 %"),
    (
        {"p99_milliseconds": -1},
        "p99_milliseconds: got -1; allowed: a number above 0; fix: write the latency target in milliseconds",
    ),
    (
        {"without_capacity_minutes": 4},
        "without_capacity_minutes: got 4; allowed: a whole number from 5 to 1440; fix: choose a time within the limits",
    ),
    ({"at_maximum_minutes": 61}, "at_maximum_minutes: got 61; allowed: a multiple of 5; fix: write 60"),
    ({"full_percent": 0.0}, "full_percent: got 0.0; allowed: a number above 0, at most 100; fix: write 90 for 90 %"),
    (
        {"oldest_request_seconds": 21601},
        "oldest_request_seconds: got 21601; allowed: a whole number from 1 to 21600; fix: choose a time within the limits",
    ),
    (
        {"error_percent": cdk.Token.as_number({"Ref": "Percent"})},
        "error_percent: got 'a value known at deployment only'; allowed: a number that is known at synth time: the alarm's "
        "description is made of it; fix: write the number itself",
    ),
]


@pytest.mark.parametrize(("changes", "message"), LIMITS)
def test_limits(changes: dict[str, Any], message: str) -> None:
    assert refusal_of(HealthLimits, **changes) == f"HealthLimits: {message}"


def test_all_limits_can_be_left_out() -> None:
    stack = new_stack()
    none = HealthLimits(
        error_percent=None,
        without_capacity_minutes=None,
        at_maximum_minutes=None,
        oldest_request_seconds=None,
        full_percent=None,
    )
    topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:us-east-1:111122223333:alarms")
    assert (
        HealthAlarms(stack, "Health", targets=[elsewhere(stack), shared(stack)], limits=none, alarm_topic=topic).alarms
        == []
    )
