"""Serverless endpoints: what they are made of, and what they do not have."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_kms as kms

from cdk_inference.endpoints import Observability, ServerlessEndpoint
from cdk_inference.errors import ConfigurationError
from cdk_inference.scaling import FixedCount, ProvisionedConcurrency, TargetProvisionedUtilization
from cdk_inference.serving import Container, EcrImage, S3Archive, S3Model, TeiCpu
from tests.judges import lint, service_model
from tests.support import Template, llm, models, new_stack, of_type, only, template_of

SUBJECT = "ServerlessEndpoint fleet/Small"
ENDPOINT, CONFIG, MODEL = (f"AWS::SageMaker::{name}" for name in ("Endpoint", "EndpointConfig", "Model"))


def server(stack: cdk.Stack, size_gb: float = 0.4, unpacked_gb: float = 0.5) -> TeiCpu:
    return TeiCpu(model=S3Archive(bucket=models(stack), key="m.tar.gz", size_gb=size_gb, unpacked_gb=unpacked_gb))


def build(stack: cdk.Stack, **arguments: Any) -> ServerlessEndpoint:
    made = {name: value(stack) if callable(value) else value for name, value in arguments.items()}
    if "server" not in made:
        made["server"] = server(stack)
    return ServerlessEndpoint(stack, "Small", **made)


def template(**arguments: Any) -> Template:
    stack = new_stack()
    build(stack, **arguments)
    found = template_of(stack)
    assert service_model.findings(found) == []
    assert lint.findings(found, "us-east-1") == []
    return found


def refusal(**arguments: Any) -> str:
    with pytest.raises(ConfigurationError) as caught:
        build(new_stack(), **arguments)
    return str(caught.value)


def test_memory_and_concurrency_in_place_of_instances() -> None:
    (variant,) = only(template(memory_mb=3072, max_concurrency=8), CONFIG)["ProductionVariants"]
    assert variant["ServerlessConfig"] == {"MemorySizeInMB": 3072, "MaxConcurrency": 8}
    assert set(variant) == {"VariantName", "ModelName", "InitialVariantWeight", "ServerlessConfig"}


def test_the_model_is_named_by_its_url() -> None:
    container = only(template(), MODEL)["PrimaryContainer"]
    assert container["ModelDataUrl"] == "s3://models/m.tar.gz"
    assert "ModelDataSource" not in container


def test_no_network_isolation_no_guardrails_no_scaling() -> None:
    found = template()
    assert only(found, MODEL)["EnableNetworkIsolation"] is False
    assert "DeploymentConfig" not in only(found, ENDPOINT)
    assert of_type(found, "AWS::CloudWatch::Alarm") == []
    assert of_type(found, "AWS::ApplicationAutoScaling::ScalableTarget") == []


def test_a_key_encrypts_the_kept_image_and_the_log_group() -> None:
    found = template(encryption_key=lambda stack: kms.Key(stack, "Key"))
    assert "KmsKeyId" in only(found, CONFIG)
    assert "KmsKeyId" in only(found, "AWS::Logs::LogGroup")


def test_kept_warm() -> None:
    found = template(max_concurrency=10, provisioned=ProvisionedConcurrency(executions=3))
    (variant,) = only(found, CONFIG)["ProductionVariants"]
    assert variant["ServerlessConfig"]["ProvisionedConcurrency"] == 3
    assert of_type(found, "AWS::ApplicationAutoScaling::ScalableTarget") == []


def test_warm_executions_can_be_scaled_once_that_was_tried() -> None:
    policy = TargetProvisionedUtilization(
        utilization=0.5, min_concurrency=1, max_concurrency=4, cloudformation_tried=True
    )
    target = only(template(provisioned=policy), "AWS::ApplicationAutoScaling::ScalableTarget")
    assert target["ScalableDimension"] == "sagemaker:variant:DesiredProvisionedConcurrency"
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 4)


def test_any_container_for_cpus() -> None:
    def own(stack: cdk.Stack) -> Container:
        image = EcrImage(repository=ecr.Repository.from_repository_name(stack, "Images", "mine"), tag="1")
        return Container(model=server(stack).model, image=image, runs_on=("cpu",))

    assert len(of_type(template(server=own), MODEL)) == 1


@pytest.mark.parametrize(
    ("arguments", "messages"),
    [
        (
            {"server": lambda stack: llm(models(stack))},
            [
                "server: got 'Lmi for gpu'; allowed: a server for CPUs: serverless endpoints have no accelerators; fix: "
                "choose a server for CPUs (TeiCpu, TritonCpu, Container), or RealtimeEndpoint for an accelerator",
                "server.model: got 'S3Model'; allowed: S3Archive: serverless endpoints take no uncompressed model; fix: "
                "pack the model into a .tar.gz",
            ],
        ),
        (
            {"server": lambda stack: TeiCpu(model=S3Model(bucket=models(stack), prefix="m/", size_gb=1))},
            [
                "server.model: got 'S3Model'; allowed: S3Archive: serverless endpoints take no uncompressed model; fix: "
                "pack the model into a .tar.gz"
            ],
        ),
        (
            {"server": lambda stack: server(stack, 2, 4)},
            [
                "server.model: got '6 GB on disk'; allowed: up to 5 GB, archive and files together; fix: choose a smaller "
                "model, or RealtimeEndpoint"
            ],
        ),
        (
            # 2 GB are 1907 MB of 1024 * 1024 bytes.
            {"server": lambda stack: server(stack, 1, 2), "memory_mb": 1024},
            [
                "memory_mb: got 1024; allowed: at least the model's size, 1907 MB; fix: raise memory_mb, choose a smaller "
                "model, or RealtimeEndpoint"
            ],
        ),
        (
            {"memory_mb": 2000, "max_concurrency": 201},
            [
                "memory_mb: got 2000; allowed: 1024, 2048, 3072, 4096, 5120, 6144; fix: choose one of these",
                "max_concurrency: got 201; allowed: a whole number from 1 to 200; fix: choose a count within the limits",
            ],
        ),
        (
            {"provisioned": 2},
            [
                "provisioned: got 2; allowed: ProvisionedConcurrency, TargetProvisionedUtilization; fix: "
                "provisioned=ProvisionedConcurrency(executions=...)"
            ],
        ),
        (
            {"observability": Observability(enhanced_metrics=True)},
            [
                "observability: got 'enhanced_metrics or metric_period_seconds'; allowed: log retention only: there are "
                "no instances to measure; fix: leave them out"
            ],
        ),
        (
            {"server": "tei"},
            ["server: got 'tei'; allowed: a server; fix: for example server=TeiCpu(model=S3Archive(...))"],
        ),
    ],
)
def test_what_serverless_endpoints_do_not_have(arguments: dict[str, Any], messages: list[str]) -> None:
    found = refusal(**arguments)
    if len(messages) == 1:
        assert found == f"{SUBJECT}: {messages[0]}"
    else:
        lines = [f"  {number}. {message}" for number, message in enumerate(messages, 1)]
        assert found == "\n".join([f"{SUBJECT} has {len(messages)} problems:", *lines])


def test_policies_of_instances_are_refused() -> None:
    assert refusal(provisioned=FixedCount(instances=2)).startswith(
        f"{SUBJECT}: provisioned: got 'FixedCount'; allowed: for a serverless variant: ProvisionedConcurrency, "
    )


def test_more_warm_than_at_all() -> None:
    assert refusal(max_concurrency=2, provisioned=ProvisionedConcurrency(executions=3)) == (
        f"{SUBJECT}: provisioned.executions: got 3; allowed: at most the endpoint's maximum concurrency, 2; fix: lower it, "
        "or raise that"
    )


def test_there_is_no_processor_to_measure() -> None:
    with pytest.raises(ConfigurationError) as caught:
        build(new_stack()).metric_cpu_utilization()
    assert "a serverless endpoint" in str(caught.value)
    assert build(new_stack()).metric_invocations().metric_name == "Invocations"
