"""Weights and KV cache of a workload, in all and on each device. GB is 1e9 bytes, GiB is 2**30 bytes.

Activations, CUDA graphs, compiled Neuron graphs and fragmentation are not counted; a sliding window is not either, so
that the cache of a model with one is an upper bound.
"""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.checks import instance_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.fit.architecture import Architecture
from cdk_inference.fit.arguments import choice, count
from cdk_inference.fit.precision import EMBEDDING_BITS, KV_PRECISIONS, PRECISIONS

GB = 10**9
GIB = 2**30


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What has to be held, in GB (1e9 bytes)."""

    weights_gb: float
    kv_cache_gb: float

    @property
    def gb(self) -> float:
        """Both together, in GB."""
        return self.weights_gb + self.kv_cache_gb

    @property
    def gib(self) -> float:
        """Both together, in GiB, which hardware counts in."""
        return gib(self.gb)


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A model and how it is used.

    architecture: the model.
    precision: how its weights are stored, from `PRECISIONS`: "bf16", "fp8", "awq", ...
    context_tokens: tokens of prompt and answer together, of the longest request.
    batch: requests at once, each of them that long.
    kv_precision: how keys and values are cached, from `KV_PRECISIONS`: "bf16", "fp16" or "fp8".

    Raises ConfigurationError.
    """

    architecture: Architecture
    precision: str
    context_tokens: int
    batch: int
    kv_precision: str = "bf16"

    def __post_init__(self) -> None:
        raise_problems(
            "Workload",
            _architecture_problem(self.architecture),
            choice("precision", self.precision, PRECISIONS, _ONE_OF_THEM),
            count("context_tokens", self.context_tokens, _CONTEXT_FIX),
            count("batch", self.batch, _BATCH_FIX),
            choice("kv_precision", self.kv_precision, KV_PRECISIONS, _ONE_OF_THEM),
        )


def weights_gb(architecture: Architecture, precision: str) -> float:
    """Parameters x bits / 8, in GB; embedding tables of a quantized model in 16 bits."""
    raise_problems(
        "weights_gb()",
        _architecture_problem(architecture),
        choice("precision", precision, PRECISIONS, _ONE_OF_THEM),
    )
    return _weights_gb(architecture, precision, architecture.parameters)


def kv_cache_gb(architecture: Architecture, context_tokens: int, batch: int, kv_precision: str = "bf16") -> float:
    """2 (keys and values) x layers x key-value heads x head dimension x bits / 8 x tokens x batch, in GB."""
    raise_problems(
        "kv_cache_gb()",
        _architecture_problem(architecture),
        count("context_tokens", context_tokens, _CONTEXT_FIX),
        count("batch", batch, _BATCH_FIX),
        choice("kv_precision", kv_precision, KV_PRECISIONS, _ONE_OF_THEM),
    )
    return _cache_gb(architecture, architecture.key_value_heads, context_tokens * batch, kv_precision)


def memory_needed(workload: Workload, degree: int) -> Memory:
    """What each of `degree` devices holds: its share of the weights, and the cache of its key-value heads.

    Where key-value heads are copied (see `key_value_heads_per_device`), so are the weights that make them.
    """
    raise_problems(
        "memory_needed()",
        instance_of("workload", workload, Workload, "a Workload", "write Workload(architecture=..., ...)"),
        count("degree", degree, "write the tensor parallel degree, 1 or more"),
    )
    model = workload.architecture
    heads = key_value_heads_per_device(model, degree)
    copies = heads * degree - model.key_value_heads
    parameters = model.parameters + copies * model.key_value_parameters
    return Memory(
        weights_gb=_weights_gb(model, workload.precision, parameters) / degree,
        kv_cache_gb=_cache_gb(model, heads, workload.context_tokens * workload.batch, workload.kv_precision),
    )


def key_value_heads_per_device(architecture: Architecture, degree: int) -> int:
    """Key-value heads on each of `degree` devices: an even share; one each where the degree is a multiple of them.

    Otherwise Neuron gives every attention head its own copy, and vLLM on GPUs refuses:
    https://github.com/huggingface/optimum-neuron (models/inference/backend/modules/attention/gqa.py),
    https://github.com/vllm-project/vllm (QKVParallelLinear in model_executor/layers/linear.py), read 2026-11-23.
    """
    if architecture.key_value_heads % degree == 0:
        return architecture.key_value_heads // degree
    if degree % architecture.key_value_heads == 0:
        return 1
    return -(-architecture.attention_heads // degree)


def gib(gb: float) -> float:
    """GB (1e9 bytes) as GiB (2**30 bytes)."""
    return gb * GB / GIB


def _weights_gb(architecture: Architecture, precision: str, parameters: float) -> float:
    stored = PRECISIONS[precision]
    tables = architecture.embedding_parameters if stored.quantized else 0
    return ((parameters - tables) * stored.bits + tables * EMBEDDING_BITS) / 8 / GB


def _cache_gb(architecture: Architecture, heads: int, tokens: int, kv_precision: str) -> float:
    values = 2 * architecture.layers * heads * architecture.head_dimension * tokens
    return values * KV_PRECISIONS[kv_precision] / 8 / GB


def _architecture_problem(value: object) -> Problem | None:
    fix = "write Architecture(parameters=8.03e9, ...), or take one of PUBLISHED"
    return instance_of("architecture", value, Architecture, "an Architecture", fix)


_ONE_OF_THEM = "choose one of them"
_CONTEXT_FIX = "write the tokens of prompt and answer together"
_BATCH_FIX = "write how many requests run at once"
