"""Whether a server runs on a chip: whole messages."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

from cdk_inference.hardware import InstanceType, lookup
from cdk_inference.serving import Container, EcrImage, HuggingFaceNeuron, Lmi, S3Model, Server, VllmNeuron
from cdk_inference.serving.servers import SERVERS_FOR
from tests.compiled import BERT, for_vllm
from tests.each import each
from tests.refusals import NUMBER_TOKEN, TEXT_TOKEN

MODEL = S3Model(prefix="llama/", size_gb=16.1)
IMAGE = EcrImage(repository=SimpleNamespace(repository_arn="arn", repository_uri_for_tag_or_digest=str), tag="1")
GPU_HOST, NEURON_HOST = "al2023-ami-sagemaker-inference-gpu-4-1", "al2-ami-sagemaker-inference-neuron-2"
ENCODER = HuggingFaceNeuron(model=MODEL, task="fill-mask", compilation=BERT)
ENCODER_TRN2 = dataclasses.replace(ENCODER, compilation=dataclasses.replace(BERT, chip="Trainium2"))


def lmi(degree: Any = 1) -> Lmi:
    return Lmi(model=MODEL, tensor_parallel_degree=degree)


def vllm(degree: Any = 1, chip: str = "Inferentia2") -> VllmNeuron:
    compiled = for_vllm(degree, 8, 1, chip=chip)
    return VllmNeuron(model=MODEL, tensor_parallel_degree=degree, sequence_length=8, batch_size=1, compilation=compiled)


def container(*runs_on: str, ami_version: str | None = None) -> Container:
    return Container(model=MODEL, image=IMAGE, runs_on=runs_on, ami_version=ami_version)


def told(server: Server, hardware: str | InstanceType) -> list[str]:
    chosen = lookup(hardware) if isinstance(hardware, str) else hardware
    return [str(problem) for problem in server.problems_on(chosen)]


@each(
    ("server", "hardware"),
    [
        (lmi(1), "ml.g5.xlarge"),
        (lmi(4), "ml.g6.12xlarge"),
        (lmi(NUMBER_TOKEN), "ml.g5.xlarge"),
        (lmi(TEXT_TOKEN), "ml.g5.xlarge"),
        (ENCODER, "ml.inf2.xlarge"),
        (ENCODER, "ml.trn1.2xlarge"),
        (ENCODER_TRN2, "ml.trn2.48xlarge"),
        (vllm(2), "ml.inf2.xlarge"),
        (vllm(12), "ml.inf2.24xlarge"),
        (vllm(NUMBER_TOKEN), "ml.inf2.xlarge"),
        (container("gpu"), "ml.g5.xlarge"),
        (container("cpu", "gpu"), "ml.m5.large"),
        (container("gaudi"), "ml.dl1.24xlarge"),
        (container("neuron"), "ml.inf1.xlarge"),
        (container("gpu", ami_version=GPU_HOST), "ml.g5.xlarge"),
        (container("neuron", ami_version=NEURON_HOST), "ml.inf2.xlarge"),
        (container("gpu", ami_version=TEXT_TOKEN), "ml.g5.xlarge"),
    ],
)
def test_what_fits_has_no_problem(server: Server, hardware: str) -> None:
    assert told(server, hardware) == []


@each(
    ("server", "hardware", "got", "allowed", "chip"),
    [
        (lmi(4), "ml.inf2.xlarge", "Lmi on ml.inf2.xlarge (Inferentia2)", "gpu", "neuron"),
        (lmi(4), "ml.dl1.24xlarge", "Lmi on ml.dl1.24xlarge (Gaudi)", "gpu", "gaudi"),
        (lmi(4), "ml.m5.large", "Lmi on ml.m5.large (no accelerator)", "gpu", "cpu"),
        (ENCODER, "ml.g5.xlarge", "HuggingFaceNeuron on ml.g5.xlarge (NVIDIA A10G)", "neuron", "gpu"),
        (vllm(4), "ml.g5.xlarge", "VllmNeuron on ml.g5.xlarge (NVIDIA A10G)", "neuron", "gpu"),
        (vllm(4), "ml.m5.large", "VllmNeuron on ml.m5.large (no accelerator)", "neuron", "cpu"),
        (
            container("neuron", "gaudi"),
            "ml.g5.xlarge",
            "Container on ml.g5.xlarge (NVIDIA A10G)",
            "neuron or gaudi",
            "gpu",
        ),
    ],
)
def test_the_wrong_chip_is_the_only_problem_told(
    server: Server, hardware: str, got: str, allowed: str, chip: str
) -> None:
    assert told(server, hardware) == [
        f"server: got '{got}'; allowed: hardware of kind {allowed};"
        f" fix: choose hardware of that kind, or a server for it: {SERVERS_FOR.get(chip, 'Container(...)')}"
    ]


@each(
    ("server", "hardware", "available", "unit"),
    [
        (lmi(2), "ml.g5.xlarge", 1, "GPUs"),
        (lmi(5), "ml.g6.12xlarge", 4, "GPUs"),
        (vllm(3), "ml.inf2.xlarge", 2, "NeuronCores"),
        (vllm(13), "ml.inf2.24xlarge", 12, "NeuronCores"),
        (vllm(3), "ml.trn1.2xlarge", 2, "NeuronCores"),
    ],
)
def test_more_parts_than_chips_are_refused(server: Lmi | VllmNeuron, hardware: str, available: int, unit: str) -> None:
    counted = unit.removesuffix("s") if available == 1 else unit
    assert told(server, hardware) == [
        f"server.tensor_parallel_degree: got {server.tensor_parallel_degree}; allowed: 1 to {available}: {hardware} has"
        f" {available} {counted}; fix: lower the degree to {available}, or choose hardware with more {unit}"
    ]


INF1 = (
    "server: got 'Inferentia (ml.inf1.xlarge)'; allowed: Inferentia2, Trainium, Trainium2, which the image's host"
    " image serves; fix: choose Inf2 or Trn1 hardware, or Container(...) with an image for this chip"
)


@each("server", [ENCODER, vllm(4)], ids=lambda server: type(server).__name__)
def test_inf1_has_no_host_image_for_the_neuron_images(server: Server) -> None:
    assert told(server, "ml.inf1.xlarge") == [INF1]


def test_chip_and_degree_are_told_at_once() -> None:
    assert told(vllm(5), "ml.inf1.xlarge") == [
        INF1,
        "server.tensor_parallel_degree: got 5; allowed: 1 to 4: ml.inf1.xlarge has 4 NeuronCores;"
        " fix: lower the degree to 4, or choose hardware with more NeuronCores",
    ]


@each(
    ("server", "hardware", "kind"),
    [
        (container("gpu", ami_version=NEURON_HOST), "ml.g5.xlarge", "gpu"),
        (container("neuron", ami_version=GPU_HOST), "ml.inf2.xlarge", "neuron"),
        (container("cpu", ami_version=GPU_HOST), "ml.m5.large", "cpu"),
    ],
)
def test_a_host_image_for_other_hardware_is_refused(server: Container, hardware: str, kind: str) -> None:
    assert told(server, hardware) == [
        f"server.ami_version: got '{server.ami_version}'; allowed: a host image for {kind} hardware, since the endpoint"
        f" runs on {hardware}; fix: choose the host image that belongs to image and hardware, or leave it out"
    ]


def test_the_host_image_for_neuron_does_not_serve_inf1() -> None:
    assert told(container("neuron", ami_version=NEURON_HOST), "ml.inf1.xlarge") == [
        f"server.ami_version: got '{NEURON_HOST} on Inferentia (ml.inf1.xlarge)'; allowed: Inferentia2, Trainium,"
        " Trainium2, which this host image serves; fix: leave ami_version out, or choose Inf2 or Trn1 hardware"
    ]


def test_chip_and_host_image_are_told_at_once() -> None:
    assert told(container("gpu", ami_version=GPU_HOST), "ml.inf2.xlarge") == [
        "server: got 'Container on ml.inf2.xlarge (Inferentia2)'; allowed: hardware of kind gpu;"
        " fix: choose hardware of that kind, or a server for it: VllmNeuron or HuggingFaceNeuron",
        f"server.ami_version: got '{GPU_HOST}'; allowed: a host image for neuron hardware, since the endpoint"
        " runs on ml.inf2.xlarge; fix: choose the host image that belongs to image and hardware, or leave it out",
    ]


@each(("server", "kind", "accelerator"), [(lmi(64), "gpu", "NVIDIA X"), (vllm(64, "Trainium2"), "neuron", "Trainium2")])
def test_a_type_with_unknown_counts_takes_any_degree(server: Server, kind: str, accelerator: str) -> None:
    new = InstanceType(name="ml.x9.large", kind=kind, storage_volume=False, accelerator=accelerator)
    assert told(server, new) == []


def test_an_x86_image_does_not_run_on_graviton() -> None:
    assert told(container("cpu"), "ml.c7g.xlarge") == [
        "server.architecture: got 'x86_64'; allowed: arm64, the CPU of ml.c7g.xlarge;"
        ' fix: build the image for it and write architecture="arm64", or choose a type with x86_64'
    ]
    assert told(dataclasses.replace(container("cpu"), architecture="arm64"), "ml.c7g.xlarge") == []


def test_an_arm_image_does_not_run_on_x86() -> None:
    assert told(dataclasses.replace(container("gpu"), architecture="arm64"), "ml.g5.xlarge") == [
        "server.architecture: got 'arm64'; allowed: x86_64, the CPU of ml.g5.xlarge;"
        ' fix: build the image for it and write architecture="x86_64", or choose a type with arm64'
    ]


def test_an_unknown_cpu_takes_any_image() -> None:
    new = InstanceType(name="ml.x9.large", kind="gpu", storage_volume=False)
    assert told(container("gpu"), new) == []
    assert told(dataclasses.replace(container("gpu"), architecture=TEXT_TOKEN), "ml.g5.xlarge") == []


def test_trainium2_is_counted_in_logical_cores_by_every_check() -> None:
    assert told(vllm(65, "Trainium2"), "ml.trn2.48xlarge") == [
        "server.tensor_parallel_degree: got 65; allowed: 1 to 64: ml.trn2.48xlarge has 64 logical NeuronCores;"
        " fix: lower the degree to 64, or choose hardware with more logical NeuronCores"
    ]
    assert told(vllm(64, "Trainium2"), "ml.trn2.48xlarge") == []
