"""What there is once per account: the billing alarm and anomaly detection; and where CloudFormation has it all."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sns as sns

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.cost import AlarmTopic, AnomalyDetection, BillingAlarm
from cdk_inference.cost.account.regions import ABSENT
from tests.each import each
from tests.judges import lint, service_model
from tests.judges.alarm_clock import first_minute
from tests.refusals import refusal_of
from tests.support import Template, new_stack, of_type, only, resource, template_of

MONITOR = "arn:aws:ce::111122223333:anomalymonitor/c9e940b5-d9a9-4a0c-93dd-d721465c567e"


@pytest.mark.cfn_lint
@each("kind", ABSENT)
def test_the_table_of_regions_is_cloudformations(kind: str) -> None:
    from cfnlint.helpers import REGIONS
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    found = {region for region in REGIONS if kind in PROVIDER_SCHEMA_MANAGER.get_resource_types(region)}
    assert ABSENT[kind] == set(REGIONS) - found


def topic_of(stack: cdk.Stack, region: str = "us-east-1", account: str = "111122223333") -> sns.ITopic:
    return sns.Topic.from_topic_arn(stack, "Topic", f"arn:aws:sns:{region}:{account}:alarms")


def billing(region: str | None = "us-east-1", topic_region: str = "us-east-1", **arguments: Any) -> Template:
    stack = new_stack(region=region)
    BillingAlarm(stack, "Billing", **{"usd": 50_000, "alarm_topic": topic_of(stack, topic_region), **arguments})
    return template_of(stack)


def test_the_billing_alarm() -> None:
    found = billing()
    alarm = only(found, "AWS::CloudWatch::Alarm")
    description = alarm.pop("AlarmDescription")
    assert alarm == {
        "AlarmName": "account-estimated-charges",
        "Namespace": "AWS/Billing",
        "MetricName": "EstimatedCharges",
        "Dimensions": [{"Name": "Currency", "Value": "USD"}],
        "Statistic": "Maximum",
        "Period": 21600,
        "EvaluationPeriods": 1,
        "Threshold": 50_000,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "missing",
        "AlarmActions": ["arn:aws:sns:us-east-1:111122223333:alarms"],
    }
    assert description == (
        "This month's charges of the whole account, in all regions, are above $50,000.00. See by service and usage type in "
        "Cost Explorer what costs more than last month; for endpoints see the alarms on burn rate and idleness. AWS "
        "publishes the amount several times a day (read 2026-11-22), so it is hours old. It starts at 0 again with the "
        "month."
    )
    assert lint.findings(found, "us-east-1") == service_model.findings(found) == []


@each(("region", "got"), [("eu-west-1", "eu-west-1"), (None, "a region known at deployment only")])
def test_the_metrics_of_billing_are_in_one_region(region: str | None, got: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        billing(region, topic_region="eu-west-1")
    assert str(caught.value) == (
        f"BillingAlarm fleet/Billing: region: got '{got}'; allowed: us-east-1, where AWS/Billing is; fix: put it in a stack "
        "in us-east-1"
    )


def test_it_fires_with_the_first_amount_above_the_limit() -> None:
    """AWS publishes every eight hours here: 49,000, then 50,000 in minute 480, then 50,001 in minute 960."""
    alarm = only(billing(), "AWS::CloudWatch::Alarm")
    charges: list[list[float]] = [[] for _ in range(1000)]
    charges[0], charges[480], charges[960] = [49_000], [50_000], [50_001]
    samples = {("EstimatedCharges", "Currency", "USD"): charges}
    assert first_minute("billing", {"billing": alarm}, samples, 1000, 0) == 961
    assert first_minute("billing", {"billing": alarm}, {}, 1000, 0) is None


def test_a_billing_alarm_that_cannot_be() -> None:
    with pytest.raises(ConfigurationError) as caught:
        billing(topic_region="eu-west-1", usd=0)
    assert str(caught.value) == (
        "BillingAlarm fleet/Billing has 2 problems:\n"
        "  1. usd: got 0; allowed: a number above 0; fix: write US dollars per month\n"
        "  2. alarm_topic: got 'a topic in eu-west-1'; allowed: a topic in us-east-1, the alarm's region; fix: copy it to "
        "us-east-1, or move the alarm to eu-west-1"
    )


def anomalies(**arguments: Any) -> Template:
    stack = new_stack()
    AnomalyDetection(stack, "Anomalies", **{"usd": 500, "alarm_topic": topic_of(stack), **arguments})
    return template_of(stack)


def threshold(found: Template) -> Any:
    return json.loads(only(found, "AWS::CE::AnomalySubscription")["ThresholdExpression"])


def at_least(key: str, value: str) -> dict[str, Any]:
    name = f"ANOMALY_TOTAL_IMPACT_{key}"
    return {"Dimensions": {"Key": name, "Values": [value], "MatchOptions": ["GREATER_THAN_OR_EQUAL"]}}


def test_a_monitor_of_services_and_who_is_told_at_once() -> None:
    found = anomalies()
    assert only(found, "AWS::CE::AnomalyMonitor") == {
        "MonitorName": "fleet-services",
        "MonitorType": "DIMENSIONAL",
        "MonitorDimension": "SERVICE",
    }
    subscription = only(found, "AWS::CE::AnomalySubscription")
    assert {key: value for key, value in subscription.items() if key != "ThresholdExpression"} == {
        "SubscriptionName": "fleet-anomalies",
        "Frequency": "IMMEDIATE",
        "MonitorArnList": [{"Ref": "AnomaliesMonitorF0AC7C7A"}],
        "Subscribers": [{"Type": "SNS", "Address": "arn:aws:sns:us-east-1:111122223333:alarms"}],
    }
    assert threshold(found) == at_least("ABSOLUTE", "500")
    assert lint.findings(found, "us-east-1") == service_model.findings(found) == []


def test_the_monitor_that_the_account_has() -> None:
    found = anomalies(monitor_arn=MONITOR, percent=40, usd=1234567.5)
    assert of_type(found, "AWS::CE::AnomalyMonitor") == []
    assert only(found, "AWS::CE::AnomalySubscription")["MonitorArnList"] == [MONITOR]
    assert threshold(found) == {"And": [at_least("ABSOLUTE", "1234567.5"), at_least("PERCENTAGE", "40")]}


def test_other_tags_of_the_stack_are_no_second_monitor() -> None:
    stack = new_stack()
    cdk.Tags.of(stack).add("environment", "prod")
    AnomalyDetection(stack, "Anomalies", usd=500, alarm_topic=AlarmTopic(stack, "Alarms"))
    found = template_of(stack)
    assert only(found, "AWS::SNS::Topic")["Tags"] == [{"Key": "environment", "Value": "prod"}]
    for kind in ("AWS::CE::AnomalyMonitor", "AWS::CE::AnomalySubscription"):
        assert "ResourceTags" not in only(found, kind)
    (policy,) = (key for key, one in found["Resources"].items() if one["Type"] == "AWS::SNS::TopicPolicy")
    assert resource(found, "AWS::CE::AnomalySubscription")["DependsOn"] == [policy]


def test_anomalies_that_cannot_be_told() -> None:
    with pytest.raises(ConfigurationError) as caught:
        anomalies(usd=0, alarm_topic="arn", percent=0, monitor_arn="Default-Services-Monitor")
    assert str(caught.value) == (
        "AnomalyDetection fleet/Anomalies has 4 problems:\n"
        "  1. usd: got 0; allowed: a number above 0; fix: write US dollars\n"
        "  2. alarm_topic: got 'arn'; allowed: a topic (aws_sns.ITopic); fix: for example AlarmTopic(...)\n"
        "  3. percent: got 0; allowed: a number above 0; fix: write 40 for 40 % more than expected\n"
        "  4. monitor_arn: got 'Default-Services-Monitor'; allowed: the ARN of a monitor; fix: see aws ce "
        "get-anomaly-monitors"
    )


def test_a_number_within_json_must_be_known() -> None:
    stack = new_stack()
    usd = cdk.CfnParameter(stack, "Usd", type="Number").value_as_number
    with pytest.raises(ConfigurationError) as caught:
        AnomalyDetection(stack, "Anomalies", usd=usd, alarm_topic=topic_of(stack))
    assert str(caught.value) == (
        "AnomalyDetection fleet/Anomalies: usd: got 'a value known at deployment only'; allowed: a number that is known "
        "at synth time: it becomes part of a text; fix: write the number itself"
    )
    gov = new_stack("gov", "us-gov-west-1")
    with pytest.raises(ConfigurationError) as caught:
        AnomalyDetection(gov, "Anomalies", usd=1, alarm_topic=topic_of(gov))
    assert str(caught.value) == (
        "AnomalyDetection gov/Anomalies: region: got 'us-gov-west-1'; allowed: a region in which CloudFormation has "
        "AWS::CE::AnomalyMonitor (schemas of 2026-10-20); fix: no region of GovCloud has it: leave it out"
    )


def test_once_per_account_whichever_stack_or_region() -> None:
    app = cdk.App()
    stacks = {
        name: new_stack(name, app=app, region=region, account=account)
        for name, region, account in (
            ("one", "us-east-1", "111122223333"),
            ("two", "us-east-1", "111122223333"),
            ("west", "us-west-2", "111122223333"),
            ("other", "us-east-1", "444455556666"),
        )
    }
    topics = {name: topic_of(stack, stack.region, stack.account) for name, stack in stacks.items()}
    first = AnomalyDetection(stacks["one"], "Anomalies", usd=500, alarm_topic=topics["one"])
    for name in ("two", "west"):
        assert refusal_of(AnomalyDetection, stacks[name], "Again", usd=5, alarm_topic=topics[name]) == (
            f"AnomalyDetection {name}/Again: monitor_arn: got 'one/Anomalies'; allowed: one for an account, and there it is "
            "already; fix: pass that one's monitor: monitor_arn=first.monitor_arn"
        )
    AnomalyDetection(stacks["two"], "Again", usd=5, alarm_topic=topics["two"], monitor_arn=first.monitor_arn)
    AnomalyDetection(stacks["other"], "Anomalies", usd=5, alarm_topic=topics["other"])
    BillingAlarm(stacks["one"], "Billing", usd=500, alarm_topic=topics["one"])
    assert refusal_of(BillingAlarm, stacks["two"], "Billing", usd=500, alarm_topic=topics["two"]) == (
        "BillingAlarm two/Billing: scope: got 'one/Billing'; allowed: one for an account, and there it is already; fix: use "
        "that one, with the lower of both limits"
    )
    BillingAlarm(stacks["other"], "Billing", usd=500, alarm_topic=topics["other"])


def test_an_amount_that_would_be_written_as_nothing() -> None:
    stack = new_stack()
    assert refusal_of(AnomalyDetection, stack, "Anomalies", usd=1e-9, alarm_topic=topic_of(stack)) == (
        "AnomalyDetection fleet/Anomalies: usd: got 1e-09; allowed: 0.000001 or more; fix: write a larger number"
    )
