"""The execution role, made from what was declared: this model, this image, this key, this log group; nothing else.

https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html (CreateModel API, read 2026-11-22)
"""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.serving.models import ModelSource, S3Model

Statement = dict[str, Any]

# Actions that know no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
# and list_amazonelasticcontainerregistry.html (read 2026-11-23)
WITHOUT_RESOURCE = ("cloudwatch:PutMetricData", "ecr:GetAuthorizationToken")
# AWS lists these with resource * for models in a VPC: https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html
VPC_ACTIONS = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
)
PULL_ACTIONS = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
LOG_ACTIONS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")


def statements(
    *,
    models: list[ModelSource],
    repository_arns: list[str],
    log_group_arn: str,
    volume_key_arn: str | None,
    alarm_arns: list[str],
    in_vpc: bool,
) -> list[Statement]:
    """The role's permissions.

    SageMaker pulls the image and fetches the model with this role, AWS's own images included
    (https://github.com/aws/deep-learning-containers/issues/759).
    """
    found = [
        _allow("Unscoped", WITHOUT_RESOURCE, ["*"]),
        _allow("Image", PULL_ACTIONS, list(dict.fromkeys(repository_arns))),
        _allow("Logs", LOG_ACTIONS, [log_group_arn, f"{log_group_arn}:*"]),
    ]
    distinct = [model for place, model in enumerate(models) if model not in models[:place]]
    for number, model in enumerate(distinct, 1):
        found += _model_statements(model, "" if number == 1 else str(number))
    if volume_key_arn is not None:
        grant = _allow("VolumeKey", ["kms:CreateGrant"], [volume_key_arn])
        # Inferred, not stated for hosting: a service attaches the volume, which is what the condition asks for.
        # https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
        found.append({**grant, "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}})
    if alarm_arns:
        # Without it an update with rollback alarms fails:
        # https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html (read 2026-11-22)
        found.append(_allow("RollbackAlarms", ["cloudwatch:DescribeAlarms"], alarm_arns))
    if in_vpc:
        found.append(_allow("Network", VPC_ACTIONS, ["*"]))
    return found


def _model_statements(model: ModelSource, suffix: str) -> list[Statement]:
    """For one model; `suffix` keeps the statements' ids apart where pools have models of their own."""
    bucket = model.bucket
    assert bucket is not None, "the endpoint refuses a model without a bucket before it asks for permissions"
    if isinstance(model, S3Model):
        listing = _allow(f"ModelList{suffix}", ["s3:ListBucket"], [bucket.bucket_arn])
        found = [
            _allow(f"Model{suffix}", ["s3:GetObject"], [f"{bucket.bucket_arn}/{model.prefix}*"]),
            {**listing, "Condition": {"StringLike": {"s3:prefix": f"{model.prefix}*"}}},
        ]
    else:
        found = [_allow(f"Model{suffix}", ["s3:GetObject"], [f"{bucket.bucket_arn}/{model.key}"])]
    if bucket.encryption_key is not None:
        found.append(_allow(f"ModelKey{suffix}", ["kms:Decrypt"], [bucket.encryption_key.key_arn]))
    return found


def make_role(scope: Construct, policy: list[Statement]) -> tuple[iam.CfnRole, iam.CfnManagedPolicy]:
    """A role for SageMaker with `policy` as its only permissions.

    The policy is named by the role, so the role comes after it and goes before it; what names the role outlives
    neither. A customer-managed policy, since compliance packs refuse inline ones.
    """
    managed = iam.CfnManagedPolicy(
        scope,
        "Policy",
        description="What the SageMaker endpoint of this construct needs, and nothing else",
        policy_document={"Version": "2012-10-17", "Statement": policy},
    )
    role = iam.CfnRole(
        scope,
        "Role",
        description="Execution role of one SageMaker endpoint",
        assume_role_policy_document={
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        },
        managed_policy_arns=[managed.ref],
    )
    return role, managed


def _allow(sid: str, actions: list[str] | tuple[str, ...], resources: list[str]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resources}
