"""Which API call each CloudFormation type stands for, and where the two differ.

Read from botocore's service models and from the CloudFormation schemas; nothing here comes from the package under test.
Paths are CloudFormation names joined by dots, with [] for every list item.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Call:
    """A property that CloudFormation hands to another operation of the same service."""

    operation: str
    member: str = ""  # empty: the value is the whole input; with dots: a member of a member
    each: bool = False  # one call per list item
    supplied: frozenset[str] = frozenset()  # input members that CloudFormation fills in


@dataclass(frozen=True)
class Resource:
    """A CloudFormation type as the API call that creates it."""

    service: str
    operation: str
    supplied: frozenset[str] = frozenset()  # required by the API, optional in CloudFormation (generated names)
    renamed: Mapping[str, str] = field(default_factory=dict)  # path -> API member
    other_calls: Mapping[str, Call] = field(default_factory=dict)  # top-level property -> call
    ignored: Mapping[str, str] = field(default_factory=dict)  # path -> why it is not checked
    stands_for: Mapping[str, frozenset[str]] = field(default_factory=dict)  # property -> API members it replaces
    documents: frozenset[str] = frozenset()  # JSON object in CloudFormation, string in the API
    tag_maps: frozenset[str] = frozenset()  # list of Key and Value in CloudFormation, map in the API


_TARGET = frozenset({"ServiceNamespace", "ResourceId", "ScalableDimension"})
_SNS_ATTRIBUTE = "an entry of the free-form Attributes map in the API"


def _lowered(*paths: str) -> dict[str, str]:
    """Path -> its last name with a small first letter, and the same for what the path goes through."""
    names = [name for path in paths for name in _with_outer(path)]
    return {name: last[0].lower() + last[1:] for name in names for last in [name.rpartition(".")[2].removesuffix("[]")]}


def _with_outer(path: str) -> list[str]:
    parts = path.split(".")
    return [".".join(parts[: number + 1]).removesuffix("[]") for number in range(len(parts))]


_DIRECTIONS = ("InputAction", "InputEnabled", "OutputAction", "OutputEnabled")
_CONTENT = ("Type", "InputStrength", "OutputStrength", "InputModalities", "OutputModalities", *_DIRECTIONS)
_REGEX = ("Name", "Description", "Pattern", "Action", *_DIRECTIONS)
_GUARDRAIL = {
    **_lowered(
        *("Name", "Description", "BlockedInputMessaging", "BlockedOutputsMessaging"),
        *(f"ContentPolicyConfig.FiltersConfig[].{name}" for name in _CONTENT),
        *(
            f"TopicPolicyConfig.TopicsConfig[].{name}"
            for name in ("Name", "Definition", "Examples", "Type", *_DIRECTIONS)
        ),
        *(f"WordPolicyConfig.WordsConfig[].{name}" for name in ("Text", *_DIRECTIONS)),
        *(f"WordPolicyConfig.ManagedWordListsConfig[].{name}" for name in ("Type", *_DIRECTIONS)),
        *(f"SensitiveInformationPolicyConfig.PiiEntitiesConfig[].{name}" for name in ("Type", "Action", *_DIRECTIONS)),
        *(f"SensitiveInformationPolicyConfig.RegexesConfig[].{name}" for name in _REGEX),
        *(f"ContextualGroundingPolicyConfig.FiltersConfig[].{n}" for n in ("Type", "Threshold", "Action", "Enabled")),
        *(f"AutomatedReasoningPolicyConfig.{name}" for name in ("Policies", "ConfidenceThreshold")),
        *("Tags[].Key", "Tags[].Value"),
        *("ContentPolicyConfig.ContentFiltersTierConfig.TierName", "TopicPolicyConfig.TopicsTierConfig.TierName"),
        "CrossRegionConfig.GuardrailProfileArn",
    ),
    "ContentPolicyConfig.ContentFiltersTierConfig": "tierConfig",
    "TopicPolicyConfig.TopicsTierConfig": "tierConfig",
    "CrossRegionConfig.GuardrailProfileArn": "guardrailProfileIdentifier",
    "KmsKeyArn": "kmsKeyId",
}


TABLE: Mapping[str, Resource] = {
    "AWS::SageMaker::Model": Resource("sagemaker", "CreateModel", supplied=frozenset({"ModelName"})),
    "AWS::SageMaker::EndpointConfig": Resource(
        "sagemaker", "CreateEndpointConfig", supplied=frozenset({"EndpointConfigName"})
    ),
    "AWS::SageMaker::Endpoint": Resource(
        "sagemaker",
        "CreateEndpoint",
        supplied=frozenset({"EndpointName"}),
        other_calls={
            name: Call("UpdateEndpoint", name)
            for name in ("RetainAllVariantProperties", "ExcludeRetainedVariantProperties", "RetainDeploymentConfig")
        },
    ),
    "AWS::SageMaker::InferenceComponent": Resource(
        "sagemaker",
        "CreateInferenceComponent",
        supplied=frozenset({"InferenceComponentName"}),
        other_calls={"DeploymentConfig": Call("UpdateInferenceComponent", "DeploymentConfig")},
        ignored={"EndpointArn": "settable in CloudFormation only; the API takes EndpointName, required in both"},
    ),
    "AWS::Bedrock::ApplicationInferenceProfile": Resource(
        "bedrock",
        "CreateInferenceProfile",
        renamed={
            "InferenceProfileName": "inferenceProfileName",
            "Description": "description",
            "ModelSource": "modelSource",
            "ModelSource.CopyFrom": "copyFrom",
            "Tags": "tags",
            "Tags[].Key": "key",
            "Tags[].Value": "value",
        },
    ),
    "AWS::Bedrock::Guardrail": Resource("bedrock", "CreateGuardrail", renamed=_GUARDRAIL),
    "AWS::Bedrock::GuardrailVersion": Resource(
        "bedrock", "CreateGuardrailVersion", renamed=_lowered("GuardrailIdentifier", "Description")
    ),
    "AWS::Bedrock::EnforcedGuardrailConfiguration": Resource(
        "bedrock",
        "PutEnforcedGuardrailConfiguration",
        supplied=frozenset({"guardrailInferenceConfig"}),
        renamed=_lowered(
            *("ModelEnforcement.IncludedModels", "ModelEnforcement.ExcludedModels"),
            *("SelectiveContentGuarding.System", "SelectiveContentGuarding.Messages"),
        ),
        other_calls={
            name: Call("PutEnforcedGuardrailConfiguration", f"guardrailInferenceConfig.{name[0].lower()}{name[1:]}")
            for name in ("GuardrailIdentifier", "GuardrailVersion", "ModelEnforcement", "SelectiveContentGuarding")
        },
    ),
    "AWS::Bedrock::IntelligentPromptRouter": Resource(
        "bedrock",
        "CreatePromptRouter",
        renamed={
            "PromptRouterName": "promptRouterName",
            "Description": "description",
            "Models": "models",
            "Models[].ModelArn": "modelArn",
            "FallbackModel": "fallbackModel",
            "FallbackModel.ModelArn": "modelArn",
            "RoutingCriteria": "routingCriteria",
            "RoutingCriteria.ResponseQualityDifference": "responseQualityDifference",
            "Tags": "tags",
            "Tags[].Key": "key",
            "Tags[].Value": "value",
        },
    ),
    "AWS::ApplicationAutoScaling::ScalableTarget": Resource(
        "application-autoscaling",
        "RegisterScalableTarget",
        other_calls={"ScheduledActions": Call("PutScheduledAction", each=True, supplied=_TARGET)},
        tag_maps=frozenset({"Tags"}),
    ),
    "AWS::ApplicationAutoScaling::ScalingPolicy": Resource(
        "application-autoscaling", "PutScalingPolicy", stands_for={"ScalingTargetId": _TARGET}
    ),
    "AWS::Logs::LogGroup": Resource(
        "logs",
        "CreateLogGroup",
        supplied=frozenset({"logGroupName"}),
        renamed={
            "LogGroupName": "logGroupName",
            "KmsKeyId": "kmsKeyId",
            "LogGroupClass": "logGroupClass",
            "DeletionProtectionEnabled": "deletionProtectionEnabled",
            "Tags": "tags",
        },
        other_calls={
            # The model has no enum of retention periods; the CloudFormation schema has one.
            "RetentionInDays": Call("PutRetentionPolicy", "retentionInDays"),
            "DataProtectionPolicy": Call("PutDataProtectionPolicy", "policyDocument"),
            "ResourcePolicyDocument": Call("PutResourcePolicy", "policyDocument"),
            "FieldIndexPolicies": Call("PutIndexPolicy", "policyDocument", each=True),
            "BearerTokenAuthenticationEnabled": Call(
                "PutBearerTokenAuthentication", "bearerTokenAuthenticationEnabled"
            ),
        },
        documents=frozenset({"DataProtectionPolicy", "ResourcePolicyDocument", "FieldIndexPolicies[]"}),
        tag_maps=frozenset({"Tags"}),
    ),
    "AWS::IAM::Role": Resource(
        "iam",
        "CreateRole",
        supplied=frozenset({"RoleName"}),
        other_calls={
            "ManagedPolicyArns": Call("AttachRolePolicy", "PolicyArn", each=True),
            "Policies": Call("PutRolePolicy", each=True, supplied=frozenset({"RoleName"})),
        },
        documents=frozenset({"AssumeRolePolicyDocument", "Policies[].PolicyDocument"}),
    ),
    "AWS::IAM::Policy": Resource(
        "iam",
        "PutRolePolicy",
        supplied=frozenset({"RoleName"}),
        other_calls={
            "Roles": Call("PutRolePolicy", "RoleName", each=True),
            "Users": Call("PutUserPolicy", "UserName", each=True),
            "Groups": Call("PutGroupPolicy", "GroupName", each=True),
        },
        documents=frozenset({"PolicyDocument"}),
    ),
    "AWS::IAM::ManagedPolicy": Resource(
        "iam",
        "CreatePolicy",
        supplied=frozenset({"PolicyName"}),
        renamed={"ManagedPolicyName": "PolicyName"},
        other_calls={
            "Roles": Call("AttachRolePolicy", "RoleName", each=True),
            "Users": Call("AttachUserPolicy", "UserName", each=True),
            "Groups": Call("AttachGroupPolicy", "GroupName", each=True),
        },
        documents=frozenset({"PolicyDocument"}),
    ),
    "AWS::KMS::Key": Resource(
        "kms",
        "CreateKey",
        renamed={"KeyPolicy": "Policy", "Tags[].Key": "TagKey", "Tags[].Value": "TagValue"},
        other_calls={
            "RotationPeriodInDays": Call("EnableKeyRotation", "RotationPeriodInDays"),
            "PendingWindowInDays": Call("ScheduleKeyDeletion", "PendingWindowInDays"),
        },
        ignored={"EnableKeyRotation": "chooses a call instead of a member", "Enabled": "chooses a call, too"},
        documents=frozenset({"KeyPolicy"}),
    ),
    "AWS::KMS::Alias": Resource("kms", "CreateAlias"),
    "AWS::CloudWatch::Alarm": Resource("cloudwatch", "PutMetricAlarm", supplied=frozenset({"AlarmName"})),
    "AWS::CloudWatch::CompositeAlarm": Resource("cloudwatch", "PutCompositeAlarm", supplied=frozenset({"AlarmName"})),
    "AWS::CloudWatch::Dashboard": Resource("cloudwatch", "PutDashboard", supplied=frozenset({"DashboardName"})),
    "AWS::SNS::Subscription": Resource(
        "sns",
        "Subscribe",
        ignored=dict.fromkeys(
            (
                *("DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy"),
                *("Region", "ReplayPolicy", "SubscriptionRoleArn"),
            ),
            _SNS_ATTRIBUTE,
        ),
    ),
    "AWS::Budgets::Budget": Resource(
        "budgets",
        "CreateBudget",
        supplied=frozenset({"AccountId", "Budget"}),
        other_calls={"Budget": Call("CreateBudget", "Budget", supplied=frozenset({"BudgetName"}))},
        ignored={"Budget.BudgetLimit.Amount": "a number in CloudFormation, text in the API"},
    ),
    "AWS::Budgets::BudgetsAction": Resource(
        "budgets",
        "CreateBudgetAction",
        supplied=frozenset({"AccountId"}),
        renamed={
            "ActionThreshold.Value": "ActionThresholdValue",
            "ActionThreshold.Type": "ActionThresholdType",
            "Subscribers[].Type": "SubscriptionType",
        },
    ),
    "AWS::CE::AnomalyMonitor": Resource(
        "ce",
        "CreateAnomalyMonitor",
        supplied=frozenset({"AnomalyMonitor"}),
        other_calls={
            name: Call("CreateAnomalyMonitor", f"AnomalyMonitor.{name}")
            for name in ("MonitorName", "MonitorType", "MonitorDimension")
        },
        ignored={"MonitorSpecification": "JSON as text; the API takes it as a structure"},
    ),
    "AWS::CE::AnomalySubscription": Resource(
        "ce",
        "CreateAnomalySubscription",
        supplied=frozenset({"AnomalySubscription"}),
        other_calls={
            name: Call("CreateAnomalySubscription", f"AnomalySubscription.{name}")
            for name in ("SubscriptionName", "MonitorArnList", "Frequency", "Subscribers", "Threshold")
        },
        ignored={"ThresholdExpression": "JSON as text; the API takes it as a structure"},
    ),
    "AWS::SNS::Topic": Resource(
        "sns",
        "CreateTopic",
        supplied=frozenset({"Name"}),
        renamed={"TopicName": "Name"},
        other_calls={"Subscription": Call("Subscribe", each=True, supplied=frozenset({"TopicArn"}))},
        ignored=dict.fromkeys(
            (
                "ArchivePolicy",
                "ContentBasedDeduplication",
                "DeliveryStatusLogging",
                "DisplayName",
                "FifoThroughputScope",
                "FifoTopic",
                "KmsMasterKeyId",
                "MaximumMessageSize",
                "SignatureVersion",
                "TracingConfig",
            ),
            _SNS_ATTRIBUTE,
        ),
        documents=frozenset({"DataProtectionPolicy"}),
    ),
}

SKIPPED: Mapping[str, str] = {
    "AWS::S3::Bucket": "one property per call: a dozen Put operations instead of members of CreateBucket",
    "AWS::CDK::Metadata": "no API call at all",
}
