"""Another kind of endpoint, another name, endpoints that come and go."""

from __future__ import annotations

from cdk_inference.review.transitions.sources import ENDPOINT, ENDPOINTS, HOSTS, SERVERLESS, SERVERLESS_UPDATE, UPDATE
from cdk_inference.review.transitions.transition import Outcome, Sure, Transition

_BESIDE = "create the new one next to the old one, with another id, and deploy"
_THEN = "move the callers, remove the old one, and deploy"

LIVES = (
    Transition(
        id="kind",
        change="kind of endpoint: real-time, asynchronous, for components",
        kinds=HOSTS,
        outcome=Outcome.NEW_NAME,
        lines=2,
        deployments=2,
        steps=(_BESIDE, _THEN),
        risk="With the same id CloudFormation would update the endpoint, and whether SageMaker does that is not "
        "documented; "
        "callers change in any case",
        by_hand="Whether SageMaker updates an endpoint to another kind is not documented; callers change in any case",
        source=UPDATE,
        sure=Sure.UNKNOWN,
    ),
    Transition(
        id="to-serverless",
        change="instances to serverless",
        kinds=HOSTS,
        outcome=Outcome.REFUSED,
        lines=2,
        deployments=0,
        risk=f"Instead {_BESIDE}; then {_THEN}",
        source=SERVERLESS_UPDATE,
    ),
    Transition(
        id="from-serverless",
        change="serverless to instances",
        kinds=("serverless",),
        outcome=Outcome.BLUE_GREEN,
        lines=2,
        risk="Once, and not back",
        source=SERVERLESS,
    ),
    Transition(
        id="endpoint-renamed",
        change="id or stack name",
        kinds=ENDPOINTS,
        outcome=Outcome.NEW_NAME,
        deployments=2,
        steps=(_BESIDE, _THEN),
        risk="In one deployment the old one is deleted before callers use the new name. Its log group stays",
        source=ENDPOINT,
    ),
    Transition(
        id="endpoint-added",
        change="endpoint added",
        kinds=ENDPOINTS,
        outcome=Outcome.IN_PLACE,
        risk="Nothing else changes; an endpoint that hangs in Creating is billed",
        source=ENDPOINT,
    ),
    Transition(
        id="endpoint-removed",
        change="endpoint removed",
        kinds=ENDPOINTS,
        outcome=Outcome.IN_PLACE,
        risk="Its callers fail. Log groups stay unless keep_logs=False",
        by_hand="Its callers fail",
        source=ENDPOINT,
    ),
)
