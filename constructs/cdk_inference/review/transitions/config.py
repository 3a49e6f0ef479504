"""What runs, and everything else that stands in the model or the endpoint config."""

from __future__ import annotations

from cdk_inference.core.pages import page
from cdk_inference.review.transitions.sources import (
    ASYNC_UPDATE,
    CONFIG,
    ECR_REGION,
    EXCLUSIONS,
    GUARDRAILS,
    HOSTS,
    INSTANCES,
    LOGS,
    METRICS,
    SCALED_UPDATE,
    SERVERLESS_UPDATE,
    STEP_SIZES,
    UPDATE,
)
from cdk_inference.review.transitions.sources import ENDPOINT as ENDPOINT_PAGE
from cdk_inference.review.transitions.sources import ENDPOINTS as ALL
from cdk_inference.review.transitions.transition import Outcome, Sure, Transition

_SERVED = ("realtime", "async", "serverless")
_ALSO_SCALED = "Autoscaled or not: a registered variant may change its model"


def _config(
    id: str,
    change: str,
    kinds: tuple[str, ...],
    *,
    risk: str = "",
    by_hand: str | None = None,
    source: str = CONFIG,
) -> Transition:
    """A part of the model or the endpoint config, neither of which can be changed: new ones are made."""
    return Transition(
        id=id, change=change, kinds=kinds, outcome=Outcome.BLUE_GREEN, risk=risk, by_hand=by_hand, source=source
    )


CONFIGURED = (
    _config("model", "model files", _SERVED, risk=_ALSO_SCALED, source=SCALED_UPDATE),
    _config(
        "model-named",
        "another model, by its name or by its model package",
        _SERVED,
        risk=f"What it runs is not in the templates. {_ALSO_SCALED}",
        source=SCALED_UPDATE,
    ),
    _config("image", "container image", _SERVED, risk=_ALSO_SCALED, source=SCALED_UPDATE),
    _config("environment", "environment variables of the container", _SERVED, risk=_ALSO_SCALED, source=SCALED_UPDATE),
    _config(
        "host-image",
        "host image (InferenceAmiVersion)",
        HOSTS,
        risk=f"Image and host image belong together: {page('images')}",
        by_hand="The image must support the host image",
    ),
    _config("startup", "start-up time-outs, volume size", HOSTS),
    _config("routing", "routing", ("realtime", "shared")),
    _config("network-isolation", "network isolation", (*HOSTS, "component")),
    _config(
        "vpc",
        "VPC, subnets or security groups",
        (*HOSTS, "component"),
        risk="The old fleet's network interfaces stay for a while: its subnets and groups must outlive them",
    ),
    _config(
        "encryption-key",
        "encryption key",
        ALL,
        risk="The log group changes in place. On hardware with local disks that is all that changes",
    ),
    _config("data-capture", "data capture", INSTANCES),
    _config("metric-period", "metric period, enhanced metrics", HOSTS, source=METRICS),
    _config("async-settings", "bucket, prefixes, topics or concurrency of the queue", ("async",), source=ASYNC_UPDATE),
    _config(
        "serverless-size",
        "memory or maximum concurrency",
        ("serverless",),
        risk="No guardrails; the first requests after it may wait for a start",
        source=SERVERLESS_UPDATE,
    ),
    _config("provisioned-concurrency", "provisioned concurrency", ("serverless",), source=SERVERLESS_UPDATE),
    _config(
        "execution-role",
        "execution role",
        ALL,
        risk="The new fleet reads its model, its image and its keys as the new role: if that role has no access, the "
        "update fails "
        "and is rolled back",
        source=UPDATE,
    ),
    _config(
        "config-named",
        "another endpoint config, by its name",
        ALL,
        risk="What differs between the two is not in the templates: with another instance type the update of an "
        "autoscaled variant fails",
        source=UPDATE,
    ),
    _config(
        "config-other",
        "any other part of the model or the endpoint config, or another one in its place",
        ALL,
        risk="Neither can be changed, so CloudFormation makes new ones, and the endpoint is updated to them",
        source=UPDATE,
    ),
    Transition(
        id="region",
        change="region",
        kinds=ALL,
        outcome=Outcome.NEW_NAME,
        deployments=2,
        steps=(
            "deploy with the new region: it is another stack, and the old one stays",
            "move the callers, then delete the stack in the old region",
        ),
        risk="Bucket and image must be in the endpoint's region",
        source=ECR_REGION,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="rollout",
        change="rollout",
        kinds=INSTANCES,
        outcome=Outcome.IN_PLACE,
        risk=(
            "A config's update uses the rollout that comes with it. What UpdateEndpoint does when only the rollout "
            "differs is not documented: change it together with something"
        ),
        source=ENDPOINT_PAGE,
        sure=Sure.UNKNOWN,
    ),
    Transition(
        id="alarms",
        change="rollback alarms",
        kinds=(*INSTANCES, "component"),
        outcome=Outcome.IN_PLACE,
        source=GUARDRAILS,
    ),
    Transition(
        id="logs",
        change="log retention, key of the log group, whether logs are kept",
        kinds=(*ALL, "component"),
        outcome=Outcome.IN_PLACE,
        source=LOGS,
    ),
    Transition(
        id="rolling-several-variants",
        change="Rolling with several variants",
        kinds=("realtime",),
        outcome=Outcome.REFUSED_AT_SYNTH,
        deployments=0,
        risk="SageMaker would update all at once, without alarms",
        source=EXCLUSIONS,
    ),
    Transition(
        id="steps-of-one-instance",
        change="Canary, Linear or Rolling with one instance",
        kinds=INSTANCES,
        outcome=Outcome.REFUSED_AT_SYNTH,
        deployments=0,
        risk="A step is at most half of the fleet",
        source=STEP_SIZES,
        sure=Sure.INFERRED,
    ),
)
