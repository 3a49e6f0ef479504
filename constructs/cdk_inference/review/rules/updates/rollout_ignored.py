"""A rollout that SageMaker does not follow: it updates all at once, and watches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdk_inference.hosting import SERVERLESS
from cdk_inference.review.endpoint_properties import Owner
from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import StackPair
from cdk_inference.review.rule import Rule
from cdk_inference.review.transitions.sources import EXCLUSIONS
from cdk_inference.review.transitions.transition import Outcome

_ROLLING = ("endpoint", "DeploymentConfig", "RollingUpdatePolicy")
_ROUTING = ("endpoint", "DeploymentConfig", "BlueGreenUpdatePolicy", "TrafficRoutingConfiguration", "Type")
_STEPWISE = ("CANARY", "LINEAR")
# https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html (read 2026-11-24)
_EXCLUDED = "ml.inf1."
_UNMET = "a step is at most half of the fleet, and a variant begins with one instance"


def check(pair: StackPair) -> Iterator[Hit]:
    """Of endpoints that this change updates to a new fleet, or whose rollout it changes."""
    subjects = {
        change.subject
        for change in pair.updates.changes
        if change.transition.outcome is Outcome.BLUE_GREEN or change.transition.id == "rollout"
    }
    for name in sorted(subjects):
        subject = pair.endpoint_properties[1].endpoints.get(name)
        why = _ignored(subject) if subject is not None else ""
        if why:
            unmet = why == _UNMET
            yield pair.owner_hit(
                name,
                f"its rollout {'cannot be met' if unmet else 'is not followed'}: {why}",
                "what SageMaker does then is not documented"
                if unmet
                else "SageMaker updates it all at once, without baking and without rollback, and without a warning",
                "choose a rollout that it follows" + (", or run two instances or more" if unmet else ""),
            )


def _ignored(subject: Owner) -> str:
    """Why the rollout is ignored; "" where it is not, or where there is none."""
    rolling = any(path[:3] == _ROLLING for path in subject.properties)
    routing = subject.properties.get(_ROUTING)
    stepwise = routing is not None and routing.value in _STEPWISE
    rolled = any(path[:2] == _ROLLING[:2] for path in subject.properties)
    if not rolled:
        return ""
    types = [str(leaf.value) for path, leaf in subject.properties.items() if path[2:] == ("InstanceType",)]
    production = [name for name, shadow in subject.variants.items() if not shadow]
    if any(kind.startswith(_EXCLUDED) for kind in types):
        return "guardrails are not applied on Inf1"
    if subject.kind is SERVERLESS:
        return "guardrails are not applied to serverless variants"
    if rolling and len(production) > 1:
        return "rolling updates are for endpoints with one variant"
    if (rolling or stepwise) and any(_first_count(subject, name) == 1 for name in production):
        return _UNMET
    return ""


def _first_count(subject: Owner, variant: str) -> Any:
    leaf = subject.properties.get(("variant", variant, "InitialInstanceCount"))
    try:
        return None if leaf is None else int(leaf.value)
    except (TypeError, ValueError, OverflowError):
        return None


RULE = Rule(
    id="rollout-ignored",
    level="warning",
    title="A rollout that SageMaker silently ignores",
    why=(
        "An update that deployment guardrails exclude does not fail: it becomes blue/green all at once, without a "
        "baking period. "
        "Excluded are Inf1, serverless variants, and rolling with several variants. One instance cannot be split into "
        "steps: that is inferred from the initial count. An endpoint that is not updated is not a finding."
    ),
    source=EXCLUSIONS,
    check=check,
)
