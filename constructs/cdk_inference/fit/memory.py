"""Weights and KV cache of a workload, in all and on each device. GB is 1e9 bytes, GiB is 2**30 bytes.

What an engine takes besides is in terms.py, and what a device offers in devices.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.checks import instance_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.fit.architecture import Architecture
from cdk_inference.fit.arguments import choice, count
from cdk_inference.fit.cache import cache_bytes, key_value_heads_per_device
from cdk_inference.fit.precision import (
    EMBEDDING_BITS,
    KV_PRECISIONS,
    MXFP4_HIDDEN_MULTIPLE,
    MXFP4_WIDTH_MULTIPLE,
    PRECISIONS,
    KvPrecisionName,
    PrecisionName,
)

GB = 10**9
GIB = 2**30
_WHOLE_BITS = 32


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

    Args:
        architecture: The model.
        precision: How its weights are stored, from `PRECISIONS`: "bf16", "fp8", "awq", ...
        context_tokens: Tokens of prompt and answer together, of the longest request.
        batch: Requests at once, each of them that long.
        kv_precision: How keys and values are cached, from `KV_PRECISIONS`: "bf16", "fp16" or "fp8". Default
            "bf16". Of weights in 32 bits the cache has 32, unless it is "fp8".

    Raises:
        ConfigurationError: A value that is not one of these.
    """

    architecture: Architecture
    precision: PrecisionName
    context_tokens: int
    batch: int
    kv_precision: KvPrecisionName = "bf16"

    def __post_init__(self) -> None:
        raise_problems(
            "Workload",
            _architecture_problem(self.architecture),
            choice("precision", self.precision, PRECISIONS, _ONE_OF_THEM),
            count("context_tokens", self.context_tokens, _CONTEXT_FIX),
            count("batch", self.batch, _BATCH_FIX),
            choice("kv_precision", self.kv_precision, KV_PRECISIONS, _ONE_OF_THEM),
            self._experts_problem(),
        )

    @property
    def cache_bits(self) -> int:
        """Bits of one cached value: the model's own, or 8 (cache_dtype "auto" of vLLM 0.33.0, vllm/config/cache.py)."""
        own = PRECISIONS[self.precision].bits == _WHOLE_BITS and self.kv_precision != "fp8"
        return _WHOLE_BITS if own else KV_PRECISIONS[self.kv_precision]

    def _experts_problem(self) -> Problem | None:
        """Only a mixture has experts to store in MXFP4."""
        stored = PRECISIONS.get(self.precision) if isinstance(self.precision, str) else None
        if stored is None or not stored.experts_only or not isinstance(self.architecture, Architecture):
            return None
        if self.architecture.experts is not None:
            return None
        allowed = "a mixture of experts: it stores experts in 4 bits and everything else in 16"
        return Problem("precision", self.precision, allowed, "write experts=Experts(...), or another precision")


def weights_gb(architecture: Architecture, precision: PrecisionName) -> float:
    """Parameters x bits / 8, in GB; what a quantized checkpoint keeps in 16 bits counts 16."""
    raise_problems(
        "weights_gb()",
        _architecture_problem(architecture),
        choice("precision", precision, PRECISIONS, _ONE_OF_THEM),
    )
    return _weights_gb(architecture, precision, architecture.parameters)


def kv_cache_gb(
    architecture: Architecture, context_tokens: int, batch: int, kv_precision: KvPrecisionName = "bf16"
) -> float:
    """Cache of `batch` requests of `context_tokens` on one device that holds the whole model, in GB.

    For keys and values by head it is 2 x layers x key-value heads x head dimension x bits / 8 x tokens x batch.
    """
    raise_problems(
        "kv_cache_gb()",
        _architecture_problem(architecture),
        count("context_tokens", context_tokens, _CONTEXT_FIX),
        count("batch", batch, _BATCH_FIX),
        choice("kv_precision", kv_precision, KV_PRECISIONS, _ONE_OF_THEM),
    )
    return cache_bytes(architecture, 1, KV_PRECISIONS[kv_precision], context_tokens, batch) / GB


def memory_needed(workload: Workload, degree: int, *, in_flight: int = 0, windows: bool = True) -> Memory:
    """What each of `degree` devices holds: its share of the weights, and the cache of its key-value heads.

    Where key-value heads are copied (see `key_value_heads_per_device`), so are the weights that make them.

    Args:
        workload: The model and how it is used.
        degree: Devices that share the model.
        in_flight: Tokens of one step of the engine, which layers with a window keep besides their windows.
        windows: Whether the engine frees what lies outside of a window.

    Raises:
        ConfigurationError: An argument of a wrong type.
    """
    raise_problems(
        "memory_needed()",
        instance_of("workload", workload, Workload, "a Workload", "write Workload(architecture=..., ...)"),
        count("degree", degree, "write the tensor parallel degree, 1 or more"),
    )
    model = workload.architecture
    cache = cache_bytes(
        model,
        degree,
        workload.cache_bits,
        workload.context_tokens,
        workload.batch,
        in_flight=in_flight,
        windows=windows,
    )
    return Memory(weights_gb=device_weights_gb(model, workload.precision, degree), kv_cache_gb=cache / GB)


def gib(gb: float) -> float:
    """GB (1e9 bytes) as GiB (2**30 bytes)."""
    return gb * GB / GIB


def device_weights_gb(model: Architecture, precision: PrecisionName, degree: int) -> float:
    """Weights on each of `degree` devices, with the copies and the padding that the engine adds."""
    copies = 0
    if model.latent_width is None:
        copies = key_value_heads_per_device(model, degree) * degree - model.key_value_heads
    copied = copies * model.key_value_parameters + (degree - 1) * model.replicated
    whole = _weights_gb(model, precision, model.parameters + copied)
    return (whole + _padding_gb(model, precision, degree)) / degree


def _weights_gb(model: Architecture, precision: PrecisionName, parameters: float) -> float:
    stored = PRECISIONS[precision]
    if stored.experts_only and model.experts is not None:
        plain = parameters - model.experts.parameters
        return (model.experts.parameters * stored.bits + plain * EMBEDDING_BITS) / 8 / GB
    tables = model.embedding_parameters if stored.quantized else 0
    return ((parameters - tables) * stored.bits + tables * EMBEDDING_BITS) / 8 / GB


def _padding_gb(model: Architecture, precision: PrecisionName, degree: int) -> float:
    """What the kernels for experts in MXFP4 add to the file's size."""
    stored, experts = PRECISIONS[precision], model.experts
    if not stored.experts_only or experts is None:
        return 0.0
    width = experts.width / degree
    grown = _up(model.hidden_size, MXFP4_HIDDEN_MULTIPLE) / model.hidden_size * _up(width, MXFP4_WIDTH_MULTIPLE) / width
    return experts.parameters * (grown - 1) * stored.bits / 8 / GB


def _up(value: float, multiple: int) -> int:
    return int(-(-value // multiple)) * multiple


def _architecture_problem(value: object) -> Problem | None:
    fix = "write Architecture(parameters=8.03e9, ...), or take one of PUBLISHED"
    return instance_of("architecture", value, Architecture, "an Architecture", fix)


_ONE_OF_THEM = "choose one of them"
_CONTEXT_FIX = "write the tokens of prompt and answer together"
_BATCH_FIX = "write how many requests run at once"
