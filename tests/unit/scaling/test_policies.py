"""Scaling policies: what is refused, in whole messages, and what an endpoint reads from them."""

from __future__ import annotations

import math
from typing import Any

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.scaling import FixedCount, Scaling, TargetConcurrency, TargetInvocations
from tests.each import each
from tests.refusals import NUMBER_TOKEN

# policy -> the argument that is its target, and what to do about a wrong one
TARGETS: dict[type, tuple[str, str]] = {
    TargetInvocations: ("per_instance_per_minute", "measure one instance: requests per second x safety factor x 60"),
    TargetConcurrency: (
        "per_instance",
        "measure how many requests at once one instance serves within your latency",
    ),
}
NOT_ZERO = (
    "use 1 or more: a real-time endpoint cannot scale to zero (asynchronous endpoints and inference components can)"
)
NO_COUNTS: list[Any] = [
    *(None, True, False, 0, -1, 1.0, 2.5, math.nan, math.inf, -math.inf, "1", "", b"1", [1], {}, ())
]


def policy(kind: type, **changes: Any) -> Any:
    return kind(**{TARGETS[kind][0]: 4, "max_instances": 3} | changes)


def refusal(kind: type, **arguments: Any) -> str:
    with pytest.raises(ConfigurationError) as caught:
        kind(**arguments) if kind is FixedCount else policy(kind, **arguments)
    return str(caught.value)


def test_one_instance_is_the_default() -> None:
    assert FixedCount().instances == 1


@each("instances", [1, 2, 1000, NUMBER_TOKEN])
def test_a_fixed_count_is_both_bounds(instances: Any) -> None:
    fixed = FixedCount(instances=instances)
    assert (fixed.min_instances, fixed.max_instances) == (instances, instances)


@each("instances", NO_COUNTS)
def test_another_fixed_count_is_refused(instances: object) -> None:
    assert refusal(FixedCount, instances=instances) == (
        f"FixedCount: instances: got {instances!r}; allowed: a whole number from 1; fix: {NOT_ZERO}"
    )


@each("kind", TARGETS)
@each("target", [4, 0.1, 1e6, NUMBER_TOKEN])
def test_a_target_is_held(kind: type, target: object) -> None:
    assert policy(kind, **{TARGETS[kind][0]: target}).target == target


@each("kind", TARGETS)
@each("target", [None, True, False, 0, 0.0, -1, math.nan, math.inf, -math.inf, "4", b"4", [4], {}, ()])
def test_another_target_is_refused(kind: type, target: object) -> None:
    name, fix = TARGETS[kind]
    assert refusal(kind, **{name: target}) == (
        f"{kind.__name__}: {name}: got {target!r}; allowed: a number above 0; fix: {fix}"
    )


@each("kind", TARGETS)
@each("name", ["min_instances", "max_instances"])
@each("instances", NO_COUNTS)
def test_another_bound_is_refused(kind: type, name: str, instances: object) -> None:
    assert refusal(kind, **{name: instances}) == (
        f"{kind.__name__}: {name}: got {instances!r}; allowed: a whole number from 1; fix: {NOT_ZERO}"
    )


@each("kind", TARGETS)
@each(
    ("low", "high"),
    [
        (1, 1),
        (1, 9),
        (5, 5),
        (NUMBER_TOKEN, 1),
        (9, NUMBER_TOKEN),
    ],
)
def test_bounds_in_order_are_taken_and_tokens_not_compared(kind: type, low: object, high: object) -> None:
    found = policy(kind, min_instances=low, max_instances=high)
    assert (found.min_instances, found.max_instances) == (low, high)


@each("kind", TARGETS)
def test_bounds_in_the_wrong_order_are_refused(kind: type) -> None:
    assert refusal(kind, min_instances=3, max_instances=2) == (
        f"{kind.__name__}: max_instances: got 2; allowed: at least min_instances (3);"
        " fix: raise max_instances or lower min_instances"
    )


@each("kind", TARGETS)
@each("name", ["scale_out_cooldown_seconds", "scale_in_cooldown_seconds"])
@each("seconds", [0, 1, 3600, NUMBER_TOKEN])
def test_a_cooldown_is_kept_zero_too(kind: type, name: str, seconds: object) -> None:
    assert getattr(policy(kind, **{name: seconds}), name) == seconds


@each("kind", TARGETS)
@each("name", ["scale_out_cooldown_seconds", "scale_in_cooldown_seconds"])
@each("seconds", [None, True, False, -1, 1.0, math.nan, -math.inf, "60", [60], {}])
def test_another_cooldown_is_refused(kind: type, name: str, seconds: object) -> None:
    assert refusal(kind, **{name: seconds}) == (
        f"{kind.__name__}: {name}: got {seconds!r}; allowed: a whole number from 0; fix: give seconds, 0 or more"
    )


@each("kind", TARGETS)
def test_defaults(kind: type) -> None:
    found = policy(kind)
    assert (found.min_instances, found.scale_out_cooldown_seconds, found.scale_in_cooldown_seconds) == (1, 300, 300)


@each("kind", TARGETS)
def test_every_problem_is_told_at_once(kind: type) -> None:
    name, fix = TARGETS[kind]
    wrong = {
        name: 0,
        "min_instances": 0,
        "max_instances": "9",
        "scale_out_cooldown_seconds": -1,
        "scale_in_cooldown_seconds": True,
    }
    assert refusal(kind, **wrong) == (
        f"{kind.__name__} has 5 problems:\n"
        f"  1. {name}: got 0; allowed: a number above 0; fix: {fix}\n"
        f"  2. min_instances: got 0; allowed: a whole number from 1; fix: {NOT_ZERO}\n"
        f"  3. max_instances: got '9'; allowed: a whole number from 1; fix: {NOT_ZERO}\n"
        "  4. scale_out_cooldown_seconds: got -1; allowed: a whole number from 0; fix: give seconds, 0 or more\n"
        "  5. scale_in_cooldown_seconds: got True; allowed: a whole number from 0; fix: give seconds, 0 or more"
    )


@each(
    ("kind", "metric"),
    [
        (TargetInvocations, "SageMakerVariantInvocationsPerInstance"),
        (TargetConcurrency, "SageMakerVariantConcurrentRequestsPerModelHighResolution"),
    ],
)
def test_the_predefined_metric(kind: type, metric: str) -> None:
    assert policy(kind).metric_type == metric


@each("kind", TARGETS)
def test_policies_are_compared_by_value(kind: type) -> None:
    name, _ = TARGETS[kind]
    assert policy(kind, **{name: 4}) == policy(kind, **{name: 4})
    assert policy(kind, **{name: 4}) != policy(kind, **{name: 5})


def test_equal_policies_are_one_in_a_set() -> None:
    found: set[Scaling] = {policy(TargetConcurrency), policy(TargetConcurrency), FixedCount(), FixedCount(instances=1)}
    assert len(found) == 2
