"""Statements for a grantee: a role, a user, a managed policy."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from constructs import IConstruct

from cdk_inference.bedrock.statements import Statement
from cdk_inference.kit.grants import check_grantee, effective
from cdk_inference.kit.iam import without_sid


def distinct(statements: Sequence[Statement]) -> list[Statement]:
    """Each once: several models share what is said about their guardrail."""
    return [one for number, one in enumerate(statements) if one not in statements[:number]]


def policy_statement(statement: Statement) -> iam.PolicyStatement:
    """For the CDK, without its id: several grants end in one policy."""
    return iam.PolicyStatement.from_json(without_sid(statement))


def grant(resource: IConstruct, grantee: iam.IGrantable, statements: Sequence[Statement]) -> iam.Grant:
    """Adds `statements` about `resource` to the policy of `grantee`; denials too, which `iam.Grant` cannot add.

    Raises ConfigurationError where the grantee has no policy that could be written: a service, another account.
    """
    check_grantee(resource, grantee)
    grants = []
    for statement in distinct(statements):
        if statement["Effect"] == "Deny":
            grantee.grant_principal.add_to_principal_policy(policy_statement(statement))
            continue
        grants.append(
            iam.Grant.add_to_principal(
                grantee=grantee,
                actions=statement["Action"],
                resource_arns=statement["Resource"],
                conditions=statement.get("Condition"),
            )
        )
    return effective(resource, grantee, functools.reduce(lambda one, other: one.combine(other), grants))
