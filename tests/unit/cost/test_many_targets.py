"""A budget and a rate over more targets than one alarm reads; numbers that controls need at synth time."""

from __future__ import annotations

import functools
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam

from cdk_inference.bedrock import ApplicationProfile, BedrockAccess, FoundationModel, InferenceProfile
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.cost import (
    AlarmTopic,
    Budget,
    BurnRate,
    CostControls,
    DenyNewEndpoints,
    Idle,
    MonthlyBudget,
    UnderUse,
    UnitCost,
)
from cdk_inference.cost.lowest_cost import part_limits
from tests.costs import alarms, elsewhere, refused, topic_of, watched
from tests.each import each
from tests.judges import lint, service_model
from tests.refusals import NUMBER_TOKEN
from tests.support import Template, new_stack, of_type, only, template_of

OPUS = InferenceProfile("us.anthropic.claude-opus-5-5")


def teams(stack: cdk.Stack, count: int) -> list[ApplicationProfile]:
    return [ApplicationProfile(stack, f"Team{number}", of=OPUS, tags={"team": str(number)}) for number in range(count)]


@functools.cache
def five_teams() -> tuple[Template, CostControls]:
    """Four kinds of tokens each: 20 metrics, so two, two and one."""
    stack = new_stack()
    topic = AlarmTopic(stack, "Alarms")
    controls = CostControls(
        stack, "Cost", targets=teams(stack, 5), alarm_topic=topic, monthly_budget=MonthlyBudget(usd=7300)
    )
    return template_of(stack), controls


def test_one_budget_over_any_number() -> None:
    template, controls = five_teams()
    assert only(template, "AWS::Budgets::Budget")["Budget"]["BudgetLimit"] == {"Amount": 7300, "Unit": "USD"}
    tags = [one["Tags"] for one in of_type(template, "AWS::Bedrock::ApplicationInferenceProfile")]
    assert all({"Key": "cost-controls", "Value": "fleet-Cost"} in of_one for of_one in tags)
    assert lint.findings(template, "us-east-1") == service_model.findings(template) == []
    assert len(controls.alarms) == 1


def test_a_rate_is_divided_among_alarms_that_one_composite_joins() -> None:
    """7300 / 730 x 2 = 20 dollars an hour: 8, 8 and 4 for two, two and one team, of which none has instances."""
    template, _ = five_teams()
    parts = {one["AlarmName"]: one for one in of_type(template, "AWS::CloudWatch::Alarm")}
    assert {name: part["Threshold"] for name, part in parts.items()} == {
        "fleet-Cost-burn-rate-1": 8,
        "fleet-Cost-burn-rate-2": 8,
        "fleet-Cost-burn-rate-3": 4,
    }
    for part in parts.values():
        assert sum("MetricStat" in one for one in part["Metrics"]) <= 10
        assert "AlarmActions" not in part
    composite = only(template, "AWS::CloudWatch::CompositeAlarm")
    assert composite["AlarmName"] == "fleet-Cost-burn-rate"
    assert len(composite["AlarmActions"]) == len(composite["OKActions"]) == 1
    assert str(composite["AlarmRule"]).count("ALARM") == 3


def test_parts_add_up_to_the_rate_and_lie_above_the_minimum_instances() -> None:
    """ml.inf2.xlarge costs $0.99 an hour: of 40, ten and two of twelve targets get 9.90 + 23.433.. and 1.98 + 4.686.."""
    stack = new_stack()
    limits = part_limits(40, [[Costs(0.99)] * 10, [Costs(0.99)] * 2])
    assert limits == pytest.approx([9.9 + 28.12 * 10 / 12, 1.98 + 28.12 * 2 / 12])
    assert sum(limits) == pytest.approx(40)
    watched(
        stack,
        targets=[elsewhere(stack, f"search{number}") for number in range(12)],
        alarm_topic=topic_of(stack),
        burn_rate=BurnRate(usd_per_hour=40),
        idle=None,
        under_use=None,
    )
    found = {name: alarm.get("Threshold") for name, alarm in alarms(stack).items()}
    # Of endpoints made elsewhere nobody knows how many instances run, so the parts go by their number.
    assert found == {
        "fleet-Cost-burn-rate": None,
        "fleet-Cost-burn-rate-1": pytest.approx(40 * 10 / 12),
        "fleet-Cost-burn-rate-2": pytest.approx(40 * 2 / 12),
    }


class Costs:
    """One instance at so many dollars an hour."""

    def __init__(self, usd: float) -> None:
        from cdk_inference.hosting import CountRange

        self.lowest_usd, self.counts = usd, CountRange.fixed(1)


def test_without_a_rate_no_alarm_reads_them_all() -> None:
    stack = new_stack()
    watched(
        stack,
        targets=teams(stack, 3),
        notify=["oncall@example.com"],
        monthly_budget=MonthlyBudget(usd=5000),
        burn_rate=None,
    )
    assert alarms(stack) == {}


def test_the_rate_of_many_is_a_sum_of_sums_that_cloudwatch_reads() -> None:
    """2,048 characters of an expression: botocore's model of MetricDataQuery. Fifteen models have sixty metrics."""
    stack = new_stack()
    targets = teams(stack, 15)
    controls = watched(stack, targets=targets, alarm_topic=topic_of(stack), burn_rate=BurnRate(usd_per_hour=60))
    rate = controls.metric_usd_per_hour()
    parts = [one for one in rate.using_metrics.values() if isinstance(one, cloudwatch.MathExpression)]
    assert [len(one.using_metrics) for one in parts] == [10] * 6
    assert max(len(one.expression) for one in (rate, *parts)) <= 2048
    assert rate.expression == " + ".join(rate.using_metrics)
    template = template_of(stack)
    assert lint.findings(template, "us-east-1") == service_model.findings(template) == []


def test_each_endpoint_and_model_is_counted_once_whichever_object_stands_for_it() -> None:
    stack = new_stack()
    nova = FoundationModel("amazon.nova-lite-v1:0")
    accesses = [BedrockAccess(stack, name, models=[nova]).target() for name in ("A", "B")]
    imported = [elsewhere(stack), elsewhere(cdk.Stack(stack.node.root, "other", env=stack_env()))]
    found = refused(
        stack, targets=[*accesses, *imported], alarm_topic=topic_of(stack), burn_rate=BurnRate(usd_per_hour=9)
    )
    once = "allowed: each target once, or it is counted twice; fix: leave it out"
    assert found == (
        "CostControls fleet/Cost has 2 problems:\n"
        f"  1. targets[1]: got 'amazon.nova-lite-v1:0'; {once}\n"
        f"  2. targets[3]: got 'search'; {once}"
    )


def stack_env() -> cdk.Environment:
    return cdk.Environment(region="us-east-1")


def test_a_dollar_a_month_is_a_rate_below_a_cent() -> None:
    """1 / 730 x 2 = 0.0027 dollars an hour."""
    stack = new_stack()
    watched(stack, targets=teams(stack, 1), alarm_topic=topic_of(stack), monthly_budget=MonthlyBudget(usd=1))
    burn = alarms(stack)["fleet-Cost-burn-rate"]
    assert burn["Threshold"] == 0.0027
    assert "more than $0.0027 an hour" in burn["AlarmDescription"]


def test_everything_that_is_wrong_with_money_is_reported_at_once() -> None:
    """$0.99 an hour of the endpoint, twice: its budget, its rate, its unit cost and the list that is none."""
    stack = new_stack()
    search = elsewhere(stack)
    found = refused(
        stack,
        targets=[search],
        notify=["nobody"],
        monthly_budget=MonthlyBudget(usd=NUMBER_TOKEN),
        unit_cost=UnitCost(usd_per_million_tokens=3),
        idle=60,
    )
    assert [line.partition(": ")[0].strip()[3:] for line in found.splitlines()[1:]] == [
        "idle",
        "notify[0]",
        "monthly_budget.usd",
        "unit_cost.tokens",
        "targets[0]",
    ]
    assert "a number that is known at synth time" in found
    assert refused(stack, targets="search", notify=["a@example.com"], monthly_budget=MonthlyBudget(usd=1)) == (
        "CostControls fleet/Cost: targets: got 'search'; allowed: at least one target, as a list; fix: list the endpoints or models to watch"
    )


@each(
    "make",
    [
        lambda: BurnRate(usd_per_hour=NUMBER_TOKEN),
        lambda: BurnRate(usd_per_hour=1, minutes=NUMBER_TOKEN),
        lambda: Idle(minutes=NUMBER_TOKEN),
        lambda: UnderUse(percent=NUMBER_TOKEN),
        lambda: UnderUse(hours=NUMBER_TOKEN),
        lambda: UnitCost(usd_per_1000_requests=NUMBER_TOKEN),
        lambda: UnitCost(usd_per_million_tokens=NUMBER_TOKEN),
        lambda: UnitCost(usd_per_1000_requests=1, minutes=NUMBER_TOKEN),
        lambda: UnitCost(usd_per_1000_requests=1, least_requests=NUMBER_TOKEN),
    ],
)
def test_limits_are_known_at_synth_time(make: Any) -> None:
    with pytest.raises(ConfigurationError, match="a number that is known at synth time") as caught:
        make()
    assert len(caught.value.problems) == 1


@each("usd", [0.001, 1e21, float("nan"), float("inf"), True])
def test_amounts_that_no_budget_takes(usd: float) -> None:
    with pytest.raises(ConfigurationError, match=r"^MonthlyBudget: usd: "):
        MonthlyBudget(usd=usd)


def test_values_keep_what_they_were_given() -> None:
    actual, roles = [80.0], [iam.Role.from_role_name(new_stack(), "Deploys", "deploys")]
    budget = MonthlyBudget(usd=100, actual_percent=actual, on_exceeded=DenyNewEndpoints(roles=roles))
    actual.append(9000)
    roles.clear()
    assert budget.actual_percent == (80.0,)
    assert budget.on_exceeded is not None
    assert len(budget.on_exceeded.roles) == 1


def test_a_hundred_roles_are_attached_by_policies_of_iams_size() -> None:
    """6,144 characters; an ARN with a path of 40 and a name of 30 characters has 97, so 57 fit into one."""
    stack = new_stack(account="111122223333")
    names = [f"arn:aws:iam::111122223333:role/{'p' * 39}/{number:0>30}" for number in range(100)]
    roles = [iam.Role.from_role_arn(stack, f"Role{number}", arn) for number, arn in enumerate(names)]
    monthly = MonthlyBudget(usd=100, on_exceeded=DenyNewEndpoints(roles=roles))
    Budget(stack, "Budget", monthly=monthly, tag=None, emails=["a@example.com"])
    found = of_type(template_of(stack), "AWS::IAM::ManagedPolicy")
    documents = [one["PolicyDocument"] for one in found if "Roles" in one]
    assert max(len(str(one).replace(" ", "")) for one in documents) <= 6144
    assert [arn for one in documents for arn in one["Statement"][0]["Resource"]] == names
