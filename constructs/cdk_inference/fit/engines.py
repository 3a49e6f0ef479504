"""How each engine divides a device: the part that it takes, what that part holds, and its own defaults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cdk_inference.fit.architecture import Architecture

_LARGE_GIB, _LARGEST_GIB = 70, 160


@dataclass(frozen=True, kw_only=True)
class Device:
    """What an engine's defaults depend on.

    Args:
        accelerator: For example "NVIDIA H100".
        offered_gib: Memory that a program can have, GiB.
        degree: Devices that share the model.
    """

    accelerator: str
    offered_gib: float
    degree: int


@dataclass(frozen=True, kw_only=True)
class Engine:
    """One engine.

    Args:
        name: What messages call it.
        share: The part of a device that it takes without a setting, above 0, at most 1.
        largest_share: A larger share leaves less outside than the engine's own default does.
        holds_everything: Whether that part holds activations and CUDA graphs too, or weights and cache only.
        requests: Requests at once without a setting.
        step_tokens: Tokens that it works on in one step.
        needs_longest: Whether it refuses to start unless one request of the longest length fits.
        measured: Whether terms.py knows what it takes besides weights and cache.
        windows: Whether it frees what lies outside of a sliding window.
        source: Where all this is read.
    """

    name: str
    share: Callable[[Architecture | None, Device], float]
    largest_share: float
    holds_everything: bool
    requests: Callable[[Device], int]
    step_tokens: Callable[[Device], int]
    needs_longest: bool
    measured: bool = True
    windows: bool = True
    source: str


def _is_large(device: Device) -> bool:
    return device.offered_gib >= _LARGE_GIB and device.accelerator != "NVIDIA A100"


def _vllm_requests(device: Device) -> int:
    return 1024 if _is_large(device) else 256


def _vllm_step(device: Device) -> int:
    if device.offered_gib >= _LARGEST_GIB:
        return 16_384
    return 8192 if _is_large(device) else 2048


def _sglang_step(device: Device) -> int:
    for below, tokens in ((20, 2048), (60, 4096), (_LARGEST_GIB, 8192)):
        if device.offered_gib < below:
            return tokens
    return 16_384


def _sglang_graph_requests(device: Device) -> int:
    wide = device.degree >= 4
    for below, narrow, many in ((20, 8, 8), (35, 48, 160), (60, 32, 160), (_LARGEST_GIB, 256, 512)):
        if device.offered_gib < below:
            return many if wide else narrow
    return 512


def _sglang_share(architecture: Architecture | None, device: Device) -> float:
    """What SGLang leaves to weights and cache: the device without its reserve, less for an encoder of images.

    The reserve, in MiB: 512, 1.5 for each token of a step, 128 for each device, 2 for each request of the largest CUDA
    graph, 1536 for latent attention; at least 10 GiB on devices above 60 GiB.
    """
    reserved = 512 + 1.5 * _sglang_step(device) + 128 * device.degree + 2 * _sglang_graph_requests(device)
    if architecture is not None and architecture.latent_width is not None:
        reserved += 1536
    if device.offered_gib > 60:
        reserved = max(reserved, 10 * 1024)
    share = 1 - reserved / 1024 / device.offered_gib
    vision = None if architecture is None else architecture.vision
    if vision is not None:
        larger = vision.layers * vision.hidden_size**2 / (24 * 1024**2) - 1
        share *= 0.95 * min(1.05, max(0.8, 1 - 0.1 * larger))
    return share


def _part(share: float) -> Callable[[Architecture | None, Device], float]:
    return lambda _architecture, _device: share


VLLM = Engine(
    name="vLLM",
    # 0.9 for years, 0.92 in vLLM 0.33.0. Tags of AWS's images do not say which vLLM they contain: the smaller.
    share=_part(0.9),
    largest_share=0.92,
    holds_everything=True,
    requests=_vllm_requests,
    step_tokens=_vllm_step,
    needs_longest=True,
    source="vllm/config/cache.py, vllm/engine/arg_utils.py (get_batch_defaults) and vllm/v1/worker/gpu_worker.py of "
    "vLLM 0.33.0 (read 2026-11-29)",
)
SGLANG = Engine(
    name="SGLang",
    share=_sglang_share,
    largest_share=1.0,
    holds_everything=False,
    requests=_sglang_graph_requests,
    step_tokens=_sglang_step,
    needs_longest=False,
    source="sglang/srt/arg_groups/memory_hook.py and sglang/srt/mem_cache/kv_cache_configurator.py of SGLang 0.5.23 "
    "(read 2026-11-29)",
)
TGI = Engine(
    name="Text Generation Inference",
    # TGI_WIGGLE_ROOM; it measures a prefill and gives the rest of this part to the cache.
    share=_part(0.9),
    largest_share=1.0,
    holds_everything=True,
    requests=lambda _device: 128,
    step_tokens=lambda _device: 4096,
    needs_longest=False,
    source="server/text_generation_server/models/globals.py of "
    "https://github.com/huggingface/text-generation-inference (read 2026-11-29)",
)
# Neuron's documentation requires "weights + KV cache < 16 GB x degree" on NeuronCore-v2, and keeps nothing back. What a
# compiled graph takes is not published: it is not in the sum, only in the margin.
NEURON = Engine(
    name="Neuron",
    share=_part(1.0),
    largest_share=1.0,
    holds_everything=True,
    requests=lambda _device: 1,
    step_tokens=lambda _device: 0,
    needs_longest=False,
    measured=False,
    windows=False,
    source="https://awsdocs-neuron.readthedocs-hosted.com/en/latest/about-neuron/calculator/neuron-calculator.html "
    "(read 2026-11-23)",
)
