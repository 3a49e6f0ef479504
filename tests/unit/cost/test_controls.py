"""What is refused, and what alarms say; when they fire is in test_over_time.py."""

from __future__ import annotations

import datetime
import re
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sns as sns

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.cost import BurnRate, Idle
from cdk_inference.endpoints import (
    InstancePools,
    Observability,
    RealtimeEndpoint,
    ShadowVariant,
    Variant,
)
from cdk_inference.pricing import PriceBook
from cdk_inference.scaling import FixedCount
from tests.costs import alarms, elsewhere, refused, topic_of, watched
from tests.each import each
from tests.support import llm, models, new_stack, of_type, template_of


def expression(alarm: dict[str, Any]) -> str:
    """Its metrics called m0, m1 and so on, as they come."""
    (found,) = (query["Expression"] for query in alarm["Metrics"] if "Expression" in query)
    names = list(dict.fromkeys(re.findall(r"m_\w+", found)))
    return re.sub(r"m_\w+", lambda match: f"m{names.index(match[0])}", found)


def test_a_limit_that_the_minimum_instances_reach_would_fire_for_ever() -> None:
    stack = new_stack()
    bucket = models(stack)
    scaling = FixedCount(instances=2)
    chat = RealtimeEndpoint(stack, "Chat", server=llm(bucket), hardware="ml.g5.2xlarge", scaling=scaling)
    assert refused(stack, alarm_topic=topic_of(stack), targets=[chat], burn_rate=BurnRate(usd_per_hour=3.04)) == (
        "CostControls fleet/Cost: burn_rate.usd_per_hour: got 3.04; allowed: more than $3.04, the cost of the minimum "
        "instances of all targets in an hour; fix: raise it, or lower the minimum instances"
    )


def test_a_limit_just_above_the_minimum_instances() -> None:
    stack = new_stack()
    scaling = FixedCount(instances=2)
    chat = RealtimeEndpoint(stack, "Chat", server=llm(models(stack)), hardware="ml.g5.2xlarge", scaling=scaling)
    watched(stack, targets=[chat], alarm_topic=topic_of(stack), burn_rate=BurnRate(usd_per_hour=3.05))
    assert alarms(stack)["fleet-Cost-burn-rate"]["Threshold"] == 3.05


def test_everything_that_is_wrong_is_said_at_once() -> None:
    stack = new_stack()
    search = elsewhere(stack)
    found = refused(
        stack,
        targets=[search, search, elsewhere(stack, "unknown", None), "chat"],
        burn_rate=7,
        idle=60,
        alarm_topic=topic_of(stack, "eu-west-1"),
        urgent_topic="arn",
    )
    assert found == (
        "CostControls fleet/Cost has 7 problems:\n"
        "  1. burn_rate: got 7; allowed: BurnRate or None; fix: burn_rate=BurnRate(usd_per_hour=...)\n"
        "  2. idle: got 60; allowed: Idle or None; fix: idle=Idle(minutes=60)\n"
        "  3. alarm_topic: got 'a topic in eu-west-1'; allowed: a topic in us-east-1, the alarm's region; fix: copy it to "
        "us-east-1, or move the alarm to eu-west-1\n"
        "  4. urgent_topic: got 'arn'; allowed: a topic (aws_sns.ITopic); fix: for example AlarmTopic(...)\n"
        "  5. targets[1]: got 'search'; allowed: each target once, or it is counted twice; fix: leave it out\n"
        "  6. targets[2].hardware: got None; allowed: the instance types, to which prices belong; fix: write "
        'RealtimeEndpoint.from_endpoint_name(..., hardware="ml.g5.xlarge")\n'
        "  7. targets[3]: got 'str'; allowed: RealtimeEndpoint, AsyncEndpoint, RealtimeEndpoint.from_endpoint_name(...) or a "
        "model on Amazon Bedrock; fix: no metric counts the instances of other kinds: leave it out"
    )


def test_nothing_to_watch_or_to_say() -> None:
    stack = new_stack()
    assert refused(stack, alarm_topic=topic_of(stack), targets=[], idle=None, under_use=None) == (
        "CostControls fleet/Cost has 2 problems:\n"
        "  1. targets: got []; allowed: at least one target, as a list; fix: list the endpoints or models to watch\n"
        "  2. monthly_budget, burn_rate, idle, under_use, unit_cost: got None; allowed: at least one of them; "
        "fix: monthly_budget=MonthlyBudget(usd=...)"
    )


def test_a_type_without_a_price_is_refused_never_taken_for_nothing() -> None:
    stack = new_stack()
    assert refused(stack, alarm_topic=topic_of(stack), targets=[elsewhere(stack, hardware="ml.g7.2xlarge")]) == (
        "CostControls fleet/Cost: targets[0].hardware: got 'ml.g7.2xlarge'; allowed: a type with a price: no price of "
        "ml.g7.2xlarge in us-east-1; `cdk-inference prices refresh --region us-east-1` reads them from AWS; fix: give one: "
        'prices=price_book([Path("prices.toml")], today); https://github.com/your-organization/cdk-inference/blob/main/docs/prices.md shows the file'
    )


def test_a_price_that_is_too_old_on_the_day_of_your_book() -> None:
    stack = new_stack()
    book = PriceBook(today=datetime.date(2027, 9, 28))
    found = refused(stack, alarm_topic=topic_of(stack), targets=[elsewhere(stack)], prices=book)
    assert (
        "a type with a price: the price of ml.inf2.xlarge in us-east-1 is dated 2026-09-27, older than a year" in found
    )


def test_without_a_region_there_is_no_price() -> None:
    stack = new_stack(region=None)
    assert refused(stack, alarm_topic=topic_of(stack), targets=[elsewhere(stack)]) == (
        "CostControls fleet/Cost: region: got 'a value known at deployment only'; allowed: a region, since prices "
        'differ; fix: give the stack a region: env=cdk.Environment(region="us-east-1")'
    )


def test_an_endpoint_of_another_region_publishes_elsewhere() -> None:
    app = cdk.App()
    stack, other = new_stack(app=app), new_stack("other", "eu-west-1", app)
    assert refused(stack, alarm_topic=topic_of(stack), targets=[elsewhere(other)]) == (
        "CostControls fleet/Cost: targets[0]: got 'an endpoint in eu-west-1'; allowed: an endpoint in us-east-1, the "
        "alarm's region; fix: copy it to us-east-1, or move the alarm to eu-west-1"
    )


@each(
    ("minutes", "told"),
    [
        (10, "got 10; allowed: a whole number from 15 to 1440; fix: choose a time within the limits"),
        (1441, "got 1441; allowed: a whole number from 15 to 1440; fix: choose a time within the limits"),
        (17, "got 17; allowed: a multiple of 5; fix: write 15"),
        ("60", "got '60'; allowed: a whole number from 15 to 1440; fix: choose a time within the limits"),
    ],
)
def test_idle_minutes(minutes: Any, told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Idle(minutes=minutes)
    assert str(caught.value) == f"Idle: minutes: {told}"


def test_a_burn_rate_of_nothing() -> None:
    with pytest.raises(ConfigurationError) as caught:
        BurnRate(usd_per_hour=0, minutes=4)
    assert [(problem.argument, problem.got) for problem in caught.value.problems] == [
        ("usd_per_hour", 0),
        ("minutes", 4),
    ]


@each(
    ("publish", "period", "written"), [(10, 60, "0.253333333333 * m0"), (60, 60, "1.52 * m0"), (300, 300, "1.52 * m0")]
)
def test_samples_are_turned_into_instances_however_often_they_come(publish: int, period: int, written: str) -> None:
    stack = new_stack()
    chat = RealtimeEndpoint(
        stack,
        "Chat",
        server=llm(models(stack)),
        hardware="ml.g5.2xlarge",
        observability=Observability(metric_period_seconds=publish),
    )
    limit = BurnRate(usd_per_hour=4, minutes=10)
    watched(stack, targets=[chat], alarm_topic=topic_of(stack), burn_rate=limit)
    burn = alarms(stack)["fleet-Cost-burn-rate"]
    assert expression(burn) == written
    assert burn["EvaluationPeriods"] * period == 600
    assert {query["MetricStat"]["Period"] for query in burn["Metrics"] if "MetricStat" in query} == {period}


def test_variants_and_shadows_burn_and_only_those_that_answer_can_be_idle() -> None:
    stack = new_stack()
    bucket = models(stack)
    chat = RealtimeEndpoint(
        stack,
        "Chat",
        server=llm(bucket),
        hardware="ml.g5.2xlarge",
        more_variants=[Variant(name="B", traffic_percent=10, server=llm(bucket), hardware="ml.g6.2xlarge")],
    )
    pair = RealtimeEndpoint(
        stack,
        "Pair",
        server=llm(bucket),
        hardware="ml.g5.2xlarge",
        shadow=ShadowVariant(name="Next", sampling_percent=10, server=llm(bucket), hardware="ml.g6.2xlarge"),
    )
    watched(stack, targets=[chat, pair], alarm_topic=topic_of(stack), burn_rate=BurnRate(usd_per_hour=9))
    found = template_of(stack)
    burn = alarms(stack)["fleet-Cost-burn-rate"]
    assert expression(burn) == "1.52 * m0 + 1.222 * m1 + 1.52 * m2 + 1.222 * m3"
    names = {alarm["AlarmName"] for alarm in of_type(found, "AWS::CloudWatch::CompositeAlarm")}
    assert {name for name in names if name.endswith("-idle")} == {
        "fleet-Cost-fleet-chat-AllTraffic-idle",
        "fleet-Cost-fleet-chat-B-idle",
        "fleet-Cost-fleet-pair-AllTraffic-idle",
    }


def test_severities_go_to_their_topics_and_descriptions_say_the_numbers() -> None:
    stack = new_stack()
    pools = InstancePools(types=("ml.g6.2xlarge", "ml.g5.2xlarge"))
    urgent = sns.Topic.from_topic_arn(stack, "Urgent", "arn:aws:sns:us-east-1:111122223333:urgent")
    watched(
        stack,
        targets=[elsewhere(stack, hardware=pools)],
        alarm_topic=topic_of(stack),
        urgent_topic=urgent,
        burn_rate=BurnRate(usd_per_hour=7.5),
    )
    burn = alarms(stack)["fleet-Cost-burn-rate"]
    (idle,) = of_type(template_of(stack), "AWS::CloudWatch::CompositeAlarm")
    assert burn["AlarmActions"] == burn["OKActions"] == ["arn:aws:sns:us-east-1:111122223333:urgent"]
    assert idle["AlarmActions"] == idle["OKActions"] == ["arn:aws:sns:us-east-1:111122223333:alarms"]
    assert burn["AlarmDescription"] == (
        "What runs has cost more than $7.50 an hour for 10 minutes. See which target has more instances or "
        "tokens than usual; lower its max_instances, or the load. An update runs two fleets for a while. Prices: "
        "ml.g6.2xlarge $1.222 an hour (listed, 2026-09-27); ml.g5.2xlarge $1.52 an hour (listed, 2026-09-27)."
    )
    assert idle["AlarmDescription"] == (
        "search, variant AllTraffic, has run for 60 minutes without a request; its instances are billed in full. Check whether its callers still need it. If not, remove it from the stack or lower min_instances; if rarely, AsyncEndpoint and "
        "ComponentEndpoint scale to zero. Prices: ml.g6.2xlarge $1.222 an hour (listed, 2026-09-27); ml.g5.2xlarge $1.52 "
        "an hour (listed, 2026-09-27)."
    )


def test_the_longest_description_is_within_cloudwatchs_limit() -> None:
    """1,024 characters: botocore's model of PutMetricAlarm."""
    stack = new_stack()
    families = ("g5", "g6", "g6e", "g4dn")
    types = [f"ml.{family}.{size}" for family in families for size in ("xlarge", "12xlarge", "48xlarge")][:10]
    targets = [
        elsewhere(stack, f"search{number}", name)
        for number, name in enumerate(name for name in types if name != "ml.g4dn.48xlarge")
    ]
    watched(stack, targets=targets, alarm_topic=topic_of(stack), burn_rate=BurnRate(usd_per_hour=100))
    assert max(len(alarm["AlarmDescription"]) for alarm in alarms(stack).values()) <= 1024


def test_two_environments_of_one_account_share_no_alarm() -> None:
    app = cdk.App()
    names: list[set[str]] = []
    for environment in ("dev", "prod"):
        stack = new_stack(environment, app=app)
        burn = BurnRate(usd_per_hour=7)
        watched(stack, targets=[elsewhere(stack)], alarm_topic=topic_of(stack), burn_rate=burn)
    for artifact in app.synth().stacks:
        found = artifact.template["Resources"].values()
        names.append({one["Properties"]["AlarmName"] for one in found if one["Type"].endswith("Alarm")})
    assert names[0].isdisjoint(names[1])
    assert len(names[0]) == 5


def test_a_standby_may_be_idle() -> None:
    stack = new_stack()
    pair = [elsewhere(stack, "chat"), elsewhere(stack, "standby")]
    watched(stack, targets=pair, standby=pair[1:], alarm_topic=topic_of(stack))
    assert sorted(alarms(stack)) == [
        f"fleet-Cost-chat-AllTraffic-{end}" for end in ("idle", "quiet", "running", "under-use")
    ]


@each("standby", ["chat", None, [5]])
def test_a_standby_is_one_of_the_targets(standby: Any) -> None:
    stack = new_stack()
    found = refused(stack, targets=[elsewhere(stack)], standby=standby, alarm_topic=topic_of(stack))
    assert found.startswith("CostControls fleet/Cost: standby: got ")
