"""Asynchronous endpoints: what they may read and write, who is told, how they rest, what is refused."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import AsyncEndpoint, AsyncIo, InstancePools
from cdk_inference.rollout import Immediate
from cdk_inference.scaling import TargetBacklog, TargetConcurrency
from tests.each import each
from tests.judges import lint, service_model
from tests.refusals import refusal_of
from tests.support import Template, encoder, llm, models, new_stack, of_type, only, resource, template_of

SUBJECT = "AsyncEndpoint fleet/Batch"
BACKLOG = TargetBacklog(per_instance=5, min_instances=0, max_instances=4)


def bucket_in(stack: cdk.Stack) -> s3.IBucket:
    return s3.Bucket.from_bucket_name(stack, "Exchange", "requests")


def make(stack: cdk.Stack, **arguments: Any) -> AsyncEndpoint:
    given = {"hardware": "ml.g6.2xlarge", **arguments}
    if "server" not in given:
        given["server"] = llm(models(stack))
    if "exchange" not in given:
        given["exchange"] = AsyncIo(bucket=bucket_in(stack))
    return AsyncEndpoint(stack, "Batch", **given)


@functools.cache
def plain() -> Template:
    return template()


def template(build: Callable[[cdk.Stack], object] = make, **arguments: Any) -> Template:
    stack = new_stack()
    build(stack, **arguments)
    found = template_of(stack)
    assert service_model.findings(found) == []
    assert lint.findings(found, "us-east-1") == []
    return found


def refusal(**arguments: Any) -> str:
    return refusal_of(make, new_stack(), **arguments)


def statements(found: Template) -> dict[str, Any]:
    policy = only(found, "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
    return {one["Sid"]: one for one in policy}


def test_requests_and_answers_go_through_the_exchange() -> None:
    config = only(plain(), "AWS::SageMaker::EndpointConfig")
    assert config["AsyncInferenceConfig"] == {
        "OutputConfig": {"S3OutputPath": "s3://requests/out", "S3FailurePath": "s3://requests/failed"}
    }


def test_the_role_reads_the_input_and_writes_the_output_and_nothing_else() -> None:
    found = statements(plain())
    assert set(found) == {
        "Unscoped",
        "Image",
        "Logs",
        "Model",
        "ModelList",
        "RollbackAlarms",
        "AsyncInput",
        "AsyncOutput",
    }
    assert found["AsyncInput"]["Action"] == ["s3:GetObject"]
    assert found["AsyncInput"]["Resource"] == ["arn:aws:s3:::requests/in/*"]
    assert found["AsyncOutput"]["Action"] == ["s3:AbortMultipartUpload", "s3:PutObject"]
    assert found["AsyncOutput"]["Resource"] == ["arn:aws:s3:::requests/out/*", "arn:aws:s3:::requests/failed/*"]


def with_keys(stack: cdk.Stack) -> AsyncEndpoint:
    key = kms.Key(stack, "Key")
    topic = sns.Topic(stack, "Done", master_key=key)
    bucket = s3.Bucket(stack, "Exchange", encryption_key=key)
    exchange = AsyncIo(
        bucket=bucket, on_success=topic, on_error=sns.Topic(stack, "Failed"), answers_in_notifications=True
    )
    return AsyncEndpoint(stack, "Batch", server=llm(models(stack)), hardware="ml.g6.2xlarge", exchange=exchange)


def test_keys_and_topics_are_granted_where_there_are_some() -> None:
    found = template(with_keys)
    key = next(name for name, one in found["Resources"].items() if one["Type"] == "AWS::KMS::Key")
    allowed = statements(found)
    assert allowed["AsyncKey"]["Resource"] == [{"Fn::GetAtt": [key, "Arn"]}]
    assert allowed["Notifications"]["Action"] == ["sns:Publish"]
    assert len(allowed["Notifications"]["Resource"]) == 2
    assert allowed["NotificationsKey"]["Resource"] == [{"Fn::GetAtt": [key, "Arn"]}]
    output = only(found, "AWS::SageMaker::EndpointConfig")["AsyncInferenceConfig"]["OutputConfig"]
    assert output["KmsKeyId"] == {"Fn::GetAtt": [key, "Arn"]}
    assert output["NotificationConfig"]["IncludeInferenceResponseIn"] == [
        "SUCCESS_NOTIFICATION_TOPIC",
        "ERROR_NOTIFICATION_TOPIC",
    ]


def test_it_rests_at_zero_and_wakes() -> None:
    found = template(scaling=BACKLOG)
    target = only(found, "AWS::ApplicationAutoScaling::ScalableTarget")
    assert (target["MinCapacity"], target["MaxCapacity"]) == (0, 4)
    (variant,) = only(found, "AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert variant["InitialInstanceCount"] == 1
    assert only(found, "AWS::SageMaker::Endpoint")["RetainAllVariantProperties"] is True
    tracking, wake = of_type(found, "AWS::ApplicationAutoScaling::ScalingPolicy")
    metric = tracking["TargetTrackingScalingPolicyConfiguration"]["CustomizedMetricSpecification"]
    assert (metric["MetricName"], metric["Statistic"]) == ("ApproximateBacklogSizePerInstance", "Average")
    # The backlog has the endpoint's name alone: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
    assert metric["Dimensions"] == [{"Name": "EndpointName", "Value": "fleet-batch"}]
    assert wake["PolicyType"] == "StepScaling"
    alarm = next(one for one in of_type(found, "AWS::CloudWatch::Alarm") if one["AlarmName"].endswith("-wake"))
    assert (alarm["MetricName"], alarm["Dimensions"]) == (
        "HasBacklogWithoutCapacity",
        [{"Name": "EndpointName", "Value": "fleet-batch"}],
    )
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (1, "GreaterThanOrEqualToThreshold")


def test_an_update_is_watched() -> None:
    found = template()
    alarm = only(found, "AWS::CloudWatch::Alarm")
    assert (alarm["AlarmName"], alarm["MetricName"]) == ("fleet-batch-rollback-5xx", "Invocation5XXErrors")
    assert resource(found, "AWS::SageMaker::Endpoint")["Properties"]["DeploymentConfig"]["BlueGreenUpdatePolicy"]
    assert "DeploymentConfig" not in only(template(rollout=Immediate()), "AWS::SageMaker::Endpoint")


def test_callers_may_invoke_put_and_read_each_by_its_own_grant() -> None:
    stack = new_stack()
    endpoint = make(stack)
    for number, grant in enumerate((endpoint.grant_invoke, endpoint.grant_put_input, endpoint.grant_read_output)):
        grant(iam.Role(stack, f"Role{number}", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")))
    invoke, put, read = (one["PolicyDocument"]["Statement"] for one in of_type(template_of(stack), "AWS::IAM::Policy"))
    assert [one["Action"] for one in invoke] == ["sagemaker:InvokeEndpointAsync"]
    assert put == [{"Action": "s3:PutObject", "Effect": "Allow", "Resource": "arn:aws:s3:::requests/in/*"}]
    assert read == [
        {
            "Action": "s3:GetObject",
            "Effect": "Allow",
            "Resource": ["arn:aws:s3:::requests/failed/*", "arn:aws:s3:::requests/out/*"],
        }
    ]


def test_callers_may_use_the_buckets_key() -> None:
    stack = new_stack()
    endpoint = with_keys(stack)
    endpoint.grant_put_input(iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")))
    (_, key) = only(template_of(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert key["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]


def test_metrics_that_are_not_published_are_refused() -> None:
    with pytest.raises(ConfigurationError) as caught:
        make(new_stack()).metric_invocations_per_instance()
    page = "https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html (read 2026-11-24)"
    assert str(caught.value) == (
        "metric of endpoint fleet-batch: metric_name: got 'InvocationsPerInstance'; allowed: of an asynchronous "
        "endpoint: Invocation4XXErrors, Invocation5XXErrors, ModelLatency, ApproximateBacklogSize, "
        "ApproximateBacklogSizePerInstance, ApproximateAgeOfOldestRequest, HasBacklogWithoutCapacity, "
        "InvocationFailures, InvocationsProcessed, ExpiredRequests, RequestDownloadFailures, ResponseUploadFailures, "
        "NotificationFailures, RequestDownloadLatency, ResponseUploadLatency, TimeInBacklog, TotalProcessingTime, "
        "CPUUtilization, MemoryUtilization, DiskUtilization, GPUUtilization, GPUMemoryUtilization; fix: use "
        f"ApproximateBacklogSizePerInstance: the page names it among those that are not published, {page}"
    )


def test_metrics_of_its_own() -> None:
    endpoint = make(new_stack())
    of_endpoint, of_variant = {"EndpointName"}, {"EndpointName", "VariantName"}
    expected = {
        "metric_approximate_backlog_size": ("ApproximateBacklogSize", of_endpoint),
        "metric_approximate_backlog_size_per_instance": ("ApproximateBacklogSizePerInstance", of_endpoint),
        "metric_approximate_age_of_oldest_request": ("ApproximateAgeOfOldestRequest", of_endpoint),
        "metric_has_backlog_without_capacity": ("HasBacklogWithoutCapacity", of_endpoint),
        "metric_invocations_processed": ("InvocationsProcessed", of_variant),
        "metric_invocation_failures": ("InvocationFailures", of_variant),
        "metric_expired_requests": ("ExpiredRequests", of_variant),
        "metric_time_in_backlog": ("TimeInBacklog", of_variant),
        "metric_total_processing_time": ("TotalProcessingTime", of_variant),
    }
    found: dict[str, cloudwatch.Metric] = {method: getattr(endpoint, method)() for method in expected}
    assert {name: (one.metric_name, set(one.dimensions or {})) for name, one in found.items()} == expected


def test_scaling_on_what_it_never_publishes_is_refused() -> None:
    message = refusal(scaling=TargetConcurrency(per_instance=2, max_instances=2))
    assert message.startswith(f"{SUBJECT}: scaling: got 'TargetConcurrency'; allowed: for an asynchronous variant: ")
    assert "use TargetBacklog: an asynchronous endpoint does not publish ConcurrentRequestsPerModel" in message


def test_inf1_is_refused_once() -> None:
    def on_inf1(stack: cdk.Stack) -> str:
        with pytest.raises(ConfigurationError) as caught:
            make(stack, server=encoder(models(stack)), hardware="ml.inf1.xlarge")
        return str(caught.value)

    lines = on_inf1(new_stack()).splitlines()
    assert sum("Inf1" in line for line in lines) == 1


def test_wrong_arguments_all_at_once() -> None:
    assert refusal(exchange="s3://requests", max_concurrent_per_instance=0, rollout=600) == (
        f"{SUBJECT} has 3 problems:\n"
        "  1. exchange: got 's3://requests'; allowed: AsyncIo; fix: exchange=AsyncIo(bucket=...)\n"
        "  2. max_concurrent_per_instance: got 0; allowed: a whole number from 1 to 1000; fix: choose a count within "
        "the limits, or leave it out\n"
        "  3. rollout: got 600; allowed: AllAtOnce, Canary, Linear, Rolling, Immediate; fix: rollout=AllAtOnce()"
    )


def test_pools_serve_asynchronously_too() -> None:
    found = template(hardware=InstancePools(types=("ml.g6.2xlarge", "ml.g5.2xlarge")), scaling=BACKLOG)
    (variant,) = only(found, "AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert [pool["InstanceType"] for pool in variant["InstancePools"]] == ["ml.g6.2xlarge", "ml.g5.2xlarge"]


def exchange_refusal(**arguments: Any) -> str:
    stack = new_stack()
    return refusal_of(AsyncIo, **{"bucket": bucket_in(stack), **arguments})


@each(
    ("arguments", "message"),
    [
        (
            {"bucket": "requests"},
            "bucket: got 'requests'; allowed: a bucket (aws_s3.IBucket); fix: for example "
            's3.Bucket.from_bucket_name(self, "Exchange", "my-requests")',
        ),
        (
            {"input_prefix": "in"},
            'input_prefix: got \'in\'; allowed: names of letters, digits, "_", "-", "." and "=", each followed by "/"; '
            'fix: for example input_prefix="batch/in/"',
        ),
        (
            {"output_prefix": "in/out/"},
            "output_prefix: got 'in/out/'; allowed: a prefix outside in/; fix: give each of the three a prefix of its own",
        ),
        (
            {"on_error": "arn:aws:sns:us-east-1:111122223333:t"},
            "on_error: got 'arn:aws:sns:us-east-1:111122223333:t'; allowed: a topic (aws_sns.ITopic); fix: for example "
            'sns.Topic(self, "Done")',
        ),
        (
            {"answers_in_notifications": True},
            "answers_in_notifications: got True; allowed: True only together with a topic; fix: name on_success or on_error",
        ),
    ],
)
def test_an_exchange_that_is_none(arguments: dict[str, Any], message: str) -> None:
    assert exchange_refusal(**arguments) == f"AsyncIo: {message}"


def test_equal_prefixes_are_one_prefix_too_many() -> None:
    message = exchange_refusal(output_prefix="x/", failure_prefix="x/")
    assert [line.split(": got")[0] for line in message.splitlines()] == [
        "AsyncIo has 2 problems:",
        "  1. output_prefix",
        "  2. failure_prefix",
    ]
