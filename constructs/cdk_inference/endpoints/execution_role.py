"""The execution role: permissions for the declared model, image, key and log group, within IAM's limits.

https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html (CreateModel API, read 2026-11-22)
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (read 2026-11-24)
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import CfnResource
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.core.checks import has_members, is_token
from cdk_inference.core.errors import Problem
from cdk_inference.endpoints.nag_reasons import policy_wildcards
from cdk_inference.kit.buckets import bucket_arn, key_arn
from cdk_inference.kit.iam import POLICIES_MAX, Statement, allow, document, filled, packed
from cdk_inference.kit.interfaces import Role, as_role, service_principal
from cdk_inference.kit.l1 import make_l1
from cdk_inference.kit.per_construct import PerConstruct
from cdk_inference.kit.stack_checks import RolePolicy
from cdk_inference.kit.stack_context import StackContext
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
        # Inferred, not stated for hosting: a service attaches the volume, which the condition requires.
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
    """What an inference component adds to the role of its endpoint; `number` distinguishes components."""
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
    assert bucket is not None, "the endpoint refuses a model without a bucket before it collects permissions"
    arn, key = bucket_arn(bucket), key_arn(bucket)
    if isinstance(model, S3Model):
        listing = allow(f"ModelList{suffix}", ["s3:ListBucket"], [arn])
        found = [
            allow(f"Model{suffix}", ["s3:GetObject"], [f"{arn}/{model.prefix}*"]),
            {**listing, "Condition": {"StringLike": {"s3:prefix": f"{model.prefix}*"}}},
        ]
    else:
        found = [allow(f"Model{suffix}", ["s3:GetObject"], [f"{arn}/{model.key}"])]
    if key is not None:
        found.append(allow(f"ModelKey{suffix}", ["kms:Decrypt"], [key]))
    return found


ROLE_DESCRIPTION = "Execution role of one SageMaker endpoint"
SERVICE = "sagemaker.amazonaws.com"

# Where iam.Role.customize_roles writes its settings (aws-cdk-lib 2.275.0).
_CUSTOMIZE_ROLES = "@aws-cdk/iam:customizeRoles"
_customized = PerConstruct(lambda scope: bool(scope.node.try_get_context(_CUSTOMIZE_ROLES)))


def roles_customized(scope: Construct) -> bool:
    """Whether `iam.Role.customize_roles` was called for `scope`, or for what it is in."""
    return _customized.of(scope)


def role_problem(role: object, account: str) -> Problem | None:
    """Why containers in `account` cannot run with `role`."""
    fix = 'for example role=iam.Role.from_role_name(self, "Role", "ml-endpoints")'
    if role is None:
        return None
    if not has_members(role, "role_arn", "grant_principal", "assume_role_action"):
        return Problem("role", role, "a role (aws_iam.IRole) or None", fix)
    other = getattr(role, "principal_account", None)
    if other is None or is_token(other) or is_token(account) or other == account:
        return None
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html (read 2026-11-29)
    allowed = f"a role in {account}, the endpoint's account: a role cannot be passed to a service across accounts"
    return Problem("role", f"a role in {other}", allowed, "make the role there")


def statements_problem(needed: Sequence[Statement], role: object) -> Problem | None:
    """Why no role of this package can hold `needed`; a role of others is theirs."""
    count = len(packed(needed)) if role is None else 0
    if count <= POLICIES_MAX:
        return None
    allowed = f"{POLICIES_MAX} managed policies on the endpoint's role, IAM's default quota"
    fix = "keep the models under shorter prefixes, use fewer of them, or pass role=..."
    return Problem("server", f"models and images that fill {count} policies", allowed, fix)


def trusted_source(context: StackContext) -> dict[str, dict[str, str]]:
    """On whose behalf SageMaker may take the role: what is in this account and region.

    As AWS's page has it for real-time, serverless and asynchronous inference; it says not to name a single model or
    endpoint. https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html#security-confused-deputy-inference
    (read 2026-11-29)
    """
    return {"ArnLike": {"aws:SourceArn": context.arn("sagemaker", "*")}}


class ExecutionRole:
    """The role that an endpoint runs with, and what it must allow.

    It is made here with the policies that the statements fill, or it is `given` and stays as it is. In an app that has
    called `iam.Role.customize_roles` the CDK makes it, or does what that call says instead.

    statements: everything that the role must allow.
    """

    def __init__(
        self,
        scope: Construct,
        context: StackContext,
        needed: Sequence[Statement],
        given: Role | None,
        *,
        customized: bool,
    ) -> None:
        source = trusted_source(context)
        self.statements = list(needed)
        self._scope = scope
        self._policies: list[iam.CfnManagedPolicy] = []
        self._filled: list[list[Statement]] = []
        self._made: iam.CfnRole | None = None
        self._by_the_cdk: iam.Role | None = None
        self._usable: iam.IRole | None = None if given is None else as_role(given)
        self._waiting: list[CfnResource] = []
        if given is None and customized:
            principal = service_principal(SERVICE, source)
            self._by_the_cdk = iam.Role(scope, "Role", description=ROLE_DESCRIPTION, assumed_by=principal)
            self._usable = as_role(self._by_the_cdk)
            self._allow(needed)
        elif given is None:
            # A policy is named by the role, so the role comes after it and goes before it; what names the role
            # outlives neither. Customer-managed policies, since compliance packs refuse inline ones.
            self._filled = packed(needed)
            self._policies = [self._policy(number) for number in range(1, len(self._filled) + 1)]
            self._made = make_l1(
                iam.CfnRole,
                scope,
                "Role",
                description=ROLE_DESCRIPTION,
                assume_role_policy_document={
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": SERVICE},
                            "Action": "sts:AssumeRole",
                            "Condition": source,
                        }
                    ],
                },
                managed_policy_arns=[one.ref for one in self._policies],
            )
        self.arn: str = self._made.attr_arn if self._made is not None else self.role.role_arn

    @property
    def role(self) -> iam.IRole:
        """The role as others use it. What is granted to it lies below it, and is there before the models are."""
        if self._usable is None:
            assert self._made is not None, "a role is given, or made"
            # By its name: of an ARN that is a token the CDK reads the account, and takes it for another one.
            self._usable = iam.Role.from_role_name(self._scope, "ExecutionRole", self._made.ref)
            for resource in self._waiting:
                resource.node.add_dependency(self._usable)
        return self._usable

    def hold(self, resource: CfnResource) -> None:
        """Makes `resource` after everything that is, or will be, granted to the role."""
        self._waiting.append(resource)
        if self._usable is not None:
            resource.node.add_dependency(self._usable)

    def problem_with(self, more: Sequence[Statement]) -> Problem | None:
        """Why the role cannot get these statements too."""
        count = len(filled(self._filled, more)) if self._filled else 0
        if count <= POLICIES_MAX:
            return None
        allowed = f"{POLICIES_MAX} managed policies on the endpoint's role, IAM's default quota"
        fix = "make a second ComponentEndpoint for the rest, or keep the models under shorter prefixes"
        return Problem("endpoint", f"{count} policies with this component", allowed, fix)

    def add(self, more: Sequence[Statement]) -> None:
        """Gives the role these statements too."""
        self.statements += more
        if self._made is None:
            self._allow(more)
            return
        self._filled = filled(self._filled, more)
        for number in range(len(self._policies) + 1, len(self._filled) + 1):
            self._policies.append(self._policy(number))
            self._made.managed_policy_arns = [one.ref for one in self._policies]
        for policy, statements in zip(self._policies, self._filled, strict=True):
            policy.policy_document = document(statements)

    @property
    def policies(self) -> list[RolePolicy]:
        """Each policy that was made, with its statements."""
        pairs = zip(self._policies, self._filled, strict=True)
        return [RolePolicy(policy, statements, policy_wildcards) for policy, statements in pairs]

    def _policy(self, number: int) -> iam.CfnManagedPolicy:
        return make_l1(
            iam.CfnManagedPolicy,
            self._scope,
            "Policy" if number == 1 else f"Policy{number}",
            description="What the SageMaker endpoint of this construct needs, and nothing else",
            policy_document=document(self._filled[number - 1]),
        )

    def _allow(self, more: Sequence[Statement]) -> None:
        """For a role that the CDK makes; one that was given is its owner's."""
        if self._by_the_cdk is not None:
            for statement in more:
                self._by_the_cdk.add_to_principal_policy(iam.PolicyStatement.from_json(statement))
