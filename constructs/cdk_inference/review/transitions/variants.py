"""Variants and shadows."""

from __future__ import annotations

from cdk_inference.review.transitions.sources import (
    CREATE_CONFIG,
    EXCLUSIONS,
    HOLD,
    RESERVATIONS,
    SCALED_UPDATE,
    SHADOWS,
    UPDATE,
)
from cdk_inference.review.transitions.transition import Outcome, Sure, Transition

_REALTIME = ("realtime",)
_FIXED = "the variant is not autoscaled"
_SCALED = "the variant is autoscaled"
_NAMES = (
    "Guardrails require that variants keep their names; what SageMaker does for an endpoint with an added or removed "
    "name is not documented"
)
_REMOVED = "SageMaker refuses to remove a registered variant"

VARIANTS = (
    Transition(
        id="variant-added",
        change="variant added",
        kinds=_REALTIME,
        outcome=Outcome.BLUE_GREEN,
        risk=_NAMES,
        source=EXCLUSIONS,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="variant-removed",
        change="variant removed",
        when=_FIXED,
        kinds=_REALTIME,
        outcome=Outcome.BLUE_GREEN,
        risk=_NAMES,
        source=EXCLUSIONS,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="variant-removed-autoscaled",
        change="variant removed",
        when=_SCALED,
        kinds=_REALTIME,
        outcome=Outcome.TWO_DEPLOYMENTS,
        deployments=2,
        steps=(HOLD, "leave the variant out, write the scaling as it was, and deploy"),
        risk=f"{_REMOVED}. Next to a variant that scales, one with FixedCount is registered too",
        by_hand=_REMOVED,
        source=SCALED_UPDATE,
    ),
    Transition(
        id="variant-renamed",
        change="variant renamed",
        when=_FIXED,
        kinds=_REALTIME,
        outcome=Outcome.BLUE_GREEN,
        risk="Guardrails are for variants that keep their names; to SageMaker it is another variant",
        source=EXCLUSIONS,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="variant-renamed-autoscaled",
        change="variant renamed",
        when=_SCALED,
        kinds=_REALTIME,
        outcome=Outcome.TWO_DEPLOYMENTS,
        deployments=2,
        steps=(HOLD, "write the new name and the scaling as it was, and deploy"),
        risk=f"{_REMOVED}, and the new one begins with its initial count",
        source=SCALED_UPDATE,
    ),
    Transition(
        id="traffic-share",
        change="shares of the traffic",
        kinds=_REALTIME,
        outcome=Outcome.BLUE_GREEN,
        risk="UpdateEndpointWeightsAndCapacities moves them without new instances, but not from a template, which the "
        "next deployment then reverts",
        source=UPDATE,
    ),
    Transition(
        id="shadow-added",
        change="shadow variant added",
        kinds=_REALTIME,
        outcome=Outcome.BLUE_GREEN,
        source=SHADOWS,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="shadow-removed",
        change="shadow variant removed",
        kinds=_REALTIME,
        outcome=Outcome.BLUE_GREEN,
        risk="Autoscaled or not: a shadow is not registered",
        source=SHADOWS,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="shadow-renamed",
        change="shadow variant renamed",
        kinds=_REALTIME,
        outcome=Outcome.BLUE_GREEN,
        risk="To SageMaker it is another variant, which begins with its own count",
        source=EXCLUSIONS,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="shadow-promoted",
        change="shadow's server takes over",
        kinds=_REALTIME,
        outcome=Outcome.BLUE_GREEN,
        lines=2,
        risk="On other hardware than before the instance type changes as well: see there",
        source=SCALED_UPDATE,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="shadow-sampling",
        change="share of the requests that a shadow gets",
        kinds=_REALTIME,
        outcome=Outcome.BLUE_GREEN,
        source=CREATE_CONFIG,
    ),
    Transition(
        id="shadow-beside-variants",
        change="a shadow next to several variants",
        kinds=_REALTIME,
        outcome=Outcome.REFUSED_AT_SYNTH,
        deployments=0,
        risk="An endpoint with a shadow has exactly one production variant",
        source=CREATE_CONFIG,
    ),
    Transition(
        id="reservation-with-pools",
        change="a capacity reservation with pools",
        kinds=_REALTIME,
        outcome=Outcome.REFUSED_AT_SYNTH,
        deployments=0,
        risk="A reservation holds one type",
        source=RESERVATIONS,
        sure=Sure.INFERRED,
    ),
)
