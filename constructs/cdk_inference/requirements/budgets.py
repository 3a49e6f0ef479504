"""What AWS Budgets requires of a budget and its notifications."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdk_inference.core.errors import Problem
from cdk_inference.core.unknown import Unknown
from cdk_inference.requirements.conditions import at_most_one
from cdk_inference.requirements.part import NotKnownError, Part
from cdk_inference.requirements.requirement import Requirement

BUDGET = "AWS::Budgets::Budget"
_DATA = "Budget"
_NOTIFICATIONS = "NotificationsWithSubscribers[]"
_NOTIFICATIONS_MAX, _EMAILS_MAX = 10, 10
_LIMITED = ("COST", "USAGE")
_PLANNED = ("MONTHLY", "QUARTERLY")


def _limit(part: Part) -> Problem | None:
    if part.text("BudgetType") not in _LIMITED or part.has("BudgetLimit") or part.has("PlannedBudgetLimits"):
        return None
    if part.has("AutoAdjustData"):
        return None  # AWS sets the limit from what was spent before
    return Problem("BudgetLimit", None, "a limit, for a budget of cost or usage", "add BudgetLimit")


def _filters(part: Part) -> Problem | None:
    new, old = (
        [member for member in pair if part.has(member)]
        for pair in (("FilterExpression", "Metrics"), ("CostFilters", "CostTypes"))
    )
    if not new or not old:
        return None
    allowed = "FilterExpression and Metrics, or CostFilters and CostTypes"
    return Problem(new[0], f"{' and '.join(new)} with {' and '.join(old)}", allowed, f"remove {' and '.join(old)}")


def _cost_types(part: Part) -> Problem | None:
    kind = part.text("BudgetType")
    if not part.has("CostTypes") or kind == "COST":
        return None
    return Problem("CostTypes", f"CostTypes of a {kind} budget", "CostTypes of a COST budget", "remove CostTypes")


def _planned(part: Part) -> Problem | None:
    unit = part.text("TimeUnit")
    if not part.has("PlannedBudgetLimits") or unit in _PLANNED:
        return None
    allowed = f"PlannedBudgetLimits by {' or '.join(_PLANNED)}"
    return Problem("PlannedBudgetLimits", f"TimeUnit {unit}", allowed, "use BudgetLimit")


def _emails(part: Part) -> Problem | None:
    kinds = [subscriber.text("SubscriptionType") for subscriber in part.parts("Subscribers")]
    if kinds.count("SNS") <= 1 and kinds.count("EMAIL") <= _EMAILS_MAX:
        return None
    got = f"{kinds.count('SNS')} SNS topics and {kinds.count('EMAIL')} e-mail addresses"
    fix = "subscribe the others to the topic"
    return Problem("Subscribers", got, f"one SNS topic and {_EMAILS_MAX} e-mail addresses", fix)


def _subscribers(part: Part) -> Problem | None:
    if part.items("Subscribers"):
        return None
    return Problem("Subscribers", None, "at least one subscriber", "add an e-mail address or an SNS topic")


def _notifications(part: Part) -> Problem | None:
    count = len(part.items("NotificationsWithSubscribers"))
    if count <= _NOTIFICATIONS_MAX:
        return None
    allowed = f"at most {_NOTIFICATIONS_MAX} notifications"
    return Problem("NotificationsWithSubscribers", str(count), allowed, "make a second budget for the others")


def _period(part: Part) -> Problem | None:
    start, end = part.get("Start"), part.get("End")
    if start is None or end is None:
        return None
    first, last = _seconds(start), _seconds(end)
    if first is None or last is None or first < last:
        return None
    return Problem("Start", part.words("Start"), f"a time before End, {part.words('End')}", "exchange the two")


def _seconds(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _dimensions(value: Any) -> Iterator[Any]:
    """MatchOptions of every dimension in a filter expression."""
    if isinstance(value, Unknown):
        raise NotKnownError(value.reason)
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "Dimensions" and isinstance(inner, dict):
                yield inner.get("MatchOptions")
            elif name in ("And", "Or", "Not"):
                yield from _dimensions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _dimensions(inner)


def _match_options(part: Part) -> Problem | None:
    for options in _dimensions(part.value):
        if isinstance(options, list) and len(options) > 1:
            got = ", ".join(map(str, options))
            return Problem("Dimensions.MatchOptions", got, "one match option", "keep one of them")
    return None


def _forecast(part: Part) -> Problem | None:
    unit = part.get("Budget.TimeUnit")
    for number, one in enumerate(part.parts("NotificationsWithSubscribers")):
        if unit == "DAILY" and one.text("Notification.NotificationType") == "FORECASTED":
            where = f"NotificationsWithSubscribers[{number}].Notification.NotificationType"
            return Problem(where, "FORECASTED", "ACTUAL for a DAILY budget", "write ACTUAL, or TimeUnit: MONTHLY")
    return None


REQUIREMENTS = (
    Requirement(
        id="budget-one-limit",
        type=BUDGET,
        at=_DATA,
        service="budgets",
        shape="Budget",
        member="BudgetLimit",
        sentence="You can't use BudgetLimit with PlannedBudgetLimits for CreateBudget and UpdateBudget actions.",
        check=at_most_one("BudgetLimit", "PlannedBudgetLimits"),
    ),
    Requirement(
        id="budget-limit",
        type=BUDGET,
        at=_DATA,
        service="budgets",
        shape="Budget",
        member="BudgetLimit",
        sentence="BudgetLimit is required for cost or usage budgets, but optional for RI or Savings Plans utilization "
        "or coverage budgets.",
        check=_limit,
    ),
    Requirement(
        id="budget-filters",
        type=BUDGET,
        at=_DATA,
        service="budgets",
        shape="CreateBudget",
        member="(operation)",
        sentence="Either FilterExpression and Metrics or CostFilters and CostTypes, not both or a different "
        "combination.",
        check=_filters,
    ),
    Requirement(
        id="budget-cost-types",
        type=BUDGET,
        at=_DATA,
        service="budgets",
        shape="Budget",
        member="CostTypes",
        sentence="USAGE, RI_UTILIZATION, RI_COVERAGE, SAVINGS_PLANS_UTILIZATION, and SAVINGS_PLANS_COVERAGE budgets do "
        "not have CostTypes.",
        check=_cost_types,
    ),
    Requirement(
        id="budget-planned-unit",
        type=BUDGET,
        at=_DATA,
        service="budgets",
        shape="Budget",
        member="PlannedBudgetLimits",
        sentence="PlannedBudgetLimits is available for cost or usage budget and supports both monthly and quarterly "
        "TimeUnit.",
        check=_planned,
    ),
    Requirement(
        id="budget-period",
        type=BUDGET,
        at=f"{_DATA}.TimePeriod",
        service="budgets",
        shape="TimePeriod",
        sentence="The start date must come before the end date.",
        check=_period,
    ),
    Requirement(
        id="budget-match-options",
        type=BUDGET,
        at=f"{_DATA}.FilterExpression",
        service="budgets",
        shape="ExpressionDimensionValues",
        member="MatchOptions",
        sentence="You can specify only one of these values in the array.",
        check=_match_options,
    ),
    Requirement(
        id="budget-notifications",
        type=BUDGET,
        service="budgets",
        shape="Notification",
        sentence="A budget can have up to ten notifications.",
        check=_notifications,
    ),
    Requirement(
        id="budget-subscriber-needed",
        type=BUDGET,
        at=_NOTIFICATIONS,
        service="budgets",
        shape="Notification",
        sentence="Each notification must have at least one subscriber.",
        check=_subscribers,
    ),
    Requirement(
        id="budget-subscribers",
        type=BUDGET,
        at=_NOTIFICATIONS,
        service="budgets",
        shape="Notification",
        sentence="A notification can have one SNS subscriber and up to 10 email subscribers, for a total of 11 "
        "subscribers.",
        check=_emails,
    ),
    Requirement(
        id="budget-daily-forecast",
        type=BUDGET,
        sentence="A DAILY budget has no FORECASTED notification.",
        page="https://github.com/DNXLabs/terraform-aws-billing/releases/tag/0.1.1 (read 2026-11-22)",
        check=_forecast,
    ),
)
