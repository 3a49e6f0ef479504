"""GPU memory that an engine takes for itself, one row per term.

The coefficients follow from vLLM's source; the logs are starts of vLLM 0.19.0 on H100 GPUs, with 27 models of 2 to 109
billion parameters. Where they differ, a term is what even the smaller of them need, so that nothing is refused for
safety alone: verdict.py keeps a margin for the rest, and for other GPUs and engines, of which no such logs exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cdk_inference.fit.architecture import Architecture

LOGS = (
    "https://github.com/llm-d-incubation/llm-d-planner/tree/d3121e059da88662db39a926a3ead964be97359b/accuracy/results/"
    "v0.19.0/logs (2026-04-22)"
)
_GIB = 2**30
_ACTIVATION_BYTES = 2  # bf16 and fp16


@dataclass(frozen=True, kw_only=True)
class Load:
    """The load that an engine is configured for.

    Args:
        architecture: The model; None where only its size is known.
        experts_buffered: Whether its kernels for experts keep what they compute in a buffer: all but those for MXFP4.
        degree: Devices that share it.
        requests: The most at once.
        step_tokens: Tokens of one step.
        graphs: Whether CUDA graphs are captured.
    """

    architecture: Architecture | None
    experts_buffered: bool = True
    degree: int
    requests: int
    step_tokens: int
    graphs: bool


@dataclass(frozen=True, kw_only=True)
class Term:
    """One row.

    Args:
        name: What messages call it.
        rule: The sum in words, for the documentation.
        gib: The sum, GiB on each device.
        source: Where it is read, with the date.
    """

    name: str
    rule: str
    gib: Callable[[Load], float]
    source: str


def _sampling(load: Load) -> float:
    return 0.0 if load.architecture is None else 14 * load.requests * load.architecture.vocabulary / _GIB


def _hidden_states(load: Load) -> float:
    if load.architecture is None:
        return 0.0
    return 2 * load.step_tokens * load.architecture.hidden_size * _ACTIVATION_BYTES / _GIB


def _experts(load: Load) -> float:
    model = load.architecture
    if model is None or model.experts is None or not load.experts_buffered:
        return 0.0
    values = 3 * model.experts.width / load.degree + model.hidden_size
    return load.step_tokens * model.experts.per_token * values * _ACTIVATION_BYTES / _GIB


def _images(load: Load) -> float:
    return 0.25 if load.architecture is not None and load.architecture.vision is not None else 0.0


def _outside(load: Load) -> float:
    return 0.25 if load.degree == 1 else 2.1


def _graphs(load: Load) -> float:
    model = load.architecture
    if not load.graphs:
        return 0.0
    if model is None or model.experts is not None or model.latent_width is not None:
        return 1.1
    return 0.02 * (model.layers + (0 if model.state is None else model.state.layers))


TERMS: tuple[Term, ...] = (
    Term(
        name="sampling",
        rule="14 bytes x requests at once x vocabulary: the scores in 16 and in 32 bits, their probabilities and the "
        "random numbers with them",
        gib=_sampling,
        source="sampler.py and ops/topk_topp_sampler.py in vllm/v1/sample of vLLM 0.33.0 (read 2026-11-29); "
        f"14.8 to 15.9 bytes with hidden states in {LOGS}. vLLM before 0.17 took 36",
    ),
    Term(
        name="hidden states",
        rule="2 x tokens of a step x hidden size x 2 bytes",
        gib=_hidden_states,
        source=f"what remains of the activations of dense models in {LOGS}: from 2.0 hidden states on",
    ),
    Term(
        name="experts",
        rule="tokens of a step x experts for each x (3 x width / degree + hidden size) x 2 bytes: what experts read, "
        "compute and add up; none for experts in MXFP4",
        gib=_experts,
        source="vllm/model_executor/layers/fused_moe of vLLM 0.33.0 (read 2026-11-29); Mixtral, Qwen3-30B-A3B, "
        f"DeepSeek-V2-Lite and Kimi-VL in {LOGS}, within 0.2 GiB; gpt-oss-20b there has no such remainder",
    ),
    Term(
        name="images",
        rule="0.25 GiB where the model has an encoder for images",
        gib=_images,
        source=f"0.24 to 0.27 GiB more than the rows above, of Gemma 3 with 4, 12 and 27 billion parameters in {LOGS}",
    ),
    Term(
        name="outside PyTorch",
        rule="0.25 GiB, or 2.1 GiB from a degree of 2 on, where devices exchange values",
        gib=_outside,
        source=f'"non-torch forward increase memory": 0.24 to 0.46 and 2.06 to 2.21 GiB in {LOGS}',
    ),
    Term(
        name="CUDA graphs",
        rule="0.02 GiB x layers; 1.1 GiB for mixtures of experts and latent attention; none with enforce_eager",
        gib=_graphs,
        source='"CUDA graph pool memory": 0.018 to 0.034 GiB a layer of dense models, 0.93 to 1.84 GiB of others in '
        f"{LOGS}; inside of gpu_memory_utilization since VLLM_MEMORY_PROFILER_ESTIMATE_CUDAGRAPHS is on by default "
        "(vllm/envs.py of vLLM 0.33.0, read 2026-11-29)",
    ),
)


def engine_gib(load: Load) -> Mapping[str, float]:
    """GiB of each term that is not zero, by its name."""
    found = {term.name: term.gib(load) for term in TERMS}
    return {name: value for name, value in found.items() if value > 0}
