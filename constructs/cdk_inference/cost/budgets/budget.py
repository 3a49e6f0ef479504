"""A monthly budget of AWS Budgets: costs it counts, its description and its resource.

FilterExpression and Metrics are the newer of AWS's two filter languages; CostFilters and CostTypes are deprecated since
2025-04-18 (botocore 1.44.5, budgets.CreateBudget, read 2026-11-24). A tag's key stands here as resources carry it, in
the older language with "user:".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import CfnOutput
from aws_cdk import aws_budgets as budgets
from constructs import Construct

from cdk_inference.core.checks import instance_of, is_token
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.cost.account.regions import missing_type
from cdk_inference.cost.budgets.budget_action import deny_action
from cdk_inference.cost.budgets.monthly_budget import MonthlyBudget
from cdk_inference.cost.cost_tag import CostTag
from cdk_inference.cost.formatting import dollars
from cdk_inference.cost.notifications import account_topic_problem, after_policy, email_problems
from cdk_inference.kit.interfaces import Topic
from cdk_inference.kit.stack_context import path_below, stack_context
from cdk_inference.kit.topic_publishers import BUDGETS, report_publisher

# Charge types as Cost Explorer names them: https://github.com/aws/aws-sdk/issues/40 (read 2026-11-24)
NOT_SPENT = ("Credit", "Refund")


def filter_expression(tag: CostTag | None, *, count_credits: bool) -> dict[str, Any] | None:
    """The expression; None counts everything."""
    parts: list[dict[str, Any]] = []
    if tag is not None:
        parts.append({"tags": {"key": tag.key, "values": [tag.value], "matchOptions": ["EQUALS"]}})
    if not count_credits:
        parts.append({"not": {"dimensions": {"key": "RECORD_TYPE", "values": list(NOT_SPENT)}}})
    if len(parts) > 1:
        return {"and": parts}
    return parts[0] if parts else None


def meaning(monthly: MonthlyBudget, tag: CostTag | None) -> str:
    """What it means, when it notifies, how late, what to do. Within the 1,024 characters of an output's description."""
    spent = [f"{percent:g} % ({_amount(monthly.usd, percent)}) are spent" for percent in monthly.actual_percent]
    forecast = [f"{percent:g} % are forecast" for percent in monthly.forecast_percent]
    credits = "counted" if monthly.count_credits else "left out"
    return (
        f"{_whose(tag)} in a calendar month (UTC, {monthly.metric}, credits and refunds {credits}), budget "
        f"{_amount(monthly.usd)}. Notifies when {', '.join([*spent, *forecast])}. AWS updates costs up to three times "
        "a day, 8 to 12 hours apart (read 2026-11-22), and a budget stops nothing that runs. Compare with last month "
        "in Cost Explorer, by usage type; delete endpoints that are not needed, lower max_instances, or raise the "
        "budget."
    )


def _whose(tag: CostTag | None) -> str:
    if tag is None:
        return "Costs of the whole account"
    # A description is text: what only CloudFormation will know cannot stand in it.
    if is_token(tag.key) or is_token(tag.value):
        return "Costs under the budget's tag"
    return f"Costs under the tag {tag.key} = {tag.value} (0 until it is activated for cost allocation)"


def _amount(usd: float, percent: float = 100) -> str:
    return "an amount known at deployment" if is_token(usd) else dollars(usd * percent / 100)


# https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html (read 2026-11-22)
_EMAILS_MAX = 10


class Budget(Construct):
    """One budget of AWS Budgets, with its notifications and, where it is given, its action.

    monthly: how much, who counts, what happens.
    tag: whose costs count, unless `monthly` says so. None: those of the whole account, of everything in it.
    alarm_topic: gets its messages. It must let budgets.amazonaws.com publish, as `AlarmTopic` does; a topic of the app
        that does not is a warning. In the account, in any region. Default: none.
    emails: addresses that AWS itself writes to, up to 10. Default: none; a topic or an address is needed.

    `budget_name` is generated, and changes with the notifications: CloudFormation replaces a budget whose thresholds or
    addresses change, and a name of one's own would be taken. `undo_command` takes the action back.

    Raises ConfigurationError, also in a region without the type.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        monthly: MonthlyBudget,
        tag: CostTag | None,
        alarm_topic: Topic | None = None,
        emails: Sequence[str] = (),
    ) -> None:
        context = stack_context(scope)
        raise_problems(
            f"Budget {path_below(scope, id)}",
            instance_of("monthly", monthly, MonthlyBudget, "MonthlyBudget", "monthly=MonthlyBudget(usd=...)"),
            *_tag_problems(monthly, tag),
            None if alarm_topic is None else account_topic_problem(alarm_topic, context.account),
            *email_problems("emails", emails, _EMAILS_MAX),
            _nobody_problem(alarm_topic, emails) if isinstance(emails, (list, tuple)) else None,
            *role_problems("monthly", monthly, context.account),
            missing_type("AWS::Budgets::Budget", context.region),
        )
        super().__init__(scope, id)
        self.tag = monthly.tag or tag
        subscribers = _subscribers(alarm_topic, emails)
        self._resource = budgets.CfnBudget(
            self,
            "Resource",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=monthly.usd, unit="USD"),
                filter_expression=filter_expression(self.tag, count_credits=monthly.count_credits),
                metrics=[monthly.metric],
            ),
            notifications_with_subscribers=[
                {
                    "notification": {
                        "notificationType": kind,
                        "comparisonOperator": "GREATER_THAN",
                        "threshold": percent,
                        "thresholdType": "PERCENTAGE",
                    },
                    "subscribers": [
                        {"subscriptionType": kind_of, "address": address} for kind_of, address in subscribers
                    ],
                }
                for kind, thresholds in (("ACTUAL", monthly.actual_percent), ("FORECASTED", monthly.forecast_percent))
                for percent in thresholds
            ],
        )
        if alarm_topic is not None:
            # "Invalid SNS topic", if AWS Budgets may not publish to it yet:
            # https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html (read 2026-11-24)
            after_policy(self._resource, alarm_topic)
            report_publisher(self, alarm_topic, BUDGETS)
        CfnOutput(self, "BudgetName", value=self.budget_name, description=meaning(monthly, self.tag))
        self.undo_command: str | None = None
        if monthly.on_exceeded is not None:
            self.undo_command = deny_action(self, monthly.on_exceeded, self.budget_name, subscribers, monthly.usd)

    @property
    def budget_name(self) -> str:
        """The generated name."""
        return self._resource.ref


def _subscribers(topic: Topic | None, emails: Sequence[str]) -> list[tuple[str, str]]:
    """(kind, address)"""
    first = [] if topic is None else [("SNS", topic.topic_arn)]
    return [*first, *(("EMAIL", address) for address in emails)]


def _tag_problems(monthly: Any, tag: Any) -> list[Problem | None]:
    problem = None if tag is None else instance_of("tag", tag, CostTag, "CostTag or None", "tag=CostTag(key=, value=)")
    if problem is None and isinstance(monthly, MonthlyBudget) and None not in (monthly.tag, tag) and monthly.tag != tag:
        problem = Problem("tag", tag, f"one tag: monthly has {monthly.tag}", "leave out one of them")
    return [problem]


def _nobody_problem(topic: object, emails: Sequence[str]) -> Problem | None:
    if topic is not None or emails:
        return None
    return Problem(
        "alarm_topic, emails", None, "at least one of them, for notifications", "alarm_topic=AlarmTopic(...)"
    )


def role_problems(argument: str, monthly: Any, account: str) -> list[Problem | None]:
    """Roles of another account, as far as that is known: AWS wants the action and its roles in one."""
    action = monthly.on_exceeded if isinstance(monthly, MonthlyBudget) else None
    if action is None or is_token(account):
        return []
    return [
        Problem(
            f"{argument}.on_exceeded.roles[{number}]",
            f"a role of {role.env.account}",
            f"a role of {account}, the budget's account",
            "leave it out",
        )
        for number, role in enumerate(action.roles)
        if not is_token(role.env.account) and role.env.account != account
    ]
