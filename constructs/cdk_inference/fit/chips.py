"""Among how many devices of an instance type a model can be split, and how much memory each of them offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cdk_inference.fit.memory import Workload
from cdk_inference.hardware import InstanceType

KINDS = ("gpu", "neuron")

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
class Offered:
    """Memory that PyTorch reports for a GPU.

    Args:
        gib: GiB; where reports differ, the smallest.
        source: The report with its date.
    """

    gib: float
    source: str


# (accelerator, nominal GiB) -> what a program can have of it.
OFFERED: Mapping[tuple[str, float], Offered] = MappingProxyType(
    {
        ("NVIDIA T4", 16.0): Offered(
            gib=14.56, source="https://github.com/datawhalechina/self-llm/issues/162 (2024-06-17: 14.58)"
        ),
        ("NVIDIA L4", 22.4): Offered(gib=22.03, source="https://github.com/ArcInstitute/evo2/issues/190 (2025-11-14)"),
        ("NVIDIA L40S", 44.7): Offered(
            gib=44.3, source="https://github.com/vllm-project/vllm/issues/17122 (2025-04; the L40 has 44.40)"
        ),
        ("NVIDIA A100", 80.0): Offered(
            gib=79.35, source="https://github.com/OSU-NLP-Group/TableLlama/issues/10 (2024-07-02)"
        ),
        ("NVIDIA H100", 80.0): Offered(
            gib=79.11, source="https://github.com/vllm-project/vllm/issues/27508 (2025-10; others 79.19)"
        ),
        ("NVIDIA RTX PRO Server 6000", 96.0): Offered(
            gib=94.97, source="https://github.com/antirez/ds4/issues/431 (2026-06-16)"
        ),
    }
)
# A GPU without a report: the smallest part in the table, the T4 apart, whose nominal 16 GiB include what its error
# correction takes: 22.03 / 22.4.
_OFFERED_PART = 0.983


@dataclass(frozen=True, kw_only=True)
class Devices:
    """What a model can be split among on one instance.

    Args:
        count: How many there are.
        memory_gib: Nominal memory of each; None if not known.
        offered_gib: What a program can have of it; None if not known.
        unit: "GPU", "NeuronCore" or "logical NeuronCore".
        degrees: The only ones that the chip allows; None for any.
    """

    count: int
    memory_gib: float | None
    offered_gib: float | None
    unit: str
    degrees: tuple[int, ...] | None = None


def parts_of(instance_type: InstanceType) -> tuple[int, str] | None:
    """(how many parts a model can be split into, what one is called): GPUs, or NeuronCores as a program counts them.

    None if the type has none or their number is not known.
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
    """The GPUs or NeuronCores of a type; None if it has none, if their number is not known, or if none serves LLMs."""
    per_device = 1 if instance_type.kind == "gpu" else CORES_PER_DEVICE.get(instance_type.accelerator or "")
    parts = parts_of(instance_type)
    unusable = instance_type.accelerator in WITHOUT_SERVER or instance_type.kind not in KINDS
    if per_device is None or not instance_type.accelerators or parts is None or unusable:
        return None
    memory = None if instance_type.memory_gib is None else instance_type.memory_gib / per_device
    return Devices(
        count=parts[0],
        memory_gib=memory,
        offered_gib=None if memory is None else _offered(instance_type, memory),
        unit=parts[1],
        degrees=None if instance_type.kind == "gpu" else DEGREES.get(instance_type.accelerator or ""),
    )


def broken_rules(workload: Workload, instance_type: InstanceType, devices: Devices, degree: int) -> list[str]:
    """What a degree would have to be instead, one sentence for each rule that it breaks."""
    model = workload.architecture
    heads, shared = model.attention_heads, model.key_value_heads
    on_gpu = instance_type.kind == "gpu"
    rules = []
    if heads % degree:
        rules.append(f"a divisor of the {heads} attention heads")
    if on_gpu and model.latent_width is None and shared % degree and degree % shared:
        rules.append(f"a divisor or a multiple of the {shared} key-value heads")
    if on_gpu and model.padded_vocabulary % degree:
        rules.append(f"a divisor of the vocabulary, padded to {model.padded_vocabulary}")
    if on_gpu and workload.precision == "fp8" and model.weight_block is not None:
        rules += [
            f"one that leaves a multiple of the FP8 block of {model.weight_block} of the feed-forward width {width}"
            for width in _widths(workload)
            if width % (degree * model.weight_block)
        ]
    if degree > devices.count:
        units = devices.unit if devices.count == 1 else f"{devices.unit}s"
        rules.append(f"at most {devices.count}, since {instance_type.name} has {devices.count} {units}")
    if devices.degrees is not None and degree not in devices.degrees:
        rules.append(f"{', '.join(map(str, devices.degrees))} on {instance_type.accelerator}")
    return rules


def _widths(workload: Workload) -> list[int]:
    """Widths of feed-forward layers that are split.

    vLLM 0.33.0 (read 2026-11-29) refuses others: validate_fp8_block_shape and validate_fp8_block_shape_moe in
    model_executor/layers/quantization/utils/fp8_utils.py. As reported: https://github.com/vllm-project/vllm/issues/17569.
    """
    model = workload.architecture
    return [one for one in (model.feed_forward, model.experts.width if model.experts else None) if one is not None]


def _offered(instance_type: InstanceType, memory_gib: float) -> float:
    if instance_type.kind != "gpu":
        return memory_gib
    known = OFFERED.get((instance_type.accelerator or "", memory_gib))
    return memory_gib * _OFFERED_PART if known is None else known.gib
