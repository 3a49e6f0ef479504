"""Wrong arguments of an endpoint: whole messages, and all of them at once."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ecr as ecr

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import Observability, RealtimeEndpoint
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.scaling import TargetMetric
from cdk_inference.serving import Container, EcrImage, HuggingFaceNeuron, Lmi, S3Model, VllmNeuron
from tests.compiled import BERT, for_vllm
from tests.refusals import refusal_of
from tests.support import encoder, endpoint_template, llm, models, new_stack

LLAMA = next(value for name, value in PUBLISHED.items() if name.endswith("Llama-3.1-8B"))
MODEL = S3Model(prefix="llama/", size_gb=16.1)


def refusal(region: str | None = "us-east-1", **arguments: Any) -> str:
    return refusal_of(endpoint_template, region=region, **arguments)


def test_a_model_without_a_bucket() -> None:
    server = Lmi(model=MODEL, tensor_parallel_degree=1, max_model_len=8192)
    assert refusal(server=server) == (
        "RealtimeEndpoint fleet/Chat: server.model.bucket: got None; allowed: the bucket that holds the model; "
        "fix: write S3Model(bucket=...), or server.in_bucket(bucket)"
    )


def test_hardware_that_does_not_exist() -> None:
    assert refusal(hardware="ml.g6.3xlarge") == (
        "RealtimeEndpoint fleet/Chat: hardware: got 'ml.g6.3xlarge'; allowed: an instance type of SageMaker hosting; "
        "as of 2026-10-20 there is no such type; fix: use 'ml.g6.xlarge', 'ml.g6.2xlarge' or 'ml.g6.4xlarge'; "
        "if AWS has released it since, register() it first"
    )


def test_hardware_that_the_region_does_not_list() -> None:
    message = refusal(region="eu-north-1", server=lambda stack: encoder(models(stack)), hardware="ml.trn1.2xlarge")
    assert message == (
        "RealtimeEndpoint fleet/Chat has 2 problems:\n"
        "  1. server: got 'huggingface-pytorch-inference-neuronx:2.8.0-transformers4.55.4-neuronx-py310-sdk2.26.0-"
        "ubuntu22.04'; allowed: in a region that has the image, which eu-north-1 is not: ap-northeast-1, ap-south-1, "
        "ap-south-2, ap-southeast-1, ap-southeast-2, ap-southeast-4, ap-southeast-5, ap-southeast-7, ca-west-1, "
        "cn-north-1, cn-northwest-1, eu-central-1, eu-central-2, eu-south-2, eu-west-1, eu-west-3, il-central-1, "
        "mx-central-1, sa-east-1, us-east-1, us-east-2, us-gov-east-1, us-gov-west-1, us-west-2; fix: deploy to one of "
        "these regions, or copy the image to your own ECR repository in eu-north-1 and use "
        "Container(image=EcrImage(...))\n"
        "  2. hardware: got 'ml.trn1.2xlarge'; allowed: a type that eu-north-1 lists for hosting; as of 2026-10-20 "
        "this one is listed in us-east-1, us-west-2; fix: use 'ml.inf2.xlarge' (1 x Inferentia2, 32 GiB), "
        "'ml.inf1.6xlarge' (4 x Inferentia, 32 GiB) or 'ml.g7.2xlarge' (1 x NVIDIA RTX PRO 4500, 32 GiB), or deploy "
        "to a region that lists ml.trn1.2xlarge; if eu-north-1 lists it by now, call "
        "register_region('ml.trn1.2xlarge', 'eu-north-1') first"
    )


def test_hardware_that_no_region_lists_even_without_a_region() -> None:
    compiled = dataclasses.replace(BERT, chip="Trainium2")
    assert refusal(region=None, server=lambda stack: encoder(models(stack), compiled), hardware="ml.trn2.48xlarge") == (
        "RealtimeEndpoint fleet/Chat: hardware: got 'ml.trn2.48xlarge'; allowed: a type that some region lists for "
        "hosting; as of 2026-10-20 no region lists this one; fix: choose one whose regions include yours from "
        "cdk_inference.hardware.instance_types()"
    )


def test_hardware_as_a_token() -> None:
    assert refusal(hardware="${Token[TOKEN.12]}") == (
        "RealtimeEndpoint fleet/Chat: hardware: got 'a value known at deployment only'; allowed: plain text; fix: "
        "write the type in code or settings: what the hardware allows decides about the template"
    )


def test_a_gpu_server_on_neuron() -> None:
    assert refusal(hardware="ml.inf2.xlarge") == (
        "RealtimeEndpoint fleet/Chat: server: got 'Lmi on ml.inf2.xlarge (Inferentia2)'; allowed: hardware of kind "
        "gpu; fix: choose hardware of that kind, or a server for it: VllmNeuron or HuggingFaceNeuron"
    )


def test_more_shards_than_accelerators() -> None:
    assert refusal(server=lambda stack: llm(models(stack), tensor_parallel_degree=2)) == (
        "RealtimeEndpoint fleet/Chat: server.tensor_parallel_degree: got 2; allowed: 1 to 1: ml.g6.2xlarge has 1 GPU; "
        "fix: lower the degree to 1, or choose hardware with more GPUs"
    )


def test_more_shards_than_neuroncores() -> None:
    def server(stack: Any) -> VllmNeuron:
        model = S3Model(bucket=models(stack), prefix="llama/", size_gb=16.1)
        return VllmNeuron(
            model=model, tensor_parallel_degree=8, sequence_length=4096, batch_size=4, compilation=for_vllm(8)
        )

    assert refusal(server=server, hardware="ml.trn1.2xlarge") == (
        "RealtimeEndpoint fleet/Chat: server.tensor_parallel_degree: got 8; allowed: 1 to 2: ml.trn1.2xlarge has 2 "
        "NeuronCores; fix: lower the degree to 2, or choose hardware with more NeuronCores"
    )


def test_inferentia1_with_an_image_for_inferentia2() -> None:
    assert refusal(server=lambda stack: encoder(models(stack)), hardware="ml.inf1.xlarge") == (
        "RealtimeEndpoint fleet/Chat: server: got 'Inferentia (ml.inf1.xlarge)'; allowed: Inferentia2, Trainium, "
        "Trainium2, which the image's host image serves; fix: choose Inf2 or Trn1 hardware, or Container(...) with an "
        "image for this chip"
    )


def test_a_host_image_of_the_other_kind() -> None:
    def server(stack: Any) -> Container:
        repository = ecr.Repository.from_repository_name(stack, "Repository", "mine")
        return Container(
            model=S3Model(bucket=models(stack), prefix="bert/", size_gb=0.5),
            image=EcrImage(repository=repository, tag="1"),
            runs_on=("gpu", "neuron"),
            ami_version="al2-ami-sagemaker-inference-neuron-2",
        )

    assert refusal(server=server) == (
        "RealtimeEndpoint fleet/Chat: server.ami_version: got 'al2-ami-sagemaker-inference-neuron-2'; allowed: a host "
        "image for gpu hardware, since the endpoint runs on ml.g6.2xlarge; fix: choose the host image that belongs to "
        "image and hardware, or leave it out"
    )


def test_a_model_larger_than_the_largest_volume() -> None:
    def server(stack: Any) -> HuggingFaceNeuron:
        model = S3Model(bucket=models(stack), prefix="large/", size_gb=410)
        return HuggingFaceNeuron(model=model, task="text-generation", compilation=BERT)

    # By hand: 410 GB and a quarter more are 512.5 GB.
    assert refusal(server=server, hardware="ml.inf2.48xlarge") == (
        "RealtimeEndpoint fleet/Chat: server.model: got '410 GB on disk'; allowed: what a storage volume of 512 GB "
        "holds with a quarter to spare, since ml.inf2.48xlarge has no local disk; fix: choose hardware with local NVMe "
        "storage, or a smaller (quantized) model"
    )


def test_a_log_retention_that_cloudwatch_lacks() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Observability(retention_days=31, metric_period_seconds=15)
    assert str(caught.value) == (
        "Observability has 2 problems:\n"
        "  1. retention_days: got 31; allowed: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, "
        "1096, 1827, 2192, 2557, 2922, 3288, 3653; fix: choose the next longer period\n"
        "  2. metric_period_seconds: got 15; allowed: 10, 30, 60, 120, 180, 240, 300; fix: choose one of these"
    )


def test_wrong_types_all_at_once() -> None:
    wrong: dict[str, Any] = {
        "server": "vllm",
        "hardware": 6,
        "scaling": 2,
        "startup": 600,
        "network_isolation": "yes",
        "vpc": "vpc-1",
        "observability": 30,
    }
    message = refusal(**wrong)
    assert [line.split(". ", 1)[1].split(": got ")[0] for line in message.splitlines()[1:]] == list(wrong)


def test_nothing_is_made_of_a_refused_endpoint() -> None:
    stack = new_stack()
    with pytest.raises(ConfigurationError):
        RealtimeEndpoint(
            stack,
            "Chat",
            server=Lmi(model=MODEL, tensor_parallel_degree=1, max_model_len=8192),
            hardware="ml.g6.2xlarge",
        )
    assert stack.node.children == []


def test_a_metric_of_another_region_comes_with_what_else_is_wrong() -> None:
    """What only the stack can say is said at once, about the endpoint, and before anything is made."""
    stack = new_stack("Demo")
    metric = cloudwatch.Metric(namespace="Own", metric_name="QueuePerInstance", region="eu-west-1")
    bucket = models(stack)
    with pytest.raises(ConfigurationError) as caught:
        RealtimeEndpoint(
            stack,
            "Chat",
            server=llm(bucket, tensor_parallel_degree=8),
            hardware="ml.g6.12xlarge",
            scaling=TargetMetric(metric=metric, value=3, max_capacity=3),
        )
    assert str(caught.value) == (
        "RealtimeEndpoint Demo/Chat has 2 problems:\n"
        "  1. scaling.metric: got {'region': 'eu-west-1'}; allowed: a metric of this account and region, which is all "
        "that Application Auto Scaling reads; fix: copy the metric into this account and region, or scale by one that "
        "is here\n"
        "  2. server.tensor_parallel_degree: got 8; allowed: 1 to 4: ml.g6.12xlarge has 4 GPUs; fix: lower the degree to 4, or choose "
        "hardware with more GPUs"
    )
    assert [child.node.id for child in stack.node.children] == ["Models"]


def test_a_fit_message_names_types_that_the_region_lists() -> None:
    workload = Workload(architecture=LLAMA, precision="bf16", context_tokens=8192, batch=32)

    def server(stack: Any) -> Lmi:
        return llm(models(stack), workload=workload)

    types = {
        None: "'ml.p5.4xlarge' (degree 1), 'ml.g5.12xlarge' (degree 4) or 'ml.g6.12xlarge' (degree 4)",
        "ap-southeast-1": "'ml.g5.12xlarge' (degree 4) or 'ml.p4d.24xlarge' (degree 8)",
    }
    for region, named in types.items():
        assert refusal(region=region, server=server, hardware="ml.g5.xlarge") == (
            "RealtimeEndpoint fleet/Chat: hardware: got 'ml.g5.xlarge with degree 1'; allowed: more than 48.31 GiB to"
            " use on each GPU (weights 14.96, KV cache 32.00, sampling 0.43, hidden states 0.03, outside PyTorch 0.25, CUDA"
            " graphs 0.64); here are 19.82 of 22.40; fix:"
            f" use {named}; or lower context_tokens or batch, or store weights or cache in fewer bits"
        )
