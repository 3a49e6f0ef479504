"""The table of changes. Read on AWS's pages, none tried in an account."""

from __future__ import annotations

from cdk_inference.review.transition import Transition

_DG = "https://docs.aws.amazon.com/sagemaker/latest/dg"
_SCALED_UPDATE = f"{_DG}/endpoint-scaling-update.html (2026-11-22)"
_UPDATE = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html (2026-11-22)"
_EXCLUSIONS = f"{_DG}/deployment-guardrails-exclusions.html (2026-11-22)"
_POOLS = f"{_DG}/realtime-endpoints-heterogeneous.html (2026-11-22)"
_POOLS_BLOG = (
    "https://aws.amazon.com/blogs/machine-learning/capacity-aware-inference-automatic-instance-fallback-for-sagemaker-"
    "ai-endpoints/ (2026-11-22)"
)
_AAS = "https://docs.aws.amazon.com/autoscaling/application/APIReference"
_TARGET = f"{_AAS}/API_RegisterScalableTarget.html (2026-11-22)"
_SHADOW = f"{_DG}/shadow-tests.html (2026-11-22)"
_SERVERLESS = f"{_DG}/serverless-endpoints.html (2026-11-22)"
_COMPONENT = "CloudFormation schema of AWS::SageMaker::InferenceComponent (2026-10-20)"
_CONFIG = "CloudFormation schema of AWS::SageMaker::EndpointConfig (2026-10-20)"
_FIXED_FIRST = (
    "scaling=FixedCount(instances=n), n being the count that serves the load now; then the change, with the scaling as "
    "it was"
)
_REGISTERED = "the update fails: the variant is registered with Application Auto Scaling"
_KEPT = "the count that scaling has reached is kept (RetainAllVariantProperties)"

_CONFIG_CHANGES = (
    Transition(
        id="server",
        change="server, image, model or environment",
        where="real-time, asynchronous, serverless",
        outcome="new config",
        deployments=1,
        lines=1,
        how=f"a new model and a new config; under autoscaling {_KEPT}",
        source=_SCALED_UPDATE,
    ),
    Transition(
        id="type-fixed",
        change="instance type",
        where="real-time, asynchronous; fixed count",
        outcome="new config",
        deployments=1,
        lines=1,
        how="another type in a new config; a server of the other chip changes with it",
        source=_UPDATE,
    ),
    Transition(
        id="type-scaled",
        change="instance type",
        where="real-time, asynchronous; autoscaled",
        outcome="two deployments",
        deployments=2,
        lines=1,
        how=_FIXED_FIRST,
        otherwise=f"{_REGISTERED}, and CloudFormation cannot deregister it, update, and register it again in one go",
        source=_SCALED_UPDATE,
    ),
    Transition(
        id="to-pools",
        change="one type to InstancePools that begin with it",
        where="real-time, asynchronous; autoscaled",
        outcome="new config",
        deployments=1,
        lines=1,
        how="described by AWS as one update with the policies unchanged, if the old type is the first",
        otherwise="with another type first it is a change of type: two deployments",
        source=_POOLS_BLOG,
    ),
    Transition(
        id="pools-edited",
        change="types of InstancePools, or their order",
        where="real-time, asynchronous; autoscaled",
        outcome="two deployments",
        deployments=2,
        lines=1,
        how=_FIXED_FIRST,
        otherwise="whether SageMaker takes an edited list for another type is not documented",
        source=_POOLS,
        confidence="inferred",
    ),
    Transition(
        id="encryption-key",
        change="encryption key, network isolation, VPC, data capture, metric period",
        where="all but serverless, which has the key alone of these",
        outcome="new config",
        deployments=1,
        lines=1,
        how="they are parts of the config or the model, which cannot be changed",
        source=_CONFIG,
    ),
    Transition(
        id="reservation",
        change="a reservation is added or taken away",
        where="real-time",
        outcome="new config",
        deployments=1,
        lines=1,
        how="instances come from the reservation, and from nowhere else",
        otherwise="when it ends, the endpoint stops serving",
        source=f"{_DG}/training-plan-utilization-for-inference-endpoints.html (2026-11-22)",
    ),
)
_COUNTS = (
    Transition(
        id="fixed-count",
        change="FixedCount(instances=...)",
        where="real-time, asynchronous",
        outcome="new config",
        deployments=1,
        lines=1,
        how="the count stands in the config, so the endpoint moves to a new one",
        source=_UPDATE,
    ),
    Transition(
        id="bounds",
        change="bounds, windows or target of a policy",
        where="autoscaled, all kinds",
        outcome="in place",
        deployments=1,
        lines=1,
        how="the scalable target changes; a count outside the new bounds is moved inside at once. The minimum is also "
        "the config's first count: where that changes the endpoint moves to a new config, and the count is kept",
        source=_TARGET,
    ),
    Transition(
        id="policy",
        change="another policy (TargetInvocations to TargetConcurrency)",
        where="autoscaled, all kinds",
        outcome="in place",
        deployments=1,
        lines=1,
        how="the policy is replaced; for moments there are two, or none",
        source="CloudFormation schema of AWS::ApplicationAutoScaling::ScalingPolicy (2026-10-20)",
        confidence="inferred",
    ),
    Transition(
        id="to-scaled",
        change="FixedCount to a policy",
        where="real-time, asynchronous",
        outcome="in place",
        deployments=1,
        lines=1,
        how="the target is registered after the endpoint's update, if there is one",
        source=_TARGET,
    ),
    Transition(
        id="to-fixed",
        change="a policy to FixedCount",
        where="real-time, asynchronous",
        outcome="new config",
        deployments=1,
        lines=1,
        how="the endpoint is set to the count first, then the target goes, its policies and schedules with it",
        otherwise="a count that scaling raised is set to the number you write: write what serves the load now",
        source=f"{_AAS}/API_DeregisterScalableTarget.html (2026-11-22)",
    ),
)
_VARIANTS = (
    Transition(
        id="variant-added",
        change="a variant in more_variants",
        where="real-time",
        outcome="new config",
        deployments=1,
        lines=1,
        how="both fleets are made anew as the rollout says; counts are kept where they are scaled",
        source=_UPDATE,
    ),
    Transition(
        id="variant-removed-fixed",
        change="a variant less",
        where="real-time; nothing autoscaled",
        outcome="new config",
        deployments=1,
        lines=1,
        how="its share goes to the endpoint's own variant",
        source=_UPDATE,
    ),
    Transition(
        id="variant-removed-scaled",
        change="a variant less",
        where="real-time; autoscaled, it or another one",
        outcome="two deployments",
        deployments=2,
        lines=1,
        how="FixedCount on every variant, then without it, with the scaling as it was",
        otherwise=_REGISTERED,
        source=_SCALED_UPDATE,
    ),
    Transition(
        id="traffic",
        change="traffic_percent",
        where="real-time",
        outcome="new config",
        deployments=1,
        lines=1,
        how="shares are the template's also where counts are kept (ExcludeRetainedVariantProperties: DesiredWeight)",
        otherwise="kept shares would make the change do nothing, silently",
        source=_UPDATE,
    ),
    Transition(
        id="variant-renamed",
        change="a variant's name",
        where="real-time",
        outcome="new config",
        deployments=1,
        lines=1,
        how="to SageMaker it is a new variant; autoscaled, take the two steps of a variant less",
        otherwise="guardrails ask that a config keep the variant's name",
        source=_EXCLUSIONS,
    ),
    Transition(
        id="shadow",
        change="a shadow added, changed or taken away",
        where="real-time",
        outcome="new config",
        deployments=1,
        lines=1,
        how="production goes on as it was",
        otherwise="while production is autoscaled the shadow's count is kept too: another count needs another name",
        source=_SHADOW,
    ),
)
_OTHERS = (
    Transition(
        id="rollout",
        change="rollout or its alarms",
        where="real-time, asynchronous",
        outcome="in place",
        deployments=1,
        lines=1,
        how="it holds from the next update on",
        source=f"{_DG}/deployment-guardrails-blue-green-canary.html (2026-11-22)",
    ),
    Transition(
        id="log-retention",
        change="log retention",
        where="all",
        outcome="in place",
        deployments=1,
        lines=1,
        how="the log group changes",
        source="CloudFormation schema of AWS::Logs::LogGroup (2026-10-20)",
    ),
    Transition(
        id="serverless-size",
        change="memory, concurrency, warm executions",
        where="serverless",
        outcome="new config",
        deployments=1,
        lines=1,
        how="a new config; there are no guardrails",
        source=_EXCLUSIONS,
    ),
    Transition(
        id="renamed",
        change="construct id, stack or region",
        where="all",
        outcome="new endpoint",
        deployments=1,
        lines=1,
        how="the name follows from stack and id: a second endpoint is made, then the first is deleted. Make the second "
        "beside the first, move the callers, then take the first away",
        otherwise="callers of the old name fail",
        source=_UPDATE,
        confidence="inferred",
    ),
    Transition(
        id="kind",
        change="real-time to asynchronous, serverless or components, and back",
        where="all",
        outcome="new endpoint",
        deployments=2,
        lines=0,
        how="under another id: deploy it beside the old one, move the callers, take the old one away",
        otherwise="under the same id CloudFormation updates an endpoint that cannot become the other kind: instances "
        "to serverless is refused, serverless to instances goes once and not back",
        source=_SERVERLESS,
    ),
    Transition(
        id="zero",
        change="a minimum of 0",
        where="real-time, serverless; components whose endpoint keeps instances",
        outcome="refused",
        deployments=0,
        lines=0,
        how="use AsyncEndpoint, or components on ManagedInstances(min_instances=0, ...)",
        source=f"{_DG}/endpoint-auto-scaling-policy.html (2026-11-22)",
    ),
)
_COMPONENTS = (
    Transition(
        id="component-server",
        change="server, resources or placement of a component",
        where="inference component",
        outcome="in place",
        deployments=1,
        lines=1,
        how="the component is updated, in batches with a rollout; the endpoint is not. Copies may be set back to the "
        "policy's minimum: CloudFormation cannot read how many there are",
        source=_COMPONENT,
    ),
    Transition(
        id="component-added",
        change="a component more, or less",
        where="shared endpoint",
        outcome="in place",
        deployments=1,
        lines=1,
        how="the role's policy grows or shrinks. On hardware with a storage volume the volume's size follows the "
        "models, and the first component brings the host image: then the endpoint moves to a new config",
        source=_COMPONENT,
    ),
    Transition(
        id="component-instances",
        change="instances=ManagedInstances(...) or the type",
        where="shared endpoint",
        outcome="new config",
        deployments=1,
        lines=1,
        how="a new config; components move with the endpoint",
        source=_UPDATE,
        confidence="inferred",
    ),
    Transition(
        id="component-moved",
        change="a component's endpoint",
        where="inference component",
        outcome="two deployments",
        deployments=2,
        lines=0,
        how="under another id on the other endpoint; move the callers; then take the old one away",
        otherwise="the schema calls the endpoint's name changeable in place, and the API's update takes no endpoint",
        source=_COMPONENT,
        confidence="inferred",
    ),
    Transition(
        id="adapter",
        change="an adapter's archive",
        where="adapter",
        outcome="in place",
        deployments=1,
        lines=1,
        how="the adapter's component is updated; its base is not",
        source=f"{_DG}/realtime-endpoints-adapt.html (2026-11-22)",
    ),
)
TRANSITIONS = (*_CONFIG_CHANGES, *_COUNTS, *_VARIANTS, *_OTHERS, *_COMPONENTS)
