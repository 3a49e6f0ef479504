"""What a budget may do when it is exceeded, as a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from cdk_inference.core.checks import as_tuple, has_members, is_token, one_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.cost.budgets.thresholds import threshold_problem
from cdk_inference.kit.interfaces import Role

Approval = Literal["manual", "automatic"]
# cfn-lint 1.58.0, AWS::Budgets::BudgetsAction, IamActionDefinition (read 2026-11-24)
_ROLES_MAX = 100
# "This role is only modifiable by AWS": UnmodifiableEntityException of AttachRolePolicy, botocore 1.44.5, and for roles
# of IAM Identity Center https://docs.aws.amazon.com/singlesignon/latest/userguide/using-service-linked-roles.html
_OF_AWS = ("AWSServiceRoleFor", "AWSReservedSSO_")


@dataclass(frozen=True, kw_only=True)
class DenyNewEndpoints:
    """Attaches a policy to `roles` that denies making and updating endpoints and inference components.

    roles: 1 to 100 roles of the account, as `iam.IRole`; one with a path by `iam.Role.from_role_arn`. Name those that
        endpoints are made with: deployments through CloudFormation use the role of CloudFormation, not that of who
        deploys. Service-linked roles cannot be named, that of Application Auto Scaling included (what is autoscaled
        goes on scaling), nor roles of Identity Center.
    approval: "manual" (default: AWS Budgets notifies its subscribers, and one of them approves) or "automatic".
    at_percent: of the budget, spent, at which it happens, 1 to 1000. Default 100: all of it.

    What runs goes on running and costing. What is denied, what stays allowed and the way back: docs/cost.md.
    Raises ConfigurationError.
    """

    roles: Sequence[Role]
    approval: Approval = "manual"
    at_percent: float = 100

    def __post_init__(self) -> None:
        object.__setattr__(self, "roles", as_tuple(self.roles))
        roles: Any = self.roles
        raise_problems(
            "DenyNewEndpoints",
            *_role_problems(roles),
            one_of("approval", self.approval, get_args(Approval), "choose one of these"),
            threshold_problem("at_percent", self.at_percent),
        )


def _role_problems(roles: Any) -> list[Problem | None]:
    fix = "for example roles=[iam.Role.from_role_name(stack, ...)]"
    if isinstance(roles, str) or not isinstance(roles, Sequence) or not 1 <= len(roles) <= _ROLES_MAX:
        return [Problem("roles", roles, f"1 to {_ROLES_MAX} roles (aws_iam.IRole)", fix)]
    return [_role_problem(f"roles[{number}]", role, fix) for number, role in enumerate(roles)]


def _role_problem(argument: str, role: Any, fix: str) -> Problem | None:
    if not has_members(role, "role_name", "role_arn"):
        return Problem(argument, role, "a role (aws_iam.IRole)", fix)
    if not is_token(role.role_name) and role.role_name.startswith(_OF_AWS):
        allowed = "a role that IAM lets an account change: this one only AWS can"
        return Problem(argument, role.role_name, allowed, "leave it out")
    return None
