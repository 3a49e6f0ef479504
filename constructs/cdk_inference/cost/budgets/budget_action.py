"""What AWS Budgets does when a budget is exceeded: attaches a policy that denies new endpoints.

https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-controls.html
https://docs.aws.amazon.com/cost-management/latest/userguide/cross-service-confused-deputy-prevention.html
(read 2026-11-22)
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.core.checks import is_token
from cdk_inference.cost.budgets.deny_new_endpoints import DenyNewEndpoints
from cdk_inference.cost.formatting import dollars
from cdk_inference.kit.iam import POLICY_CHARACTERS_MAX, document_characters
from cdk_inference.kit.interfaces import as_role, service_principal

# What makes endpoints or components, or gives them other or more hardware. IAM knows no direction: what only changes
# numbers (UpdateEndpointWeightsAndCapacities, UpdateInferenceComponentRuntimeConfig, and Application Auto Scaling's
# RegisterScalableTarget) stays allowed, or nobody could scale down. Deleting stays allowed. Actions: botocore 1.44.5.
DENIED = (
    "sagemaker:CreateEndpoint",
    "sagemaker:CreateInferenceComponent",
    "sagemaker:UpdateEndpoint",
    "sagemaker:UpdateInferenceComponent",
)
_SERVICE = "budgets.amazonaws.com"
# Of the statement that attaches, beside its resources: actions, effect, and the condition with the policy's ARN.
_STATEMENT_CHARACTERS = 400
_WHAT_IS_DENIED = (
    "Denies making and updating SageMaker endpoints and inference components. AWS Budgets attaches it when a budget is "
    "exceeded. It stays until the action is reversed (see the stack's output with UndoCommand in its name). Deleting, "
    "and changing numbers of instances, stay allowed."
)


def deny_action(
    scope: Construct, deny: DenyNewEndpoints, budget_name: str, subscribers: Sequence[tuple[str, str]], usd: float
) -> str:
    """The policy, the role that AWS Budgets attaches it with, and the action. Returns the command that undoes it."""
    stack = Stack.of(scope)
    # No numbers in its text: another description is another policy, and this one may be attached just then.
    denied = iam.ManagedPolicy(
        scope,
        "NoNewEndpoints",
        description=_WHAT_IS_DENIED,
        statements=[
            iam.PolicyStatement(sid="NoNewEndpoints", effect=iam.Effect.DENY, actions=list(DENIED), resources=["*"])
        ],
    )
    role = iam.Role(
        scope,
        "Role",
        description="AWS Budgets attaches one policy to the roles of a budget's action, and detaches it",
        assumed_by=service_principal(
            _SERVICE,
            {
                "StringEquals": {"aws:SourceAccount": stack.account},
                "ArnLike": {"aws:SourceArn": f"arn:{stack.partition}:budgets::{stack.account}:budget/*"},
            },
        ),
    )
    attaching = [
        iam.ManagedPolicy(
            scope,
            "Attaching" if number == 0 else f"Attaching{number + 1}",
            description="Attaches one policy to the roles of a budget's action, and detaches it",
            roles=[as_role(role)],
            statements=[
                iam.PolicyStatement(
                    sid="OnePolicyToTheseRoles",
                    actions=["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
                    resources=arns,
                    conditions={"ArnEquals": {"iam:PolicyARN": denied.managed_policy_arn}},
                )
            ],
        )
        for number, arns in enumerate(_in_policies([one.role_arn for one in deny.roles]))
    ]
    action = budgets.CfnBudgetsAction(
        scope,
        "Action",
        action_type="APPLY_IAM_POLICY",
        budget_name=budget_name,
        notification_type="ACTUAL",
        action_threshold={"type": "PERCENTAGE", "value": deny.at_percent},
        approval_model=deny.approval.upper(),
        definition={
            "iamActionDefinition": {
                "policyArn": denied.managed_policy_arn,
                "roles": [one.role_name for one in deny.roles],
            }
        },
        execution_role_arn=role.role_arn,
        subscribers=[{"type": kind, "address": address} for kind, address in subscribers],
    )
    action.node.add_dependency(*attaching)
    command = (
        f"aws budgets execute-budget-action --account-id {stack.account} --budget-name {budget_name} "
        f"--action-id {action.attr_action_id} --execution-type "
    )
    if deny.approval == "manual":
        CfnOutput(
            scope,
            "ApproveCommand",
            value=f"{command}APPROVE_BUDGET_ACTION",
            description=f"{_when(deny, usd)}, AWS Budgets waits for approval to deny new endpoints; this approves.",
        )
    undo = f"{command}REVERSE_BUDGET_ACTION"
    CfnOutput(
        scope,
        "UndoCommand",
        value=undo,
        description=(
            f"{_when(deny, usd)}, {len(deny.roles)} roles may not make or update endpoints any more. This allows it "
            "again; the same with RESET_BUDGET_ACTION arms it for the rest of the month. AWS does not document that it "
            "ends with the month (read 2026-11-24). Do it before the stack or the budget's notifications change, too."
        ),
    )
    return undo


def _in_policies(arns: Sequence[str]) -> list[list[str]]:
    """The ARNs in parts that one managed policy holds each."""
    found: list[list[str]] = [[]]
    for arn in arns:
        if document_characters([{"Resource": [*found[-1], arn]}]) > POLICY_CHARACTERS_MAX - _STATEMENT_CHARACTERS:
            found.append([])
        found[-1].append(arn)
    return found


def _when(deny: DenyNewEndpoints, usd: float) -> str:
    amount = "" if is_token(usd) else f" ({dollars(usd * deny.at_percent / 100)})"
    return f"Once {deny.at_percent:g} % of the budget{amount} are spent"
