"""The execution role: permissions for the declared model, image, key and log group, within IAM's limits.

https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html (CreateModel API, read 2026-11-22)
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (read 2026-11-24)
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.core.errors import Problem
from cdk_inference.endpoints.nag_reasons import policy_wildcards
from cdk_inference.kit.iam import POLICIES_MAX, Statement, allow, document, filled
from cdk_inference.kit.stack_checks import RolePolicy
from cdk_inference.serving.hub import HuggingFaceModel
from cdk_inference.serving.models import ModelSource, S3Model, S3Source

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
        allow("Unscoped", WITHOUT_RESOURCE, ["*"]),
        *_image_and_logs("", repository_arns, log_group_arn),
    ]
    for number, model in enumerate(_distinct(models), 1):
        found += model_statements(model, "" if number == 1 else str(number))
    if volume_key_arn is not None:
        grant = allow("VolumeKey", ["kms:CreateGrant"], [volume_key_arn])
        # Inferred, not stated for hosting: a service attaches the volume, which is what the condition asks for.
        # https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
        found.append({**grant, "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}})
    if alarm_arns:
        # Without it an update with rollback alarms fails:
        # https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html (read 2026-11-22)
        found.append(allow("RollbackAlarms", ["cloudwatch:DescribeAlarms"], alarm_arns))
    if in_vpc:
        found.append(allow("Network", VPC_ACTIONS, ["*"]))
    return found


def component_statements(
    number: int,
    *,
    models: list[ModelSource],
    repository_arns: list[str],
    log_group_arn: str,
    alarm_arns: list[str],
) -> list[Statement]:
    """What an inference component adds to the role of its endpoint; `number` tells components apart."""
    # Digits only, unique: a component has at most as many models as an endpoint has types, which is fewer than ten.
    found = _image_and_logs(str(number * 10), repository_arns, log_group_arn)
    for place, model in enumerate(_distinct(models), 1):
        found += model_statements(model, str(number * 10 + place))
    if alarm_arns:
        found.append(allow(f"RollbackAlarms{number * 10}", ["cloudwatch:DescribeAlarms"], alarm_arns))
    return found


def _distinct(models: list[ModelSource]) -> list[S3Source]:
    """Each once. A model from the hub is none of S3's business, and its token is resolved by CloudFormation."""
    stored = [model for model in models if not isinstance(model, HuggingFaceModel)]
    return [model for place, model in enumerate(stored) if model not in stored[:place]]


def _image_and_logs(suffix: str, repository_arns: list[str], log_group_arn: str) -> list[Statement]:
    images = [allow(f"Image{suffix}", PULL_ACTIONS, list(dict.fromkeys(repository_arns)))] if repository_arns else []
    return [*images, allow(f"Logs{suffix}", LOG_ACTIONS, [log_group_arn, f"{log_group_arn}:*"])]


def model_statements(model: S3Source, suffix: str) -> list[Statement]:
    """For one model; `suffix` keeps the statements' ids apart where pools have models of their own."""
    bucket = model.bucket
    assert bucket is not None, "the endpoint refuses a model without a bucket before it asks for permissions"
    arn = bucket.bucket_arn
    if isinstance(model, S3Model):
        listing = allow(f"ModelList{suffix}", ["s3:ListBucket"], [arn])
        found = [
            allow(f"Model{suffix}", ["s3:GetObject"], [f"{arn}/{model.prefix}*"]),
            {**listing, "Condition": {"StringLike": {"s3:prefix": f"{model.prefix}*"}}},
        ]
    else:
        found = [allow(f"Model{suffix}", ["s3:GetObject"], [f"{arn}/{model.key}"])]
    if bucket.encryption_key is not None:
        found.append(allow(f"ModelKey{suffix}", ["kms:Decrypt"], [bucket.encryption_key.key_arn]))
    return found


def make_role(scope: Construct, policy: list[Statement]) -> tuple[iam.CfnRole, iam.CfnManagedPolicy]:
    """A role for SageMaker with `policy` as its only permissions.

    The policy is named by the role, so the role comes after it and goes before it; what names the role outlives
    neither. A customer-managed policy, since compliance packs refuse inline ones.
    """
    managed = make_policy(scope, "Policy", policy)
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


def make_policy(scope: Construct, id: str, policy: list[Statement]) -> iam.CfnManagedPolicy:
    """A managed policy with these statements."""
    return iam.CfnManagedPolicy(
        scope,
        id,
        description="What the SageMaker endpoint of this construct needs, and nothing else",
        policy_document=document(policy),
    )


class RolePolicies:
    """The policies of one role: the first exists, further ones are made below `scope` when they are needed."""

    def __init__(
        self, scope: Construct, role: iam.CfnRole, first: iam.CfnManagedPolicy, statements: list[Statement]
    ) -> None:
        self._scope = scope
        self._role = role
        self._made = [first]
        self._statements = [statements]

    def problem_with(self, more: Sequence[Statement]) -> Problem | None:
        """Why the role cannot get these statements too."""
        count = len(filled(self._statements, more))
        if count <= POLICIES_MAX:
            return None
        allowed = f"{POLICIES_MAX} managed policies on the endpoint's role, IAM's default quota"
        fix = "make a second ComponentEndpoint for the rest, or keep the models under shorter prefixes"
        return Problem("endpoint", f"{count} policies with this component", allowed, fix)

    def add(self, more: Sequence[Statement]) -> None:
        """Gives the role these statements too."""
        self._statements = filled(self._statements, more)
        for number in range(len(self._made) + 1, len(self._statements) + 1):
            self._made.append(make_policy(self._scope, f"Policy{number}", []))
            self._role.managed_policy_arns = [one.ref for one in self._made]
        for policy, statements in zip(self._made, self._statements, strict=True):
            policy.policy_document = document(statements)

    @property
    def made(self) -> list[RolePolicy]:
        """Each policy with its statements."""
        pairs = zip(self._made, self._statements, strict=True)
        return [RolePolicy(policy, statements, policy_wildcards) for policy, statements in pairs]
