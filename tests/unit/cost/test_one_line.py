"""Cost controls in one line, with a budget and addresses; and hosts of components, which metering counts."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sns as sns

from cdk_inference.bedrock import ApplicationProfile, BedrockAccess, FoundationModel, InferenceProfile
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.cost import AlarmTopic, BurnRate, CostControls, CostTag, Metering, MonthlyBudget, UnitCost
from cdk_inference.endpoints import ComponentEndpoint, ManagedInstances, RealtimeEndpoint
from tests.costs import alarms, refused, watched
from tests.each import each
from tests.judges.alarm_clock import first_minute
from tests.judges.dashboard_body import body_of
from tests.support import llm, models, new_stack, of_type, only, template_of

NOTIFY = ["oncall@example.com"]


def chat(stack: cdk.Stack) -> RealtimeEndpoint:
    return RealtimeEndpoint(stack, "Chat", server=llm(models(stack)), hardware="ml.g5.2xlarge")


def host(stack: cdk.Stack, least: int = 1) -> ComponentEndpoint:
    return ComponentEndpoint(
        stack,
        "Host",
        hardware="ml.g5.12xlarge",
        instances=ManagedInstances(min_instances=least, max_instances=3),
    )


def metering(stack: cdk.Stack) -> Metering:
    return Metering(stack, "Metering", alarm_topic=AlarmTopic(stack, "MeterAlarms"))


def tags_of(properties: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}


def test_one_line_is_a_topic_a_budget_and_alarms() -> None:
    stack = new_stack()
    controls = CostControls(stack, "Cost", targets=[chat(stack)], monthly_budget=MonthlyBudget(usd=3000), notify=NOTIFY)
    found = template_of(stack)
    assert {name for name in alarms(stack) if name.startswith("fleet-Cost")} == {
        "fleet-Cost-burn-rate",
        "fleet-Cost-fleet-chat-AllTraffic-idle",
        "fleet-Cost-fleet-chat-AllTraffic-quiet",
        "fleet-Cost-fleet-chat-AllTraffic-running",
        "fleet-Cost-fleet-chat-AllTraffic-under-use",
    }
    assert len(controls.alarms) == 3
    # 3000 / 730 x 2, by hand
    assert alarms(stack)["fleet-Cost-burn-rate"]["Threshold"] == 8.22
    assert only(found, "AWS::SNS::Subscription")["Endpoint"] == "oncall@example.com"
    (topic,) = (key for key, one in found["Resources"].items() if one["Type"] == "AWS::SNS::Topic")
    notifications = only(found, "AWS::Budgets::Budget")["NotificationsWithSubscribers"]
    assert {one["Subscribers"][0]["Address"]["Ref"] for one in notifications} == {topic}


def test_the_budget_counts_what_its_targets_are_tagged_with() -> None:
    stack = new_stack()
    profile = ApplicationProfile(
        stack, "Team", of=InferenceProfile("us.amazon.nova-lite-v1:0"), tags={"team": "search"}
    )
    targets = [chat(stack), profile]
    watched(stack, targets=targets, monthly_budget=MonthlyBudget(usd=3000), notify=NOTIFY)
    found = template_of(stack)
    for kind in ("Endpoint", "EndpointConfig"):
        assert tags_of(only(found, f"AWS::SageMaker::{kind}"))["cost-controls"] == "fleet-Cost"
    assert tags_of(only(found, "AWS::Bedrock::ApplicationInferenceProfile")) == {
        "team": "search",
        "cost-controls": "fleet-Cost",
    }
    (tag, _) = only(found, "AWS::Budgets::Budget")["Budget"]["FilterExpression"]["And"]
    assert tag == {"Tags": {"Key": "cost-controls", "MatchOptions": ["EQUALS"], "Values": ["fleet-Cost"]}}


def test_with_a_tag_of_its_own_nothing_else_is_tagged() -> None:
    stack = new_stack()
    search = RealtimeEndpoint.from_endpoint_name(stack, "Search", "search", hardware="ml.inf2.xlarge")
    budget = MonthlyBudget(usd=3000, tag=CostTag(key="application", value="inference"))
    watched(stack, targets=[chat(stack), search], monthly_budget=budget, notify=NOTIFY)
    assert "cost-controls" not in tags_of(only(template_of(stack), "AWS::SageMaker::Endpoint"))


def test_what_this_app_does_not_make_carries_no_tag() -> None:
    stack = new_stack()
    search = RealtimeEndpoint.from_endpoint_name(stack, "Search", "search", hardware="ml.inf2.xlarge")
    nova = BedrockAccess(stack, "Access", models=[FoundationModel("amazon.nova-lite-v1:0")]).target()
    fix = "name a tag that it carries already: MonthlyBudget(usd=..., tag=CostTag(key=..., value=...))"
    allowed = "what this app makes and can tag: an endpoint, an ApplicationProfile"
    assert refused(stack, targets=[search, nova], monthly_budget=MonthlyBudget(usd=3000), notify=NOTIFY) == (
        "CostControls fleet/Cost has 2 problems:\n"
        f"  1. targets[0]: got 'search'; allowed: {allowed}; fix: {fix}\n"
        f"  2. targets[1]: got 'amazon.nova-lite-v1:0'; allowed: {allowed}; fix: {fix}"
    )


def test_a_target_carries_the_tag_of_one_budget() -> None:
    stack = new_stack()
    endpoint, budget = chat(stack), MonthlyBudget(usd=3000)
    watched(stack, "First", targets=[endpoint], monthly_budget=budget, notify=NOTIFY)
    assert refused(stack, targets=[endpoint], monthly_budget=budget, notify=NOTIFY) == (
        "CostControls fleet/Cost: targets[0]: got 'fleet-chat'; allowed: a target of one budget: it carries the tag of "
        "fleet-First already; fix: one budget for both, or MonthlyBudget(usd=..., tag=CostTag(...)) with a tag that it "
        "carries besides"
    )


@each("usd", [1109, 1109.6])
def test_a_budget_that_the_minimum_instances_use_up(usd: float) -> None:
    """1.52 x 730 = 1109.60; 1109 / 730 x 2 = 3.04, above the least rate."""
    stack = new_stack()
    assert refused(stack, targets=[chat(stack)], monthly_budget=MonthlyBudget(usd=usd), notify=NOTIFY) == (
        f"CostControls fleet/Cost: monthly_budget.usd: got {usd}; allowed: more than $1,109.60, the cost of the minimum "
        "instances of all targets in 730 hours; fix: raise it, or lower the minimum instances"
    )


def test_the_rate_of_the_budget_can_be_left_out() -> None:
    stack = new_stack()
    budget = MonthlyBudget(usd=3000)
    watched(stack, targets=[chat(stack)], monthly_budget=budget, notify=NOTIFY, burn_rate=None)
    assert "fleet-Cost-burn-rate" not in alarms(stack)


@each(
    ("arguments", "message"),
    [
        (
            {},
            "notify, alarm_topic: got None; allowed: one of them, for notifications; "
            'fix: notify=["oncall@example.com"], or alarm_topic=AlarmTopic(...)',
        ),
        (
            {"notify": ["oncall"]},
            "notify[0]: got 'oncall'; allowed: an e-mail address, as oncall@example.com; fix: write one address, without a name and without spaces",
        ),
        (
            {"notify": NOTIFY, "alarm_topic": "alarm_topic"},
            "notify: got ['oncall@example.com']; allowed: no addresses together with a topic of your own; "
            "fix: AlarmTopic(notify=[...]), or subscribe to the topic",
        ),
    ],
)
def test_who_is_told(arguments: dict[str, Any], message: str) -> None:
    stack = new_stack()
    if "alarm_topic" in arguments:
        arguments["alarm_topic"] = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:us-east-1:111122223333:alarms")
    assert refused(stack, targets=[chat(stack)], **arguments) == f"CostControls fleet/Cost: {message}"


def test_two_environments_of_one_account_do_not_collide() -> None:
    app = cdk.App()
    for environment in ("dev", "prod"):
        stack = new_stack(environment, app=app)
        budget = MonthlyBudget(usd=3000)
        CostControls(stack, "Cost", targets=[chat(stack)], monthly_budget=budget, notify=NOTIFY)
    names = []
    for artifact in app.synth().stacks:
        resources = artifact.template["Resources"].values()
        fixed = ("AlarmName", "TopicName", "BudgetName", "PolicyName", "RoleName", "DashboardName", "FunctionName")
        names.append({one["Properties"][key] for one in resources for key in fixed if key in one.get("Properties", {})})
        (budgeted,) = (one for one in resources if one["Type"] == "AWS::Budgets::Budget")
        assert "BudgetName" not in budgeted["Properties"]["Budget"]
        (tag, _) = budgeted["Properties"]["Budget"]["FilterExpression"]["And"]
        assert tag["Tags"]["Values"] == [f"{artifact.stack_name}-Cost"]
    assert names[0].isdisjoint(names[1])


def test_hosts_of_components_are_counted_by_metering() -> None:
    stack = new_stack()
    meter = metering(stack)
    endpoint = host(stack)
    limit = BurnRate(usd_per_hour=15, minutes=15)
    watched(stack, targets=[endpoint], metering=meter, notify=NOTIFY, burn_rate=limit)
    burn = alarms(stack)["fleet-Cost-burn-rate"]
    key = ("UsdPerHour", "EndpointName", endpoint.endpoint_name)

    def fires(dollars: list[float]) -> int | None:
        """One value every five minutes, as the meter publishes."""
        series = [[dollars[minute // 5]] if minute % 5 == 0 else [] for minute in range(5 * len(dollars))]
        return first_minute("burn", {"burn": burn}, {key: series}, len(series), 0)

    assert (burn["EvaluationPeriods"], burn["DatapointsToAlarm"]) == (3, 3)
    # Three readings above: the value of minute 30 is in the period that ends in minute 31 first; two more, 41.
    assert fires([7.09] * 6 + [21.27] * 6) == 41
    assert fires([14.18] * 12) is None
    assert fires([0.0] * 12) is None
    assert "ml.g5.12xlarge $7.09 an hour" in burn["AlarmDescription"]


def test_a_host_without_metering_and_a_component_are_refused() -> None:
    stack = new_stack()
    assert refused(stack, targets=[host(stack)], notify=NOTIFY) == (
        "CostControls fleet/Cost: targets[0]: got 'fleet-host'; allowed: no host of components without metering: no "
        "metric counts it; fix: metering=Metering(...), one for all endpoints of the region: https://github.com/your-organization/cdk-inference/blob/main/docs/cost.md#metering"
    )


def test_the_least_of_a_host_is_its_minimum_instances() -> None:
    stack = new_stack()
    meter = metering(stack)
    found = refused(stack, targets=[host(stack, 2)], metering=meter, notify=NOTIFY, burn_rate=BurnRate(usd_per_hour=14))
    assert found == (
        "CostControls fleet/Cost: burn_rate.usd_per_hour: got 14; allowed: more than $14.18, the cost of the minimum "
        "instances of all targets in an hour; fix: raise it, or lower the minimum instances"
    )


def test_a_host_has_no_unit_cost() -> None:
    stack = new_stack()
    meter = metering(stack)
    cost = UnitCost(usd_per_1000_requests=2)
    assert refused(stack, targets=[host(stack)], metering=meter, notify=NOTIFY, unit_cost=cost) == (
        "CostControls fleet/Cost: unit_cost: got 'fleet-host'; allowed: no host of components: requests are counted per "
        "component, dollars per host; fix: unit_cost={...} with the other targets"
    )


def test_the_dashboard_has_the_controls_own_numbers() -> None:
    stack = new_stack()
    endpoint = chat(stack)
    cost = UnitCost(usd_per_1000_requests=2)
    budget = MonthlyBudget(usd=3000)
    CostControls(stack, "Cost", targets=[endpoint], monthly_budget=budget, notify=NOTIFY, unit_cost=cost)
    body = body_of(only(template_of(stack), "AWS::CloudWatch::Dashboard"))
    titles = [widget["properties"].get("title") for widget in body["widgets"]]
    assert titles[1:8] == [
        "Alarms, firing ones first",
        "Dollars per hour, now",
        "Server errors, % of requests, last 5 minutes",
        "Latency p99, milliseconds, last 5 minutes",
        "Dollars per hour",
        "fleet-chat: dollars per 1000 requests",
        "Budget left of $3,000.00, estimate, last 30 days",
    ]
    (rate,) = (one["properties"] for one in body["widgets"] if one["properties"].get("title") == "Dollars per hour")
    assert [mark["value"] for mark in rate["annotations"]["horizontal"]] == [8.22]


def test_without_a_dashboard() -> None:
    stack = new_stack()
    CostControls(stack, "Cost", targets=[chat(stack)], notify=NOTIFY, dashboard=False)
    assert of_type(template_of(stack), "AWS::CloudWatch::Dashboard") == []


def test_unit_costs_of_something_else() -> None:
    stack = new_stack()
    controls = watched(stack, targets=[chat(stack)], notify=NOTIFY)
    with pytest.raises(ConfigurationError) as caught:
        controls.metric_usd_per_1000_requests("chat")
    assert str(caught.value) == (
        "metric of CostControls fleet/Cost: target: got 'chat'; allowed: one of its targets: fleet-chat; "
        "fix: name one of them"
    )
