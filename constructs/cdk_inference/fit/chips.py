"""Among how many devices of an instance type a model can be split, and how much each of them holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cdk_inference.fit.architecture import Architecture
from cdk_inference.hardware import InstanceType

# Share of a device that weights and cache may take. GPUs: what vLLM takes at most of each, gpu_memory_utilization;
# its default was 0.9 for years and is 0.92 in https://docs.vllm.ai/en/latest/api/vllm/config/cache/ (read 2026-11-23).
# Neuron's documentation asks for "weights + KV cache < 16 GB x degree" on NeuronCore-v2, and keeps nothing back:
# https://awsdocs-neuron.readthedocs-hosted.com/en/latest/about-neuron/calculator/neuron-calculator.html.
USABLE_SHARE: Mapping[str, float] = MappingProxyType({"gpu": 0.9, "neuron": 1.0})

# NeuronCores of one device that a program sees; they share its memory: 16 GiB each, 24 on Trainium2. Trainium2's 8
# physical cores appear as 4 (logical-neuroncore-config.rst of https://github.com/aws-neuron/aws-neuron-sdk, commit
# 81ce03ae of 2026-08-21). Inferentia, the first, is missing on purpose: no LLM server for Neuron runs on it.
CORES_PER_DEVICE: Mapping[str, int] = MappingProxyType({"Inferentia2": 2, "Trainium": 2, "Trainium2": 4})
_CORE = {"Trainium2": "logical NeuronCore"}

# vLLM: "GPUs with compute capability below 7.0 are not supported" (https://github.com/vllm-project/vllm/issues/1284).
WITHOUT_SERVER = ("NVIDIA K80",)

# Two pages of the same repository and commit disagree.
#   calculator (about-neuron/calculator/neuron-calculator.rst):   Inf2 2 4 8 12 24     Trn1 2 8 32
#   transformers-neuronx guide (in its archive):                  Inf2 1 2 4 8 24      Trn1 1 2 8 32
# Here is what either has: degree 1 is one core that talks to no other, so no wiring of cores can forbid it; 12 is every
# core of an inf2.24xlarge, and the calculator is the page that is still kept.
# No page lists degrees of Trainium2: None there, so only heads and cores decide.
DEGREES: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {"Inferentia2": (1, 2, 4, 8, 12, 24), "Trainium": (1, 2, 8, 32)}
)


@dataclass(frozen=True, kw_only=True)
class Devices:
    """What a model can be split among on one instance.

    count: how many there are. memory_gib: memory of each, None if not known. usable_gib: what weights and cache may
    take of it. unit: "GPU", "NeuronCore" or "logical NeuronCore". degrees: the only ones that the chip allows, None
    for any.
    """

    count: int
    memory_gib: float | None
    usable_gib: float | None
    unit: str
    degrees: tuple[int, ...] | None = None


def parts_of(instance_type: InstanceType) -> tuple[int, str] | None:
    """(how many parts a model can be split into, what one is called): GPUs, or NeuronCores as a program counts them.

    None if the type has none or nobody knows how many.
    """
    chip, devices = instance_type.accelerator or "", instance_type.accelerators
    if instance_type.kind == "gpu":
        return None if devices is None else (devices, "GPU")
    if instance_type.kind != "neuron":
        return None
    if devices is None or chip not in CORES_PER_DEVICE:
        return None if instance_type.neuroncores is None else (instance_type.neuroncores, "NeuronCore")
    return devices * CORES_PER_DEVICE[chip], _CORE.get(chip, "NeuronCore")


def devices_of(instance_type: InstanceType) -> Devices | None:
    """The GPUs or NeuronCores of a type; None if it has none, if nobody knows how many, or if none serves LLMs."""
    per_device = 1 if instance_type.kind == "gpu" else CORES_PER_DEVICE.get(instance_type.accelerator or "")
    parts = parts_of(instance_type)
    share = USABLE_SHARE.get(instance_type.kind)
    unusable = instance_type.accelerator in WITHOUT_SERVER
    if share is None or per_device is None or not instance_type.accelerators or parts is None or unusable:
        return None
    memory = None if instance_type.memory_gib is None else instance_type.memory_gib / per_device
    return Devices(
        count=parts[0],
        memory_gib=memory,
        usable_gib=None if memory is None else memory * share,
        unit=parts[1],
        degrees=None if instance_type.kind == "gpu" else DEGREES.get(instance_type.accelerator or ""),
    )


def broken_rules(architecture: Architecture, instance_type: InstanceType, devices: Devices, degree: int) -> list[str]:
    """What a degree would have to be instead, one sentence for each rule that it breaks."""
    heads, shared = architecture.attention_heads, architecture.key_value_heads
    rules = []
    if heads % degree:
        rules.append(f"a divisor of the {heads} attention heads")
    if instance_type.kind == "gpu" and shared % degree and degree % shared:
        rules.append(f"a divisor or a multiple of the {shared} key-value heads")
    if degree > devices.count:
        units = devices.unit if devices.count == 1 else f"{devices.unit}s"
        rules.append(f"at most {devices.count}, since {instance_type.name} has {devices.count} {units}")
    if devices.degrees is not None and degree not in devices.degrees:
        rules.append(f"{', '.join(map(str, devices.degrees))} on {instance_type.accelerator}")
    return rules
