"""Rollouts as values: SageMaker's limits, and the sizes that a fleet can meet."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.rollout import AllAtOnce, Canary, Immediate, Linear, RollbackWhen, Rolling
from tests.refusals import refusal_of

JUNK = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.lists(st.integers()))


def refusal(kind: type, **arguments: Any) -> str:
    return refusal_of(kind, **arguments)


def test_the_defaults() -> None:
    assert AllAtOnce() == AllAtOnce(bake_seconds=600, keep_old_seconds=0, rollback_when=RollbackWhen(error_percent=5))
    assert RollbackWhen().p99_milliseconds is None


@pytest.mark.parametrize(("kind", "low"), [(Canary, 1), (Linear, 10), (Rolling, 5)])
def test_a_share_within_sagemakers_limits(kind: type, low: int) -> None:
    kind(percent=low)
    kind(percent=50)
    for wrong in (low - 1, 51):
        assert refusal(kind, percent=wrong) == (
            f"{kind.__name__}: percent: got {wrong}; allowed: a whole number from {low} to 50; fix: choose a share "
            "within SageMaker's limits"
        )


@pytest.mark.parametrize("kind", [Canary, Linear, Rolling])
def test_exactly_one_size(kind: type) -> None:
    assert refusal(kind) == (
        f"{kind.__name__}: percent: got 'percent=None, instances=None'; allowed: either percent or instances; fix: "
        "give exactly one of the two"
    )
    assert refusal(kind, percent=10, instances=1) == (
        f"{kind.__name__}: percent: got 'percent=10, instances=1'; allowed: either percent or instances; fix: give "
        "exactly one of the two"
    )


def test_all_that_is_wrong_at_once() -> None:
    assert refusal(Linear, percent=5, bake_seconds=3601, keep_old_seconds=-1, rollback_when=5) == (
        "Linear has 4 problems:\n"
        "  1. percent: got 5; allowed: a whole number from 10 to 50; fix: choose a share within SageMaker's limits\n"
        "  2. bake_seconds: got 3601; allowed: a whole number from 0 to 3600; fix: choose 0 to 3600 seconds\n"
        "  3. keep_old_seconds: got -1; allowed: a whole number from 0 to 3600; fix: choose 0 to 3600 seconds\n"
        "  4. rollback_when: got 5; allowed: RollbackWhen; fix: for example RollbackWhen(error_percent=5)"
    )


def test_rollback_thresholds() -> None:
    assert refusal(RollbackWhen, error_percent=500, p99_milliseconds=0) == (
        "RollbackWhen has 2 problems:\n"
        "  1. error_percent: got 500; allowed: a number above 0, at most 100; fix: write 5 for 5 %\n"
        "  2. p99_milliseconds: got 0; allowed: a number above 0; fix: give the latency target in milliseconds, or "
        "leave it out"
    )


@pytest.mark.parametrize("rollout", [Canary(percent=10), Linear(percent=10), Rolling(instances=1)])
def test_one_instance_has_no_steps(rollout: Canary | Linear | Rolling) -> None:
    (problem,) = rollout.problems_with(1, 4)
    name = type(rollout).__name__
    assert str(problem) == (
        f"rollout: got '{name} with 1 instance'; allowed: {name} with at least 2 instances: a step is at most 50 %; "
        "fix: use AllAtOnce(...), or run more instances"
    )


@pytest.mark.parametrize(
    ("rollout", "low", "high", "fits"),
    # By hand. Canary: at most half of the fewest. Linear: also a tenth of the most, Rolling a twentieth, rounded up.
    [
        (Canary(instances=1), 2, 200, False),  # 1 % of 200 are 2
        (Canary(instances=1), 2, 100, True),
        (Canary(instances=3), 6, 6, True),
        (Canary(instances=4), 6, 6, False),
        (Linear(instances=2), 4, 20, True),
        (Linear(instances=2), 4, 21, False),
        (Rolling(instances=1), 2, 20, True),
        (Rolling(instances=1), 2, 21, False),
        (Rolling(instances=2), 3, 3, False),
        (Rolling(percent=50), 2, 1000, True),
    ],
)
def test_counts_that_a_fleet_can_meet(rollout: Canary | Linear | Rolling, low: int, high: int, fits: bool) -> None:
    assert (rollout.problems_with(low, high) == []) is fits


def test_a_count_that_does_not_fit() -> None:
    (problem,) = Linear(instances=4).problems_with(4, 12)
    assert str(problem) == (
        "rollout.instances: got 4; allowed: 10 to 50 % of 4 to 12 instances: 2 to 2; fix: choose a count that fits all "
        "of them, or percent=..."
    )
    (problem,) = Linear(instances=2).problems_with(2, 40)
    assert str(problem) == (
        "rollout.instances: got 2; allowed: 10 to 50 % of 2 to 40 instances: no count, since the bounds lie too far "
        "apart; fix: choose a count that fits all of them, or percent=..."
    )


@given(st.integers(2, 500), st.integers(0, 500), st.integers(1, 300))
def test_what_fits_is_within_the_shares_of_every_count(low: int, more: int, size: int) -> None:
    rollout = Linear(instances=size)
    if not rollout.problems_with(low, low + more):
        assert all(10 * count <= 100 * size <= 50 * count for count in (low, low + more))


@given(
    st.sampled_from([AllAtOnce, Canary, Linear, Rolling]),
    st.dictionaries(
        st.sampled_from(["percent", "instances", "bake_seconds", "keep_old_seconds", "rollback_when"]), JUNK, max_size=4
    ),
)
def test_any_arguments_are_taken_or_refused(kind: type[AllAtOnce | Rolling], arguments: dict[str, Any]) -> None:
    known = {field.name: arguments[field.name] for field in dataclasses.fields(kind) if field.name in arguments}
    named: set[str] = set()
    try:
        kind(**known)
    except ConfigurationError as error:
        named = {problem.argument for problem in error.problems}
    assert named <= {*known, "percent"}


def test_immediate_takes_nothing() -> None:
    assert Immediate() == Immediate()
