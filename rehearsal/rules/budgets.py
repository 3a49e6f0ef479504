"""Rules of AWS Budgets."""

from __future__ import annotations

from collections.abc import Iterator

from rehearsal.rule import Call, Rule
from rehearsal.rules.alarms import key_problem

_API = "https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html"
_SNS = "https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html"


def _languages(call: Call) -> Iterator[str]:
    budget = call.params["Budget"]
    old, new = {"CostFilters", "CostTypes"} & set(budget), {"FilterExpression", "Metrics"} & set(budget)
    if old and new:
        yield f"Budget: got {sorted(old)} beside {sorted(new)}; allowed: one of the two filter languages"


def _limit(call: Call) -> Iterator[str]:
    budget = call.params["Budget"]
    given = {"BudgetLimit", "PlannedBudgetLimits"} & set(budget)
    if budget["BudgetType"] in ("COST", "USAGE") and "AutoAdjustData" not in budget and len(given) != 1:
        yield f"Budget: got {sorted(given) or 'no limit'}; allowed: exactly one of BudgetLimit, PlannedBudgetLimits"


def _forecasts(call: Call) -> Iterator[str]:
    if call.params["Budget"]["TimeUnit"] != "DAILY":
        return
    for entry in call.params.get("NotificationsWithSubscribers", []):
        if entry["Notification"]["NotificationType"] == "FORECASTED":
            yield "NotificationType: got FORECASTED for a DAILY budget; allowed: ACTUAL"


def _subscribers(call: Call) -> Iterator[str]:
    for entry in call.params.get("NotificationsWithSubscribers", []):
        kinds = [one["SubscriptionType"] for one in entry["Subscribers"]]
        if kinds.count("SNS") > 1:
            yield f"Subscribers: got {kinds.count('SNS')} topics in one notification; allowed: 1 topic, 10 addresses"


def _reach(call: Call) -> Iterator[str]:
    for name, addresses in call.account.budgets.items():
        for topic in dict.fromkeys(one for one in addresses if ":sns:" in one):
            found = call.account.topics.get(topic)
            if found is None:
                yield f"budget {name}: its topic {topic} does not exist; the budget reaches nobody"
                continue
            source = f"arn:aws:budgets::{call.account.id}:budget/{name}"
            policy = found.policy or {"Statement": []}
            answer = call.account.service_may("budgets.amazonaws.com", "sns:Publish", policy, topic, source)
            if not answer:
                yield (
                    f"budget {name}: the policy of {topic} does not let budgets.amazonaws.com publish ({answer.why}); "
                    "the budget reaches nobody, and no error says so"
                )
            elif (problem := key_problem(call, topic, "budgets.amazonaws.com")) is not None:
                yield f"budget {name}: {topic}: {problem}; the budget reaches nobody"


RULES = (
    Rule(
        id="budget-languages",
        effect="refused",
        on=("CreateBudget", "UpdateBudget"),
        title="A budget uses FilterExpression and Metrics, or CostFilters and CostTypes, never both.",
        source=_API,
        check=_languages,
    ),
    Rule(
        id="budget-limit",
        effect="refused",
        on=("CreateBudget", "UpdateBudget"),
        title="A budget of costs or usage has exactly one kind of limit.",
        source=_API,
        check=_limit,
    ),
    Rule(
        id="daily-forecast",
        effect="refused",
        on=("CreateBudget",),
        title="A daily budget has no forecast.",
        source="https://github.com/DNXLabs/terraform-aws-billing/releases/tag/0.1.1",
        confidence="issue",
        check=_forecasts,
    ),
    Rule(
        id="budget-subscribers",
        effect="refused",
        on=("CreateBudget",),
        title="A notification reaches at most one SNS topic.",
        source="https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html",
        check=_subscribers,
    ),
    Rule(
        id="budget-topic",
        effect="later",
        on=(),
        title="The policy and the key of a budget's topic let Budgets in; a topic's default policy does not.",
        source=_SNS,
        check=_reach,
    ),
)
