"""A small template that deploys, written by hand, and the account that it needs."""

from __future__ import annotations

import copy
from typing import Any

Template = dict[str, Any]
IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:0.38.0-lmi29.0.0-cu130"
BUCKET, PREFIX = "models-of-the-rehearsal", "llama/"
_ACCOUNT = {"Ref": "AWS::AccountId"}


def _publish(service: str) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sns:Publish",
        "Resource": {"Ref": "Topic"},
        "Condition": {"StringEquals": {"aws:SourceAccount": _ACCOUNT}},
    }


_BASE: Template = {
    "Resources": {
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "alarms"}},
        "TopicPolicy": {
            "Type": "AWS::SNS::TopicPolicy",
            "Properties": {
                "Topics": [{"Ref": "Topic"}],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [_publish("cloudwatch.amazonaws.com"), _publish("budgets.amazonaws.com")],
                },
            },
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "RoleName": "chat-role",
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "sagemaker.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                },
                "Policies": [
                    {
                        "PolicyName": "Endpoint",
                        "PolicyDocument": {
                            "Version": "2012-10-17",
                            "Statement": [
                                {
                                    "Sid": "Token",
                                    "Effect": "Allow",
                                    "Action": "ecr:GetAuthorizationToken",
                                    "Resource": "*",
                                },
                                {
                                    "Sid": "Image",
                                    "Effect": "Allow",
                                    "Action": [
                                        "ecr:BatchGetImage",
                                        "ecr:GetDownloadUrlForLayer",
                                        "ecr:BatchCheckLayerAvailability",
                                    ],
                                    "Resource": "arn:aws:ecr:us-east-1:763104351884:repository/djl-inference",
                                },
                                {
                                    "Sid": "Model",
                                    "Effect": "Allow",
                                    "Action": "s3:GetObject",
                                    "Resource": f"arn:aws:s3:::{BUCKET}/{PREFIX}*",
                                },
                                {
                                    "Sid": "List",
                                    "Effect": "Allow",
                                    "Action": "s3:ListBucket",
                                    "Resource": f"arn:aws:s3:::{BUCKET}",
                                    "Condition": {"StringLike": {"s3:prefix": f"{PREFIX}*"}},
                                },
                                {
                                    "Sid": "Alarms",
                                    "Effect": "Allow",
                                    "Action": "cloudwatch:DescribeAlarms",
                                    "Resource": {
                                        "Fn::Sub": "arn:aws:cloudwatch:us-east-1:${AWS::AccountId}:alarm:chat-errors"
                                    },
                                },
                            ],
                        },
                    }
                ],
            },
        },
        "Model": {
            "Type": "AWS::SageMaker::Model",
            "Properties": {
                "ExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "EnableNetworkIsolation": True,
                "PrimaryContainer": {
                    "Image": IMAGE,
                    "Environment": {"OPTION_MODEL_ID": "/opt/ml/model"},
                    "ModelDataSource": {
                        "S3DataSource": {
                            "S3Uri": f"s3://{BUCKET}/{PREFIX}",
                            "S3DataType": "S3Prefix",
                            "CompressionType": "None",
                        }
                    },
                },
            },
        },
        "Config": {
            "Type": "AWS::SageMaker::EndpointConfig",
            "Properties": {
                "ProductionVariants": [
                    {
                        "VariantName": "AllTraffic",
                        "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
                        "InstanceType": "ml.g6.2xlarge",
                        "InitialInstanceCount": 2,
                        "InitialVariantWeight": 1,
                    }
                ]
            },
        },
        "Errors": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {
                "AlarmName": "chat-errors",
                "Namespace": "AWS/SageMaker",
                "MetricName": "Invocation5XXErrors",
                "Dimensions": [
                    {"Name": "EndpointName", "Value": "chat"},
                    {"Name": "VariantName", "Value": "AllTraffic"},
                ],
                "Statistic": "Sum",
                "Period": 60,
                "EvaluationPeriods": 3,
                "Threshold": 5,
                "ComparisonOperator": "GreaterThanThreshold",
                "TreatMissingData": "notBreaching",
                "AlarmActions": [{"Ref": "Topic"}],
            },
        },
        "Endpoint": {
            "Type": "AWS::SageMaker::Endpoint",
            "DependsOn": ["Errors"],
            "Properties": {
                "EndpointName": "chat",
                "EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]},
                "DeploymentConfig": {
                    "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "chat-errors"}]},
                    "BlueGreenUpdatePolicy": {
                        "TrafficRoutingConfiguration": {
                            "Type": "CANARY",
                            "CanarySize": {"Type": "INSTANCE_COUNT", "Value": 1},
                            "WaitIntervalInSeconds": 300,
                        },
                        "TerminationWaitInSeconds": 60,
                        "MaximumExecutionTimeoutInSeconds": 3600,
                    },
                },
            },
        },
        "Target": {
            "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
            "DependsOn": ["Endpoint"],
            "Properties": {
                "ServiceNamespace": "sagemaker",
                "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
                "ResourceId": "endpoint/chat/variant/AllTraffic",
                "MinCapacity": 2,
                "MaxCapacity": 4,
            },
        },
        "Policy": {
            "Type": "AWS::ApplicationAutoScaling::ScalingPolicy",
            "Properties": {
                "PolicyName": "chat-concurrency",
                "PolicyType": "TargetTrackingScaling",
                "ScalingTargetId": {"Ref": "Target"},
                "TargetTrackingScalingPolicyConfiguration": {
                    "TargetValue": 8,
                    "PredefinedMetricSpecification": {
                        "PredefinedMetricType": "SageMakerVariantConcurrentRequestsPerModelHighResolution"
                    },
                },
            },
        },
        "ErrorRate": {
            "Type": "AWS::CloudWatch::Alarm",
            "DependsOn": ["Endpoint"],
            "Properties": {
                "AlarmName": "chat-error-rate",
                "ComparisonOperator": "GreaterThanThreshold",
                "EvaluationPeriods": 5,
                "Threshold": 0.1,
                "Metrics": [
                    {"Id": "rate", "Expression": "errors / calls", "ReturnData": True},
                    *(
                        {
                            "Id": name,
                            "ReturnData": False,
                            "MetricStat": {
                                "Stat": "Sum",
                                "Period": 60,
                                "Metric": {
                                    "Namespace": "AWS/SageMaker",
                                    "MetricName": metric,
                                    "Dimensions": [
                                        {"Name": "EndpointName", "Value": "chat"},
                                        {"Name": "VariantName", "Value": "AllTraffic"},
                                    ],
                                },
                            },
                        }
                        for name, metric in (("errors", "Invocation5XXErrors"), ("calls", "Invocations"))
                    ),
                ],
            },
        },
        "Both": {
            "Type": "AWS::CloudWatch::CompositeAlarm",
            "DependsOn": ["Errors", "ErrorRate"],
            "Properties": {"AlarmName": "chat-both", "AlarmRule": 'ALARM("chat-errors") AND ALARM("chat-error-rate")'},
        },
        "Budget": {
            "Type": "AWS::Budgets::Budget",
            "DependsOn": ["TopicPolicy"],
            "Properties": {
                "Budget": {
                    "BudgetType": "COST",
                    "TimeUnit": "MONTHLY",
                    "BudgetLimit": {"Amount": 1000, "Unit": "USD"},
                },
                "NotificationsWithSubscribers": [
                    {
                        "Notification": {
                            "NotificationType": "FORECASTED",
                            "ComparisonOperator": "GREATER_THAN",
                            "Threshold": 100,
                        },
                        "Subscribers": [{"SubscriptionType": "SNS", "Address": {"Ref": "Topic"}}],
                    }
                ],
            },
        },
        "Profile": {
            "Type": "AWS::Bedrock::ApplicationInferenceProfile",
            "Properties": {
                "InferenceProfileName": "support",
                "ModelSource": {
                    "CopyFrom": {
                        "Fn::Sub": "arn:aws:bedrock:us-east-1:${AWS::AccountId}:inference-profile/us.amazon.nova-pro-v1:0"
                    }
                },
            },
        },
        "Guardrail": {
            "Type": "AWS::Bedrock::Guardrail",
            "Properties": {
                "Name": "support",
                "BlockedInputMessaging": "Blocked.",
                "BlockedOutputsMessaging": "Blocked.",
                "ContentPolicyConfig": {
                    "FiltersConfig": [{"Type": "HATE", "InputStrength": "HIGH", "OutputStrength": "HIGH"}]
                },
            },
        },
    }
}


def base() -> Template:
    """Returns the template, to be edited."""
    return copy.deepcopy(_BASE)


def properties(template: Template, logical_id: str) -> dict[str, Any]:
    """Returns the properties of a resource, to be edited."""
    found: dict[str, Any] = template["Resources"][logical_id]["Properties"]
    return found
