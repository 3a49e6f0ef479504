"""What watches the costs of the whole account, in the example app: asked for by one environment."""

from __future__ import annotations

import dataclasses

import aws_cdk as cdk
import pytest

from cdk_inference.core.errors import ConfigurationError
from stacks.account_costs import AccountCostStack
from stacks.settings import ENVIRONMENTS, PROD, AccountCosts, Settings
from tests.support import CONTEXT, Template, of_type, only
from tests.synthesized import fleet

pytestmark = pytest.mark.xdist_group("synthesized")


def template() -> Template:
    (stack,) = (one for one in fleet("prod").assembly.stacks if one.name == "inference-prod-account-costs")
    assert stack.region == "us-east-1"
    return stack.template


def account_costs(app: cdk.App, settings: Settings, costs: AccountCosts | None = None) -> AccountCostStack:
    found = costs or settings.account_costs
    assert found is not None
    return AccountCostStack(app, settings=settings, costs=found)


def test_one_environment_asks_for_it() -> None:
    """Two in one account would tell twice, and make a second monitor of services, which AWS refuses."""
    assert [one.name for one in ENVIRONMENTS.values() if one.account_costs is not None] == ["inference-prod"]
    assert not [stack.name for stack in fleet("dev").assembly.stacks if stack.name.endswith("-account-costs")]


def test_a_second_one_of_the_same_account_is_refused() -> None:
    app = cdk.App(context=CONTEXT)
    account_costs(app, dataclasses.replace(PROD, name="one"))
    with pytest.raises(ConfigurationError, match=r"BillingAlarm .*one for an account, and there it is already"):
        account_costs(app, dataclasses.replace(PROD, name="two"))


def test_it_is_in_us_east_1_wherever_the_environment_is() -> None:
    stack = account_costs(cdk.App(), dataclasses.replace(PROD, region="eu-north-1"))
    assert stack.region == "us-east-1"


def test_all_of_it_goes_to_one_topic() -> None:
    found = template()
    (topic,) = (key for key, one in found["Resources"].items() if one["Type"] == "AWS::SNS::Topic")
    budget = only(found, "AWS::Budgets::Budget")["NotificationsWithSubscribers"]
    assert [one["Subscribers"] for one in budget] == [[{"SubscriptionType": "SNS", "Address": {"Ref": topic}}]] * 3
    assert only(found, "AWS::CloudWatch::Alarm")["AlarmActions"] == [{"Ref": topic}]
    assert only(found, "AWS::CE::AnomalySubscription")["Subscribers"] == [{"Type": "SNS", "Address": {"Ref": topic}}]
    assert [one["Endpoint"] for one in of_type(found, "AWS::SNS::Subscription")] == ["inference-costs@example.com"]


def test_the_budget_is_of_everything_but_credits_and_refunds() -> None:
    assert only(template(), "AWS::Budgets::Budget")["Budget"] == {
        "BudgetType": "COST",
        "TimeUnit": "MONTHLY",
        "BudgetLimit": {"Amount": 50_000, "Unit": "USD"},
        "Metrics": ["UnblendedCost"],
        "FilterExpression": {"Not": {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Credit", "Refund"]}}},
    }


def test_the_monitor_that_the_account_has_is_taken() -> None:
    assert PROD.account_costs is not None
    monitor = "arn:aws:ce::111122223333:anomalymonitor/c9e940b5-d9a9-4a0c-93dd-d721465c567e"
    costs = dataclasses.replace(PROD.account_costs, anomaly_monitor_arn=monitor)
    app = cdk.App(context=CONTEXT)
    stack = account_costs(app, PROD, costs)
    found = app.synth().get_stack_artifact(stack.artifact_id).template
    assert of_type(found, "AWS::CE::AnomalyMonitor") == []
    assert only(found, "AWS::CE::AnomalySubscription")["MonitorArnList"] == [monitor]
