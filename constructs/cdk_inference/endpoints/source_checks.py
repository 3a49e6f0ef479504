"""Where servers take model and image from: their region, their owner, and the licence of gated models."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cdk_inference.core.checks import has_members, is_token
from cdk_inference.core.errors import Problem
from cdk_inference.kit.buckets import bucket_name
from cdk_inference.kit.per_construct import PerConstruct
from cdk_inference.kit.region_checks import region_problem
from cdk_inference.serving import EcrImage, HuggingFaceModel, Server

# Resources are used by many endpoints, and every read calls Node.
_accounts: PerConstruct[str] = PerConstruct(lambda resource: str(resource.env.account))


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
    name = bucket_name(model.bucket)
    if not name.startswith(GATED_BUCKETS):
        return None
    allowed = f"True for a model in {name}: SageMaker refuses a gated model whose end-user licence was not accepted"
    return Problem("server.model.accept_eula", False, allowed, "read the licence, then write accept_eula=True")
