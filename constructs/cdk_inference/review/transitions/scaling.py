"""Counts, bounds and policies."""

from __future__ import annotations

from cdk_inference.review.transitions.sources import (
    CONFIG,
    DEREGISTER,
    INSTANCES,
    LOW_BOUND,
    POLICY,
    SCHEDULES,
    TARGET,
    UPDATE,
)
from cdk_inference.review.transitions.sources import ENDPOINT as ENDPOINT_PAGE
from cdk_inference.review.transitions.transition import Outcome, Sure, Transition

_SCALED = (*INSTANCES, "component")
_SAME_CONFIG = (
    "Where the initial count of the config stays the same only RetainAllVariantProperties differs, and what "
    "UpdateEndpoint does with the config that it has already is not documented"
)

COUNTS = (
    Transition(
        id="count",
        change="number of instances",
        when="not autoscaled: FixedCount",
        kinds=(*INSTANCES, "shared"),
        outcome=Outcome.BLUE_GREEN,
        risk="The count is in the endpoint config, so the fleet is replaced, not grown",
        source=UPDATE,
    ),
    Transition(
        id="count-kept",
        change="number of instances of a shadow variant",
        when="next to an autoscaled variant",
        kinds=("realtime",),
        outcome=Outcome.BLUE_GREEN,
        risk="The fleet is replaced and keeps its count, as the endpoint retains all of them: another count needs "
        "another name of the shadow",
        source=UPDATE,
    ),
    Transition(
        id="upper-bound",
        change="maximum of a policy",
        kinds=_SCALED,
        outcome=Outcome.IN_PLACE,
        risk="A count above it is reduced immediately, without cooldown",
        source=TARGET,
    ),
    Transition(
        id="lower-bound",
        change="minimum of a policy",
        when="1 or more",
        kinds=INSTANCES,
        outcome=Outcome.BLUE_GREEN,
        risk="It is also the initial count of the endpoint config, so the fleet is replaced; the count it has is kept, "
        "and then adjusted to the bound. Without a deployment `ScheduledBounds` move it for some hours",
        by_hand="InitialInstanceCount changes with it, so the fleet is replaced",
        source=CONFIG,
    ),
    Transition(
        id="lower-bound-in-place",
        change="minimum of a policy",
        when="between 0 and 1",
        kinds=("async",),
        outcome=Outcome.IN_PLACE,
        risk="The initial count stays 1; a minimum of 0 brings the policy that wakes it",
        by_hand="At 0 the queue waits until a step scaling policy on HasBacklogWithoutCapacity starts an instance",
        source=TARGET,
    ),
    Transition(
        id="lower-bound-moved",
        change="minimum of a scalable target",
        when="in a template by hand: the initial count of the endpoint config stays",
        kinds=(*INSTANCES, "serverless"),
        outcome=Outcome.IN_PLACE,
        risk="A count below it is raised immediately, without cooldown",
        source=TARGET,
    ),
    Transition(
        id="zero-minimum",
        change="minimum of a scalable target to 0",
        when="in a template by hand: a variant of a real-time endpoint",
        kinds=("realtime",),
        outcome=Outcome.REFUSED,
        deployments=0,
        risk="The minimum of a variant of a real-time endpoint is 1 or more; asynchronous endpoints and inference "
        "components can go to zero",
        source=LOW_BOUND,
    ),
    Transition(
        id="target-value",
        change="target, cooldowns, steps of a policy",
        kinds=(*_SCALED, "serverless"),
        outcome=Outcome.IN_PLACE,
        source=POLICY,
    ),
    Transition(
        id="policy-kind",
        change="kind of policy",
        kinds=(*_SCALED, "serverless"),
        outcome=Outcome.IN_PLACE,
        risk="The policy is replaced, the registration stays; for a moment two policies apply, or only the old one",
        source=POLICY,
    ),
    Transition(
        id="policy-added",
        change="first policy of a scalable target",
        when="in a template by hand",
        kinds=(*_SCALED, "serverless"),
        outcome=Outcome.IN_PLACE,
        risk="The count follows the load from now on",
        source=POLICY,
    ),
    Transition(
        id="policy-removed",
        change="last policy of a scalable target",
        when="in a template by hand",
        kinds=(*_SCALED, "serverless"),
        outcome=Outcome.IN_PLACE,
        risk="The target stays registered, and nothing scales it: the count no longer follows the load",
        source=POLICY,
    ),
    Transition(
        id="registered",
        change="scalable target added",
        when="in a template by hand: the endpoint config stays",
        kinds=(*_SCALED, "serverless"),
        outcome=Outcome.IN_PLACE,
        risk="A count outside its bounds is adjusted immediately",
        source=TARGET,
    ),
    Transition(
        id="deregistered",
        change="scalable target removed",
        when="in a template by hand: the endpoint config stays",
        kinds=(*_SCALED, "serverless"),
        outcome=Outcome.IN_PLACE,
        risk="Its policies and scheduled actions are deleted with it; the count no longer follows the load",
        source=DEREGISTER,
    ),
    Transition(
        id="schedule",
        change="windows",
        kinds=(*_SCALED, "serverless"),
        outcome=Outcome.IN_PLACE,
        risk="The target is registered again with the policy's own bounds, until the next window",
        by_hand="The target is registered again with MinCapacity and MaxCapacity, until the next scheduled action",
        source=SCHEDULES,
    ),
    Transition(
        id="scaling-other",
        change="any other part of a scalable target: its role, its suspension",
        kinds=(*_SCALED, "serverless"),
        outcome=Outcome.IN_PLACE,
        risk="While scaling is suspended the count no longer follows the load",
        source=TARGET,
    ),
    Transition(
        id="scaled",
        change="FixedCount to a policy",
        kinds=INSTANCES,
        outcome=Outcome.BLUE_GREEN,
        risk=f"The endpoint is updated, then registered. {_SAME_CONFIG}",
        source=ENDPOINT_PAGE,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="unscaled",
        change="a policy to FixedCount",
        kinds=INSTANCES,
        outcome=Outcome.BLUE_GREEN,
        risk="The endpoint is updated to the new count, then deregistered, which deletes policies and windows. "
        f"{_SAME_CONFIG}",
        source=DEREGISTER,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="retained-counts",
        change="whether an update keeps counts and weights",
        when="by hand: the constructs set it with the scaling",
        kinds=INSTANCES,
        outcome=Outcome.IN_PLACE,
        risk="Without RetainAllVariantProperties every update resets an autoscaled variant to its initial count",
        source=UPDATE,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="zero-realtime",
        change="a minimum of 0",
        kinds=("realtime",),
        outcome=Outcome.REFUSED_AT_SYNTH,
        deployments=0,
        risk="Asynchronous endpoints and inference components can go to zero",
        source=LOW_BOUND,
    ),
)
