"""Nothing runs while nobody asks: three parts at once, whatever the policy, and nothing that only looks like it."""

from __future__ import annotations

import functools
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Acknowledgment, Validations

from cdk_inference.core.errors import ConfigurationError, plain_errors
from cdk_inference.endpoints import ComponentEndpoint, InferenceComponent, ManagedInstances, Resources
from cdk_inference.scaling import (
    CombinedPolicies,
    FixedCopies,
    FixedCount,
    Policy,
    ScheduledBounds,
    ScheduledCount,
    Step,
    StepScaling,
    TargetConcurrencyPerCopy,
    TargetInvocationsPerCopy,
    TargetMetric,
    TargetUtilization,
)
from cdk_inference.serving import Lmi
from tests.each import each
from tests.refusals import refusal_of
from tests.support import llm, models, new_stack, of_type, only, template_of

CHAT = "InferenceComponent fleet/Chat: "
KEEPS = (
    "got 0; allowed: 1 or more while the endpoint keeps instances: they would be paid for without a copy on them; fix: "
    "give the ComponentEndpoint instances=ManagedInstances(min_instances=0, ...)"
)
STAYS = (
    "got 0; allowed: 1 or more for a policy that removes no copy: once awake it would never rest again; fix: let it scale "
    "in (scale_in=True, or a StepScaling whose steps remove), or raise the minimum to 1"
)
RESTS = ManagedInstances(min_instances=0, max_instances=2)
ALARM = "AWS::CloudWatch::Alarm"
LITTLE = Resources(memory_mb=1024, accelerators=1)

# 20 copies of one GPU would not fit on two instances of four, but only minima are certain.
BUSY = TargetConcurrencyPerCopy(per_copy=8, min_copies=0, max_copies=20)
CALLS = TargetInvocationsPerCopy(per_copy_per_minute=60, min_copies=0, max_copies=20)
METRIC = TargetMetric(metric="ConcurrentRequestsPerCopy", value=4, min_capacity=0, max_capacity=4)
OUT = StepScaling(metric="ConcurrentRequestsPerCopy", steps=(Step(at=8, change=1),), min_capacity=0, max_capacity=4)
IN = StepScaling(metric="InvocationsPerCopy", steps=(Step(at=1, change=-1),), min_capacity=0, max_capacity=4)


def window(minimum: int, maximum: int, hour: int = 20) -> ScheduledBounds:
    return ScheduledBounds(
        schedule=f"cron(0 {hour} * * ? *)", time_zone="UTC", min_capacity=minimum, max_capacity=maximum
    )


NIGHT, DAY = window(0, 0), window(1, 4, hour=7)
BY_DAY = TargetConcurrencyPerCopy(per_copy=8, min_copies=1, max_copies=4, windows=(DAY, NIGHT))
QUIET = TargetConcurrencyPerCopy(per_copy=8, min_copies=1, max_copies=4, windows=(DAY, window(0, 4)))


def component(stack: cdk.Stack, scaling: Policy, instances: Any = RESTS) -> InferenceComponent:
    endpoint = ComponentEndpoint(stack, "Shared", hardware="ml.g6.12xlarge", instances=instances)
    return InferenceComponent(
        stack,
        "Chat",
        endpoint=endpoint,
        server=llm(models(stack)),
        resources=LITTLE,
        scaling=scaling,
    )


def refusal(scaling: Policy, instances: Any = RESTS) -> str:
    """Of a component, of which nothing is made: its endpoint takes the next."""
    endpoint, server = host(instances)
    return refusal_of(
        InferenceComponent,
        cdk.Stack.of(endpoint),
        "Chat",
        endpoint=endpoint,
        server=server,
        resources=LITTLE,
        scaling=scaling,
    )


@functools.cache
def host(instances: Any) -> tuple[ComponentEndpoint, Lmi]:
    stack = new_stack()
    endpoint = ComponentEndpoint(stack, "Shared", hardware="ml.g6.12xlarge", instances=instances)
    return endpoint, llm(models(stack))


@each("instances", [ManagedInstances(max_instances=2), FixedCount(instances=2)])
@each(
    ("scaling", "argument"),
    [
        (BUSY, "min_copies"),
        (CALLS, "min_copies"),
        (METRIC, "min_capacity"),
        (OUT, "min_capacity"),
        (IN, "min_capacity"),
        (CombinedPolicies(policies=(BUSY, CALLS)), "policies[0].min_copies"),
        (CombinedPolicies(policies=(OUT, IN)), "policies[0].min_capacity"),
        (ScheduledCount(count=0, windows=(window(1, 1),)), "count"),
        (ScheduledCount(count=1, windows=(window(1, 1, hour=7), NIGHT)), "windows[1].min_capacity"),
        (BY_DAY, "windows[1].min_capacity"),
        (QUIET, "windows[1].min_capacity"),
    ],
)
def test_copies_at_zero_on_instances_that_stay(scaling: Policy, argument: str, instances: Any) -> None:
    assert refusal(scaling, instances) == f"{CHAT}scaling.{argument}: {KEEPS}"


def test_each_zero_is_told() -> None:
    scaling = TargetConcurrencyPerCopy(per_copy=8, min_copies=0, max_copies=4, windows=(DAY, NIGHT))
    assert refusal(scaling, FixedCount()) == (
        f"InferenceComponent fleet/Chat has 2 problems:\n  1. scaling.min_copies: {KEEPS}\n"
        f"  2. scaling.windows[1].min_capacity: {KEEPS}"
    )


@each(
    ("scaling", "argument"),
    [
        (TargetConcurrencyPerCopy(per_copy=8, min_copies=0, max_copies=4, scale_in=False), "min_copies"),
        (OUT, "min_capacity"),
        (
            CombinedPolicies(
                policies=(
                    TargetConcurrencyPerCopy(per_copy=8, min_copies=0, max_copies=4, scale_in=False),
                    TargetInvocationsPerCopy(per_copy_per_minute=6, min_copies=0, max_copies=4, scale_in=False),
                )
            ),
            "policies[0].min_copies",
        ),
    ],
)
def test_a_zero_that_nothing_leads_to(scaling: Policy, argument: str) -> None:
    assert refusal(scaling) == f"{CHAT}scaling.{argument}: {STAYS}"


def test_busy_chips_do_not_tell_of_zero() -> None:
    message = refusal(TargetUtilization(of="gpu", percent=70, min_capacity=0, max_capacity=4))
    assert message == (
        f"{CHAT}scaling.min_capacity: got 0; allowed: 1 or more: the metric of TargetUtilization has no data while "
        "nothing runs; fix: raise it to 1, or use TargetConcurrencyPerCopy or TargetInvocationsPerCopy"
    )


@each(
    ("scaling", "wakes"),
    [
        (BUSY, True),
        (METRIC, True),
        (IN, True),
        (CombinedPolicies(policies=(OUT, IN)), True),
        (QUIET, True),
        # Load removes no copy; the night does.
        (
            TargetConcurrencyPerCopy(per_copy=8, min_copies=0, max_copies=4, scale_in=False, windows=(DAY, NIGHT)),
            True,
        ),
        # Off means off: nothing wakes it before the next window.
        (BY_DAY, False),
        (ScheduledCount(count=1, windows=(window(1, 1, hour=7), NIGHT)), False),
    ],
)
def test_what_may_rest_is_woken(scaling: Policy, wakes: bool) -> None:
    stack = new_stack()
    component(stack, scaling)
    found = template_of(stack)
    (variant,) = only(found, "AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert variant["ManagedInstanceScaling"]["MinInstanceCount"] == 0
    waking = [one for one in of_type(found, ALARM) if one["AlarmName"] == "fleet-chat-wake"]
    assert [(one["MetricName"], one["ComparisonOperator"], one["Threshold"]) for one in waking] == [
        ("NoCapacityInvocationFailures", "GreaterThanOrEqualToThreshold", 1)
    ] * wakes


def test_a_minimum_of_instances_that_nobody_knows_yet() -> None:
    later = cdk.Token.as_number({"Ref": "Minimum"})
    with pytest.raises(ConfigurationError) as caught:
        ManagedInstances(min_instances=later, max_instances=2)
    assert str(caught.value).partition("; allowed: ")[2] == (
        "a value that is known at synth time: at zero every component needs a policy that wakes it; fix: write the number "
        "itself"
    )
    ManagedInstances(min_instances=1, max_instances=later)


def warnings(stack: cdk.Stack, capfd: pytest.CaptureFixture[str]) -> list[str]:
    """What ends a strict synth."""
    with pytest.raises(SystemExit), plain_errors():
        template_of(stack)
    return [line for line in capfd.readouterr().err.splitlines() if line.startswith("WARNING")]


def test_a_copy_that_stays_keeps_the_instance(capfd: pytest.CaptureFixture[str]) -> None:
    stack = new_stack()
    component(stack, FixedCopies(copies=1))
    (warning,) = warnings(stack, capfd)
    assert warning.startswith(
        "WARNING fleet-chat always keeps a copy, so fleet-shared never rests although its min_instances is 0: an instance "
        "stays and is billed. Write ManagedInstances(min_instances=1, ...), or give the component a policy with a minimum "
        "of 0."
    )


def test_what_never_rests_can_be_accepted() -> None:
    stack = new_stack()
    made = component(stack, FixedCopies(copies=1))
    Validations.of(made).acknowledge(Acknowledgment(id="cdk-inference:never-rests", reason="until the policy is tuned"))
    assert of_type(template_of(stack), ALARM) == []


def test_components_that_begin_with_more_copies_than_there_is_room(capfd: pytest.CaptureFixture[str]) -> None:
    stack = new_stack()
    instances = ManagedInstances(min_instances=0, max_instances=1)
    endpoint = ComponentEndpoint(stack, "Shared", hardware="ml.g6.12xlarge", instances=instances)
    server = llm(models(stack))
    for number in range(3):
        resources = Resources(memory_mb=1024, accelerators=2)
        scaling = TargetConcurrencyPerCopy(per_copy=8, min_copies=0, max_copies=2)
        InferenceComponent(stack, f"C{number}", endpoint=endpoint, server=server, resources=resources, scaling=scaling)
    (warning,) = warnings(stack, capfd)
    assert warning.startswith(
        "WARNING Every component begins with one copy, whatever its minimum, and that of fleet-c2 has no room while the "
        "others have theirs: resources.accelerators: got '2 instances for the accelerators of the copies that fleet-c0, "
        "fleet-c1, fleet-c2 keep'; allowed: 1, the endpoint's max_instances; fix: raise max_instances, or lower minimum "
        "copies or what they reserve. Deploy it once others rest, and acknowledge this."
    )
