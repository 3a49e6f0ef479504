"""Grants to who can be allowed something by a policy of its own; who cannot is refused and not passed over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import aws_iam as iam
from constructs import IConstruct

from cdk_inference.core.checks import has_members, is_token
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.kit.stack_context import stack_context


def granted(
    resource: IConstruct, grantee: iam.IGrantable, actions: Sequence[str], resource_arns: Sequence[str]
) -> iam.Grant:
    """Allows `grantee` the actions on what belongs to `resource`, which has no policy of its own.

    Raises ConfigurationError where nothing would be allowed: the CDK passes over a service or a foreign account.
    """
    check_grantee(resource, grantee)
    grant = iam.Grant.add_to_principal(grantee=grantee, actions=list(actions), resource_arns=list(resource_arns))
    return effective(resource, grantee, grant)


def check_grantee(resource: IConstruct, grantee: object) -> None:
    """Raises ConfigurationError where `grantee` is of another kind, or of another account than `resource`."""
    raise_problems(_subject(resource), _grantee_problem(grantee, stack_context(resource).account))


def effective(resource: IConstruct, grantee: object, grant: iam.Grant) -> iam.Grant:
    """Returns `grant`; raises ConfigurationError if it found no policy to write to."""
    if not grant.success:
        allowed = "a role, a user or a group: there is no policy on this side that could name a service or an account"
        fix = "grant it to the role that the caller works with"
        raise_problems(_subject(resource), Problem("grantee", type(grantee).__name__, allowed, fix))
    return grant


def _subject(resource: IConstruct) -> str:
    return f"grant of {resource.node.path}"


def _grantee_problem(grantee: Any, account: str) -> Problem | None:
    fix = "pass a role, a user or a group, or a construct that has a role, such as a function"
    if not has_members(grantee, "grant_principal"):
        return Problem("grantee", grantee, "a grantee (aws_iam.IGrantable)", fix)
    other = getattr(grantee.grant_principal, "principal_account", None)
    if other is None or is_token(other) or is_token(account) or other == account:
        return None
    allowed = f"a principal of {account}: a policy here allows nothing to another account"
    write = f"grant it to a role of {account} that the caller may assume"
    return Problem("grantee", f"a principal of {other}", allowed, write)
