"""Whom alarms notify, in templates by whomever: topics by reference, name and ARN, and each kind of receiver."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from cdk_inference.template import deployment_of, read_hosting
from cdk_inference.template.notifications import Notifications, read_notifications
from tests.each import each
from tests.unit.template.test_alarm_kinds import metric

SNAPSHOTS = Path(__file__).parents[2] / "snapshot/__snapshots__/test_templates"
TOPIC = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "on-call"}}
ARN = "arn:aws:sns:us-east-1:111122223333:on-call"


def alarm(*actions: Any, name: str = "Invocation5XXErrors", **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": metric(name) | {"AlarmActions": list(actions)} | more}


def composite(rule: Any, *actions: Any) -> dict[str, Any]:
    properties = {"AlarmRule": rule, "AlarmActions": list(actions)}
    return {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": properties}


def subscription(topic: Any, protocol: str = "email", endpoint: Any = "a@example.com") -> dict[str, Any]:
    properties = {"TopicArn": topic, "Protocol": protocol, "Endpoint": endpoint}
    return {"Type": "AWS::SNS::Subscription", "Properties": properties}


def read(*stacks: dict[str, Any]) -> Notifications:
    templates = {
        f"s{number}": {"Parameters": {"Given": {"Type": "String"}}, "Resources": one}
        for number, one in enumerate(stacks)
    }
    deployment = deployment_of(templates, "us-east-1")
    return read_notifications(deployment, read_hosting(deployment))


def receivers(found: Notifications) -> dict[str, tuple[str, ...]]:
    return {one.name: one.receivers for one in found.destinations}


@each(
    "action",
    [
        {"Ref": "Topic"},
        {"Fn::GetAtt": ["Topic", "TopicArn"]},
        ARN,
        {"Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:on-call"},
    ],
)
@each("of", [{"Ref": "Topic"}, ARN])
def test_a_topic_of_the_template(action: Any, of: Any) -> None:
    found = read({"Topic": TOPIC, "A": alarm(action), "S": subscription(of)})
    assert receivers(found) == {"s0/Topic": ("email a@example.com",)}
    assert found.silent == ()


def test_a_topic_of_another_stack() -> None:
    found = read({"A": alarm(ARN)}, {"Topic": TOPIC, "S": subscription({"Ref": "Topic"})})
    assert receivers(found) == {"s1/Topic": ("email a@example.com",)}


@each("action", ["arn:aws:sns:us-east-1:111122223333:imported", {"Ref": "Given"}])
def test_a_topic_made_elsewhere(action: Any) -> None:
    (found,) = read({"A": alarm(action)}).destinations
    assert found.receivers == ()
    assert found.name in ("arn:aws:sns:us-east-1:111122223333:imported", "${Given}")
    assert receivers(read({"A": alarm(action), "S": subscription(action)})) == {found.name: ("email a@example.com",)}


def test_actions_that_are_not_known() -> None:
    (found,) = read({"A": alarm(AlarmActions={"Fn::Split": [",", {"Ref": "Given"}]})}).destinations
    assert (found.name, found.receivers) == (
        "an address that is not known: the parameter Given has no default",
        (),
    )


def test_each_kind_of_receiver() -> None:
    topic = {"Ref": "Topic"}
    slack = {"SlackChannelId": "C01", "SnsTopicArns": [topic], "ConfigurationName": "c", "IamRoleArn": "r"}
    teams = {"TeamsChannelId": "19%3a", "SnsTopicArns": [ARN], "ConfigurationName": "c", "IamRoleArn": "r"}
    function = {"Type": "AWS::Lambda::Function", "Properties": {}}
    found = read(
        {
            "Topic": TOPIC,
            "A": alarm(topic),
            "Function": function,
            "Lambda": subscription(topic, "lambda", {"Fn::GetAtt": ["Function", "Arn"]}),
            "Queue": subscription(topic, "sqs", "arn:aws:sqs:us-east-1:111122223333:alarms"),
            "Pager": subscription(topic, "https", "https://events.example.com/x"),
            "Later": subscription(topic, "email", {"Ref": "AWS::NoValue"}),
            "Slack": {"Type": "AWS::Chatbot::SlackChannelConfiguration", "Properties": slack},
            "Teams": {"Type": "AWS::Chatbot::MicrosoftTeamsChannelConfiguration", "Properties": teams},
            "Direct": alarm({"Fn::GetAtt": ["Function", "Arn"]}),
            "Ticket": alarm("arn:aws:ssm:us-east-1:111122223333:opsitem:1#CATEGORY=Availability"),
        }
    )
    assert receivers(found) == {
        "s0/Topic": (
            "lambda ${Function}",
            "sqs alarms",
            "https https://events.example.com/x",
            "email at an address known at deployment only",
            "Slack channel C01",
            "Teams channel 19%3a",
        ),
        "s0/Function": ("Lambda",),
        "arn:aws:ssm:us-east-1:111122223333:opsitem:1#CATEGORY=Availability": ("Systems Manager",),
    }


ENDPOINT = {
    "EndpointConfigName": "c",
    "DeploymentConfig": {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": {"Ref": "Rollback"}}]}},
}
POLICY = {"Type": "AWS::ApplicationAutoScaling::ScalingPolicy", "Properties": {}}


def test_alarms_without_a_notification() -> None:
    found = read(
        {
            "Topic": TOPIC,
            "Policy": POLICY,
            "Chat": {"Type": "AWS::SageMaker::Endpoint", "Properties": ENDPOINT},
            "Rollback": alarm(AlarmName="rollback"),
            "Wake": alarm({"Ref": "Policy"}),
            "WakeByArn": alarm("arn:aws:autoscaling:us-east-1:1:scalingPolicy:x:resource/sagemaker/y:policyName/z"),
            "Off": alarm({"Ref": "Topic"}, ActionsEnabled="false"),
            "None": alarm(),
            "OnlyGood": alarm(OKActions=[ARN]),
            "First": alarm(AlarmName="first", name="Invocations", ComparisonOperator="LessThanThreshold"),
            "Second": alarm(),
            "Both": composite({"Fn::Sub": 'ALARM("first") AND NOT OK("${Second.Arn}")'}, {"Ref": "Topic"}),
            "Third": alarm(),
            "Silent": composite({"Fn::Sub": "ALARM(${Third})"}),
        }
    )
    kinds = {one.resource.logical_id: one.kind for one in found.alarms}
    assert kinds["Rollback"] == "rollback"
    assert kinds["Wake"] == kinds["WakeByArn"] == "scaling"
    assert (kinds["Both"], kinds["Silent"]) == ("cost", "health")
    assert [one.resource.logical_id for one in found.silent] == ["Rollback", "Off", "None", "OnlyGood", "Silent"]


def test_an_alarm_on_a_component_is_about_its_endpoint() -> None:
    chat = {"Type": "AWS::SageMaker::Endpoint", "Properties": {"EndpointConfigName": "c"}}
    host = {"EndpointName": {"Fn::GetAtt": ["Chat", "EndpointName"]}, "InferenceComponentName": "legal"}
    of_component = [{"Name": "InferenceComponentName", "Value": "legal"}]
    query = {"PromQLCriteria": {"Query": {"Fn::Sub": 'up{"aws.sagemaker.endpoint.name"="${Chat.EndpointName}"}'}}}
    found = read(
        {
            "Chat": chat,
            "Legal": {"Type": "AWS::SageMaker::InferenceComponent", "Properties": host},
            "A": alarm(Dimensions=of_component),
            "B": alarm(EvaluationCriteria=query),
            "C": alarm(Dimensions=[{"Name": "InferenceComponentName", "Value": "other"}]),
        }
    )
    assert [one.endpoints for one in found.alarms] == [(("s0", "Chat"),), (("s0", "Chat"),), ()]


# The last word of an alarm's name says which construct made it: health/conditions.py, cost/alarms/, kit/.
KINDS = {
    "cost": {"charges", "rate", "use", "idle", "config", "cost", "silent", "unpriced"},
    "health": {"maximum", "capacity", "errors", "latency", "throttled", "backlog"},
    "rollback": {"5xx"},
    "scaling": {"wake", "out"},
}


def test_every_alarm_of_the_fleet_and_the_examples() -> None:
    found = defaultdict(set)
    for file in SNAPSHOTS.glob("*.json"):
        written = json.loads(file.read_text())
        templates = {file.stem: written} if "Resources" in written else written
        deployment = deployment_of({name: one for name, one in templates.items() if "Resources" in one}, "us-east-1")
        for one in read_notifications(deployment, read_hosting(deployment)).alarms:
            if not one.part and "/" not in one.name:
                found[one.name.rpartition("-")[2]].add(one.kind)
    known = {word: {kind} for kind, words in KINDS.items() for word in words}
    assert {word: kinds for word, kinds in found.items() if kinds != known.get(word, kinds)} == {}
    assert set(found) & set(known) >= {"rate", "use", "idle", "errors", "capacity", "maximum", "5xx", "wake"}
