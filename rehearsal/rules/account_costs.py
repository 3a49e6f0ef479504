"""Rules of budget actions, cost anomaly detection and flow logs."""

from __future__ import annotations

from collections.abc import Iterator

from rehearsal.rule import Call, Rule

_ANOMALIES = "https://docs.aws.amazon.com/cost-management/latest/userguide/getting-started-ad.html"
_ACTION_ROLE = "https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-action-role.html"


def _trusts(call: Call, arn: str, service: str, source: str) -> Iterator[str]:
    role = call.account.roles.get(arn)
    if role is None:
        yield f"role: got {arn}, which does not exist"
        return
    answer = call.account.service_may(service, "sts:AssumeRole", role.trust, "", source)
    if not answer:
        yield f"role: got {arn}, whose trust policy does not let {service} call sts:AssumeRole ({answer.why})"


def _action(call: Call) -> Iterator[str]:
    name = call.params["BudgetName"]
    if name not in call.account.budgets:
        yield f"BudgetName: got {name}, which does not exist; fix: create the budget first"
    source = f"arn:aws:budgets::{call.account.id}:budget/{name}"
    yield from _trusts(call, call.params["ExecutionRoleArn"], "budgets.amazonaws.com", source)


def _frequency(call: Call) -> Iterator[str]:
    one = call.params["AnomalySubscription"]
    kinds = {subscriber["Type"] for subscriber in one["Subscribers"]}
    allowed = "SNS" if one["Frequency"] == "IMMEDIATE" else "EMAIL"
    if kinds != {allowed}:
        yield f"Frequency: got {one['Frequency']} with subscribers of type {sorted(kinds)}; allowed: {allowed}"


def _flow_log(call: Call) -> Iterator[str]:
    group = call.params.get("LogGroupName")
    if group is not None and group not in call.account.log_groups:
        yield f"LogGroupName: got {group}, which does not exist; fix: create it first (DependsOn)"
    role = call.params.get("DeliverLogsPermissionArn")
    if role is not None:
        source = f"arn:aws:ec2:{call.account.region}:{call.account.id}:vpc-flow-log/fl-1"
        yield from _trusts(call, role, "vpc-flow-logs.amazonaws.com", source)


RULES = (
    Rule(
        id="action-role",
        effect="refused",
        on=("CreateBudgetAction",),
        title="A budget action's budget exists, and its role lets Budgets assume it.",
        source=_ACTION_ROLE,
        check=_action,
    ),
    Rule(
        id="anomaly-frequency",
        effect="refused",
        on=("CreateAnomalySubscription",),
        title="Immediate messages go to SNS, daily and weekly ones to e-mail addresses.",
        source=_ANOMALIES,
        check=_frequency,
    ),
    Rule(
        id="flow-log",
        effect="refused",
        on=("CreateFlowLogs",),
        title="A flow log's group exists, and its role lets VPC flow logs assume it.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
        check=_flow_log,
        confidence="inferred",
    ),
)
