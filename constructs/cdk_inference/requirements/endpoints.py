"""What AWS requires of an endpoint and of the deployment guardrails of its updates."""

from __future__ import annotations

from cdk_inference.core.errors import Problem
from cdk_inference.core.unknown import Unknown
from cdk_inference.hardware.table import find
from cdk_inference.hosting import HostedVariant
from cdk_inference.requirements.conditions import always, at_most_one, exactly_one, required
from cdk_inference.requirements.part import NotKnownError, Part
from cdk_inference.requirements.requirement import Check, Requirement

ENDPOINT = "AWS::SageMaker::Endpoint"
_DEPLOYMENT = "DeploymentConfig"
_BLUE_GREEN = f"{_DEPLOYMENT}.BlueGreenUpdatePolicy"
_ROUTING = f"{_BLUE_GREEN}.TrafficRoutingConfiguration"
_ROLLING = f"{_DEPLOYMENT}.RollingUpdatePolicy"
_EXCLUSIONS = "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html (read 2026-11-22)"
_STEPS = ("CANARY", "LINEAR")


def variants(part: Part) -> tuple[HostedVariant, ...]:
    """The variants of the endpoint."""
    endpoint = part.read.endpoints.get((part.resource.stack.key, part.resource.logical_id))
    found = Unknown("the endpoint was not read") if endpoint is None else endpoint.hosted.variants
    if isinstance(found, Unknown):
        raise NotKnownError(found.reason)
    return found


def _size(member: str, low: int, used: str) -> Check:
    """A step is from `low` to 50 % of the instances of every variant."""

    def check(part: Part) -> Problem | None:
        if not part.has(member) or (used and part.text("Type") != used):
            return None
        kind, value = part.text(f"{member}.Type"), part.number(f"{member}.Value")
        if value is None:
            return None
        if kind == "CAPACITY_PERCENT":
            if low <= value <= 50:
                return None
            return Problem(f"{member}.Value", f"{value:g} %", f"{low} to 50 %", f"choose a share from {low} to 50")
        counts = [variant.instances.lowest for variant in variants(part) if variant.serverless is None]
        for count in counts:
            if isinstance(count, Unknown):
                raise NotKnownError(count.reason)
            if not count * low <= value * 100 <= count * 50:
                allowed = f"{low} to 50 % of the variant's instances, {count} at least"
                fix = "choose a smaller count, or run more instances" if value * 2 > count else "choose a larger count"
                return Problem(f"{member}.Value", f"{value:g} instances", allowed, fix)
        return None

    return check


def _timeout(part: Part) -> Problem | None:
    limit = part.number("MaximumExecutionTimeoutInSeconds")
    if limit is None:
        return None
    waiting = (part.number("TerminationWaitInSeconds") or 0) + (
        part.number("TrafficRoutingConfiguration.WaitIntervalInSeconds") or 0
    )
    if limit > waiting:
        return None
    allowed = f"more than the waiting, {waiting:g} s"
    return Problem("MaximumExecutionTimeoutInSeconds", f"{limit:g} s", allowed, "raise it, or wait less")


def _retained(part: Part) -> Problem | None:
    excluded = part.items("ExcludeRetainedVariantProperties")
    if not excluded or part.flag("RetainAllVariantProperties") is True:
        return None
    fix = "set RetainAllVariantProperties: true, or remove ExcludeRetainedVariantProperties"
    return Problem("ExcludeRetainedVariantProperties", f"a list of {len(excluded)}", "it with Retain... true", fix)


def _stepwise(part: Part) -> bool:
    return part.has("RollingUpdatePolicy") or part.has("BlueGreenUpdatePolicy")


def _rolling_variants(part: Part) -> Problem | None:
    count = sum(not variant.shadow for variant in variants(part))
    if count < 2:
        return None
    fix = "use BlueGreenUpdatePolicy"
    return Problem("", f"a rolling update of {count} variants", "RollingUpdatePolicy with one variant", fix)


def _hardware(part: Part) -> Problem | None:
    if not _stepwise(part):
        return None
    for variant in variants(part):
        for name in variant.types:
            known = None if isinstance(name, Unknown) else find(name)
            if known is not None and known.accelerator == "Inferentia":
                allowed = f"no update policy on {known.name}: updates of Inf1 go all at once and unwatched"
                return Problem("", "an update policy", allowed, "remove it, or choose Inf2 or a GPU")
    return None


def _kind(part: Part) -> Problem | None:
    if not _stepwise(part) or not any(variant.serverless for variant in variants(part)):
        return None
    return Problem("", "an update policy", "none on a serverless endpoint", "remove DeploymentConfig")


REQUIREMENTS = (
    Requirement(
        id="one-update-policy",
        type=ENDPOINT,
        at=_DEPLOYMENT,
        service="sagemaker",
        shape="DeploymentConfig",
        member="BlueGreenUpdatePolicy",
        sentence="Only one update policy should be used in the deployment configuration.",
        check=at_most_one("BlueGreenUpdatePolicy", "RollingUpdatePolicy"),
    ),
    Requirement(
        id="canary-size",
        type=ENDPOINT,
        at=_ROUTING,
        service="sagemaker",
        shape="TrafficRoutingConfig",
        member="CanarySize",
        sentence="Value must be less than or equal to 50% of the variant's total instance count.",
        check=_size("CanarySize", 0, "CANARY"),
    ),
    Requirement(
        id="linear-size",
        type=ENDPOINT,
        at=_ROUTING,
        service="sagemaker",
        shape="TrafficRoutingConfig",
        member="LinearStepSize",
        sentence="Value must be 10-50% of the variant's total instance count.",
        check=_size("LinearStepSize", 10, "LINEAR"),
    ),
    Requirement(
        id="rolling-size",
        type=ENDPOINT,
        at=_ROLLING,
        service="sagemaker",
        shape="RollingUpdatePolicy",
        member="MaximumBatchSize",
        sentence="Value must be between 5% to 50% of the variant's total instance count.",
        check=_size("MaximumBatchSize", 5, ""),
    ),
    Requirement(
        id="step-size-given",
        type=ENDPOINT,
        at=_ROUTING,
        level="warning",
        sentence="Canary traffic shifting begins with CanarySize, linear traffic shifting has steps of LinearStepSize; "
        "no page names a size where it is left out.",
        page="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html (read "
        "2026-11-29)",
        check=exactly_one(
            "CanarySize",
            "LinearStepSize",
            when=lambda part: part.text("Type") in _STEPS,
            fix="give the size that belongs to Type",
        ),
    ),
    Requirement(
        id="traffic-wait",
        type=ENDPOINT,
        at=_ROUTING,
        sentence="WaitIntervalInSeconds is a required member of TrafficRoutingConfig, which CloudFormation's schema "
        "makes optional.",
        page="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html (read "
        "2026-11-22)",
        check=required("WaitIntervalInSeconds", always, "traffic is shifted", "add it: 0 to 3600 seconds"),
    ),
    Requirement(
        id="deployment-timeout",
        type=ENDPOINT,
        at=_BLUE_GREEN,
        service="sagemaker",
        shape="BlueGreenUpdatePolicy",
        member="MaximumExecutionTimeoutInSeconds",
        sentence="Note that the timeout value should be larger than the total waiting time specified in "
        "TerminationWaitInSeconds and WaitIntervalInSeconds.",
        check=_timeout,
    ),
    Requirement(
        id="retained-properties",
        type=ENDPOINT,
        service="sagemaker",
        shape="UpdateEndpointInput",
        member="ExcludeRetainedVariantProperties",
        sentence="When you are updating endpoint resources with RetainAllVariantProperties, whose value is set to "
        "true, ExcludeRetainedVariantProperties specifies the list of type VariantProperty to override with the values "
        "provided by EndpointConfig.",
        check=_retained,
    ),
    Requirement(
        id="rolling-variants",
        type=ENDPOINT,
        at=_ROLLING,
        level="warning",
        sentence="A rolling update of several variants becomes blue/green, all at once, without a baking period.",
        page=_EXCLUSIONS,
        check=_rolling_variants,
    ),
    Requirement(
        id="update-policy-hardware",
        type=ENDPOINT,
        at=_DEPLOYMENT,
        level="warning",
        sentence="Deployment guardrails exclude Inf1 instances: their updates go all at once, without a baking period.",
        page=_EXCLUSIONS,
        check=_hardware,
    ),
    Requirement(
        id="update-policy-kind",
        type=ENDPOINT,
        at=_DEPLOYMENT,
        level="warning",
        sentence="Deployment guardrails exist for real-time and asynchronous inference.",
        page="https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html (read 2026-11-22)",
        check=_kind,
    ),
)
