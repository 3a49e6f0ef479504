"""Values keep what they were given: lists are taken and copied, and nothing is made of a number known later."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from aws_cdk import Fn

from cdk_inference.endpoints import Consolidation, InstancePools, ManagedInstances, Observability, ShadowVariant
from cdk_inference.rollout import AllAtOnce, Canary, Linear, RollbackWhen, Rolling
from cdk_inference.scaling import (
    CombinedPolicies,
    FixedCopies,
    FixedCount,
    PoolLoad,
    ScheduledBounds,
    ScheduledCount,
    Step,
    StepScaling,
    TargetBacklog,
    TargetConcurrency,
    TargetInvocations,
)
from cdk_inference.scaling.target import ScalableTarget
from cdk_inference.serving import S3Model, Vllm
from tests.each import each
from tests.refusals import NUMBER_TOKEN, refusal_of

DAY = ScheduledBounds(schedule="cron(0 8 * * ? *)", time_zone="UTC", min_capacity=2, max_capacity=2)
POLICIES = [
    TargetConcurrency(per_instance=1, max_instances=2),
    TargetInvocations(per_instance_per_minute=1, max_instances=2),
]
STEPS: dict[str, Any] = {"metric": "ModelLatency", "steps": (Step(at=1, change=1),), "max_capacity": 2}


@each(
    ("make", "name", "items"),
    [
        (lambda found: InstancePools(types=found), "types", ["ml.g6.2xlarge", "ml.g5.2xlarge"]),
        (lambda found: StepScaling(**{**STEPS, "steps": found}), "steps", [Step(at=1, change=1), Step(at=2, change=2)]),
        (lambda found: StepScaling(**STEPS, windows=found), "windows", [DAY]),
        (lambda found: TargetConcurrency(per_instance=1, max_instances=2, windows=found), "windows", [DAY]),
        (lambda found: ScheduledCount(windows=found), "windows", [DAY]),
        (lambda found: CombinedPolicies(policies=found), "policies", POLICIES),
    ],
)
def test_a_list_is_taken_and_what_happens_to_it_later_is_not(
    make: Callable[[list[Any]], Any], name: str, items: list[Any]
) -> None:
    given = list(items)
    made = make(given)
    given.append(None)
    assert getattr(made, name) == tuple(items)
    assert dataclasses.replace(made) == made


def test_a_mapping_is_copied() -> None:
    limits = {"ml.g6.2xlarge": 8, "ml.g5.2xlarge": 6}
    load = PoolLoad(max_concurrency=limits, load=0.5, max_instances=3)
    limits["ml.g5.2xlarge"] = -3
    assert dict(load.max_concurrency) == {"ml.g6.2xlarge": 8, "ml.g5.2xlarge": 6}
    assert hash(load) == hash(dataclasses.replace(load))
    environment = {"A": "1"}
    server = Vllm(model=S3Model(prefix="m/", size_gb=1), tensor_parallel_degree=1, environment=environment)
    environment["A"] = "${"
    assert server.environment == {"A": "1"}


KNOWN = "got 'a value known at deployment only'; allowed: a number that is known at synth time"


@each(
    ("make", "argument"),
    [
        (lambda n: RollbackWhen(p99_milliseconds=n), "p99_milliseconds"),
        (lambda n: RollbackWhen(error_percent=n), "error_percent"),
        (lambda n: Canary(instances=n), "instances"),
        (lambda n: Linear(instances=n), "instances"),
        (lambda n: Rolling(instances=n), "instances"),
        (lambda n: FixedCopies(copies=n), "copies"),
        (lambda n: StepScaling(**STEPS, period_seconds=n), "period_seconds"),
        (lambda n: Observability(metric_period_seconds=n), "metric_period_seconds"),
    ],
)
def test_what_is_calculated_with_is_known_at_synth_time(make: Callable[[Any], object], argument: str) -> None:
    assert f": {argument}: {KNOWN}" in refusal_of(make, NUMBER_TOKEN)


@each(
    "make",
    [
        lambda n: FixedCount(instances=n),
        lambda n: AllAtOnce(bake_seconds=n, keep_old_seconds=n),
        lambda n: Consolidation(max_step_instances=n, cooldown_minutes=n),
        lambda n: TargetBacklog(per_instance=n, max_instances=n),
    ],
)
def test_what_is_only_passed_on_may_be_known_later(make: Callable[[Any], Any]) -> None:
    assert NUMBER_TOKEN in vars(make(NUMBER_TOKEN)).values()


def test_a_fixed_count_that_is_known_later_is_never_zero() -> None:
    """Its own lower bound is 1, so an asynchronous endpoint needs nothing that wakes it."""
    target = ScalableTarget.variant("async", "chat", "AllTraffic")
    assert FixedCount(instances=NUMBER_TOKEN).problems_for(target) == []
    lowest = TargetBacklog(per_instance=1, min_instances=NUMBER_TOKEN, max_instances=2)
    assert "known at synth time: zero needs a policy that wakes it" in str(lowest.problems_for(target)[0])


@each("value", [NUMBER_TOKEN, Fn.condition_if("Large", "8192", "4096")])
def test_a_variable_is_text(value: object) -> None:
    message = refusal_of(
        Vllm, model=S3Model(prefix="m/", size_gb=1), tensor_parallel_degree=1, environment={"X": value}
    )
    assert message.endswith("allowed: a string; fix: write cdk.Token.as_string(...)")
    assert "e+289" not in message


@each("count", [2**31, 2**63, 10**30])
@each(
    "make",
    [
        lambda n: FixedCount(instances=n),
        lambda n: ManagedInstances(max_instances=n),
        lambda n: TargetConcurrency(per_instance=1, max_instances=n),
        lambda n: StepScaling(**STEPS, cooldown_seconds=n),
        lambda n: Step(at=1, change=-n),
        lambda n: ShadowVariant(sampling_percent=1, server=None, hardware="ml.g6.2xlarge", instances=n),  # type: ignore[arg-type]
    ],
)
def test_a_count_that_the_api_cannot_hold_is_refused(make: Callable[[int], object], count: int) -> None:
    assert str(count) in refusal_of(make, count)


def test_an_alarm_looks_back_seven_days_at_most() -> None:
    assert StepScaling(**STEPS, period_seconds=86_400, evaluated=7, breaching=7).evaluated == 7
    assert "got 8; allowed: periods of 86400 s within 604800 s" in refusal_of(
        StepScaling, **STEPS, period_seconds=86_400, evaluated=8, breaching=7
    )
    assert "up to 604800, 7 days" in refusal_of(StepScaling, **STEPS, period_seconds=604_860)
