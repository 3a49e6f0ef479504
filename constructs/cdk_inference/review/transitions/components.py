"""Inference components, adapters, and the instances below them."""

from __future__ import annotations

from cdk_inference.review.transitions.sources import COMPONENT, COMPONENT_TEMPLATE, TARGET, UPDATE
from cdk_inference.review.transitions.transition import Outcome, Sure, Transition

_COMPONENT = ("component",)
_RESET = "The update may reset autoscaled copies to the minimum: CloudFormation cannot read the count"
_BESIDE = "create the new component next to the old one, with another id, and deploy"
_THEN = "move the callers, remove the old one, and deploy"


def _copies(id: str, change: str, *, risk: str = _RESET, sure: Sure = Sure.DOCUMENTED) -> Transition:
    return Transition(
        id=id, change=change, kinds=_COMPONENT, outcome=Outcome.COPIES, risk=risk, source=COMPONENT, sure=sure
    )


COMPONENTS = (
    _copies("component-server", "image, model, environment or time-outs of a component"),
    _copies("component-resources", "what a copy reserves", risk=f"It must fit what the instances have. {_RESET}"),
    _copies("component-placement", "placement of copies", sure=Sure.INFERRED),
    _copies("component-per-type", "what runs on one type of the pools", sure=Sure.INFERRED),
    _copies(
        "adapter",
        "weights of an adapter",
        risk="Requests to it may fail during the update; its base keeps serving. Two adapters side by side avoid that",
        sure=Sure.INFERRED,
    ),
    _copies("component-other", "any other part of a component or its model", sure=Sure.INFERRED),
    Transition(
        id="component-rollout",
        change="rollout of a component",
        kinds=_COMPONENT,
        outcome=Outcome.IN_PLACE,
        risk=_RESET,
        source=COMPONENT,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="copies",
        change="number of copies",
        when="not autoscaled: FixedCopies",
        kinds=_COMPONENT,
        outcome=Outcome.IN_PLACE,
        risk="Running copies stay",
        source=COMPONENT,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="copies-lower-bound",
        change="minimum of copies",
        kinds=_COMPONENT,
        outcome=Outcome.IN_PLACE,
        risk=f"0 brings the policy that wakes it, and every request fails until a copy runs. {_RESET}",
        by_hand=f"At 0 every request fails until a policy on NoCapacityInvocationFailures starts a copy. {_RESET}",
        source=TARGET,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="copies-scaled",
        change="FixedCopies to a policy, or back",
        kinds=_COMPONENT,
        outcome=Outcome.IN_PLACE,
        risk=_RESET,
        source=TARGET,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="component-added",
        change="component or adapter added",
        kinds=_COMPONENT,
        outcome=Outcome.IN_PLACE,
        risk="On hardware with a storage volume the endpoint's volume grows with it, and the first component brings "
        "the host image: that is a new endpoint config, so an update of the endpoint",
        by_hand="The instances must have room for its copies",
        source=COMPONENT_TEMPLATE,
    ),
    Transition(
        id="component-removed",
        change="component or adapter removed",
        kinds=_COMPONENT,
        outcome=Outcome.IN_PLACE,
        risk="Its callers fail; with a storage volume the endpoint is updated to a smaller one",
        by_hand="Its callers fail",
        source=COMPONENT_TEMPLATE,
    ),
    Transition(
        id="component-renamed",
        change="id of a component",
        kinds=_COMPONENT,
        outcome=Outcome.NEW_NAME,
        deployments=2,
        steps=(_BESIDE, _THEN),
        risk="In one deployment the instances must have room for both",
        source=COMPONENT_TEMPLATE,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="component-moved",
        change="component to another endpoint",
        kinds=_COMPONENT,
        outcome=Outcome.NEW_NAME,
        deployments=2,
        steps=(_BESIDE, _THEN),
        risk="CloudFormation's schema lets the endpoint's name change in place, while UpdateInferenceComponent takes "
        "none: the result is not documented",
        source=COMPONENT,
        sure=Sure.UNKNOWN,
    ),
    Transition(
        id="managed-instances",
        change="bounds of the instances below components",
        kinds=("shared",),
        outcome=Outcome.BLUE_GREEN,
        risk="They are in the endpoint config; how the components are migrated is not documented",
        source=UPDATE,
        sure=Sure.INFERRED,
    ),
)
