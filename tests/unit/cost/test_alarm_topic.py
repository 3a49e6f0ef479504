"""Who may publish to the topic of alarms, decided by IAM's rules, and what is refused."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.cost import AlarmTopic, send_alarm
from rehearsal.iam import Policies, Request, decide
from tests.each import each
from tests.judges import lint, service_model
from tests.judges.deployed import Deployment
from tests.refusals import refusal_of
from tests.support import CONTEXT, Template, new_stack, of_type, only, template_of

HERE, ELSEWHERE = "111122223333", "444455556666"
TOPIC, KEY = f"arn:aws:sns:us-east-1:{HERE}:alarms", f"arn:aws:kms:us-east-1:{HERE}:key/1"
SERVICES = ("cloudwatch.amazonaws.com", "budgets.amazonaws.com", "costalerts.amazonaws.com")


@functools.cache
def made() -> Template:
    stack = new_stack()
    AlarmTopic(stack, "Alarms", notify=["oncall@example.com", "costs@example.com"])
    return template_of(stack)


def policy(kind: str, name: str) -> dict[str, Any]:
    (key,) = (key for key, one in made()["Resources"].items() if one["Type"] == kind)
    (topic,) = (key for key, one in made()["Resources"].items() if one["Type"] == "AWS::SNS::Topic")
    found = Deployment(values={topic: TOPIC}).policy_of(made(), key, name)
    assert isinstance(found, dict)
    return found


def publishes(principal: str, account: str | None = HERE, *, tls: bool = True, action: str = "sns:Publish") -> bool:
    context = {"aws:SecureTransport": str(tls).lower(), **({} if account is None else {"aws:SourceAccount": account})}
    document = policy("AWS::SNS::TopicPolicy", "PolicyDocument")
    return decide(Request(action, TOPIC, context, principal), Policies(resource=document)).allowed


def uses_key(principal: str, account: str | None = HERE, action: str = "kms:GenerateDataKey") -> bool:
    context = {} if account is None else {"aws:SourceAccount": account}
    document = policy("AWS::KMS::Key", "KeyPolicy")
    return decide(Request(action, KEY, context, principal), Policies(resource=document)).allowed


@each("service", SERVICES)
def test_alarms_budgets_and_cost_anomalies_of_this_account(service: str) -> None:
    assert publishes(service)
    assert all(uses_key(service, action=action) for action in ("kms:GenerateDataKey", "kms:Decrypt"))


@each("service", SERVICES)
def test_those_of_another_account_or_of_nobody(service: str) -> None:
    assert not publishes(service, ELSEWHERE)
    assert not publishes(service, None)


@each("service", SERVICES)
def test_they_do_nothing_else_and_nothing_without_tls(service: str) -> None:
    assert not publishes(service, tls=False)
    assert not any(
        publishes(service, action=f"sns:{one}") for one in ("Subscribe", "SetTopicAttributes", "DeleteTopic")
    )
    assert not any(uses_key(service, action=f"kms:{one}") for one in ("Encrypt", "PutKeyPolicy", "ScheduleKeyDeletion"))


@each(
    "principal",
    [
        *("s3.amazonaws.com", "events.amazonaws.com", "lambda.amazonaws.com"),
        *(f"arn:aws:iam::{account}:role/anyone" for account in (HERE, ELSEWHERE)),
        "anonymous",
    ],
)
def test_nobody_else(principal: str) -> None:
    assert not publishes(principal)
    # A key lets its account decide by IAM policies; the policy itself names no role.
    assert uses_key(principal) is (principal == f"arn:aws:iam::{HERE}:role/anyone")


def test_a_role_of_the_account_whose_own_policy_says_so() -> None:
    """As IAM adds the two, the topic cannot but allow it; AlarmTopic says so."""
    own = {"Statement": [{"Effect": "Allow", "Action": "sns:Publish", "Resource": TOPIC}]}
    request = Request("sns:Publish", TOPIC, {"aws:SecureTransport": "true"})
    document = policy("AWS::SNS::TopicPolicy", "PolicyDocument")
    assert decide(request, Policies(identity=[own], resource=document)).allowed


def test_the_key_for_budgets_is_as_aws_shows_it_without_a_condition() -> None:
    """Whether Budgets says on whose behalf it asks is not established. The topic keeps other accounts out."""
    assert [uses_key(service, ELSEWHERE) for service in SERVICES] == [False, True, False]
    assert [uses_key(service, None) for service in SERVICES] == [False, True, False]


def test_each_address_subscribes() -> None:
    found = of_type(made(), "AWS::SNS::Subscription")
    assert [(one["Protocol"], one["Endpoint"]) for one in found] == [
        ("email", "oncall@example.com"),
        ("email", "costs@example.com"),
    ]


def test_an_address_that_is_known_at_deployment_only() -> None:
    stack = new_stack()
    AlarmTopic(stack, "Alarms", notify=[cdk.CfnParameter(stack, "Mail").value_as_string, "oncall@example.com"])
    found = of_type(template_of(stack), "AWS::SNS::Subscription")
    assert [one["Endpoint"] for one in found] == [{"Ref": "Mail"}, "oncall@example.com"]


def test_the_judges_have_nothing_to_say() -> None:
    assert lint.findings(made(), "us-east-1") == service_model.findings(made()) == []


def test_a_key_of_its_own_turns_and_goes_with_the_topic() -> None:
    (key,) = (one for one in made()["Resources"].values() if one["Type"] == "AWS::KMS::Key")
    assert key["Properties"]["EnableKeyRotation"] is True
    assert key["DeletionPolicy"] == "Delete"


def key_in_another_stack() -> tuple[Template, Template]:
    app = cdk.App(context=CONTEXT)
    keys, fleet = new_stack("keys", app=app), new_stack(app=app)
    key = kms.Key(keys, "Key", enable_key_rotation=True)
    for id in ("Alarms", "Urgent"):
        AlarmTopic(fleet, id, encryption_key=key)
    assembly = app.synth()
    first, second = (assembly.get_stack_artifact(stack.artifact_id).template for stack in (keys, fleet))
    return first, second


def test_a_key_of_another_stack_is_extended_there_once_and_needs_nothing_of_the_topics() -> None:
    keys, fleet = key_in_another_stack()
    statements = only(keys, "AWS::KMS::Key")["KeyPolicy"]["Statement"]
    alarms, budgets, anomalies = SERVICES
    assert [one["Principal"].get("Service") for one in statements] == [None, [alarms, anomalies], budgets]
    assert "fleet" not in str(keys)
    assert of_type(fleet, "AWS::KMS::Key") == []
    assert ["keys" in str(topic["KmsMasterKeyId"]) for topic in of_type(fleet, "AWS::SNS::Topic")] == [True, True]


def warnings_of(stack: cdk.Stack) -> Iterator[str]:
    app = stack.node.root
    assert isinstance(app, cdk.App)
    for one in app.synth().get_stack_artifact(stack.artifact_id).messages:
        yield str(one.entry.data)


def test_a_key_made_elsewhere_cannot_be_extended_and_that_is_said() -> None:
    stack = new_stack(app=cdk.App())  # without this project's context, which makes warnings errors
    AlarmTopic(stack, "Alarms", encryption_key=kms.Key.from_key_arn(stack, "Key", KEY))
    assert list(warnings_of(stack)) == [
        "The topic's key is imported. Its policy must allow kms:Decrypt and kms:GenerateDataKey* to "
        "cloudwatch.amazonaws.com, budgets.amazonaws.com, costalerts.amazonaws.com; where it does not, alarms are lost "
        "without an error. [ack: Annotation::cdk-inference:alarm-topic-key]"
    ]


@each(
    ("address", "told"),
    [
        (
            "oncall",
            "got 'oncall'; allowed: an e-mail address, as oncall@example.com; fix: write one address, without a name and without spaces",
        ),
        (
            "a b@example.com",
            "got 'a b@example.com'; allowed: an e-mail address, as oncall@example.com; fix: write one address, without a name and without spaces",
        ),
        (
            "oncall@example",
            "got 'oncall@example'; allowed: an e-mail address, as oncall@example.com; fix: write one address, without a name and without spaces",
        ),
        (
            7,
            "got 7; allowed: an e-mail address, as oncall@example.com; fix: write one address, without a name and without spaces",
        ),
    ],
)
def test_an_address_that_is_none(address: Any, told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        AlarmTopic(new_stack(), "Alarms", notify=[address])
    assert str(caught.value) == f"AlarmTopic fleet/Alarms: notify[0]: {told}"


def test_everything_that_is_wrong_is_said_at_once() -> None:
    app = cdk.App()
    far = kms.Key(new_stack("far", "eu-west-1", app), "Key")
    twice: Any = ["oncall@example.com"] * 2
    with pytest.raises(ConfigurationError) as caught:
        AlarmTopic(new_stack(app=app), "Alarms", notify=twice, encryption_key=far)
    assert str(caught.value) == (
        "AlarmTopic fleet/Alarms has 2 problems:\n"
        "  1. notify: got ['oncall@example.com', 'oncall@example.com']; allowed: each address once; fix: leave out the "
        "second\n"
        "  2. encryption_key: got 'a key in eu-west-1'; allowed: a key in us-east-1, the topic's region; fix: copy it to "
        "us-east-1, or move the topic to eu-west-1"
    )
    one: Any = "oncall@example.com"
    with pytest.raises(ConfigurationError) as caught:
        AlarmTopic(new_stack(), "Alarms", notify=one)
    assert str(caught.value) == (
        "AlarmTopic fleet/Alarms: notify: got 'oncall@example.com'; allowed: a list of e-mail addresses; fix: for example "
        'notify=["oncall@example.com"]'
    )


def test_an_alarm_of_the_app_reaches_a_topic_when_it_fires_and_when_it_is_over() -> None:
    stack = new_stack()
    alarm = cloudwatch.Metric(namespace="App", metric_name="Errors").create_alarm(
        stack, "Errors", threshold=1, evaluation_periods=1
    )
    send_alarm(alarm, AlarmTopic(stack, "Topic"))
    made = only(template_of(stack), "AWS::CloudWatch::Alarm")
    assert made["AlarmActions"] == made["OKActions"] == [{"Ref": "TopicBFC7AF6E"}]


def test_what_cannot_be_sent_is_refused() -> None:
    stack = new_stack()
    topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111122223333:alarms")
    assert refusal_of(send_alarm, "errors", "alarms") == (
        "send_alarm() has 2 problems:\n"
        "  1. alarm: got 'errors'; allowed: an alarm (aws_cloudwatch.Alarm); fix: pass cloudwatch.Alarm(...), or "
        "what metric.create_alarm(...) returns\n"
        "  2. topic: got 'alarms'; allowed: a topic (aws_sns.ITopic); fix: for example AlarmTopic(...)"
    )
    made = cloudwatch.Metric(namespace="App", metric_name="Errors").create_alarm(
        stack, "Errors", threshold=1, evaluation_periods=1
    )
    assert "topic: got 'a topic in eu-west-1'; allowed: a topic in us-east-1" in refusal_of(send_alarm, made, topic)
