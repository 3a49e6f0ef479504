"""How many parameters a config.json adds up to: experts, and everything.

Layers that only predict further tokens (`num_nextn_predict_layers`) are not counted: engines load them for speculation
alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.fit.config_fields import Fields
from cdk_inference.fit.config_layers import EXPERT_COUNTS, LINEAR, Layers, linear_widths

# Feed-forward layers without a gate: two matrices instead of three (modeling_*.py of transformers 5.24.0).
_UNGATED = frozenset({"phi"})
_FOUR_NORMS = frozenset({"gemma2", "gemma3"})
_NORMED_HEADS = frozenset({"gemma3", "glm4_moe", "qwen3", "qwen3_moe", "qwen3_next", "qwen3_5", "qwen3_5_moe"}) | {
    *("qwen3_vl", "qwen3_vl_moe")
}
_GATED_VISION = frozenset({"pixtral", "qwen2_5_vl"})


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Parameters.

    Args:
        total: Of the whole model.
        experts: Of routed experts alone.
        replicated: That every device keeps whole.
    """

    total: int
    experts: int
    replicated: int


def count_parameters(fields: Fields, layers: Layers) -> Counted:
    """The parameters of a file. Raises ConfigurationError."""
    hidden = fields.number("hidden_size")
    linear = layers.kinds.count(LINEAR)
    attending = len(layers.kinds) - linear
    attention = (linear * _linear(fields) if linear else 0) + (attending * _attention(fields) if attending else 0)
    dense = len(layers.kinds) - layers.with_experts
    experts = beside = 0
    if layers.with_experts:
        experts = layers.with_experts * _routed(fields)
        beside = layers.with_experts * (_shared(fields) + _router(fields))
    norms = len(layers.kinds) * hidden * (4 if fields.model_type in _FOUR_NORMS else 2) + hidden
    tables = fields.number("vocab_size") * hidden * (1 if fields.tied else 2)
    total = attention + (dense * _feed_forward(fields) if dense else 0) + experts + beside + norms + tables
    replicated = layers.with_experts * _router(fields) if experts else 0
    if (latent := fields.optional("kv_lora_rank")) is not None:
        first = latent + fields.number("qk_rope_head_dim") + (fields.optional("q_lora_rank") or 0)
        replicated += len(layers.kinds) * hidden * first
    return Counted(total=total + _vision(fields), experts=experts, replicated=replicated)


def expert_width(fields: Fields) -> int:
    """Width of one routed expert."""
    return fields.number("moe_intermediate_size", "intermediate_size")


def dense_width(fields: Fields) -> int:
    """Width of a dense feed-forward layer; Llama 4 keeps it in a field of its own."""
    return fields.number("intermediate_size_mlp", "intermediate_size")


def _attention(fields: Fields) -> int:
    hidden, heads = fields.number("hidden_size"), fields.number("num_attention_heads")
    if (latent := fields.optional("kv_lora_rank")) is not None:
        return _latent_attention(fields, hidden, heads, latent)
    shared = fields.number("num_key_value_heads", default=heads)
    dimension = fields.number("head_dim", default=max(1, hidden // heads))
    queries, keys = heads * dimension, shared * dimension
    gate = queries if fields.text.get("attn_output_gate") or fields.model_type == "qwen3_next" else 0
    total = hidden * (queries + gate + 2 * keys) + queries * hidden
    if fields.text.get("attention_bias") or fields.model_type in ("phi", "qwen2", "qwen2_moe", "qwen2_5_vl"):
        total += queries + 2 * keys + (hidden if fields.text.get("attention_bias") else 0)
    if fields.model_type in _NORMED_HEADS:
        total += 2 * dimension
    return total + (heads if fields.model_type == "gpt_oss" else 0)


def _latent_attention(fields: Fields, hidden: int, heads: int, latent: int) -> int:
    plain, rotated = fields.number("qk_nope_head_dim"), fields.number("qk_rope_head_dim")
    value, query = fields.number("v_head_dim"), fields.optional("q_lora_rank")
    queries = heads * (plain + rotated)
    first = hidden * queries if query is None else hidden * query + query + query * queries
    return first + hidden * (latent + rotated) + latent + latent * heads * (plain + value) + heads * value * hidden


def _linear(fields: Fields) -> int:
    hidden, heads = fields.number("hidden_size"), fields.number("linear_num_value_heads")
    key, value = linear_widths(fields)
    convolution = (2 * key + value) * fields.number("linear_conv_kernel_dim", default=4)
    inner = 2 * heads + fields.number("linear_value_head_dim")
    return hidden * (2 * key + 2 * value + 2 * heads) + convolution + inner + value * hidden


def _feed_forward(fields: Fields) -> int:
    hidden, width = fields.number("hidden_size"), dense_width(fields)
    if fields.model_type in _UNGATED:
        return 2 * hidden * width + width + hidden
    return 3 * hidden * width


def _routed(fields: Fields) -> int:
    hidden, width = fields.number("hidden_size"), expert_width(fields)
    biases = 2 * width + hidden if fields.model_type == "gpt_oss" else 0
    return fields.number(*EXPERT_COUNTS) * (3 * hidden * width + biases)


def _shared(fields: Fields) -> int:
    """Experts that work on every token."""
    hidden = fields.number("hidden_size")
    if (width := fields.optional("shared_expert_intermediate_size")) is not None:
        return 3 * hidden * width + hidden
    count = fields.optional("n_shared_experts") or (1 if fields.model_type == "llama4" else 0)
    return count * 3 * hidden * expert_width(fields)


def _router(fields: Fields) -> int:
    experts = fields.number(*EXPERT_COUNTS)
    return fields.number("hidden_size") * experts + (experts if fields.model_type in ("gpt_oss", "deepseek_v3") else 0)


def _vision(fields: Fields) -> int:
    """The encoder for images and what joins it to the text model, within some millions."""
    vision = Fields.of(fields.part("vision_config"))
    hidden, layers = vision.optional("hidden_size"), vision.optional("num_hidden_layers", "depth")
    if hidden is None or layers is None:
        return 0
    width = vision.number("intermediate_size", default=4 * hidden)
    matrices = 3 if vision.model_type in _GATED_VISION else 2
    patch = vision.number("patch_size", default=14)
    text = fields.number("hidden_size")
    return layers * (4 * hidden**2 + matrices * hidden * width) + 3 * patch**2 * hidden + hidden * text
