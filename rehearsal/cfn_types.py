"""How a CloudFormation type's properties become the input of an API call; the rest is the same name in both.

Read from the CloudFormation schemas and botocore's models. A property that no call takes is refused by the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rehearsal.api_model import RefusedError, renamed

Properties = dict[str, Any]

# Types that the rehearsal itself provides.
CREATE_ONLY: Mapping[str, tuple[str, ...]] = {
    # Everything but tags: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/ (read 2026-11-22)
    "AWS::SageMaker::Model": (
        *("Containers", "EnableNetworkIsolation", "ExecutionRoleArn", "InferenceExecutionConfig", "ModelName"),
        *("PrimaryContainer", "VpcConfig"),
    ),
    "AWS::SageMaker::EndpointConfig": (
        *("AsyncInferenceConfig", "DataCaptureConfig", "EnableNetworkIsolation", "EndpointConfigName"),
        *("ExecutionRoleArn", "ExplainerConfig", "KmsKeyId", "MetricsConfig", "ProductionVariants"),
        *("ShadowProductionVariants", "VpcConfig"),
    ),
    "AWS::SageMaker::Endpoint": ("EndpointName",),
    "AWS::ApplicationAutoScaling::ScalableTarget": ("ResourceId", "ScalableDimension", "ServiceNamespace"),
    "AWS::ApplicationAutoScaling::ScalingPolicy": (
        *("PolicyName", "ResourceId", "ScalableDimension", "ScalingTargetId", "ServiceNamespace"),
    ),
    "AWS::Budgets::Budget": ("NotificationsWithSubscribers",),
    "AWS::CloudWatch::CompositeAlarm": ("AlarmName",),
    "AWS::CloudWatch::Alarm": ("AlarmName",),
    "AWS::Bedrock::ApplicationInferenceProfile": ("Description", "InferenceProfileName", "ModelSource"),
    "AWS::Bedrock::Guardrail": (),
    "AWS::Bedrock::GuardrailVersion": ("Description", "GuardrailIdentifier"),
    "AWS::SageMaker::InferenceComponent": ("InferenceComponentName",),
    "AWS::Budgets::BudgetsAction": ("ActionType", "BudgetName", "ResourceTags"),
    "AWS::CE::AnomalyMonitor": (
        "MonitorDimension",
        "MonitorName",
        "MonitorSpecification",
        "MonitorType",
        "ResourceTags",
    ),
    "AWS::CloudWatch::AlarmMuteRule": ("Name",),
    "AWS::Chatbot::SlackChannelConfiguration": ("ConfigurationName",),
    "AWS::Bedrock::IntelligentPromptRouter": (
        *("Description", "FallbackModel", "Models", "PromptRouterName", "RoutingCriteria"),
    ),
    "AWS::CE::AnomalySubscription": ("ResourceTags",),
    "AWS::EC2::FlowLog": (
        *("DeliverCrossAccountRole", "DeliverLogsPermissionArn", "DestinationOptions", "LogDestination"),
        *("LogDestinationType", "LogFormat", "LogGroupName", "MaxAggregationInterval", "ResourceId", "ResourceType"),
        "TrafficType",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Named:
    """Where a type's physical name stands, and how long it may be."""

    property: str
    longest: int


NAMES: Mapping[str, Named] = {
    "AWS::SageMaker::Model": Named(property="ModelName", longest=63),
    "AWS::SageMaker::EndpointConfig": Named(property="EndpointConfigName", longest=63),
    "AWS::SageMaker::Endpoint": Named(property="EndpointName", longest=63),
    "AWS::SageMaker::InferenceComponent": Named(property="InferenceComponentName", longest=63),
    "AWS::CloudWatch::Alarm": Named(property="AlarmName", longest=255),
    "AWS::CloudWatch::CompositeAlarm": Named(property="AlarmName", longest=255),
}


def tags_as_map(tags: Any) -> dict[str, str]:
    """Returns CloudFormation's list of Key and Value as the map that some APIs take."""
    return {tag["Key"]: tag["Value"] for tag in tags or []}


def scalable_target(properties: Properties) -> tuple[Properties, list[Properties]]:
    """Returns the input of RegisterScalableTarget, and one of PutScheduledAction per scheduled action."""
    target = {name: value for name, value in properties.items() if name != "ScheduledActions"}
    if "Tags" in target:
        target["Tags"] = tags_as_map(target["Tags"])
    same = {name: target[name] for name in ("ServiceNamespace", "ResourceId", "ScalableDimension") if name in target}
    return target, [{**same, **action} for action in properties.get("ScheduledActions", [])]


def scaling_policy(properties: Properties) -> Properties:
    """Returns the input of PutScalingPolicy: ScalingTargetId stands for three members."""
    policy = dict(properties)
    reference = policy.pop("ScalingTargetId", None)
    if reference is not None:
        parts = str(reference).split("|")
        if len(parts) != 3:
            raise RefusedError(f"ScalingTargetId: got {reference}; allowed: the Ref of a ScalableTarget")
        policy |= dict(zip(("ResourceId", "ScalableDimension", "ServiceNamespace"), parts, strict=True))
    return policy


def budget(properties: Properties, name: str) -> Properties:
    """Returns the input of CreateBudget but for the account."""
    return {**properties, "Budget": {"BudgetName": name, **properties.get("Budget", {})}}


def guardrail(properties: Properties) -> Properties:
    """Returns the input of CreateGuardrail."""
    found = dict(properties)
    for policy in ("ContentPolicyConfig", "TopicPolicyConfig"):
        for tier in ("ContentFiltersTierConfig", "TopicsTierConfig"):
            if tier in found.get(policy, {}):
                found[policy] = {"tierConfig" if k == tier else k: v for k, v in found[policy].items()}
    if "CrossRegionConfig" in found:
        arn = found["CrossRegionConfig"].get("GuardrailProfileArn")
        found["CrossRegionConfig"] = {"guardrailProfileIdentifier": arn}
    if "KmsKeyArn" in found:
        found["kmsKeyId"] = found.pop("KmsKeyArn")
    return renamed("bedrock", "CreateGuardrail", found)
