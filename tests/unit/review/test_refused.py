"""Changes that are refused before there is a template, each with its message."""

from __future__ import annotations

import pytest

from cdk_inference import rollout as r
from cdk_inference import scaling as sc
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import CapacityReservation
from cdk_inference.review import TRANSITIONS, Outcome
from tests.each import each
from tests.support import models, new_stack
from tests.unit.review.cases import POOLS, TWO, Arguments, Later, Parts, realtime

RESERVATION = CapacityReservation(arn="arn:aws:sagemaker:us-east-1:111122223333:training-plan/mine")
OTHER, SHADOW = Later(lambda parts: [parts.other()]), Later(lambda parts: parts.shadow())

REFUSED: dict[str, tuple[Arguments, str]] = {
    "rolling-several-variants": (
        {"scaling": TWO, "more_variants": Later(lambda p: [p.other(scaling=TWO)]), "rollout": r.Rolling(percent=50)},
        "rollout: got 'Rolling'; allowed: another rollout: with several variants SageMaker ignores Rolling and updates "
        "all at once, unwatched; fix: use AllAtOnce(...), Canary(...) or Linear(...)",
    ),
    "steps-of-one-instance": (
        {"rollout": r.Canary(percent=10)},
        "rollout: got 'Canary with 1 instance'; allowed: Canary with at least 2 instances: a step is at most 50 %; fix: "
        "use AllAtOnce(...), or run more instances",
    ),
    "shadow-beside-variants": (
        {"more_variants": OTHER, "shadow": SHADOW},
        "shadow: got '2 production variants'; allowed: one production variant together with a shadow variant; fix: compare in "
        "a shadow first and share the traffic afterwards, or make a second endpoint",
    ),
    "reservation-with-pools": (
        {"hardware": POOLS, "reservation": RESERVATION},
        "reservation: got 'a reservation with InstancePools'; allowed: one instance type: a reservation holds one, and "
        "SageMaker would not fall back to another; fix: choose one of the two",
    ),
}


def test_every_refusal_is_tried() -> None:
    refused = {row.id for row in TRANSITIONS if row.outcome is Outcome.REFUSED_AT_SYNTH}
    assert refused == {*REFUSED, "zero-realtime"}


@each("row", REFUSED)
def test_refused(row: str) -> None:
    given, message = REFUSED[row]
    stack = new_stack()
    parts = Parts(stack, models(stack))
    values = {name: value.of(parts) if isinstance(value, Later) else value for name, value in given.items()}
    with pytest.raises(ConfigurationError) as caught:
        realtime(parts, values)
    assert str(caught.value) == f"RealtimeEndpoint fleet/Chat: {message}"


def test_a_realtime_endpoint_at_zero() -> None:
    with pytest.raises(ConfigurationError) as caught:
        sc.TargetConcurrency(per_instance=4, min_instances=0, max_instances=2)
    assert str(caught.value) == (
        "TargetConcurrency: min_instances: got 0; allowed: a whole number from 1; fix: use 1 or more: a real-time "
        "endpoint cannot scale to zero (asynchronous endpoints and inference components can)"
    )
