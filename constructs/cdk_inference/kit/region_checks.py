"""What an endpoint refers to must be in its region, and a key must be a key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cdk_inference.core.checks import has_members, is_token
from cdk_inference.core.errors import Problem
from cdk_inference.kit.per_construct import PerConstruct
from cdk_inference.serving import EcrImage, HuggingFaceModel, Server


def key_problem(key: Any, region: str, owner: str = "endpoint", *, argument: str = "encryption_key") -> Problem | None:
    """Why `key` cannot encrypt what belongs to `owner` in `region`."""
    if not has_members(key, "key_arn", "add_to_resource_policy"):
        return Problem(argument, key, "a key (aws_kms.IKey)", "for example kms.Key.from_key_arn(...)")
    if ":alias/" in key.key_arn:
        # "You cannot use a key id, alias name, or alias ARN to identify a KMS key in an IAM policy statement":
        # https://docs.aws.amazon.com/kms/latest/developerguide/cmks-in-iam-policies.html (read 2026-11-23)
        allowed = "the key itself: an IAM policy that names an alias matches nothing"
        fix = "pass the key behind it, for example alias.alias_target_key or kms.Key.from_key_arn(...)"
        return Problem(argument, "an alias", allowed, fix)
    return region_problem(argument, key, region, "a key", owner)


def _account_of(resource: Any) -> str:
    return str(resource.env.account)


def _name_of(bucket: Any) -> str:
    return str(bucket.bucket_name)


def topic_problem(argument: str, topic: Any, region: str, owner: str = "endpoint") -> Problem | None:
    """Why alarms of `owner` in `region` cannot publish to `topic`."""
    if topic is None:
        return None
    if not has_members(topic, "topic_arn"):
        return Problem(argument, topic, "a topic (aws_sns.ITopic) or None", "for example AlarmTopic(...)")
    return region_problem(argument, topic, region, "a topic", owner)


def source_problems(server: Server, region: str) -> list[Problem | None]:
    """Why model and image cannot come from where they are.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html (read 2026-11-23)
    """
    model, image = server.model, server.container_image
    bucket = None if isinstance(model, HuggingFaceModel) else model.bucket
    secret = model.token.secret if isinstance(model, HuggingFaceModel) and model.token else None
    return [
        None if secret is None else region_problem("server.model.token", secret, region, "a secret"),
        None if bucket is None else region_problem("server.model.bucket", bucket, region, "a bucket"),
        region_problem("server.image", image.repository, region, "a repository")
        if isinstance(image, EcrImage)
        else None,
    ]


OWNED_ELSEWHERE = "cdk-inference:other-account"


def ownership_warnings(servers: Iterable[Server], account: str) -> list[tuple[str, str]]:
    """(id, message) for each bucket, key and repository of another account than `account`: their policies are theirs.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html and
    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html (read 2026-11-29)
    """
    if is_token(account):
        return []
    found: dict[str, None] = {}
    for server in servers:
        model, image = server.model, server.container_image
        used: list[tuple[Any, str, str]] = []
        if not isinstance(model, HuggingFaceModel) and model.bucket is not None:
            used.append((model.bucket, "bucket", "s3:GetObject and s3:ListBucket"))
            used.append((model.bucket.encryption_key, "key", "kms:Decrypt"))
        if isinstance(image, EcrImage):
            used.append((image.repository, "repository", "the actions of the role's statement Image"))
        for resource, what, actions in used:
            owner = account if resource is None or not has_members(resource, "env") else _accounts.of(resource)
            if owner != account and not is_token(owner):
                needs = f"its policy must allow the execution role {actions}, which only its owner can write."
                found[f"A {what} of account {owner} is used in {account}: {needs}"] = None
    return [(OWNED_ELSEWHERE, message) for message in found]


# https://docs.aws.amazon.com/sagemaker/latest/dg/jumpstart-foundation-models-choose.html (read 2026-11-29)
GATED_BUCKETS = "jumpstart-private-cache-prod"


def licence_problem(server: Server) -> Problem | None:
    """Why a gated JumpStart model cannot be used: "The AcceptEula value must be explicitly defined as True".

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelAccessConfig.html (botocore 1.44.5)
    """
    model = server.model
    if isinstance(model, HuggingFaceModel) or model.bucket is None or model.accept_eula:
        return None
    bucket: Any = model.bucket
    name = _names.of(bucket)
    if not name.startswith(GATED_BUCKETS):
        return None
    allowed = f"True for a model in {name}: SageMaker refuses a gated model whose end-user licence was not accepted"
    return Problem("server.model.accept_eula", False, allowed, "read the licence, then write accept_eula=True")


def _region_of(resource: Any) -> str:
    return str(resource.env.region)


def region_problem(argument: str, resource: Any, region: str, what: str, owner: str = "endpoint") -> Problem | None:
    """Why `resource` cannot be used in `region`. It may be any object that fits; the CDK's know their region."""
    if is_token(region) or not has_members(resource, "env"):
        return None
    other = _regions.of(resource)
    if is_token(other) or other == region:
        return None
    allowed = f"{what} in {region}, the {owner}'s region"
    return Problem(argument, f"{what} in {other}", allowed, f"copy it to {region}, or move the {owner} to {other}")


# Resources are used by many endpoints, and every read calls Node three times.
_regions: PerConstruct[str] = PerConstruct(_region_of)
_accounts: PerConstruct[str] = PerConstruct(_account_of)
_names: PerConstruct[str] = PerConstruct(_name_of)
