"""Keys, topics, roles and principals, typed so that pyright and Pylance accept the CDK's own classes for them.

The CDK's classes give parameters other names than their interfaces do (`Key.add_alias(alias_name)`,
`IKey.add_alias(alias)`). mypy ignores such names; pyright, and so Pylance, reports that a `Key` is not an `IKey`.
https://github.com/aws/aws-cdk/issues/15584, keys: https://github.com/aws/aws-cdk/issues/16212, roles:
https://github.com/aws/aws-cdk/issues/21099, principals: https://github.com/aws/aws-cdk/issues/31454 (read 2026-11-30)

Parameters of this package take the unions below; the functions return the interface that the CDK's parameters take.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sns as sns

Key: TypeAlias = "kms.IKey | kms.Key"
Topic: TypeAlias = "sns.ITopic | sns.Topic"
Role: TypeAlias = iam.IRole | iam.Role
Principal: TypeAlias = iam.IPrincipal | iam.PrincipalBase


def as_key(key: Key) -> kms.IKey:
    """Returns `key` itself, as the CDK's parameters are typed."""
    return cast("kms.IKey", key)


def as_topic(topic: Topic) -> sns.ITopic:
    """Returns `topic` itself, as the CDK's parameters are typed."""
    return cast("sns.ITopic", topic)


def as_role(role: Role) -> iam.IRole:
    """Returns `role` itself, as the CDK's parameters are typed."""
    return cast(iam.IRole, role)


def as_principal(principal: Principal) -> iam.IPrincipal:
    """Returns `principal` itself, as the CDK's parameters are typed."""
    return cast(iam.IPrincipal, principal)


def service_principal(service: str, conditions: Mapping[str, Any] | None = None) -> iam.IPrincipal:
    """Returns the principal of an AWS service, for example "lambda.amazonaws.com"."""
    return as_principal(iam.ServicePrincipal(service, conditions=conditions))
