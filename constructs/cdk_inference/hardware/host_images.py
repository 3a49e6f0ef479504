"""Host images (`InferenceAmiVersion`), and which one each of AWS's images goes with: an exact table of pairs.

A pair holds for one tag, not from a version on: a CUDA 12.9 image on a CUDA 13 host hangs as silently as a CUDA 13
image on a CUDA 12 host dies. A tag without a pair is an error (KeyError), so a newer tag needs a new look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

HostImage = Literal[
    "al2-ami-sagemaker-inference-gpu-2",
    "al2-ami-sagemaker-inference-gpu-2-1",
    "al2-ami-sagemaker-inference-gpu-3-1",
    "al2023-ami-sagemaker-inference-gpu-4-1",
    "al2-ami-sagemaker-inference-neuron-2",
]
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
# (read 2026-11-23). Of the one for Neuron it says "Accelerator: Inferentia2 and Trainium"; none exists for Inf1.
HOST_IMAGES: Mapping[str, str] = MappingProxyType(
    {
        "al2-ami-sagemaker-inference-gpu-2": "gpu",
        "al2-ami-sagemaker-inference-gpu-2-1": "gpu",
        "al2-ami-sagemaker-inference-gpu-3-1": "gpu",
        "al2023-ami-sagemaker-inference-gpu-4-1": "gpu",
        "al2-ami-sagemaker-inference-neuron-2": "neuron",
    }
)
NEURON_HOST_CHIPS = ("Inferentia2", "Trainium", "Trainium2")


@dataclass(frozen=True, kw_only=True)
class HostPair:
    """The host image that one tag goes with.

    host_image: the `InferenceAmiVersion`; None where no source names one: SageMaker's default is left then.
    why: what the source says, in a few words.
    source: where it says so.
    """

    host_image: str | None
    why: str
    source: str


_DLC = "https://github.com/aws/deep-learning-containers"
_LLM = "https://github.com/awslabs/llm-hosting-container"
_CUDA_12, _CUDA_13 = "al2-ami-sagemaker-inference-gpu-3-1", "al2023-ami-sagemaker-inference-gpu-4-1"
_NEURON = "al2-ami-sagemaker-inference-neuron-2"
_BY_CUDA = f"{_DLC}/blob/main/test/test_utils/constants.py (2026-06-05)"
_ON_CPU = "host images choose an accelerator's driver; a CPU has none"
_API = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html (2026-11-23)"

HOST_PAIRS: Mapping[str, HostPair] = MappingProxyType(
    {
        "djl-inference:0.38.0-lmi29.0.0-cu130": HostPair(
            host_image=_CUDA_13,
            why="CUDA 13.0 wants driver 580",
            source=f"{_DLC}/pull/6187, https://github.com/aws/sagemaker-python-sdk/pull/6281 (2026-06-05)",
        ),
        "vllm:server-sagemaker-cuda-v2.6": HostPair(
            host_image=_CUDA_13,
            why="CUDA 13; AWS tests this image's endpoints on this host",
            source=f"{_DLC}/blob/main/test/vllm/sagemaker/amzn2023/test_sm_model_serving.py (2026-08-21)",
        ),
        "sglang:server-sagemaker-cuda-v1.4": HostPair(
            host_image=_CUDA_13,
            why="CUDA 13; AWS deploys and tests it on this host",
            source=f"{_DLC}/blob/main/docs/sglang/deployment/sagemaker.md (2026-08-21)",
        ),
        "huggingface-pytorch-tgi-inference:2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04": HostPair(
            host_image=_CUDA_12, why="CUDA 12.4 is this host's own version", source=_BY_CUDA
        ),
        "tei:2.0.1-tei1.9.3-gpu-py310-cu129-ubuntu24.04": HostPair(
            host_image=_CUDA_12,
            why="CUDA 12.9; AWS tests this image on this host",
            source=f"{_DLC}/blob/main/test/tei/sagemaker/sagemaker_dlc_test.py (2026-07-29)",
        ),
        "tei-cpu:2.0.1-tei1.9.3-cpu-py310-ubuntu24.04": HostPair(host_image=None, why=_ON_CPU, source=_API),
        # NVIDIA's 26.05 containers have CUDA 13.1 or 13.2, built with drivers 590 and 595; no host image has these.
        # https://github.com/triton-inference-server/server/blob/main/docs/introduction/compatibility.md (2026-08-19)
        "sagemaker-tritonserver:26.05-py3": HostPair(
            host_image=_CUDA_13, why="CUDA 13: AWS's host for all CUDA 13 containers", source=_BY_CUDA
        ),
        "sagemaker-tritonserver:26.05-py3-cpu": HostPair(host_image=None, why=_ON_CPU, source=_API),
        # Without this host image, Inf2 hosts had Neuron driver 2.10, too old for these images.
        "huggingface-pytorch-inference-neuronx:2.8.0-transformers4.55.4-neuronx-py310-sdk2.26.0-ubuntu22.04": HostPair(
            host_image=_NEURON, why="SageMaker's default has Neuron driver 2.10", source=f"{_LLM}/pull/156 (2025-06-25)"
        ),
        "huggingface-vllm-inference-neuronx:0.11.0-optimum0.4.5-neuronx-py310-sdk2.26.1-ubuntu22.04": HostPair(
            host_image=_NEURON, why="SageMaker's default has Neuron driver 2.10", source=f"{_LLM}/pull/156 (2025-06-25)"
        ),
        "huggingface-pytorch-tgi-inference:2.7.0-optimum3.3.6-neuronx-py310-ubuntu22.04": HostPair(
            host_image=_NEURON,
            why="AWS tests TGI on Inf2 on this host",
            source=f"{_LLM}/blob/main/tests/huggingface/sagemaker_dlc_test.py (2026-06-17)",
        ),
        "djl-inference:0.29.0-neuronx-sdk2.19.1": HostPair(
            host_image=None,
            why="no source names one; this image is older than the host image for Neuron",
            source=f"{_LLM}/pull/156 (2025-06-25)",
        ),
    }
)
