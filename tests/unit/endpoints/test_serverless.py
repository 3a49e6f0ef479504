"""A serverless endpoint: what it is made of, and all that it does not have."""

from __future__ import annotations

import functools
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import DataCapture, Observability, ServerlessEndpoint
from cdk_inference.endpoints.serverless import MEMORY_MB
from cdk_inference.kit.log_groups import KEY_ELSEWHERE
from cdk_inference.metrics import of_kind
from cdk_inference.scaling import FixedCount, ProvisionedConcurrency, ScheduledBounds, TargetProvisionedUtilization
from cdk_inference.serving import Bucket, HuggingFaceModel, S3Archive, S3Model, TeiCpu
from tests.each import each
from tests.refusals import refusal_of
from tests.support import Template, encoder, llm, models, new_stack, of_type, only, resource, template_of

KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"
TRACKED = {"utilization": 0.5, "allow_untested": True}


def archive(bucket: Bucket, **changes: Any) -> S3Archive:
    return S3Archive(**{"bucket": bucket, "key": "bge.tar.gz", "size_gb": 0.2, "unpacked_gb": 0.3, **changes})


def endpoint(stack: cdk.Stack, **more: Any) -> ServerlessEndpoint:
    given = {name: value(stack) if callable(value) else value for name, value in more.items()}
    if "server" not in given:
        given["server"] = TeiCpu(model=archive(models(stack)))
    return ServerlessEndpoint(stack, "Embed", **given)


def made(**more: Any) -> Template:
    stack = new_stack()
    endpoint(stack, **more)
    return template_of(stack)


@functools.cache
def plain() -> Template:
    return made()


@functools.cache
def warm() -> Template:
    scaling = TargetProvisionedUtilization(min_concurrency=2, max_concurrency=4, **TRACKED)
    stack = new_stack()
    key = kms.Key.from_key_arn(stack, "Key", KEY)
    endpoint(stack, provisioned=scaling, encryption_key=key, memory_mb=6144)
    cdk.Validations.of(stack).acknowledge(
        cdk.Acknowledgment(id=f"Annotation::{KEY_ELSEWHERE}", reason="it allows them")
    )
    return template_of(stack)


def refusal(**more: Any) -> str:
    return refusal_of(made, **more)


def test_one_variant_without_instances() -> None:
    config = only(plain(), "AWS::SageMaker::EndpointConfig")
    (variant,) = config["ProductionVariants"]
    del variant["ModelName"]
    assert variant == {
        "VariantName": "AllTraffic",
        "InitialVariantWeight": 1,
        "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5},
    }
    assert config.keys() == {"ProductionVariants", "Tags"}


def test_the_model_is_an_archive_by_its_address_and_not_isolated() -> None:
    model = only(plain(), "AWS::SageMaker::Model")
    assert model["PrimaryContainer"]["ModelDataUrl"] == "s3://models/bge.tar.gz"
    assert "ModelDataSource" not in model["PrimaryContainer"]
    assert model["EnableNetworkIsolation"] is False
    assert "VpcConfig" not in model


def test_it_has_a_log_group_a_role_and_no_guardrails() -> None:
    assert only(plain(), "AWS::Logs::LogGroup")["LogGroupName"] == "/aws/sagemaker/Endpoints/fleet-embed"
    statements = only(plain(), "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
    assert [one["Sid"] for one in statements] == ["Unscoped", "Image", "Logs", "Model"]
    assert statements[-1]["Resource"] == ["arn:aws:s3:::models/bge.tar.gz"]
    assert "DeploymentConfig" not in only(plain(), "AWS::SageMaker::Endpoint")
    assert of_type(plain(), "AWS::CloudWatch::Alarm") == []
    (log_group,) = resource(plain(), "AWS::SageMaker::Endpoint")["DependsOn"]
    assert plain()["Resources"][log_group]["Type"] == "AWS::Logs::LogGroup"


def test_a_key_encrypts_the_kept_image_and_the_logs() -> None:
    assert only(warm(), "AWS::SageMaker::EndpointConfig")["KmsKeyId"] == KEY
    assert only(warm(), "AWS::Logs::LogGroup")["KmsKeyId"] == KEY
    statements = only(warm(), "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
    (grant,) = (one for one in statements if one["Sid"] == "VolumeKey")
    assert grant["Resource"] == [KEY]


def test_an_accepted_licence_has_no_place_in_a_model_data_url() -> None:
    model = S3Archive(bucket=models(new_stack()), key="a.tar.gz", size_gb=0.1, unpacked_gb=0.2, accept_eula=True)
    assert "server.model.accept_eula: got True; allowed: False" in refusal(server=TeiCpu(model=model))


def test_warm_executions_that_follow_load() -> None:
    (variant,) = only(warm(), "AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert variant["ServerlessConfig"] == {"MemorySizeInMB": 6144, "MaxConcurrency": 5, "ProvisionedConcurrency": 2}
    target = only(warm(), "AWS::ApplicationAutoScaling::ScalableTarget")
    assert (target["ScalableDimension"], target["MinCapacity"], target["MaxCapacity"]) == (
        "sagemaker:variant:DesiredProvisionedConcurrency",
        2,
        4,
    )
    assert "RetainAllVariantProperties" not in only(warm(), "AWS::SageMaker::Endpoint")


def test_a_fixed_number_of_warm_executions_registers_nothing() -> None:
    template = made(provisioned=ProvisionedConcurrency(executions=5))
    (variant,) = only(template, "AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert variant["ServerlessConfig"]["ProvisionedConcurrency"] == 5
    assert of_type(template, "AWS::ApplicationAutoScaling::ScalableTarget") == []


def test_it_is_invoked_like_a_real_time_endpoint() -> None:
    assert endpoint(new_stack()).invoke_actions == (
        "sagemaker:InvokeEndpoint",
        "sagemaker:InvokeEndpointWithResponseStream",
    )


def test_a_metric_that_it_does_not_publish() -> None:
    with pytest.raises(ConfigurationError) as caught:
        endpoint(new_stack()).metric_cpu_utilization()
    names = ", ".join(fact.name for fact in of_kind("serverless"))
    assert str(caught.value) == (
        "metric of endpoint fleet-embed: metric_name: got 'CPUUtilization'; allowed: of a serverless endpoint: "
        f"{names}; fix: use MemoryUtilization: the page's list is exhaustive and leaves it out, "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-monitoring.html (read 2026-11-24)"
    )


# --- what is refused


def test_accelerated_servers() -> None:
    assert refusal(server=lambda stack: llm(models(stack), model=archive(models_again(stack)))) == (
        "ServerlessEndpoint fleet/Embed: server: got 'Lmi for gpu'; allowed: a server for CPUs: serverless endpoints "
        "have no accelerators; fix: choose a server for CPUs (TeiCpu, TritonCpu, Container), or RealtimeEndpoint for an "
        "accelerator"
    )
    assert "server: got 'HuggingFaceNeuron for neuron'" in refusal(server=lambda stack: encoder(models(stack)))


def models_again(stack: cdk.Stack) -> Any:
    return stack.node.find_child("Models")


def test_uncompressed_models() -> None:
    server = lambda stack: TeiCpu(model=S3Model(bucket=models(stack), prefix="bge/", size_gb=0.3))  # noqa: E731
    assert refusal(server=server) == (
        "ServerlessEndpoint fleet/Embed: server.model: got 'S3Model'; allowed: S3Archive: serverless endpoints take no "
        "uncompressed model; fix: pack the model into a .tar.gz"
    )


def test_models_from_the_hub() -> None:
    model = HuggingFaceModel(model_id="BAAI/bge-m3", revision="5617a9f61b028005a4858fdac845db406aefb181", size_gb=2.3)
    assert refusal(server=TeiCpu(model=model)) == (
        f"ServerlessEndpoint fleet/Embed: server.model: got {model.title!r}; allowed: S3Archive: from the hub every cold "
        "start would download the model again; fix: pack the model into a .tar.gz in S3"
    )


def test_a_model_that_fits_neither_disk_nor_memory() -> None:
    big = lambda stack: TeiCpu(model=archive(models(stack), size_gb=2, unpacked_gb=4))  # noqa: E731
    assert refusal(server=big, memory_mb=6144) == (
        "ServerlessEndpoint fleet/Embed: server.model: got '6 GB on disk'; allowed: up to 5 GB, archive and files "
        "together; fix: choose a smaller model, or RealtimeEndpoint"
    )
    full = lambda stack: TeiCpu(model=archive(models(stack), size_gb=1, unpacked_gb=3))  # noqa: E731
    assert refusal(server=full) == (
        "ServerlessEndpoint fleet/Embed: memory_mb: got 2048; allowed: at least the model's size, 2861 MB; fix: raise "
        "memory_mb, choose a smaller model, or RealtimeEndpoint"
    )


@each("memory", [0, 512, 2000, 7168, "2048", 2048.0, True, None])
def test_sizes_that_there_are_not(memory: Any) -> None:
    assert refusal(memory_mb=memory) == (
        f"ServerlessEndpoint fleet/Embed: memory_mb: got {memory!r}; allowed: 1024, 2048, 3072, 4096, 5120, 6144; fix: "
        "choose one of these"
    )


@each("most", [0, 201, 1.5, "5", True, None])
def test_concurrency(most: Any) -> None:
    assert refusal(max_concurrency=most) == (
        f"ServerlessEndpoint fleet/Embed: max_concurrency: got {most!r}; allowed: a whole number from 1 to 200; fix: "
        "choose a count within the limits"
    )


@given(memory=st.sampled_from(MEMORY_MB), size=st.floats(0.01, 2.4))
def test_a_model_is_let_through_exactly_where_it_fits(memory: int, size: float) -> None:
    stack = _stack()
    server = TeiCpu(model=archive(_bucket(), size_gb=size, unpacked_gb=size))
    try:
        ServerlessEndpoint(stack, f"E{len(stack.node.children)}", server=server, memory_mb=memory)
        fits = True
    except ConfigurationError:
        fits = False
    assert fits == (size * 1000**3 <= memory * 1024**2)


@functools.cache
def _stack() -> cdk.Stack:
    return new_stack("many")


@functools.cache
def _bucket() -> Bucket:
    return models(new_stack("elsewhere"))


def test_more_warm_executions_than_requests_at_once() -> None:
    assert refusal(provisioned=ProvisionedConcurrency(executions=6)) == (
        "ServerlessEndpoint fleet/Embed: provisioned.executions: got 6; allowed: at most the endpoint's maximum "
        "concurrency, 5; fix: lower it, or raise that"
    )
    morning = ScheduledBounds(schedule="cron(0 8 * * ? *)", time_zone="UTC", min_capacity=1, max_capacity=7)
    assert refusal(provisioned=TargetProvisionedUtilization(max_concurrency=6, windows=(morning,), **TRACKED)) == (
        "ServerlessEndpoint fleet/Embed has 2 problems:\n"
        "  1. provisioned.max_concurrency: got 6; allowed: at most the endpoint's maximum concurrency, 5; fix: lower it, "
        "or raise that\n"
        "  2. provisioned.windows[0].maximum: got 7; allowed: at most the endpoint's maximum concurrency, 5; fix: lower "
        "it, or raise that"
    )


def test_a_policy_of_another_kind_and_none_at_all() -> None:
    assert refusal(provisioned=FixedCount()) == (
        "ServerlessEndpoint fleet/Embed: provisioned: got 'FixedCount'; allowed: for a serverless variant: "
        "ProvisionedConcurrency, TargetProvisionedUtilization; fix: use ProvisionedConcurrency"
    )
    assert refusal(provisioned=2) == (
        "ServerlessEndpoint fleet/Embed: provisioned: got 2; allowed: ProvisionedConcurrency, "
        "TargetProvisionedUtilization; fix: provisioned=ProvisionedConcurrency(executions=...)"
    )


def test_what_is_measured_or_captured_per_instance() -> None:
    stack = new_stack()
    capture = DataCapture(bucket=models(stack), percent=5, key=kms.Key(stack, "Key"))
    observability = Observability(enhanced_metrics=True, metric_period_seconds=10, capture=capture)
    assert refusal(observability=observability) == (
        "ServerlessEndpoint fleet/Embed: observability: got 'enhanced_metrics, metric_period_seconds, capture'; allowed: "
        "retention_days and keep_logs: a serverless endpoint has no instances to measure, and no data capture; fix: leave them out, "
        "or choose RealtimeEndpoint"
    )
    assert refusal(observability="all") == (
        "ServerlessEndpoint fleet/Embed: observability: got 'all'; allowed: Observability; fix: "
        "observability=Observability()"
    )
    kept = made(observability=Observability(retention_days=7, keep_logs=False))
    assert only(kept, "AWS::Logs::LogGroup")["RetentionInDays"] == 7


def test_a_server_that_is_none_and_a_model_without_a_bucket() -> None:
    assert refusal(server="tei") == (
        "ServerlessEndpoint fleet/Embed: server: got 'tei'; allowed: a server; fix: for example "
        "server=TeiCpu(model=S3Archive(...))"
    )
    unbound = S3Archive(key="bge.tar.gz", size_gb=0.2, unpacked_gb=0.3)
    assert refusal(server=TeiCpu(model=unbound)) == (
        "ServerlessEndpoint fleet/Embed: server.model.bucket: got None; allowed: the bucket that holds the model; fix: "
        "write S3Model(bucket=...), or server.in_bucket(bucket)"
    )


def test_numbers_that_are_known_at_deployment_only() -> None:
    stack = new_stack()
    number = cdk.CfnParameter(stack, "Number", type="Number").value_as_number
    most: Any = number
    endpoint(stack, max_concurrency=most, memory_mb=most, provisioned=ProvisionedConcurrency(executions=5))
    (variant,) = only(template_of(stack), "AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert variant["ServerlessConfig"]["MaxConcurrency"] == {"Ref": "Number"}
