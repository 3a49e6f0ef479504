"""A budget's template: whose costs, who is told, and what is refused."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns

from cdk_inference.cost import AlarmTopic, Budget, CostTag, DenyNewEndpoints, MonthlyBudget
from tests.each import each
from tests.judges import lint, service_model
from tests.refusals import refusal_of
from tests.support import Template, new_stack, only, resource, template_of

KIND = "AWS::Budgets::Budget"
TAG = CostTag(key="application", value="inference")
WITHOUT_CREDITS = {"Not": {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Credit", "Refund"]}}}
TAGGED = {"Tags": {"Key": "application", "Values": ["inference"], "MatchOptions": ["EQUALS"]}}


def template(monthly: MonthlyBudget, tag: CostTag | None = TAG, region: str | None = "us-east-1") -> Template:
    stack = new_stack(region=region)
    Budget(stack, "Budget", monthly=monthly, tag=tag, emails=["oncall@example.com"])
    return template_of(stack)


@each(
    ("tag", "credits", "expression"),
    [
        (TAG, False, {"And": [TAGGED, WITHOUT_CREDITS]}),
        (TAG, True, TAGGED),
        (None, False, WITHOUT_CREDITS),
        (None, True, None),
    ],
)
def test_whose_costs_count(tag: CostTag | None, credits: bool, expression: Any) -> None:
    found = template(MonthlyBudget(usd=100, count_credits=credits, metric="AmortizedCost"), tag)
    assert only(found, KIND)["Budget"] == {
        "BudgetType": "COST",
        "TimeUnit": "MONTHLY",
        "BudgetLimit": {"Amount": 100, "Unit": "USD"},
        "Metrics": ["AmortizedCost"],
        **({} if expression is None else {"FilterExpression": expression}),
    }
    assert lint.findings(found, "us-east-1") == service_model.findings(found) == []


def test_the_tag_may_be_in_the_value() -> None:
    own = template(MonthlyBudget(usd=100, tag=TAG), tag=None)
    assert own == template(MonthlyBudget(usd=100), tag=TAG) == template(MonthlyBudget(usd=100, tag=TAG), tag=TAG)


def test_each_threshold_reaches_every_subscriber() -> None:
    stack = new_stack()
    topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111122223333:alarms")
    monthly = MonthlyBudget(usd=100, actual_percent=(7, 100), forecast_percent=(110,))
    Budget(stack, "Budget", monthly=monthly, tag=None, alarm_topic=topic, emails=["oncall@example.com"])
    told = [
        {"SubscriptionType": "SNS", "Address": "arn:aws:sns:eu-west-1:111122223333:alarms"},
        {"SubscriptionType": "EMAIL", "Address": "oncall@example.com"},
    ]
    assert only(template_of(stack), KIND)["NotificationsWithSubscribers"] == [
        {
            "Notification": {
                "NotificationType": kind,
                "ComparisonOperator": "GREATER_THAN",
                "Threshold": threshold,
                "ThresholdType": "PERCENTAGE",
            },
            "Subscribers": told,
        }
        for kind, threshold in (("ACTUAL", 7), ("ACTUAL", 100), ("FORECASTED", 110))
    ]


def test_it_is_made_after_the_policy_of_its_topic() -> None:
    stack = new_stack()
    topic = AlarmTopic(stack, "Alarms")
    Budget(stack, "Budget", monthly=MonthlyBudget(usd=100), tag=None, alarm_topic=topic)
    found = template_of(stack)
    (policy,) = (key for key, one in found["Resources"].items() if one["Type"] == "AWS::SNS::TopicPolicy")
    assert resource(found, KIND)["DependsOn"] == [policy]
    assert lint.findings(found, "us-east-1") == service_model.findings(found) == []


def test_what_it_says_of_itself() -> None:
    (said,) = (one["Description"] for one in template(MonthlyBudget(usd=10_000))["Outputs"].values())
    assert said == (
        "Costs under the tag application = inference (0 until it is activated for cost allocation) in a calendar month "
        "(UTC, UnblendedCost, credits and refunds left out), budget $10,000.00. Notifies when 80 % ($8,000.00) are spent, "
        "100 % ($10,000.00) are spent, 100 % are forecast. AWS updates costs up to three times a day, 8 to 12 hours apart "
        "(read 2026-11-22), and a budget stops nothing that runs. Compare with last month in Cost Explorer, by usage type; delete endpoints that are not needed, lower max_instances, or raise the budget."
    )


def test_what_is_known_at_deployment_only_is_not_in_its_words() -> None:
    stack = new_stack()
    usd, team = cdk.CfnParameter(stack, "Usd", type="Number"), cdk.CfnParameter(stack, "Team")
    monthly = MonthlyBudget(usd=usd.value_as_number, count_credits=True)
    tag = CostTag(key="team", value=team.value_as_string)
    Budget(stack, "Budget", monthly=monthly, tag=tag, emails=["oncall@example.com"])
    found = template_of(stack)
    (said,) = (one["Description"] for one in found["Outputs"].values())
    assert said.startswith(
        "Costs under the budget's tag in a calendar month (UTC, UnblendedCost, credits and refunds counted), budget an "
        "amount known at deployment. Notifies when 80 % (an amount known at deployment) are spent, "
    )
    budget = only(found, KIND)["Budget"]
    assert budget["BudgetLimit"]["Amount"] == {"Ref": "Usd"}
    assert budget["FilterExpression"]["Tags"]["Values"] == [{"Ref": "Team"}]


def test_the_longest_words_fit_an_output() -> None:
    tag = CostTag(key="k" * 128, value="v" * 256)
    monthly = MonthlyBudget(usd=123_456_789, actual_percent=(25, 50, 75, 100), forecast_percent=(125,))
    (said,) = (one["Description"] for one in template(monthly, tag)["Outputs"].values())
    assert len(said) <= 1024


def refused(stack: cdk.Stack, **arguments: Any) -> str:
    given = {"monthly": MonthlyBudget(usd=100), "tag": None, "emails": ["oncall@example.com"]}
    return refusal_of(Budget, stack, "Budget", **given | arguments)


@each(
    ("arguments", "message"),
    [
        (
            {"emails": ()},
            "alarm_topic, emails: got None; allowed: at least one of them, for notifications; fix: alarm_topic=AlarmTopic(...)",
        ),
        ({"monthly": 100}, "monthly: got 100; allowed: MonthlyBudget; fix: monthly=MonthlyBudget(usd=...)"),
        ({"tag": "team"}, "tag: got 'team'; allowed: CostTag or None; fix: tag=CostTag(key=, value=)"),
        (
            {"tag": TAG, "monthly": MonthlyBudget(usd=1, tag=CostTag(key="team", value="a"))},
            "tag: got CostTag(key='application', value='inference'); allowed: one tag: monthly has CostTag(key='team', "
            "value='a'); fix: leave out one of them",
        ),
        (
            {"alarm_topic": "arn"},
            "alarm_topic: got 'arn'; allowed: a topic (aws_sns.ITopic); fix: for example AlarmTopic(...)",
        ),
        (
            {"emails": ["oncall"]},
            "emails[0]: got 'oncall'; allowed: an e-mail address, as oncall@example.com; fix: write one address, without a name and without spaces",
        ),
        (
            {"emails": [f"a{number}@example.com" for number in range(11)]},
            "emails: got '11 addresses'; allowed: up to 10; fix: use a topic, or a list of your own mail",
        ),
    ],
)
def test_refused(arguments: dict[str, Any], message: str) -> None:
    assert refused(new_stack(), **arguments) == f"Budget fleet/Budget: {message}"


def test_a_region_without_the_type() -> None:
    assert refused(new_stack(region="eu-north-1")) == (
        "Budget fleet/Budget: region: got 'eu-north-1'; allowed: a region in which CloudFormation has AWS::Budgets::Budget "
        "(schemas of 2026-10-20); fix: put it in a stack in us-east-1"
    )


def test_a_stack_without_a_region_or_in_one_that_is_newer_than_the_table() -> None:
    assert only(template(MonthlyBudget(usd=1), region=None), KIND)
    assert only(template(MonthlyBudget(usd=1), region="eu-west-9"), KIND)


def test_a_topic_and_a_role_of_another_account() -> None:
    stack = cdk.Stack(cdk.App(), "fleet", env=cdk.Environment(account="111122223333", region="us-east-1"))
    role = iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::444455556666:role/team")
    topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:us-east-1:444455556666:alarms")
    monthly = MonthlyBudget(usd=100, on_exceeded=DenyNewEndpoints(roles=[role]))
    assert refused(stack, monthly=monthly, alarm_topic=topic) == (
        "Budget fleet/Budget has 2 problems:\n"
        "  1. alarm_topic: got 'a topic in 444455556666'; allowed: a topic in 111122223333, the account that pays; fix: make one "
        "there\n"
        "  2. monthly.on_exceeded.roles[0]: got 'a role of 444455556666'; allowed: a role of 111122223333, the budget's "
        "account; fix: leave it out"
    )


def test_two_budgets_of_a_stack_have_names_of_their_own() -> None:
    assert "BudgetName" not in only(template(MonthlyBudget(usd=1)), KIND)["Budget"]
