"""A template that both judges accept, and a way to spoil one spot of it."""

import copy
from typing import Any

REMOVED = object()

_ASSUME = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}
_READ = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}
_OWNER = {
    "Effect": "Allow",
    "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}},
    "Action": "kms:*",
    "Resource": "*",
}

_RESOURCES: dict[str, tuple[str, dict[str, Any]]] = {
    "Role": (
        "AWS::IAM::Role",
        {"AssumeRolePolicyDocument": _ASSUME, "Policies": [{"PolicyName": "read", "PolicyDocument": _READ}]},
    ),
    "Policy": (
        "AWS::IAM::ManagedPolicy",
        {"ManagedPolicyName": "invoke", "PolicyDocument": _READ, "Roles": [{"Ref": "Role"}]},
    ),
    "Key": (
        "AWS::KMS::Key",
        {
            "KeyPolicy": {"Version": "2012-10-17", "Statement": [_OWNER]},
            "EnableKeyRotation": True,
            "PendingWindowInDays": 7,
            "Tags": [{"Key": "team", "Value": "search"}],
        },
    ),
    "Logs": (
        "AWS::Logs::LogGroup",
        {
            "LogGroupName": "/aws/sagemaker/Endpoints/chat",
            "RetentionInDays": 30,
            "KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]},
            "Tags": [{"Key": "team", "Value": "search"}],
        },
    ),
    "Topic": ("AWS::SNS::Topic", {"TopicName": "errors", "KmsMasterKeyId": {"Ref": "Key"}}),
    "Guardrail": (
        "AWS::Bedrock::Guardrail",
        {
            "Name": "chat",
            "BlockedInputMessaging": "no",
            "BlockedOutputsMessaging": "no",
            "ContentPolicyConfig": {
                "FiltersConfig": [{"Type": "HATE", "InputStrength": "LOW", "OutputStrength": "NONE"}],
                "ContentFiltersTierConfig": {"TierName": "CLASSIC"},
            },
            "WordPolicyConfig": {"WordsConfig": [{"Text": "bad"}]},
        },
    ),
    "Version": (
        "AWS::Bedrock::GuardrailVersion",
        {"GuardrailIdentifier": {"Fn::GetAtt": ["Guardrail", "GuardrailId"]}},
    ),
    "Enforced": (
        "AWS::Bedrock::EnforcedGuardrailConfiguration",
        {
            "GuardrailIdentifier": {"Fn::GetAtt": ["Guardrail", "GuardrailId"]},
            "GuardrailVersion": "1",
            "ModelEnforcement": {"IncludedModels": ["ALL"], "ExcludedModels": []},
        },
    ),
    "Model": (
        "AWS::SageMaker::Model",
        {
            "ExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "PrimaryContainer": {"Image": {"Ref": "Image"}, "Environment": {"HF_TASK": "text-generation"}},
        },
    ),
    "Config": (
        "AWS::SageMaker::EndpointConfig",
        {
            "ProductionVariants": [
                {
                    "VariantName": "main",
                    "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
                    "InitialInstanceCount": 1,
                    "InitialVariantWeight": 1.0,
                    "InstanceType": "ml.inf2.xlarge",
                    "VolumeSizeInGB": 512,
                    "RoutingConfig": {"RoutingStrategy": "LEAST_OUTSTANDING_REQUESTS"},
                }
            ],
            "KmsKeyId": {"Ref": "Key"},
        },
    ),
    "Endpoint": (
        "AWS::SageMaker::Endpoint",
        {
            "EndpointName": "chat",
            "EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]},
            "RetainAllVariantProperties": True,
            "ExcludeRetainedVariantProperties": [{"VariantPropertyType": "DesiredWeight"}],
        },
    ),
    "Component": (
        "AWS::SageMaker::InferenceComponent",
        {
            "EndpointName": {"Fn::GetAtt": ["Endpoint", "EndpointName"]},
            "Specification": {
                "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
                "ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024},
            },
            "RuntimeConfig": {"CopyCount": 1},
        },
    ),
    "Target": (
        "AWS::ApplicationAutoScaling::ScalableTarget",
        {
            "ServiceNamespace": "sagemaker",
            "ResourceId": {"Fn::Sub": "endpoint/${Endpoint.EndpointName}/variant/main"},
            "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
            "MinCapacity": 1,
            "MaxCapacity": 4,
            "ScheduledActions": [
                {
                    "ScheduledActionName": "morning",
                    "Schedule": "cron(0 8 * * ? *)",
                    "ScalableTargetAction": {"MinCapacity": 2},
                }
            ],
        },
    ),
    "Scaling": (
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        {
            "PolicyName": "invocations",
            "PolicyType": "TargetTrackingScaling",
            "ScalingTargetId": {"Ref": "Target"},
            "TargetTrackingScalingPolicyConfiguration": {
                "TargetValue": 70,
                "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
            },
        },
    ),
    "Steps": (
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        {
            "PolicyName": "wake",
            "PolicyType": "StepScaling",
            "ScalingTargetId": {"Ref": "Target"},
            "StepScalingPolicyConfiguration": {
                "AdjustmentType": "ChangeInCapacity",
                "MetricAggregationType": "Maximum",
                "Cooldown": 60,
                "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
            },
        },
    ),
    "Weighed": (
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        {
            "PolicyName": "weighed",
            "PolicyType": "TargetTrackingScaling",
            "ScalingTargetId": {"Ref": "Target"},
            "TargetTrackingScalingPolicyConfiguration": {
                "TargetValue": 0.7,
                "CustomizedMetricSpecification": {
                    "Metrics": [
                        {
                            "Id": "m1",
                            "MetricStat": {
                                "Metric": {
                                    "Namespace": "AWS/SageMaker",
                                    "MetricName": "ConcurrentRequestsPerModel",
                                    "Dimensions": [{"Name": "EndpointName", "Value": "chat"}],
                                },
                                "Stat": "Average",
                            },
                            "ReturnData": False,
                        },
                        {"Id": "e1", "Expression": "FILL(m1,0)/20", "ReturnData": True},
                    ]
                },
            },
        },
    ),
    "Alarm": (
        "AWS::CloudWatch::Alarm",
        {
            "ComparisonOperator": "GreaterThanThreshold",
            "EvaluationPeriods": 2,
            "Threshold": 1,
            "Namespace": "AWS/SageMaker",
            "MetricName": "Invocation5XXErrors",
            "Statistic": "Sum",
            "Period": 60,
            "AlarmActions": [{"Ref": "Topic"}],
        },
    ),
}


def template() -> dict[str, Any]:
    keep = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    resources = {name: {"Type": kind, **keep, "Properties": body} for name, (kind, body) in _RESOURCES.items()}
    return copy.deepcopy({"Parameters": {"Image": {"Type": "String"}}, "Resources": resources})


def spoiled(path: str, value: object) -> dict[str, Any]:
    """The template with one property set, or removed: 'Config/ProductionVariants/0/InstanceType'."""
    changed = template()
    logical_id, *steps, last = path.split("/")
    spot: Any = changed["Resources"][logical_id]["Properties"]
    for step in steps:
        spot = spot[int(step)] if isinstance(spot, list) else spot[step]
    if isinstance(spot, list):
        spot[int(last)] = value
    elif value is REMOVED:
        del spot[last]
    else:
        spot[last] = value
    return changed
