"""Which layers of a config.json keep the whole context, a window or a state of a fixed size, and which have experts."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.fit.config_fields import KNOWN_TYPES, Fields, raise_config_problem
from cdk_inference.fit.parts import RecurrentState, Window

FULL, SLIDING, CHUNKED, LINEAR = "full_attention", "sliding_attention", "chunked_attention", "linear_attention"

# Fields of models whose memory these sums do not describe -> why.
_UNKNOWN = {
    "is_encoder_decoder": "a decoder alone: an encoder keeps a cache of its own",
    "cross_attention_layers": "a model without cross-attention, whose layers keep a cache for images",
    "index_topk": "attention without an index of its own (DeepSeek's sparse attention keeps one next to the cache)",
    "compress_ratios": "a cache of one form; this one is compressed differently in each layer",
    "num_kv_shared_layers": "a model in which every layer keeps a cache of its own",
    "global_head_dim": "heads of one size in all layers",
    "block_configs": "layers that are all alike",
    "per_layer_config": "layers that are all alike",
    "hybrid_override_pattern": "attention in every layer, or linear attention as in Qwen3-Next: not Mamba",
    "layers_block_type": "attention in every layer, or linear attention as in Qwen3-Next: not Mamba",
    "mamba_d_state": "attention in every layer, or linear attention as in Qwen3-Next: not Mamba",
    "ssm_state_size": "attention in every layer, or linear attention as in Qwen3-Next: not Mamba",
    "attn_type_list": "attention in every layer, or linear attention as in Qwen3-Next",
    "linear_attn_config": "attention in every layer, or linear attention as in Qwen3-Next",
    "sparse_attention_config": "attention without an index of its own",
}


@dataclass(frozen=True, kw_only=True)
class Layers:
    """The layers of one model.

    Args:
        kinds: Kind of each layer, in their order.
        window_tokens: What a layer with a window keeps; None without such layers.
        with_experts: How many layers are a mixture of experts.
    """

    kinds: tuple[str, ...]
    window_tokens: int | None
    with_experts: int

    @property
    def caching(self) -> int:
        """Layers that keep keys and values."""
        return sum(kind != LINEAR for kind in self.kinds)

    @property
    def window(self) -> Window | None:
        """Layers with a window."""
        windowed = sum(kind in (SLIDING, CHUNKED) for kind in self.kinds)
        return (
            None if not windowed or self.window_tokens is None else Window(layers=windowed, tokens=self.window_tokens)
        )


def raise_unknown(fields: Fields) -> None:
    """Raises ConfigurationError for a model type that the memory formulas do not cover."""
    for key, allowed in _UNKNOWN.items():
        if fields.has(key):
            raise_config_problem(key, fields.text.get(key, fields.whole.get(key)), allowed)
    if fields.model_type not in KNOWN_TYPES:
        got = fields.text.get("model_type") or fields.whole.get("model_type")
        raise_config_problem("model_type", got, f"one of {', '.join(sorted(KNOWN_TYPES))}")


def layers_of(fields: Fields) -> Layers:
    """The layers of a file. Raises ConfigurationError."""
    count = fields.number("num_hidden_layers")
    kinds = tuple(_kinds(fields, count))
    if unknown := sorted({str(kind) for kind in kinds} - {FULL, SLIDING, CHUNKED, LINEAR}):
        raise_config_problem("layer_types", ", ".join(unknown), f"{FULL}, {SLIDING}, {CHUNKED} and {LINEAR}")
    tokens = None
    if SLIDING in kinds:
        tokens = fields.number("sliding_window")
    elif CHUNKED in kinds:
        tokens = fields.number("attention_chunk_size", default=8192)
    return Layers(kinds=kinds, window_tokens=tokens, with_experts=_with_experts(fields, count))


def state_of(fields: Fields, layers: Layers) -> RecurrentState | None:
    """The state of gated delta layers: what the last steps of a convolution saw in 16 bits, and a matrix in 32 bits.

    mamba_state_dtype and mamba_state_shape of vllm/model_executor/layers/mamba/mamba_utils.py, vLLM 0.33.0 (read
    2026-11-29); the matrix may be kept in 16 bits, the larger is counted.
    """
    if (linear := layers.kinds.count(LINEAR)) == 0:
        return None
    key, value = linear_widths(fields)
    convolution = (2 * key + value) * (fields.number("linear_conv_kernel_dim", default=4) - 1) * 2
    heads = fields.number("linear_num_value_heads")
    matrix = heads * fields.number("linear_key_head_dim") * fields.number("linear_value_head_dim") * 4
    return RecurrentState(layers=linear, bytes_per_layer=convolution + matrix)


def linear_widths(fields: Fields) -> tuple[int, int]:
    """(width of the keys, width of the values) of a layer of linear attention."""
    key = fields.number("linear_num_key_heads") * fields.number("linear_key_head_dim")
    return key, fields.number("linear_num_value_heads") * fields.number("linear_value_head_dim")


def _kinds(fields: Fields, count: int) -> list[str]:
    """`layer_types`, or what the class of transformers 5.24.0 makes of the other fields (read 2026-11-29).

    A window that no rule here covers counts as the whole context, which is an upper bound.
    """
    if (listed := fields.listed("layer_types")) is not None:
        return [str(kind) for kind in listed[:count]]
    kind = fields.model_type
    if kind == "llama4":
        rotated = fields.listed("no_rope_layers") or [(place + 1) % 4 != 0 for place in range(count)]
        return [CHUNKED if one else FULL for one in rotated[:count]]
    if kind in ("qwen3_next", "qwen3_5", "qwen3_5_moe"):
        every = fields.number("full_attention_interval", default=4)
        return [FULL if (place + 1) % every == 0 else LINEAR for place in range(count)]
    if fields.optional("sliding_window") is not None:
        if kind in ("gemma2", "gpt_oss"):
            return [SLIDING if place % 2 == 0 else FULL for place in range(count)]
        if kind == "gemma3":
            every = fields.number("sliding_window_pattern", default=6)
            return [FULL if (place + 1) % every == 0 else SLIDING for place in range(count)]
        if kind in ("mistral", "mixtral"):
            return [SLIDING] * count
    return [FULL] * count


def _with_experts(fields: Fields, count: int) -> int:
    """Returns the layers that are mixtures of experts, by the three spellings that config files use."""
    if fields.optional(*EXPERT_COUNTS) is None:
        return 0
    if fields.model_type == "llama4":
        every = fields.number("interleave_moe_layer_step", default=1)
        return len(fields.listed("moe_layers") or range(every - 1, count, every))
    if fields.optional("n_routed_experts") is not None:
        dense = fields.optional("first_k_dense_replace") or 0
        return len(range(dense, count, fields.number("moe_layer_freq", default=1)))
    every = fields.number("decoder_sparse_step", default=1)
    dense_only = fields.listed("mlp_only_layers") or []
    return sum((place + 1) % every == 0 and place not in dense_only for place in range(count))


EXPERT_COUNTS = ("num_local_experts", "num_experts", "n_routed_experts")
