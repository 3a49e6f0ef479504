"""What the newer policies refuse by themselves, in whole messages."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.scaling import (
    CombinedPolicies,
    FixedCopies,
    FixedCount,
    PoolLoad,
    ProvisionedConcurrency,
    ScheduledBounds,
    ScheduledCount,
    Step,
    StepScaling,
    TargetBacklog,
    TargetConcurrency,
    TargetConcurrencyPerCopy,
    TargetInvocations,
    TargetInvocationsPerCopy,
    TargetMetric,
    TargetProvisionedUtilization,
    TargetUtilization,
    target_from,
)
from cdk_inference.scaling.policy_parts import Stepped
from cdk_inference.scaling.target import ScalableTarget
from tests.each import each
from tests.refusals import NUMBER_TOKEN, refusal_of

NO_NUMBERS: list[Any] = [None, True, False, 0, -1, math.nan, math.inf, -math.inf, "4", [4], {}]
DAY = ScheduledBounds(schedule="cron(0 8 * * ? *)", time_zone="UTC", min_capacity=4, max_capacity=4)

# policy -> (arguments that fit, target, what to do about a wrong one, its highest value, lowest minimum)
TARGETS: dict[Any, tuple[dict[str, Any], str, str, str]] = {
    TargetBacklog: (
        {"per_instance": 4, "max_instances": 3},
        "per_instance",
        "a number above 0",
        "requests that one instance works off in the time that one may wait",
    ),
    TargetInvocationsPerCopy: (
        {"per_copy_per_minute": 4, "max_copies": 3},
        "per_copy_per_minute",
        "a number above 0",
        "measure one copy: requests per second x safety factor x 60",
    ),
    TargetConcurrencyPerCopy: (
        {"per_copy": 4, "max_copies": 3},
        "per_copy",
        "a number above 0",
        "measure how many requests at once one copy serves within your latency",
    ),
    TargetUtilization: (
        {"of": "gpu", "percent": 70, "max_capacity": 3},
        "percent",
        "a number above 0, at most 100",
        "give percent of one GPU or vCPU, for example 70",
    ),
    TargetMetric: (
        {"metric": "ModelLatency", "value": 4, "max_capacity": 3},
        "value",
        "a number above 0",
        "give the value that one instance or copy should have",
    ),
    TargetProvisionedUtilization: (
        {"utilization": 0.5, "max_concurrency": 3, "allow_untested": True},
        "utilization",
        "a number above 0, at most 1",
        "give a share, for example 0.5",
    ),
}
KINDS = list(TARGETS)


def named(kind: Any) -> str:
    return str(kind.__name__)


def made(kind: Any, **changes: Any) -> Any:
    return kind(**TARGETS[kind][0] | changes)


def refusal(make: Any) -> str:
    return refusal_of(make)


@each("kind", KINDS)
@each("value", NO_NUMBERS)
def test_another_target_is_refused(kind: Any, value: object) -> None:
    _, name, allowed, fix = TARGETS[kind]
    assert refusal(lambda: made(kind, **{name: value})) == (
        f"{kind.__name__}: {name}: got {value!r}; allowed: {allowed}; fix: {fix}"
    )


@pytest.mark.parametrize("kind", KINDS, ids=named)
@given(low=st.integers(-2, 9), high=st.integers(-2, 9))
def test_bounds(kind: Any, low: int, high: int) -> None:
    low_name, high_name = kind.bound_names
    lowest = 1 if kind is TargetProvisionedUtilization else 0
    if lowest <= low <= high and high >= 1:
        found = made(kind, **{low_name: low, high_name: high})
        assert (found.minimum, found.maximum) == (low, high)
    else:
        message = refusal(lambda: made(kind, **{low_name: low, high_name: high}))
        assert message.startswith(kind.__name__)
        if low >= lowest and high >= 1:
            assert message == (
                f"{kind.__name__}: {high_name}: got {high}; allowed: at least {low_name} ({low}); fix: raise {high_name} "
                f"or lower {low_name}"
            )


@each("kind", KINDS)
def test_one_is_the_lowest_unless_you_say_so(kind: Any) -> None:
    assert made(kind).minimum == 1


@each("kind", [TargetConcurrency, *KINDS])
def test_scale_in_and_windows_are_checked(kind: Any) -> None:
    given = {"per_instance": 1, "max_instances": 2} if kind is TargetConcurrency else TARGETS[kind][0]
    assert refusal(lambda: kind(**given, scale_in="no", windows={1})) == (
        f"{kind.__name__} has 2 problems:\n"
        "  1. scale_in: got 'no'; allowed: True or False; fix: write True or False\n"
        "  2. windows: got {1}; allowed: a tuple of ScheduledBounds; fix: for example windows=(ScheduledBounds(...),)"
    )


def test_serverless_autoscaling_needs_to_have_been_tried() -> None:
    assert refusal(lambda: TargetProvisionedUtilization(utilization=0.5, max_concurrency=2)) == (
        "TargetProvisionedUtilization: allow_untested: got False; allowed: True, once you have tried it: AWS writes "
        "that CloudFormation does not support this autoscaling "
        "(https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html, read 2026-11-22); fix: use "
        "ProvisionedConcurrency(executions=...)"
    )


@each("executions", [0, 201, True, 1.5, None, "2"])
def test_provisioned_concurrency_has_limits(executions: Any) -> None:
    assert refusal(lambda: ProvisionedConcurrency(executions=executions)) == (
        f"ProvisionedConcurrency: executions: got {executions!r}; allowed: a whole number from 1 to 200; fix: choose a "
        "count within the limits, or leave it out for on demand"
    )


def test_fixed_copies_are_not_zero() -> None:
    assert refusal(lambda: FixedCopies(copies=0)) == (
        "FixedCopies: copies: got 0; allowed: a whole number from 1; fix: use 1 or more; for zero use "
        "TargetConcurrencyPerCopy(min_copies=0, ...)"
    )


def test_utilization_is_of_the_gpus_or_of_the_processor() -> None:
    assert refusal(lambda: made(TargetUtilization, of="npu")) == (
        "TargetUtilization: of: got 'npu'; allowed: gpu, cpu; fix: choose one of these"
    )


@each("kind", [TargetMetric, StepScaling])
def test_what_is_no_metric_and_no_name(kind: Any) -> None:
    more = {"value": 1} if kind is TargetMetric else {"steps": (Step(at=1, change=1),)}
    assert refusal(lambda: kind(metric=4, name="wake", max_capacity=2, **more)) == (
        f"{kind.__name__} has 2 problems:\n"
        "  1. metric: got 4; allowed: a metric's name, or a Metric or MathExpression of aws_cloudwatch; fix: for example "
        'metric="ApproximateBacklogSize"\n'
        "  2. name: got 'wake'; allowed: 1 to 64 letters, digits and hyphens, not wake; fix: choose another name"
    )


def test_a_statistic_that_application_auto_scaling_does_not_take() -> None:
    assert refusal(lambda: made(TargetMetric, statistic="p99")) == (
        "TargetMetric: statistic: got 'p99'; allowed: Average, Minimum, Maximum, SampleCount, Sum; fix: choose one of "
        "these, or give a Metric"
    )


def steps(*values: tuple[Any, Any], **changes: Any) -> StepScaling:
    made = tuple(Step(at=at, change=change) for at, change in values)
    return StepScaling(**{"metric": "ModelLatency", "steps": made, "max_capacity": 2} | changes)


@each(
    ("values", "message"),
    [
        (
            ((1, 1), (2, -1)),
            "got [1, -1]; allowed: changes of one direction; fix: make one StepScaling for out, one for in",
        ),
        (
            ((2, 1), (1, 2)),
            "got [2, 1]; allowed: values that rise, since the steps add; fix: order them, the one nearest to normal first",
        ),
        (
            ((1, 1), (1, 2)),
            "got [1, 1]; allowed: values that rise, since the steps add; fix: order them, the one nearest to normal first",
        ),
        (
            ((1, -1), (2, -2)),
            "got [1, 2]; allowed: values that fall, since the steps remove; fix: order them, the one nearest to normal "
            "first",
        ),
        (
            tuple((n, 1) for n in range(21)),
            "got '21 steps'; allowed: at most 20, Application Auto Scaling's default quota for one policy; fix: make the "
            "steps wider",
        ),
        (
            ((NUMBER_TOKEN, 1),),
            "got 'a value known at deployment only'; allowed: numbers; fix: write the numbers themselves",
        ),
        (
            (),
            "got (); allowed: a tuple of 1 to 20 Step; fix: for example steps=(Step(at=10, change=1), Step(at=50, "
            "change=3))",
        ),
    ],
)
def test_steps_that_make_no_sense(values: Any, message: str) -> None:
    assert refusal(lambda: steps(*values)) == f"StepScaling: steps: {message}"


def test_a_step_that_is_none() -> None:
    assert refusal(lambda: Step(at="1", change=0)) == (  # type: ignore[arg-type]
        "Step has 2 problems:\n"
        "  1. at: got '1'; allowed: a number; fix: give the metric's value\n"
        "  2. change: got 0; allowed: a whole number other than 0; fix: give how many to add or remove"
    )


@each("seconds", [10, 20, 30, 60, 3600])
def test_a_period_that_cloudwatch_takes(seconds: int) -> None:
    assert steps((1, 1), period_seconds=seconds).period_seconds == seconds


@each("seconds", [0, 5, 45, 90, -60, True, 10.0, None, "60"])
def test_another_period_is_refused(seconds: object) -> None:
    assert refusal(lambda: steps((1, 1), period_seconds=seconds)) == (
        f"StepScaling: period_seconds: got {seconds!r}; allowed: 10, 20, 30 or a multiple of 60; fix: choose one of these"
    )


def test_more_breaching_periods_than_are_looked_at() -> None:
    assert refusal(lambda: steps((1, 1), breaching=3, evaluated=2)) == (
        "StepScaling: evaluated: got 2; allowed: at least breaching (3); fix: raise evaluated or lower breaching"
    )


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=20, unique=True), st.booleans())
def test_steps_have_neither_gaps_nor_overlaps(values: list[int], adds: bool) -> None:
    ordered = sorted(values, reverse=not adds)
    policy = steps(*((at, 1 if adds else -1) for at in ordered))
    (part,) = policy.parts(ScalableTarget.variant("realtime", "chat", "AllTraffic"))
    assert isinstance(part, Stepped)
    assert (part.alarm.threshold, part.alarm.at_or_above) == (ordered[0], adds)
    intervals = [(lower, upper) for lower, upper, _ in part.steps]
    near = [lower if adds else upper for lower, upper in intervals]
    far = [upper if adds else lower for lower, upper in intervals]
    assert near[0] == 0
    assert far[-1] is None
    assert near[1:] == far[:-1]
    assert [ordered[0] + distance for distance in near if distance is not None] == ordered


def pools(**changes: Any) -> PoolLoad:
    plain = {"max_concurrency": {"ml.g6e.2xlarge": 20, "ml.g6.2xlarge": 8}, "load": 0.7, "max_instances": 4}
    return PoolLoad(**plain | changes)


@each("load", [0, 1, 1.1, -1, True, "0.7", None])
def test_a_load_is_below_one(load: Any) -> None:
    allowed = "a number above 0, below 1" if load is not True and load == 1 else "a number above 0, at most 1"
    assert refusal(lambda: pools(load=load)) == (
        f"PoolLoad: load: got {load!r}; allowed: {allowed}; fix: give a share below 1, for example 0.7: at 1 every "
        "instance is as full as it can be"
    )


def test_every_pool_has_a_measured_number() -> None:
    assert refusal(lambda: pools(max_concurrency={"ml.g6e.2xlarge": 0, "ml.g6.2xlarge": NUMBER_TOKEN})) == (
        "PoolLoad has 2 problems:\n"
        "  1. max_concurrency[ml.g6e.2xlarge]: got 0; allowed: a number above 0; fix: measure how many requests at once "
        "one instance of the type serves within your latency\n"
        "  2. max_concurrency: got ['ml.g6.2xlarge']; allowed: numbers known at synth time: they are written into an "
        "expression; fix: write the numbers themselves"
    )


@each("count", [1, 6])
def test_as_many_numbers_as_pools_can_be(count: int) -> None:
    types = {f"ml.g6.{size}xlarge": 8 for size in range(count)}
    assert refusal(lambda: pools(max_concurrency=types)) == (
        f"PoolLoad: max_concurrency: got {list(types)}; allowed: 2 to 5 types, as many as the pools; fix: for one type use "
        'TargetConcurrency; for example max_concurrency={"ml.g6e.2xlarge": 20, "ml.g6.2xlarge": 8}'
    )


def test_a_schedule_moves_the_count_to_one_number() -> None:
    moving = ScheduledBounds(schedule="cron(0 8 * * ? *)", time_zone="UTC", min_capacity=1, max_capacity=4)
    assert refusal(lambda: ScheduledCount(windows=(moving,))) == (
        "ScheduledCount: windows: got '1 to 4'; allowed: min_capacity = max_capacity: only the clock moves this; fix: write the "
        "count twice, or use a policy that follows load and give it the windows"
    )
    later = ScheduledBounds(schedule="cron(0 8 * * ? *)", time_zone="UTC", min_capacity=1, max_capacity=NUMBER_TOKEN)
    assert "got '1 to a value known at deployment only'" in refusal(lambda: ScheduledCount(windows=(later,)))
    assert refusal(lambda: ScheduledCount(count=-1, windows=())) == (
        "ScheduledCount has 2 problems:\n"
        "  1. count: got -1; allowed: a whole number from 0; fix: use 0 or more\n"
        "  2. windows: got (); allowed: 1 or more ScheduledBounds; fix: add one, or use FixedCount or FixedCopies"
    )


CONCURRENCY = TargetConcurrency(per_instance=4, max_instances=4)
INVOCATIONS = TargetInvocations(per_instance_per_minute=60, max_instances=4)
OUT = steps((10, 1), max_capacity=4)
IN = steps((1, -1), max_capacity=4)


@each("policies", [(CONCURRENCY, INVOCATIONS), (OUT, IN)])
def test_policies_that_go_together(policies: Any) -> None:
    found = CombinedPolicies(policies=policies)
    assert (found.minimum, found.maximum, found.clock) == (1, 4, ())


@each(
    ("policies", "message"),
    [
        (
            (CONCURRENCY,),
            "got ['TargetConcurrency']; allowed: a tuple of 2 or more policies that follow a metric; fix: give one policy "
            "alone as it is; a fixed count has no company",
        ),
        (
            (CONCURRENCY, FixedCount()),
            "got ['TargetConcurrency', 'FixedCount']; allowed: a tuple of 2 or more policies that follow a metric; fix: "
            "give one policy alone as it is; a fixed count has no company",
        ),
        (
            (CONCURRENCY, CombinedPolicies(policies=(OUT, IN))),
            "got ['TargetConcurrency', 'CombinedPolicies']; allowed: a tuple of 2 or more policies that follow a metric; fix: give "
            "one policy alone as it is; a fixed count has no company",
        ),
        (
            (CONCURRENCY, OUT),
            "got ['TargetConcurrency', 'StepScaling']; allowed: target tracking alone or steps alone: AWS warns that one "
            "undoes the other; fix: drop one kind; what wakes from zero comes by itself",
        ),
        (
            (CONCURRENCY, pools()),
            "got ['TargetConcurrency', 'PoolLoad']; allowed: one policy for one metric: two would pull the same count to "
            "two values; fix: drop one of them",
        ),
        (
            (OUT, steps((20, 2), max_capacity=4)),
            "got ['StepScaling', 'StepScaling']; allowed: one policy for one metric: two would pull the same count to two "
            "values; fix: drop one of them",
        ),
        (
            (CONCURRENCY, TargetInvocations(per_instance_per_minute=60, min_instances=2, max_instances=4)),
            "got '1 to 4, 2 to 4'; allowed: the same bounds: one target has one range; fix: write one range",
        ),
        (
            (CONCURRENCY, TargetInvocations(per_instance_per_minute=60, max_instances=4, windows=(DAY,))),
            "got 'windows that differ'; allowed: windows on the first policy, or the same on each; fix: give them to the "
            "first policy alone",
        ),
    ],
)
def test_policies_that_fight(policies: Any, message: str) -> None:
    assert refusal(lambda: CombinedPolicies(policies=policies)) == f"CombinedPolicies: policies: {message}"


def test_more_policies_than_the_quota() -> None:
    many = tuple(TargetMetric(metric=f"m{number}", value=1, max_capacity=4) for number in range(50))
    assert refusal(lambda: CombinedPolicies(policies=many)) == (
        "CombinedPolicies: policies: got '50 policies'; allowed: fewer than 50, Application Auto Scaling's quota for one target; "
        "fix: drop some"
    )


def test_the_clock_of_several_is_the_firsts() -> None:
    first = TargetConcurrency(per_instance=4, max_instances=4, windows=(DAY,))
    assert CombinedPolicies(policies=(first, INVOCATIONS)).clock == (DAY,)


@each(("name", "value"), [("of", "${Token[TOKEN.12]}"), ("percent", NUMBER_TOKEN)])
def test_what_is_multiplied_is_known_at_synth_time(name: str, value: object) -> None:
    told = value if name == "of" else "a value known at deployment only"
    assert refusal(lambda: made(TargetUtilization, **{name: value})) == (
        f"TargetUtilization: {name}: got {told!r}; allowed: a value that is known at synth time: it is multiplied, or "
        "decides about the metric; fix: write the value itself"
    )


def test_a_load_test_is_known_at_synth_time() -> None:
    assert refusal(lambda: target_from(requests_per_second=NUMBER_TOKEN)) == (
        "target_from: requests_per_second: got 'a value known at deployment only'; allowed: a value that is known at synth time: it is "
        "multiplied; fix: write the number itself"
    )
