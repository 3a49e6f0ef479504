"""How many bits one weight, and one key or value in the cache, takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

EMBEDDING_BITS = 16

# Four bits in groups of 128, each group with a scale of 16 bits and a zero point of 4: 4 + 20 / 128. Group and zero
# point are what the published checkpoints have (config.json of hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4:
# group_size 128, zero_point true). By this sum its weights are 5.73 GB; its two files are 4.68 + 1.05 = 5.73 GB.
_FOUR_BITS = 4 + (16 + 4) / 128

# vLLM: "Bfloat16 is only supported on GPUs with compute capability of at least 8.0"; T4 has 7.5, V100 has 7.0.
# https://github.com/vllm-project/vllm/issues/946
_BEFORE_AMPERE = ("NVIDIA T4", "NVIDIA V100")
# Volta's column in the table of https://docs.vllm.ai/quantization/ (read 2026-11-23): GPTQ only.
_BEFORE_TURING = ("NVIDIA V100",)


@dataclass(frozen=True, kw_only=True)
class Precision:
    """How the weights are stored.

    Args:
        bits: Bits of one weight, with its share of scales and zero points.
        quantized: Whether the embedding tables stay in 16 bits, as in published FP8, INT8, AWQ and GPTQ checkpoints.
        experts_only: Whether only routed experts have these bits and everything else has 16.
        kinds: Kinds of hardware whose servers load it.
        not_on: Accelerators of these kinds that nevertheless lack it.
    """

    bits: float
    quantized: bool = False
    experts_only: bool = False
    kinds: tuple[str, ...] = ("gpu", "neuron")
    not_on: tuple[str, ...] = ()


# Four bits and one scale of 8 bits for 32 weights (OCP Microscaling Formats, version 1.0 of 2023-09,
# https://www.opencompute.org/documents/ocp-microscaling-formats-mx-v1-0-spec-final-pdf). gpt-oss stores its experts so
# and the rest in bf16: modules_to_not_convert of https://huggingface.co/openai/gpt-oss-120b/blob/main/config.json.
_MXFP4_BITS = 4 + 8 / 32
# Four bits and one scale of 8 bits for 16 weights: group_size 16 in hf_quant_config.json of
# https://huggingface.co/nvidia/Qwen3-235B-A22B-NVFP4 (ModelOpt 0.33.0).
_NVFP4_BITS = 4 + 8 / 16
# vLLM's kernels for mixtures in MXFP4 pad an expert: mxfp4_round_up_hidden_size_and_intermediate_size in
# model_executor/layers/fused_moe/oracle/mxfp4.py, vLLM 0.33.0, the largest of its CUDA kernels (read 2026-11-29).
MXFP4_HIDDEN_MULTIPLE, MXFP4_WIDTH_MULTIPLE = 256, 128

# MXFP4 needs compute capability 8.0 and NVFP4 7.5: get_min_capability in mxfp4.py and modelopt.py of
# model_executor/layers/quantization, vLLM 0.33.0 (read 2026-11-29).
# Neuron knows 8 bits, and no 4: SUPPORTED_QUANT_DTYPE_LIST = ['s8', 'f8e4m3fn'] in
# https://docs.vllm.ai/en/v0.9.0/api/vllm/model_executor/layers/quantization/neuron_quant.html (read 2026-11-23).
# The scales of 8 bits are one per tensor or per row, less than 0.1 %: not counted.
PrecisionName = Literal["fp32", "bf16", "fp16", "fp8", "int8", "int4", "awq", "gptq", "mxfp4", "nvfp4"]
PRECISIONS: Mapping[PrecisionName, Precision] = MappingProxyType(
    {
        "fp32": Precision(bits=32),
        "bf16": Precision(bits=16, not_on=_BEFORE_AMPERE),
        "fp16": Precision(bits=16),
        "fp8": Precision(bits=8, quantized=True, not_on=_BEFORE_TURING),
        "int8": Precision(bits=8, quantized=True, not_on=_BEFORE_TURING),
        "int4": Precision(bits=_FOUR_BITS, quantized=True, kinds=("gpu",), not_on=_BEFORE_TURING),
        "awq": Precision(bits=_FOUR_BITS, quantized=True, kinds=("gpu",), not_on=_BEFORE_TURING),
        "gptq": Precision(bits=_FOUR_BITS, quantized=True, kinds=("gpu",)),
        "mxfp4": Precision(bits=_MXFP4_BITS, experts_only=True, kinds=("gpu",), not_on=_BEFORE_AMPERE),
        "nvfp4": Precision(bits=_NVFP4_BITS, quantized=True, kinds=("gpu",), not_on=_BEFORE_TURING),
    }
)

# Bits of one key or value. vLLM's cache_dtype: the model's own 16 bits, or fp8.
# https://docs.vllm.ai/en/latest/api/vllm/config/cache/ (read 2026-11-23)
KvPrecisionName = Literal["bf16", "fp16", "fp8"]
KV_PRECISIONS: Mapping[KvPrecisionName, int] = MappingProxyType({"bf16": 16, "fp16": 16, "fp8": 8})
