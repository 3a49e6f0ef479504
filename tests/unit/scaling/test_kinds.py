"""Each policy knows for which kind of target it is made, and says which one to use instead."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.hardware import InstanceType, lookup
from cdk_inference.metrics import MetricFact, published
from cdk_inference.scaling import (
    CombinedPolicies,
    FixedCopies,
    FixedCount,
    Policy,
    PoolLoad,
    ProvisionedConcurrency,
    ScalableTarget,
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
from cdk_inference.scaling.target import SCALABLE
from tests.each import each
from tests.refusals import NUMBER_TOKEN

NIGHT = ScheduledBounds(schedule="cron(0 20 * * ? *)", time_zone="UTC", min_capacity=0, max_capacity=0)
DAY = ScheduledBounds(schedule="cron(0 8 * * ? *)", time_zone="UTC", min_capacity=0, max_capacity=4)

# Every policy, fit for its kinds.
POLICIES: tuple[Policy, ...] = (
    FixedCount(),
    FixedCopies(),
    ProvisionedConcurrency(executions=2),
    TargetInvocations(per_instance_per_minute=60, max_instances=2),
    TargetConcurrency(per_instance=4, max_instances=2),
    PoolLoad(max_concurrency={"ml.g6e.2xlarge": 20, "ml.g6.2xlarge": 8}, load=0.7, max_instances=2),
    TargetBacklog(per_instance=4, max_instances=2),
    TargetInvocationsPerCopy(per_copy_per_minute=60, max_copies=2),
    TargetConcurrencyPerCopy(per_copy=4, max_copies=2),
    TargetProvisionedUtilization(utilization=0.5, max_concurrency=2, allow_untested=True),
    TargetUtilization(of="cpu", percent=50, max_capacity=2),
    TargetMetric(metric="ModelLatency", value=1, max_capacity=2),
    StepScaling(metric="ModelLatency", steps=(Step(at=1, change=1),), max_capacity=2),
    ScheduledCount(windows=(dataclasses.replace(DAY, min_capacity=4),)),
)


def target(kind: str, *types: str) -> ScalableTarget:
    hardware = tuple(lookup(name) for name in types)
    if kind == "component":
        return ScalableTarget.component("chat", hardware=hardware)
    return ScalableTarget.variant(kind, "chat", "AllTraffic", hardware=hardware)


def told(policy: Policy, kind: str, *types: str) -> list[str]:
    return [str(problem) for problem in policy.problems_for(target(kind, *types))]


def called(policy: Policy) -> str:
    return type(policy).__name__


@each("kind", SCALABLE)
def test_the_table_of_kinds_lists_the_policies_that_are_made_for_them(kind: str) -> None:
    made = {called(policy) for policy in POLICIES if kind in policy.kinds}
    assert {name for name in SCALABLE[kind].policies if name != "CombinedPolicies"} == made
    assert set(SCALABLE[kind].first.split(" or ")) <= made


@each("kind", SCALABLE)
@each("policy", POLICIES)
def test_a_policy_fits_the_kinds_that_it_is_made_for_and_no_other(policy: Policy, kind: str) -> None:
    types = ("ml.g6e.2xlarge", "ml.g6.2xlarge") if isinstance(policy, PoolLoad) else ("ml.g6.2xlarge",)
    problems = told(policy, kind, *types)
    if kind in policy.kinds:
        assert problems == []
        assert policy.fixed == (policy.parts(target(kind, *types)) == [] and not policy.clock)
    else:
        rules = SCALABLE[kind]
        (problem,) = problems
        assert problem.startswith(
            f"scaling: got '{called(policy)}'; allowed: for {rules.thing}: {', '.join(rules.policies)}; fix: use {rules.first}"
        )


@each("policy", [one for one in POLICIES if one.reading])
def test_the_metric_that_a_policy_reads_is_published_for_its_kinds(policy: Policy) -> None:
    assert all(isinstance(published(policy.reading, kind), MetricFact) for kind in policy.kinds)


def test_the_metric_that_the_kind_never_publishes_is_the_reason() -> None:
    policy = TargetInvocations(per_instance_per_minute=60, max_instances=2)
    assert told(policy, "async") == [
        "scaling: got 'TargetInvocations'; allowed: for an asynchronous variant: FixedCount, TargetBacklog, "
        "TargetUtilization, TargetMetric, StepScaling, ScheduledCount, CombinedPolicies; fix: use TargetBacklog: an asynchronous "
        "endpoint does not publish InvocationsPerInstance"
    ]


@each("make", [TargetMetric, StepScaling])
def test_a_metric_by_name_is_looked_up(make: Any) -> None:
    more = {"value": 1} if make is TargetMetric else {"steps": (Step(at=1, change=1),)}
    assert told(make(metric="OverheadLatency", max_capacity=2, **more), "async")[0].endswith(
        "GPUMemoryUtilization; fix: choose one of these, or give a metric of aws_cloudwatch; an asynchronous endpoint "
        "does not publish OverheadLatency: the page names it among those that are not published; use "
        "TotalProcessingTime; https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html "
        "(read 2026-11-24)"
    )
    assert told(make(metric="GPUUtilization", max_capacity=2, **more), "realtime", "ml.inf2.xlarge") == [
        "scaling.metric: got 'GPUUtilization'; allowed: hardware of kind gpu, not ml.inf2.xlarge; fix: SageMaker "
        "publishes no metric of NeuronCore use (https://docs.aws.amazon.com/sagemaker/latest/dg/"
        "monitoring-cloudwatch.html, read 2026-11-22); use TargetConcurrency or TargetInvocations"
    ]


@each(
    ("policy", "name"),
    [
        (TargetMetric(metric="ModelLatency", value=1, min_capacity=0, max_capacity=2), "min_capacity"),
        (
            StepScaling(metric="ModelLatency", steps=(Step(at=1, change=1),), min_capacity=0, max_capacity=2),
            "min_capacity",
        ),
        (ScheduledCount(count=0, windows=(dataclasses.replace(DAY, min_capacity=4),)), "count"),
        (TargetConcurrency(per_instance=4, max_instances=2, windows=(DAY,)), "windows[0].min_capacity"),
        (ScheduledCount(windows=(dataclasses.replace(DAY, min_capacity=4), NIGHT)), "windows[1].min_capacity"),
    ],
)
def test_a_real_time_variant_never_has_zero_not_even_at_night(policy: Policy, name: str) -> None:
    assert told(policy, "realtime") == [
        f"scaling.{name}: got 0; allowed: at least 1 for a real-time variant "
        "(https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-policy.html (read 2026-11-22)); fix: "
        "raise it to 1"
    ]


@each(("kind", "first"), [("async", "TargetBacklog"), ("component", SCALABLE["component"].first)])
def test_utilization_has_no_data_at_zero(kind: str, first: str) -> None:
    policy = TargetUtilization(of="cpu", percent=50, min_capacity=0, max_capacity=2)
    assert told(policy, kind, "ml.g6.2xlarge") == [
        "scaling.min_capacity: got 0; allowed: 1 or more: the metric of TargetUtilization has no data while nothing "
        f"runs; fix: raise it to 1, or use {first}"
    ]


@each("kind", ["async", "component"])
def test_whether_zero_is_possible_is_known_at_synth_time(kind: str) -> None:
    policy = TargetMetric(metric="ModelLatency", value=1, min_capacity=NUMBER_TOKEN, max_capacity=2)
    assert told(policy, kind) == [
        "scaling.min_capacity: got 'a value known at deployment only'; allowed: a value that is known at synth time: zero needs a policy "
        "that wakes it; fix: write the number itself"
    ]


@each(
    ("policy", "scales_from_zero"),
    [
        (TargetBacklog(per_instance=1, max_instances=2), False),
        (TargetBacklog(per_instance=1, min_instances=0, max_instances=2), True),
        (TargetBacklog(per_instance=1, max_instances=2, windows=(DAY,)), True),
        # Nothing may run: nothing to wake.
        (TargetBacklog(per_instance=1, max_instances=2, windows=(NIGHT,)), False),
        (ScheduledCount(windows=(NIGHT,)), False),
        (TargetMetric(metric="ModelLatency", value=1, min_capacity=0, max_capacity=2), True),
    ],
)
def test_what_may_be_zero_and_more_is_woken(policy: Policy, scales_from_zero: bool) -> None:
    assert [getattr(part, "scales_from_zero", False) for part in policy.parts(target("async"))].count(
        True
    ) == scales_from_zero


@each(
    ("of", "hardware", "value"),
    [
        ("gpu", ("ml.g6.12xlarge",), 280),
        ("gpu", ("ml.g6.2xlarge",), 70),
        ("gpu", ("ml.g6.12xlarge", "ml.g5.12xlarge"), 280),
        ("cpu", ("ml.inf2.xlarge",), 280),
        ("cpu", ("ml.g6.12xlarge",), 3360),
    ],
)
@each("kind", ["realtime", "async"])
def test_the_sum_over_all_gpus_or_vcpus_is_held(kind: str, of: str, hardware: tuple[str, ...], value: float) -> None:
    policy = TargetUtilization(of=of, percent=70, max_capacity=2)
    assert told(policy, kind, *hardware) == []
    (part,) = policy.parts(target(kind, *hardware))
    assert getattr(part, "target_value", None) == value


def test_no_sum_without_one_known_number() -> None:
    policy = TargetUtilization(of="gpu", percent=70, max_capacity=2)
    assert told(policy, "realtime", "ml.g6.12xlarge", "ml.g6.2xlarge") == [
        "hardware: got 'ml.g6.12xlarge: 4, ml.g6.2xlarge: 1'; allowed: hardware with one known number of GPUs, over "
        "which SageMaker sums GPUUtilization; fix: use TargetConcurrency or TargetInvocations"
    ]
    assert told(policy, "realtime") == [
        "hardware: got 'unknown'; allowed: hardware with one known number of GPUs, over which SageMaker sums "
        "GPUUtilization; fix: use TargetConcurrency or TargetInvocations"
    ]
    new = InstanceType(name="ml.g9.xlarge", kind="gpu", storage_volume=False)
    found = policy.problems_for(ScalableTarget.variant("async", "chat", "AllTraffic", hardware=(new,)))
    assert [str(one) for one in found] == [
        "hardware: got 'ml.g9.xlarge: unknown'; allowed: hardware with one known number of GPUs, over which SageMaker "
        "sums GPUUtilization; fix: use TargetBacklog"
    ]


@each("kind", ["realtime", "async", "component"])
def test_gpu_use_on_neuron_hardware(kind: str) -> None:
    policy = TargetUtilization(of="gpu", percent=70, max_capacity=2)
    assert told(policy, kind, "ml.inf2.xlarge") == [
        f"scaling.of: got 'gpu'; allowed: \"cpu\" on ml.inf2.xlarge; fix: use {SCALABLE[kind].first}: SageMaker publishes "
        "no metric of NeuronCore use (https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html, read "
        "2026-11-22)"
    ]


def test_pools_and_numbers_have_the_same_types() -> None:
    policy = PoolLoad(max_concurrency={"ml.g6e.2xlarge": 20, "ml.g6.2xlarge": 8}, load=0.7, max_instances=2)
    assert told(policy, "realtime", "ml.g6.2xlarge", "ml.g5.2xlarge") == [
        "scaling.max_concurrency: got ['ml.g6e.2xlarge', 'ml.g6.2xlarge']; allowed: the types of the pools: "
        "ml.g6.2xlarge, ml.g5.2xlarge; fix: write one number for each type; for a single type use TargetConcurrency"
    ]


def test_provisioned_concurrency_is_at_most_the_endpoints_maximum() -> None:
    window = dataclasses.replace(DAY, min_capacity=1, max_capacity=30)
    policy = TargetProvisionedUtilization(utilization=0.5, max_concurrency=20, allow_untested=True, windows=(window,))
    limited = ScalableTarget.variant("serverless", "chat", "AllTraffic", max_concurrency=10)
    assert [str(one) for one in policy.problems_for(limited)] == [
        "scaling.max_concurrency: got 20; allowed: at most the endpoint's maximum concurrency, 10; fix: lower it, or raise "
        "that",
        "scaling.windows[0].maximum: got 30; allowed: at most the endpoint's maximum concurrency, 10; fix: lower it, or "
        "raise that",
    ]


def test_several_ask_each() -> None:
    policy = CombinedPolicies(
        policies=(
            TargetConcurrency(per_instance=4, max_instances=2),
            TargetUtilization(of="gpu", percent=70, max_capacity=2),
        )
    )
    assert told(policy, "realtime", "ml.g6.2xlarge") == []
    assert [one.split(";")[0] for one in told(policy, "async", "ml.inf2.xlarge")] == [
        "scaling: got 'TargetConcurrency'",
        "scaling.of: got 'gpu'",
    ]


def test_several_need_names_of_their_own() -> None:
    first = TargetMetric(metric="ModelLatency", value=1, max_capacity=2, name="same")
    policy = CombinedPolicies(
        policies=(first, TargetMetric(metric="Invocations", value=1, max_capacity=2, name="same"))
    )
    assert told(policy, "realtime") == [
        "scaling.policies: got ['same']; allowed: policies with names of their own; fix: give each a name=..."
    ]


@each(
    ("made", "message"),
    [
        (
            lambda: ScalableTarget(kind="batch"),
            "ScalableTarget: kind: got 'batch'; allowed: realtime, async, serverless, component; fix: choose one of these",
        ),
        (
            lambda: ScalableTarget.component("TargetTracking-chat"),
            "ScalableTarget: name: got 'TargetTracking-chat'; allowed: a name that does not begin with TargetTracking, as "
            "Application Auto Scaling's own alarms do; fix: rename it",
        ),
    ],
)
def test_what_is_no_target(made: Any, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        made()
    assert str(caught.value) == message


@each(("rate", "factor", "value"), [(20, 0.5, 600), (20, 1, 1200), (0.5, 0.5, 15)])
def test_from_a_load_test_to_a_target(rate: float, factor: float, value: float) -> None:
    assert target_from(requests_per_second=rate, safety_factor=factor) == value


def test_half_is_the_factor_to_start_with() -> None:
    assert target_from(requests_per_second=20) == 600


def test_no_target_without_a_measurement() -> None:
    with pytest.raises(ConfigurationError) as caught:
        target_from(requests_per_second=0, safety_factor=1.5)
    assert str(caught.value) == (
        "target_from has 2 problems:\n"
        "  1. requests_per_second: got 0; allowed: a number above 0; fix: measure one instance\n"
        "  2. safety_factor: got 1.5; allowed: a number above 0, at most 1; fix: 0.5 to start with"
    )
