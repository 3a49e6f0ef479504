"""What a budget does when it is exceeded: who may do what, decided by IAM's rules."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_iam as iam

from cdk_inference.cost import Budget, CostTag, DenyNewEndpoints, MonthlyBudget
from rehearsal.iam import Answer, Policies, Request, decide
from tests.each import each
from tests.judges import lint, service_model
from tests.judges.deployed import Deployment
from tests.support import Template, new_stack, only, resource, template_of

ACCOUNT = "111122223333"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def template(**action: Any) -> Template:
    stack = new_stack()
    team = iam.Role(stack, "Team", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    other = iam.Role.from_role_name(stack, "Other", "deployments")
    monthly = MonthlyBudget(usd=10_000, on_exceeded=DenyNewEndpoints(roles=[team, other], **action))
    tag = CostTag(key="application", value="inference")
    Budget(stack, "Budget", monthly=monthly, tag=tag, emails=["oncall@example.com"])
    return template_of(stack)


MADE = template()


def logical_id(kind: str, start: str) -> str:
    (found,) = (key for key, one in MADE["Resources"].items() if one["Type"] == kind and key.startswith(start))
    return found


DENY = logical_id("AWS::IAM::ManagedPolicy", "BudgetNoNewEndpoints")
EXECUTION = logical_id("AWS::IAM::Role", "BudgetRole")
TEAM = logical_id("AWS::IAM::Role", "Team")
DENY_ARN = f"arn:aws:iam::{ACCOUNT}:policy/deny"
DEPLOYED = Deployment(values={DENY: DENY_ARN, f"{TEAM}.Arn": f"arn:aws:iam::{ACCOUNT}:role/team"})


def may_budgets(action: str, role: str = "team", policy: str | None = DENY_ARN) -> Answer:
    context = {} if policy is None else {"iam:PolicyARN": policy}
    request = Request(action, f"arn:aws:iam::{ACCOUNT}:role/{role}", context)
    return decide(request, DEPLOYED.identity_of(MADE, EXECUTION))


@each("action", ["iam:AttachRolePolicy", "iam:DetachRolePolicy"])
@each("role", ["team", "deployments"])
def test_the_execution_role_attaches_and_detaches_the_policy(action: str, role: str) -> None:
    assert may_budgets(action, role).allowed


@each(
    ("action", "role", "policy"),
    [
        ("iam:AttachRolePolicy", "admin", DENY_ARN),
        ("iam:AttachRolePolicy", "team2", DENY_ARN),
        ("iam:AttachRolePolicy", "team", "arn:aws:iam::aws:policy/AdministratorAccess"),
        ("iam:DetachRolePolicy", "team", "arn:aws:iam::aws:policy/AWSDenyAll"),
        ("iam:AttachRolePolicy", "team", None),
        ("iam:PutRolePolicy", "team", DENY_ARN),
        ("iam:DeleteRole", "team", DENY_ARN),
        ("iam:PassRole", "team", DENY_ARN),
    ],
)
def test_the_execution_role_does_nothing_else(action: str, role: str, policy: str | None) -> None:
    assert not may_budgets(action, role, policy).allowed


def test_a_role_with_a_path_is_named_by_its_arn() -> None:
    stack = new_stack()
    arn = f"arn:aws:iam::{ACCOUNT}:role/teams/search/team"
    asked = DenyNewEndpoints(roles=[iam.Role.from_role_arn(stack, "Team", arn)])
    Budget(stack, "Budget", monthly=MonthlyBudget(usd=1, on_exceeded=asked), tag=None, emails=["oncall@example.com"])
    found = template_of(stack)
    definition = only(found, "AWS::Budgets::BudgetsAction")["Definition"]["IamActionDefinition"]
    assert definition == {"PolicyArn": {"Ref": DENY}, "Roles": ["team"]}
    policies = DEPLOYED.identity_of(found, EXECUTION)
    assert decide(Request("iam:AttachRolePolicy", arn, {"iam:PolicyARN": DENY_ARN}), policies).allowed


def assumed(principal: str = "budgets.amazonaws.com", **context: str) -> bool:
    document = DEPLOYED.policy_of(MADE, EXECUTION, "AssumeRolePolicyDocument")
    here = {
        "aws:SourceAccount": ACCOUNT,
        "aws:SourceArn": f"arn:aws:budgets::{ACCOUNT}:budget/x",
        **{key.replace("_", ":"): value for key, value in context.items()},
    }
    request = Request("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/execution", here, principal)
    return decide(request, Policies(resource=document)).allowed


def test_only_budgets_of_this_account_assume_the_execution_role() -> None:
    assert assumed()
    assert not assumed(aws_SourceAccount="444455556666")
    assert not assumed(aws_SourceArn="arn:aws:budgets::444455556666:budget/x")
    assert not assumed(aws_SourceArn=f"arn:aws:ce::{ACCOUNT}:anomalysubscription/x")
    assert not assumed("lambda.amazonaws.com")
    assert not assumed(f"arn:aws:iam::{ACCOUNT}:role/admin")


def may_caller(action: str, resource: str = "endpoint/chat") -> Answer:
    """An administrator to whom the policy is attached."""
    deny = DEPLOYED.policy_of(MADE, DENY)
    arn = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:{resource}"
    return decide(Request(action, arn), Policies(identity=[EVERYTHING, deny]))


@each(
    "action",
    [
        *("sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"),
        *("sagemaker:CreateInferenceComponent", "sagemaker:UpdateInferenceComponent"),
    ],
)
def test_who_has_the_policy_makes_and_updates_no_endpoint(action: str) -> None:
    answer = may_caller(action)
    assert (answer.allowed, answer.why) == (False, "identity denies: NoNewEndpoints")


@each(
    "action",
    [
        *("sagemaker:DeleteEndpoint", "sagemaker:DeleteInferenceComponent", "sagemaker:DeleteEndpointConfig"),
        *("sagemaker:UpdateEndpointWeightsAndCapacities", "sagemaker:UpdateInferenceComponentRuntimeConfig"),
        *("sagemaker:DescribeEndpoint", "sagemaker:InvokeEndpoint", "sagemaker:CreateEndpointConfig"),
        *("application-autoscaling:RegisterScalableTarget", "iam:DetachRolePolicy"),
    ],
)
def test_who_has_the_policy_deletes_and_scales_down(action: str) -> None:
    assert may_caller(action).allowed


def test_every_action_of_the_policy_exists() -> None:
    (statement,) = only_deny()["PolicyDocument"]["Statement"]
    assert {one.lower() for one in statement["Action"]} <= lint.iam_actions()


def only_deny() -> dict[str, Any]:
    found = MADE["Resources"][DENY]["Properties"]
    assert isinstance(found, dict)
    return found


def test_the_policys_words_have_no_numbers_since_other_words_are_another_policy() -> None:
    assert only_deny()["Description"] == (
        "Denies making and updating SageMaker endpoints and inference components. AWS Budgets attaches it when a budget is "
        "exceeded. It stays until the action is reversed (see the stack's output with UndoCommand in its name). Deleting, "
        "and changing numbers of instances, stay allowed."
    )


@each(("approval", "percent"), [("manual", 100), ("automatic", 120)])
def test_the_action(approval: str, percent: float) -> None:
    found = template(approval=approval, at_percent=percent)
    (budget,) = (key for key, one in found["Resources"].items() if one["Type"] == "AWS::Budgets::Budget")
    assert only(found, "AWS::Budgets::BudgetsAction") == {
        "ActionType": "APPLY_IAM_POLICY",
        "ApprovalModel": approval.upper(),
        "BudgetName": {"Ref": budget},
        "NotificationType": "ACTUAL",
        "ActionThreshold": {"Type": "PERCENTAGE", "Value": percent},
        "Definition": {"IamActionDefinition": {"PolicyArn": {"Ref": DENY}, "Roles": [{"Ref": TEAM}, "deployments"]}},
        "ExecutionRoleArn": {"Fn::GetAtt": [EXECUTION, "Arn"]},
        "Subscribers": [{"Type": "EMAIL", "Address": "oncall@example.com"}],
    }
    assert lint.findings(found, "us-east-1") == service_model.findings(found) == []


def test_it_is_made_once_its_role_may_act() -> None:
    attaching = logical_id("AWS::IAM::ManagedPolicy", "BudgetAttaching")
    assert resource(MADE, "AWS::Budgets::BudgetsAction")["DependsOn"] == [attaching]


def outputs(found: Template) -> dict[str, tuple[str, str]]:
    """Name -> (value, description)"""
    deployed = Deployment(values={"BudgetActionB1BA93C9.ActionId": "ID", "Budget69569A1A": "NAME"})
    return {key[6:-8]: (deployed.resolve(one["Value"]), one["Description"]) for key, one in found["Outputs"].items()}


def test_the_way_back_is_an_output() -> None:
    found = outputs(MADE)
    assert set(found) == {"BudgetName", "ApproveCommand", "UndoCommand"}
    assert found["UndoCommand"] == (
        f"aws budgets execute-budget-action --account-id {ACCOUNT} --budget-name NAME --action-id ID --execution-type "
        "REVERSE_BUDGET_ACTION",
        "Once 100 % of the budget ($10,000.00) are spent, 2 roles may not make or update endpoints any more. This allows it "
        "again; the same with RESET_BUDGET_ACTION arms it for the rest of the month. AWS does not document that it ends with "
        "the month (read 2026-11-24). Do it before the stack or the budget's notifications change, too.",
    )
    assert found["ApproveCommand"] == (
        f"aws budgets execute-budget-action --account-id {ACCOUNT} --budget-name NAME --action-id ID --execution-type "
        "APPROVE_BUDGET_ACTION",
        "Once 100 % of the budget ($10,000.00) are spent, AWS Budgets waits for approval to deny new endpoints; this approves.",
    )
    assert set(outputs(template(approval="automatic"))) == {"BudgetName", "UndoCommand"}
