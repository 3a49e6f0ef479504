"""Topics of the app to which AWS cannot publish: reported where they are passed in, at synth time."""

from __future__ import annotations

import functools
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from cdk_inference.cost import (
    AlarmTopic,
    AnomalyDetection,
    BillingAlarm,
    Budget,
    BurnRate,
    CostControls,
    Metering,
    MonthlyBudget,
)
from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.health import HealthAlarms
from tests.costs import elsewhere
from tests.each import each
from tests.support import llm, models, new_stack

BUDGETS, CLOUDWATCH, ANOMALIES = "budgets.amazonaws.com", "cloudwatch.amazonaws.com", "costalerts.amazonaws.com"


def open_to(topic: sns.Topic, service: str) -> sns.Topic:
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal(service)], actions=["sns:Publish"], resources=[topic.topic_arn]
        )
    )
    return topic


def key_for(stack: cdk.Stack, id: str, service: str) -> kms.Key:
    key = kms.Key(stack, id)
    key.grant_encrypt_decrypt(iam.ServicePrincipal(service))
    return key


@functools.cache
def warnings() -> dict[str, str]:
    """Construct -> its warnings, of one app: each takes a topic of another kind."""
    app = cdk.App()
    stack = new_stack(app=app, account="111122223333")
    monthly = MonthlyBudget(usd=100)

    def budget(id: str, topic: Any) -> None:
        Budget(stack, id, monthly=monthly, tag=None, alarm_topic=topic)

    def topic(id: str, **arguments: Any) -> sns.Topic:
        return sns.Topic(stack, f"{id}Topic", **arguments)

    budget("Plain", topic("Plain"))
    budget("OtherService", open_to(topic("OtherService"), CLOUDWATCH))
    budget("Open", open_to(topic("Open"), BUDGETS))
    budget("Key", open_to(topic("Key", master_key=kms.Key(stack, "Own")), BUDGETS))
    budget("KeyOpen", open_to(topic("KeyOpen", master_key=key_for(stack, "OwnOpen", BUDGETS)), BUDGETS))
    managed = kms.Alias.from_alias_name(stack, "Managed", "alias/aws/sns")
    budget("ManagedKey", open_to(topic("ManagedKey", master_key=managed), BUDGETS))
    budget("Imported", sns.Topic.from_topic_arn(stack, "There", "arn:aws:sns:us-east-1:111122223333:there"))
    budget("Alarm", AlarmTopic(stack, "AlarmTopic"))
    later = topic("Later")
    budget("Later", later)
    open_to(later, BUDGETS)
    apart = topic("Apart")
    budget("Apart", apart)
    sns.TopicPolicy(stack, "Policy", topics=[apart], policy_document=iam.PolicyDocument(statements=[publish(apart)]))
    AnomalyDetection(stack, "Anomalies", usd=5, alarm_topic=topic("Anomalies"))
    ssl = topic("Billing", enforce_ssl=True)
    BillingAlarm(stack, "Billing", usd=5, alarm_topic=ssl)
    for id, given in {
        "ControlsPlain": topic("ControlsPlain"),
        "ControlsKey": topic("ControlsKey", master_key=kms.Key(stack, "ControlsOwn")),
    }.items():
        target = elsewhere(stack, id)
        CostControls(
            stack, id, targets=[target], alarm_topic=given, burn_rate=BurnRate(usd_per_hour=9), dashboard=False
        )
    for id, construct, more in (
        ("Health", HealthAlarms, {"targets": [elsewhere(stack, "watched")]}),
        ("Metering", Metering, {}),
    ):
        construct(stack, id, alarm_topic=topic(id, master_key=kms.Key(stack, f"{id}Own")), **more)
    server = llm(models(stack))
    RealtimeEndpoint(
        stack,
        "Endpoint",
        server=server,
        hardware="ml.g6.2xlarge",
        alarm_topic=topic("Endpoint", master_key=kms.Key(stack, "EndpointOwn")),
    )
    app.synth()
    return {
        one.node.path.partition("/")[2]: " ".join(
            str(entry.data) for entry in one.node.metadata if entry.type == "aws:cdk:warning"
        )
        for one in stack.node.children
    }


def publish(topic: sns.Topic) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        principals=[iam.ServicePrincipal(BUDGETS)], actions=["SNS:Publish"], resources=[topic.topic_arn]
    )


@each("id", ["Open", "KeyOpen", "Imported", "Alarm", "Later", "Apart", "ControlsPlain"])
def test_no_warning_where_the_service_may_publish_or_nothing_is_known(id: str) -> None:
    assert warnings()[id] == ""


@each(
    ("id", "told"),
    [
        ("Plain", f"No policy of the topic fleet/PlainTopic lets {BUDGETS} publish (sns:Publish)"),
        ("OtherService", f"No policy of the topic fleet/OtherServiceTopic lets {BUDGETS} publish (sns:Publish)"),
        ("Key", f"The policy of the key fleet/Own does not let {BUDGETS} use it (kms:Decrypt, kms:GenerateDataKey*)"),
        ("ManagedKey", "The topic fleet/ManagedKeyTopic is encrypted with the key that AWS manages"),
        ("Anomalies", f"No policy of the topic fleet/AnomaliesTopic lets {ANOMALIES} publish (sns:Publish)"),
        # enforce_ssl makes a policy that only denies, in the place of the one that lets alarms publish.
        ("Billing", f"No policy of the topic fleet/BillingTopic lets {CLOUDWATCH} publish (sns:Publish)"),
        ("ControlsKey", f"The policy of the key fleet/ControlsOwn does not let {CLOUDWATCH} use it"),
        ("Health", f"The policy of the key fleet/HealthOwn does not let {CLOUDWATCH} use it"),
        ("Endpoint", f"The policy of the key fleet/EndpointOwn does not let {CLOUDWATCH} use it"),
        ("Metering", f"The policy of the key fleet/MeteringOwn does not let {CLOUDWATCH} use it"),
    ],
)
def test_a_topic_or_key_that_keeps_the_service_out(id: str, told: str) -> None:
    assert warnings()[id].startswith(told)
    assert "Pass an AlarmTopic, or add the statement to that policy." in warnings()[id]
