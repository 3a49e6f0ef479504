"""What AWS requires of a scalable target and of the policies that scale it."""

from __future__ import annotations

from cdk_inference.core.errors import Problem
from cdk_inference.core.unknown import Unknown
from cdk_inference.hosting import EndpointKind
from cdk_inference.requirements.conditions import equals, exactly_one, lower_case_first, required, unique
from cdk_inference.requirements.part import NotKnownError, Part
from cdk_inference.requirements.requirement import Requirement
from cdk_inference.template.hosted import EndpointInTemplate
from cdk_inference.template.scalable_targets import TARGET, scaled_by
from cdk_inference.template.stacks import Resource

POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
INSTANCES = "sagemaker:variant:DesiredInstanceCount"
_PROVISIONED = "sagemaker:variant:DesiredProvisionedConcurrency"
_COPIES = "sagemaker:inference-component:DesiredCopyCount"
TRACKING = "TargetTrackingScalingPolicyConfiguration"
_QUERIES = f"{TRACKING}.CustomizedMetricSpecification"
_GUIDE = "https://docs.aws.amazon.com/sagemaker/latest/dg"
# https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredefinedMetricSpecification.html
_SCALED_BY = {
    "SageMakerVariantInvocationsPerInstance": INSTANCES,
    "SageMakerVariantConcurrentRequestsPerModelHighResolution": INSTANCES,
    "SageMakerVariantProvisionedConcurrencyUtilization": _PROVISIONED,
    "SageMakerInferenceComponentInvocationsPerCopy": _COPIES,
    "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution": _COPIES,
}


def target_of(policy: Part) -> Resource:
    """Returns the scalable target that a policy names.

    Raises:
        NotKnownError: It was not read.
    """
    named = policy.read.properties(policy.resource).get("ScalingTargetId")
    found = policy.read.find(TARGET, named, policy.resource) if isinstance(named, str) else None
    if found is None:
        raise NotKnownError("its scalable target is not among what was read")
    return found


def dimension(policy: Part) -> str | None:
    """Returns what a policy scales; None for what is not SageMaker's."""
    own = policy.read.properties(policy.resource).get("ScalableDimension")
    if not isinstance(own, str):
        properties = policy.read.properties(target_of(policy))
        own = properties.get("ScalableDimension") if isinstance(properties, dict) else None
    return own if isinstance(own, str) and own.startswith("sagemaker:") else None


def scaled_endpoint(policy: Part) -> EndpointInTemplate | None:
    """Returns the endpoint that a policy scales; None where it scales something else."""
    own = policy.read.properties(policy.resource).get("ResourceId")
    if not isinstance(own, str):
        properties = policy.read.properties(target_of(policy))
        own = properties.get("ResourceId") if isinstance(properties, dict) else None
    return _endpoint(policy, own)


def _endpoint(part: Part, resource_id: object) -> EndpointInTemplate | None:
    scaled = scaled_by(resource_id) if isinstance(resource_id, str) else None
    if scaled is None or scaled.kind != "endpoint":
        return None
    found = part.read.endpoint_named(scaled.name, part.resource)
    if found is None:
        raise NotKnownError("its endpoint is not among what was read")
    return found


def kind_of(endpoint: EndpointInTemplate) -> EndpointKind:
    """Returns the kind of an endpoint.

    Raises:
        NotKnownError: Its config is not known.
    """
    if isinstance(endpoint.hosted.kind, Unknown):
        raise NotKnownError(endpoint.hosted.kind.reason)
    return endpoint.hosted.kind


def _lowest(part: Part) -> tuple[str, float] | None:
    """(where, the lowest minimum) of a target and its scheduled actions."""
    found = [("MinCapacity", part.number("MinCapacity"))]
    for number, action in enumerate(part.parts("ScheduledActions")):
        member = "ScalableTargetAction.MinCapacity"
        found.append((f"ScheduledActions[{number}].{member}", action.number(member)))
    known = [(where, value) for where, value in found if value is not None]
    return min(known, key=lambda one: one[1]) if known else None


def _realtime_minimum(part: Part) -> Problem | None:
    lowest = _lowest(part)
    if lowest is None or lowest[1] >= 1 or part.text("ScalableDimension") != INSTANCES:
        return None
    endpoint = _endpoint(part, part.get("ResourceId"))
    if endpoint is None or kind_of(endpoint).name != "realtime":
        return None
    fix = "raise it to 1, or use an asynchronous endpoint or inference components, which may go down to 0"
    return Problem(lowest[0], f"{lowest[1]:g}", "1 or more for a variant of a real-time endpoint", fix)


def _provisioned_minimum(part: Part) -> Problem | None:
    lowest = _lowest(part)
    if lowest is None or lowest[1] >= 1 or part.text("ScalableDimension") != _PROVISIONED:
        return None
    return Problem(lowest[0], f"{lowest[1]:g}", "1 or more of provisioned concurrency", "raise it to 1")


def _action_sets(part: Part) -> Problem | None:
    if part.has("ScalableTargetAction.MinCapacity") or part.has("ScalableTargetAction.MaxCapacity"):
        return None
    return Problem("ScalableTargetAction", None, "MinCapacity, MaxCapacity or both", "add the one that changes")


def _customized(part: Part) -> Problem | None:
    if part.has("Metrics"):
        return None
    missing = [member for member in ("MetricName", "Namespace", "Statistic") if not part.has(member)]
    if not missing:
        return None
    return Problem(missing[0], None, "MetricName, Namespace and Statistic, or Metrics", f"add {', '.join(missing)}")


def _label(part: Part) -> Problem | None:
    kind = part.text("PredefinedMetricType")
    if not part.has("ResourceLabel") or kind not in _SCALED_BY:
        return None
    return Problem("ResourceLabel", f"a label with {kind}", "no label", "remove ResourceLabel")


def _predictive(part: Part) -> Problem | None:
    if part.text("PolicyType") != "PredictiveScaling" or dimension(part) is None:
        return None
    allowed = "TargetTrackingScaling or StepScaling: only Amazon ECS has PredictiveScaling"
    return Problem("PolicyType", "PredictiveScaling", allowed, "choose one of the two")


def _metric_dimension(part: Part) -> Problem | None:
    kind = part.text("PredefinedMetricType")
    wanted = _SCALED_BY.get(kind or "")
    if wanted is None:
        return None
    scaled = dimension(part)
    if scaled is None or scaled == wanted:
        return None
    fitting = " or ".join(name for name, one in _SCALED_BY.items() if one == scaled)
    return Problem("PredefinedMetricType", kind, f"a metric of {scaled}", f"choose {fitting}")


def _returned(part: Part) -> Problem | None:
    queries = part.parts("Metrics")
    if len(queries) < 2:
        return None
    given = [query.path for query in queries if query.flag("ReturnData") is not False]
    if len(given) == 1:
        return None
    fix = "set ReturnData: false on every query but the last expression"
    return Problem("Metrics", f"{len(given)} queries that return data", "one, the final expression", fix)


REQUIREMENTS = (
    Requirement(
        id="realtime-minimum",
        type=TARGET,
        sentence="The minimum of a variant of a real-time endpoint is 1. (The reference of RegisterScalableTarget "
        "lists SageMaker endpoint variants among what may have 0, without a word on the kind of endpoint.)",
        page=f"{_GUIDE}/endpoint-auto-scaling-policy.html (read 2026-11-22)",
        check=_realtime_minimum,
    ),
    Requirement(
        id="provisioned-minimum",
        type=TARGET,
        sentence="The minimum of provisioned concurrency is 1. (The reference of RegisterScalableTarget lists it among "
        "what may have 0.)",
        page=f"{_GUIDE}/serverless-endpoints-autoscale.html (read 2026-11-22)",
        check=_provisioned_minimum,
    ),
    Requirement(
        id="scheduled-action-names",
        type=TARGET,
        service="application-autoscaling",
        shape="PutScheduledActionRequest",
        member="ScheduledActionName",
        sentence="This name must be unique among all other scheduled actions on the specified scalable target.",
        check=unique("ScheduledActions", "ScheduledActionName"),
    ),
    Requirement(
        id="scheduled-action-bounds",
        type=TARGET,
        at="ScheduledActions[]",
        service="application-autoscaling",
        shape="PutScheduledActionRequest",
        member="ScalableTargetAction",
        sentence="You can set both values or just one.",
        check=_action_sets,
    ),
    Requirement(
        id="tracking-configuration",
        type=POLICY,
        service="application-autoscaling",
        shape="PutScalingPolicyRequest",
        member="TargetTrackingScalingPolicyConfiguration",
        sentence="This parameter is required if you are creating a policy and the policy type is "
        "TargetTrackingScaling.",
        check=required(TRACKING, equals("PolicyType", "TargetTrackingScaling"), "PolicyType is TargetTrackingScaling"),
    ),
    Requirement(
        id="step-configuration",
        type=POLICY,
        service="application-autoscaling",
        shape="PutScalingPolicyRequest",
        member="StepScalingPolicyConfiguration",
        sentence="This parameter is required if you are creating a policy and the policy type is StepScaling.",
        check=required(
            "StepScalingPolicyConfiguration", equals("PolicyType", "StepScaling"), "PolicyType is StepScaling"
        ),
    ),
    Requirement(
        id="predictive-policy",
        type=POLICY,
        service="application-autoscaling",
        shape="PutScalingPolicyRequest",
        member="PolicyType",
        sentence="PredictiveScaling—Only supported for Amazon ECS.",
        check=_predictive,
    ),
    Requirement(
        id="one-tracked-metric",
        type=POLICY,
        at=TRACKING,
        service="application-autoscaling",
        shape="TargetTrackingScalingPolicyConfiguration",
        member="PredefinedMetricSpecification",
        sentence="You can specify either a predefined metric or a customized metric.",
        check=exactly_one("PredefinedMetricSpecification", "CustomizedMetricSpecification"),
    ),
    Requirement(
        id="resource-label",
        type=POLICY,
        at=f"{TRACKING}.PredefinedMetricSpecification",
        service="application-autoscaling",
        shape="PredefinedMetricSpecification",
        member="ResourceLabel",
        sentence="You can't specify a resource label unless the metric type is ALBRequestCountPerTarget and there is a "
        "target group attached to the Spot Fleet or ECS service.",
        check=_label,
    ),
    Requirement(
        id="predefined-metric",
        type=POLICY,
        at=f"{TRACKING}.PredefinedMetricSpecification",
        sentence="Variants, provisioned concurrency and inference components have predefined metrics of their own.",
        page=f"{_GUIDE}/endpoint-auto-scaling-add-code-define.html (read 2026-11-22)",
        check=_metric_dimension,
    ),
    Requirement(
        id="tracking-query",
        type=POLICY,
        at=f"{_QUERIES}.Metrics[]",
        service="application-autoscaling",
        shape="TargetTrackingMetricDataQuery",
        member="Expression",
        sentence="Within each TargetTrackingMetricDataQuery object, you must specify either Expression or MetricStat, "
        "but not both.",
        check=exactly_one("Expression", "MetricStat"),
    ),
    Requirement(
        id="tracking-query-ids",
        type=POLICY,
        at=_QUERIES,
        service="application-autoscaling",
        shape="TargetTrackingMetricDataQuery",
        member="Id",
        sentence="This name must be unique among all MetricDataQuery objects specified for a single scaling policy.",
        check=unique("Metrics", "Id"),
    ),
    Requirement(
        id="tracking-query-letter",
        type=POLICY,
        at=f"{_QUERIES}.Metrics[]",
        service="application-autoscaling",
        shape="TargetTrackingMetricDataQuery",
        member="Id",
        sentence="The first character must be a lowercase letter.",
        check=lower_case_first("Id"),
    ),
    Requirement(
        id="tracking-return-data",
        type=POLICY,
        at=_QUERIES,
        service="application-autoscaling",
        shape="TargetTrackingMetricDataQuery",
        member="ReturnData",
        sentence="You must specify false for ReturnData for all the other metrics and expressions used in the metric "
        "specification.",
        check=_returned,
    ),
    Requirement(
        id="customized-metric",
        type=POLICY,
        at=_QUERIES,
        service="application-autoscaling",
        shape="CustomizedMetricSpecification",
        sentence="Add values for each required parameter from CloudWatch.",
        check=_customized,
    ),
)

__all__ = ["INSTANCES", "POLICY", "REQUIREMENTS", "TRACKING", "kind_of", "scaled_endpoint"]
