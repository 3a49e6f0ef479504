"""An asynchronous endpoint: its exchange with callers, its role, its metrics, and what it cannot have."""

from __future__ import annotations

import functools
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import AsyncEndpoint, AsyncIo, InstancePools
from cdk_inference.metrics import of_kind
from cdk_inference.rollout import Canary, Immediate
from cdk_inference.scaling import TargetBacklog, TargetConcurrency
from tests.refusals import refusal_of
from tests.support import Template, llm, models, new_stack, of_type, only, resource, template_of

KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"
TOPIC_KEY = "arn:aws:kms:us-east-1:111122223333:key/66666666-7777-8888-9999-000000000000"
DONE = "arn:aws:sns:us-east-1:111122223333:done"
BROKEN = "arn:aws:sns:us-east-1:111122223333:broken"
BUCKET = "arn:aws:s3:::exchange"


def bucket(stack: cdk.Stack, region: str = "us-east-1", *, keyed: bool = True) -> s3.IBucket:
    key = kms.Key.from_key_arn(stack, "BucketKey", KEY) if keyed else None
    return s3.Bucket.from_bucket_attributes(
        stack, "Exchange", bucket_arn=BUCKET, bucket_name="exchange", encryption_key=key, region=region
    )


def topic(stack: cdk.Stack, arn: str, key: str | None = None) -> sns.ITopic:
    id = arn.rsplit(":", 1)[1].title()
    return sns.Topic.from_topic_attributes(stack, id, topic_arn=arn, key_arn=key)


def endpoint(stack: cdk.Stack, *, exchange: Any = None, **more: Any) -> AsyncEndpoint:
    given = {"server": llm(models(stack)), "hardware": "ml.g6.2xlarge", **more}
    return AsyncEndpoint(stack, "Jobs", exchange=exchange or AsyncIo(bucket=bucket(stack)), **given)


def made(**more: Any) -> Template:
    stack = new_stack()
    endpoint(stack, **{name: value(stack) if callable(value) else value for name, value in more.items()})
    return template_of(stack)


@functools.cache
def night() -> Template:
    """One that rests at zero, with everything that an exchange has."""
    stack = new_stack()
    exchange = AsyncIo(
        bucket=bucket(stack),
        on_success=topic(stack, DONE, TOPIC_KEY),
        on_error=topic(stack, BROKEN),
        answers_in_notifications=True,
    )
    scaling = TargetBacklog(per_instance=5, min_instances=0, max_instances=2)
    alarms = topic(stack, "arn:aws:sns:us-east-1:111122223333:alarms")
    endpoint(stack, exchange=exchange, scaling=scaling, max_concurrent_per_instance=4, alarm_topic=alarms)
    return template_of(stack)


def refusal(make: Any, region: str = "us-east-1") -> str:
    stack = new_stack(region=region)
    return refusal_of(make, stack)


def statements(template: Template) -> dict[str, dict[str, Any]]:
    found = only(template, "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
    return {one["Sid"]: one for one in found}


def test_the_config_names_the_exchange() -> None:
    assert only(night(), "AWS::SageMaker::EndpointConfig")["AsyncInferenceConfig"] == {
        "ClientConfig": {"MaxConcurrentInvocationsPerInstance": 4},
        "OutputConfig": {
            "KmsKeyId": KEY,
            "S3OutputPath": "s3://exchange/out",
            "S3FailurePath": "s3://exchange/failed",
            "NotificationConfig": {
                "SuccessTopic": DONE,
                "ErrorTopic": BROKEN,
                "IncludeInferenceResponseIn": ["SUCCESS_NOTIFICATION_TOPIC", "ERROR_NOTIFICATION_TOPIC"],
            },
        },
    }


def test_without_key_topics_and_count_there_is_nothing_more_than_two_paths() -> None:
    template = made(exchange=lambda stack: AsyncIo(bucket=bucket(stack, keyed=False), output_prefix="a/b/"))
    assert only(template, "AWS::SageMaker::EndpointConfig")["AsyncInferenceConfig"] == {
        "OutputConfig": {"S3OutputPath": "s3://exchange/a/b", "S3FailurePath": "s3://exchange/failed"}
    }
    assert not statements(template).keys() & {"AsyncKey", "Notifications", "NotificationsKey"}


def test_answers_go_into_the_notifications_that_there_are() -> None:
    template = made(
        exchange=lambda stack: AsyncIo(
            bucket=bucket(stack), on_success=topic(stack, DONE), answers_in_notifications=True
        )
    )
    output = only(template, "AWS::SageMaker::EndpointConfig")["AsyncInferenceConfig"]["OutputConfig"]
    assert output["NotificationConfig"] == {
        "SuccessTopic": DONE,
        "IncludeInferenceResponseIn": ["SUCCESS_NOTIFICATION_TOPIC"],
    }


def test_one_topic_without_answers() -> None:
    template = made(exchange=lambda stack: AsyncIo(bucket=bucket(stack), on_error=topic(stack, BROKEN)))
    output = only(template, "AWS::SageMaker::EndpointConfig")["AsyncInferenceConfig"]["OutputConfig"]
    assert output["NotificationConfig"] == {"ErrorTopic": BROKEN}
    assert statements(template)["Notifications"]["Resource"] == [BROKEN]


def test_the_role_reads_requests_writes_answers_and_tells() -> None:
    found = statements(night())
    assert {
        sid: (one["Action"], one["Resource"]) for sid, one in found.items() if sid.startswith(("Async", "Not"))
    } == {
        "AsyncInput": (["s3:GetObject"], [f"{BUCKET}/in/*"]),
        "AsyncOutput": (["s3:AbortMultipartUpload", "s3:PutObject"], [f"{BUCKET}/out/*", f"{BUCKET}/failed/*"]),
        "AsyncKey": (["kms:Decrypt", "kms:GenerateDataKey"], [KEY]),
        "Notifications": (["sns:Publish"], [DONE, BROKEN]),
        "NotificationsKey": (["kms:Decrypt", "kms:GenerateDataKey"], [TOPIC_KEY]),
    }


def test_requests_wait_in_a_queue_so_nothing_routes_them() -> None:
    (variant,) = only(night(), "AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert "RoutingConfig" not in variant
    pools = InstancePools(types=("ml.g6.2xlarge", "ml.g6.4xlarge"))
    (pooled,) = only(made(hardware=pools), "AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert "RoutingConfig" not in pooled


def test_it_begins_with_an_instance_and_may_go_to_none() -> None:
    (variant,) = only(night(), "AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert variant["InitialInstanceCount"] == 1
    target = only(night(), "AWS::ApplicationAutoScaling::ScalableTarget")
    assert (target["MinCapacity"], target["MaxCapacity"]) == (0, 2)
    assert target["ResourceId"] == "endpoint/fleet-jobs/variant/AllTraffic"
    names = {one["PolicyName"] for one in of_type(night(), "AWS::ApplicationAutoScaling::ScalingPolicy")}
    assert names == {"fleet-jobs-ApproximateBacklogSizePerInstance", "fleet-jobs-wake"}


def test_an_update_keeps_the_count() -> None:
    properties = only(night(), "AWS::SageMaker::Endpoint")
    assert properties["RetainAllVariantProperties"] is True
    assert "ExcludeRetainedVariantProperties" not in properties
    assert "RetainAllVariantProperties" not in only(made(), "AWS::SageMaker::Endpoint")


def test_what_waits_for_what() -> None:
    (target,) = (
        one for one in night()["Resources"].values() if one["Type"] == "AWS::ApplicationAutoScaling::ScalableTarget"
    )
    assert [night()["Resources"][id]["Type"] for id in target["DependsOn"]] == ["AWS::SageMaker::Endpoint"]
    before = {night()["Resources"][id]["Type"] for id in resource(night(), "AWS::SageMaker::Endpoint")["DependsOn"]}
    assert before == {"AWS::Logs::LogGroup", "AWS::CloudWatch::Alarm"}


def test_the_alarm_on_another_config_counts_what_such_an_endpoint_publishes() -> None:
    alarms = {one["AlarmName"]: one for one in of_type(night(), "AWS::CloudWatch::Alarm")}
    traffic, unused = alarms["fleet-jobs-traffic"], alarms["fleet-jobs-config-unused"]
    for one in (traffic, unused):
        assert (one["MetricName"], one["Statistic"], one["Period"]) == ("ModelLatency", "SampleCount", 300)
    assert (traffic["DatapointsToAlarm"], traffic["EvaluationPeriods"]) == (2, 3)
    assert "DatapointsToAlarm" not in unused
    assert unused["EvaluationPeriods"] == 3
    assert [one["Name"] for one in unused["Dimensions"]] == ["EndpointName", "VariantName", "EndpointConfigName"]
    assert only(night(), "AWS::CloudWatch::CompositeAlarm")["AlarmName"] == "fleet-jobs-other-config"


def test_without_guardrails_there_are_no_alarms() -> None:
    template = made(rollout=Immediate(), alarm_topic=lambda stack: sns.Topic(stack, "Alarms"))
    assert of_type(template, "AWS::CloudWatch::Alarm") == []


def test_a_metric_that_it_does_not_publish() -> None:
    with pytest.raises(ConfigurationError) as caught:
        endpoint(new_stack()).metric_invocations()
    names = ", ".join(fact.name for fact in of_kind("async"))
    assert str(caught.value) == (
        "metric of endpoint fleet-jobs: metric_name: got 'Invocations'; allowed: of an asynchronous endpoint: "
        f"{names}; fix: use InvocationsProcessed: the page names it among those that are not published, "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html (read 2026-11-24)"
    )


def test_the_queue_has_the_endpoint_as_only_dimension() -> None:
    found = endpoint(new_stack())
    assert found.metric_approximate_backlog_size().dimensions == {"EndpointName": "fleet-jobs"}
    assert found.metric_expired_requests().dimensions == {"EndpointName": "fleet-jobs", "VariantName": "AllTraffic"}


def test_everything_wrong_comes_at_once() -> None:
    def make(stack: cdk.Stack) -> None:
        endpoint(
            stack,
            exchange="s3://exchange",
            hardware="ml.g6.3xlarge",
            scaling=TargetConcurrency(per_instance=4, max_instances=2),
            max_concurrent_per_instance=1001,
            rollout="canary",
        )

    first, *others = refusal(make).splitlines()
    assert first == "AsyncEndpoint fleet/Jobs has 4 problems:"
    assert [one.split(": got ")[0].strip() for one in others] == [
        "1. hardware",
        "2. exchange",
        "3. max_concurrent_per_instance",
        "4. rollout",
    ]
    assert others[1:] == [
        "  2. exchange: got 's3://exchange'; allowed: AsyncIo; fix: exchange=AsyncIo(bucket=...)",
        "  3. max_concurrent_per_instance: got 1001; allowed: a whole number from 1 to 1000; fix: choose a count within "
        "the limits, or leave it out",
        "  4. rollout: got 'canary'; allowed: AllAtOnce, Canary, Linear, Rolling, Immediate; fix: rollout=AllAtOnce()",
    ]


def test_inf1() -> None:
    def make(stack: cdk.Stack) -> None:
        endpoint(stack, hardware="ml.inf1.xlarge")

    assert (
        "  2. hardware: got 'ml.inf1.xlarge'; allowed: hardware other than Inf1; fix: choose Inf2 or GPU hardware"
        in refusal(make).splitlines()
    )


def test_a_step_of_an_update_needs_instances() -> None:
    def make(stack: cdk.Stack) -> None:
        scaling = TargetBacklog(per_instance=5, min_instances=0, max_instances=2)
        endpoint(stack, scaling=scaling, rollout=Canary(percent=10))

    assert refusal(make) == (
        "AsyncEndpoint fleet/Jobs: rollout: got 'Canary with 0 instances'; allowed: Canary with at least 2 instances: a "
        "step is at most 50 %; fix: use AllAtOnce(...), or run more instances"
    )


def test_a_bucket_and_topics_elsewhere_and_an_alias_for_a_key() -> None:
    def make(stack: cdk.Stack) -> None:
        far = "arn:aws:sns:eu-west-1:111122223333:far"
        alias = "arn:aws:kms:us-east-1:111122223333:alias/mine"
        exchange = AsyncIo(
            bucket=bucket(stack, "eu-west-1"),
            on_success=topic(stack, far),
            on_error=topic(stack, BROKEN, alias),
        )
        endpoint(stack, exchange=exchange)

    assert refusal(make) == (
        "AsyncEndpoint fleet/Jobs has 3 problems:\n"
        "  1. exchange.bucket: got 'a bucket in eu-west-1'; allowed: a bucket in us-east-1, the endpoint's region; fix: "
        "copy it to us-east-1, or move the endpoint to eu-west-1\n"
        "  2. exchange.on_success: got 'a topic in eu-west-1'; allowed: a topic in us-east-1, the endpoint's region; fix: "
        "copy it to us-east-1, or move the endpoint to eu-west-1\n"
        "  3. exchange.on_error.master_key: got 'an alias'; allowed: the key itself: an IAM policy that names an alias "
        "matches nothing; fix: pass the key behind it, for example alias.alias_target_key or kms.Key.from_key_arn(...)"
    )


def told(**arguments: Any) -> str:
    stack = new_stack()
    return refusal_of(AsyncIo, **{"bucket": bucket(stack), **arguments})


def test_answers_among_the_requests() -> None:
    assert told(output_prefix="in/out/", failure_prefix="in/") == (
        "AsyncIo has 3 problems:\n"
        "  1. input_prefix: got 'in/'; allowed: a prefix outside in/; fix: give each of the three a prefix of its own\n"
        "  2. output_prefix: got 'in/out/'; allowed: a prefix outside in/, in/; fix: give each of the three a prefix of "
        "its own\n"
        "  3. failure_prefix: got 'in/'; allowed: a prefix outside in/; fix: give each of the three a prefix of its own"
    )


PREFIX = st.text("ab/", min_size=1, max_size=8).map(lambda text: text.strip("/") + "/")


@given(st.tuples(PREFIX, PREFIX, PREFIX))
def test_no_prefix_lies_in_another(prefixes: tuple[str, str, str]) -> None:
    exchange = _shared_bucket()
    names = dict(zip(("input_prefix", "output_prefix", "failure_prefix"), prefixes, strict=True))
    nested = any(one.startswith(other) for a, one in names.items() for b, other in names.items() if a != b)
    broken = any("//" in one or one == "/" for one in prefixes)
    try:
        AsyncIo(bucket=exchange, **names)
        refused = False
    except ConfigurationError:
        refused = True
    assert refused == (nested or broken)


@functools.cache
def _shared_bucket() -> s3.IBucket:
    return bucket(new_stack())
