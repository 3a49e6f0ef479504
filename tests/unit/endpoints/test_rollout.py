"""How an endpoint is updated, what ends an update, and what tells that one has ended."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import aws_sns as sns

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.rollout import AllAtOnce, Canary, Immediate, Linear, RollbackWhen, Rolling
from cdk_inference.scaling import FixedCount, TargetConcurrency
from cdk_inference.serving import Container, EcrImage, S3Model
from tests.each import each
from tests.support import Template, endpoint_template, models, of_type, only

ROLLBACK = {"Alarms": [{"AlarmName": "fleet-chat-rollback-5xx"}]}
THREE = FixedCount(instances=3)


def deployment(**arguments: Any) -> Any:
    return only(endpoint_template(**arguments), "AWS::SageMaker::Endpoint").get("DeploymentConfig")


def alarms(template: Template) -> dict[str, dict[str, Any]]:
    return {alarm["AlarmName"]: alarm for alarm in of_type(template, "AWS::CloudWatch::Alarm")}


def config_name(template: Template) -> dict[str, Any]:
    (name,) = (key for key, value in template["Resources"].items() if value["Type"] == "AWS::SageMaker::EndpointConfig")
    return {"Fn::GetAtt": [name, "EndpointConfigName"]}


def blue_green(routing: dict[str, Any], kept: int = 0) -> dict[str, Any]:
    policy = {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": kept}
    return {"BlueGreenUpdatePolicy": policy, "AutoRollbackConfiguration": ROLLBACK}


def percent(value: int) -> dict[str, Any]:
    return {"Type": "CAPACITY_PERCENT", "Value": value}


@each(
    ("rollout", "expected"),
    [
        (None, blue_green({"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 600})),
        (
            AllAtOnce(bake_seconds=0, keep_old_seconds=60),
            blue_green({"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}, 60),
        ),
        (
            Canary(percent=10, bake_seconds=300),
            blue_green({"Type": "CANARY", "WaitIntervalInSeconds": 300, "CanarySize": percent(10)}),
        ),
        (
            Linear(instances=1),
            blue_green(
                {
                    "Type": "LINEAR",
                    "WaitIntervalInSeconds": 600,
                    "LinearStepSize": {"Type": "INSTANCE_COUNT", "Value": 1},
                }
            ),
        ),
        (
            Rolling(percent=25, bake_seconds=120),
            {
                "RollingUpdatePolicy": {
                    "MaximumBatchSize": percent(25),
                    "RollbackMaximumBatchSize": percent(25),
                    "WaitIntervalInSeconds": 120,
                },
                "AutoRollbackConfiguration": ROLLBACK,
            },
        ),
        (Immediate(), None),
    ],
)
def test_rollouts(rollout: Any, expected: dict[str, Any] | None) -> None:
    assert deployment(rollout=rollout, scaling=THREE) == expected


def test_the_rollback_alarm_looks_at_the_new_fleet_only() -> None:
    template = endpoint_template()
    (alarm,) = alarms(template).values()
    description = alarm.pop("AlarmDescription")
    assert description == (
        "More than 5% of the new fleet's answers have status 5xx, in 2 of 3 minutes. During an update of fleet-chat "
        "SageMaker then returns to the old fleet; afterwards it is a sign to look at the endpoint's log group."
    )
    assert alarm == {
        "AlarmName": "fleet-chat-rollback-5xx",
        "ComparisonOperator": "GreaterThanThreshold",
        "DatapointsToAlarm": 2,
        "Dimensions": [
            {"Name": "EndpointName", "Value": "fleet-chat"},
            {"Name": "VariantName", "Value": "AllTraffic"},
            {"Name": "EndpointConfigName", "Value": config_name(template)},
        ],
        "EvaluationPeriods": 3,
        "MetricName": "Invocation5XXErrors",
        "Namespace": "AWS/SageMaker",
        "Period": 60,
        "Statistic": "Average",
        "Threshold": 0.05,
        "TreatMissingData": "notBreaching",
    }


def test_a_latency_target_is_watched_in_microseconds() -> None:
    template = endpoint_template(rollout=AllAtOnce(rollback_when=RollbackWhen(p99_milliseconds=900)))
    alarm = alarms(template)["fleet-chat-rollback-p99"]
    assert (alarm["MetricName"], alarm["ExtendedStatistic"], alarm["Threshold"]) == ("ModelLatency", "p99", 900_000)
    rollback = only(template, "AWS::SageMaker::Endpoint")["DeploymentConfig"]["AutoRollbackConfiguration"]
    assert [entry["AlarmName"] for entry in rollback["Alarms"]] == list(alarms(template))


def test_the_role_may_read_the_rollback_alarms_and_no_other() -> None:
    statements = only(endpoint_template(), "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
    (statement,) = (one for one in statements if one["Sid"] == "RollbackAlarms")
    arn = ["arn:aws:cloudwatch:us-east-1:", {"Ref": "AWS::AccountId"}, ":alarm:fleet-chat-rollback-5xx"]
    assert statement["Action"] == ["cloudwatch:DescribeAlarms"]
    assert statement["Resource"] == [{"Fn::Join": ["", arn]}]


def test_without_guardrails_there_is_nothing_to_read() -> None:
    template = endpoint_template(rollout=Immediate(), alarm_topic=lambda stack: sns.Topic(stack, "Alarms"))
    assert alarms(template) == {}
    assert "RollbackAlarms" not in str(only(template, "AWS::IAM::ManagedPolicy"))


def test_the_alarm_on_another_config() -> None:
    template = endpoint_template(alarm_topic=lambda stack: sns.Topic(stack, "Alarms"))
    traffic, unused = alarms(template)["fleet-chat-traffic"], alarms(template)["fleet-chat-config-unused"]
    names = [[dimension["Name"] for dimension in alarm["Dimensions"]] for alarm in (traffic, unused)]
    assert names == [["EndpointName", "VariantName"], ["EndpointName", "VariantName", "EndpointConfigName"]]
    assert (traffic["ComparisonOperator"], traffic["TreatMissingData"]) == ("GreaterThanThreshold", "notBreaching")
    assert (unused["ComparisonOperator"], unused["TreatMissingData"]) == ("LessThanOrEqualToThreshold", "breaching")
    composite = only(template, "AWS::CloudWatch::CompositeAlarm")
    assert composite["AlarmRule"] == 'ALARM("fleet-chat-traffic") AND ALARM("fleet-chat-config-unused")'
    topic = next(name for name, value in template["Resources"].items() if value["Type"] == "AWS::SNS::Topic")
    assert composite["AlarmActions"] == composite["OKActions"] == [{"Ref": topic}]


def test_the_alarm_on_another_config_changes_after_the_endpoint() -> None:
    """Before it, the new config has served nothing, and every update would raise the alarm."""
    template = endpoint_template(alarm_topic=lambda stack: sns.Topic(stack, "Alarms"))
    endpoint = next(
        name for name, value in template["Resources"].items() if value["Type"] == "AWS::SageMaker::Endpoint"
    )
    waiting = {
        value["Properties"]["AlarmName"]
        for value in template["Resources"].values()
        if value["Type"] == "AWS::CloudWatch::Alarm" and endpoint in value.get("DependsOn", [])
    }
    assert waiting == {"fleet-chat-traffic", "fleet-chat-config-unused"}


def inferentia1(stack: Any) -> Container:
    from aws_cdk import aws_ecr as ecr

    repository = ecr.Repository.from_repository_name(stack, "Repository", "mine")
    model = S3Model(bucket=models(stack), prefix="m/", size_gb=1)
    return Container(model=model, image=EcrImage(repository=repository, tag="1"), runs_on=("neuron",))


def test_inf1_has_no_guardrails() -> None:
    assert deployment(server=inferentia1, hardware="ml.inf1.xlarge") is None


def test_asking_for_guardrails_on_inf1() -> None:
    with pytest.raises(ConfigurationError) as caught:
        endpoint_template(server=inferentia1, hardware="ml.inf1.xlarge", rollout=AllAtOnce())
    assert str(caught.value) == (
        "RealtimeEndpoint fleet/Chat: rollout: got 'AllAtOnce'; allowed: Immediate() on ml.inf1.xlarge: on Inf1 "
        "SageMaker ignores guardrails and updates all at once, unwatched; fix: leave rollout out, or choose Inf2 or "
        "GPU hardware"
    )


def test_steps_that_one_instance_cannot_meet() -> None:
    scaling = TargetConcurrency(per_instance=4, min_instances=1, max_instances=4)
    with pytest.raises(ConfigurationError) as caught:
        endpoint_template(scaling=scaling, rollout=Canary(percent=10))
    assert str(caught.value) == (
        "RealtimeEndpoint fleet/Chat: rollout: got 'Canary with 1 instance'; allowed: Canary with at least 2 "
        "instances: a step is at most 50 %; fix: use AllAtOnce(...), or run more instances"
    )
