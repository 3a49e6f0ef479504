"""An `Architecture`, and how the weights are stored, from a model's config.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NoReturn, cast

from cdk_inference.core.errors import ConfigurationError, Problem
from cdk_inference.fit.architecture import Architecture
from cdk_inference.fit.config_fields import Fields
from cdk_inference.fit.config_layers import layers_of, raise_unknown, state_of
from cdk_inference.fit.config_parameters import count_parameters, dense_width, expert_width
from cdk_inference.fit.parts import Experts, VisionEncoder
from cdk_inference.fit.precision import PrecisionName

_DTYPES: Mapping[str, PrecisionName] = {"bfloat16": "bf16", "float16": "fp16", "float32": "fp32"}
_PRECISION_FIX = "name the precision yourself"


def architecture_from_config(config: Mapping[str, object], parameters: float | None = None) -> Architecture:
    """The architecture that a config.json describes.

    Args:
        config: The file's content. Of a model that takes images, `text_config` counts.
        parameters: The model page's number. Default: what the shape adds up to.

    Raises:
        ConfigurationError: A missing field by its name, or the reason why the sums do not describe the model.
    """
    fields = Fields.of(config)
    raise_unknown(fields)
    heads, hidden = fields.number("num_attention_heads"), fields.number("hidden_size")
    layers = layers_of(fields)
    counted = count_parameters(fields, layers)
    latent = fields.optional("kv_lora_rank")
    experts = None
    if layers.with_experts:
        per_token = fields.number("num_experts_per_tok", "experts_per_token", "top_k_experts")
        experts = Experts(per_token=per_token, width=expert_width(fields), parameters=counted.experts)
    found = Architecture(
        parameters=counted.total,
        layers=max(1, layers.caching),
        attention_heads=heads,
        key_value_heads=heads if latent else fields.number("num_key_value_heads", default=heads),
        head_dimension=fields.number("head_dim", "v_head_dim", default=max(1, hidden // heads)),
        hidden_size=hidden,
        vocabulary=fields.number("vocab_size"),
        tied_embeddings=fields.tied,
        feed_forward=dense_width(fields) if layers.with_experts < len(layers.kinds) else None,
        experts=experts,
        window=layers.window,
        latent_width=None if latent is None else latent + fields.number("qk_rope_head_dim"),
        state=state_of(fields, layers),
        vision=_vision(fields),
        weight_block=_weight_block(fields),
        replicated=counted.replicated,
        context_limit=fields.optional("max_position_embeddings"),
    )
    return found if parameters is None else replace(found, parameters=parameters)


def precision_from_config(config: Mapping[str, object]) -> PrecisionName:
    """How the weights of a config.json are stored, from `PRECISIONS`. Raises ConfigurationError with the reason."""
    fields = Fields.of(config)
    stored = fields.part("quantization_config")
    if not stored:
        kind = fields.has("torch_dtype", "dtype") or "torch_dtype"
        value = str(fields.text.get(kind) or fields.whole.get(kind)).removeprefix("torch.")
        return _DTYPES.get(value) or _refused(kind, None if value == "None" else value, ", ".join(_DTYPES))
    method = str(stored.get("quant_method", "")).replace("_", "-")
    if method != "mxfp4" and (kept := _attention_kept(stored)) is not None:
        _refused(f"quantization_config.{kept}", "self_attn", "attention in the same form as the rest")
    if method in ("fp8", "fbgemm-fp8"):
        return "fp8"
    if method in ("awq", "gptq") and stored.get("bits", 4) == 4:
        return cast("PrecisionName", method)
    if method == "gptq" and stored.get("bits") == 8:
        return "int8"
    if method == "mxfp4":
        return "mxfp4"
    if method.startswith("modelopt") and (algorithm := str(stored.get("quant_algo"))) in ("FP8", "NVFP4"):
        return cast("PrecisionName", algorithm.lower())
    if method == "compressed-tensors" and (found := _compressed(stored)) is not None:
        return found
    allowed = "fp8, awq, gptq, mxfp4, modelopt (FP8, NVFP4) or compressed-tensors with weights of one form"
    return _refused("quantization_config", stored.get("quant_method"), allowed)


def _attention_kept(stored: Mapping[str, object]) -> str | None:
    """The field that excepts attention from quantization, as checkpoints of mixtures often do."""
    for key in ("ignore", "exclude_modules", "modules_to_not_convert"):
        names = stored.get(key)
        if isinstance(names, list) and any("self_attn" in str(name) for name in names):
            return key
    return None


def _compressed(stored: Mapping[str, object]) -> PrecisionName | None:
    """The one form in which compressed-tensors keeps the weights; None for several."""
    groups = stored.get("config_groups")
    weights = [one.get("weights") for one in groups.values()] if isinstance(groups, Mapping) else []
    forms = {(one.get("num_bits"), one.get("type")) for one in weights if isinstance(one, Mapping)}
    known: dict[tuple[object, object], PrecisionName] = {
        (8, "float"): "fp8",
        (8, "int"): "int8",
        (4, "int"): "int4",
        (4, "float"): "nvfp4",
    }
    return known.get(forms.pop()) if len(forms) == 1 else None


def _refused(key: str, got: object, allowed: str) -> NoReturn:
    raise ConfigurationError("config.json", [Problem(key, got, allowed, _PRECISION_FIX)])


def _weight_block(fields: Fields) -> int | None:
    block = fields.part("quantization_config").get("weight_block_size")
    return block[0] if isinstance(block, list) and block and type(block[0]) is int else None


def _vision(fields: Fields) -> VisionEncoder | None:
    vision = Fields.of(fields.part("vision_config"))
    hidden, layers = vision.optional("hidden_size"), vision.optional("num_hidden_layers", "depth")
    return None if hidden is None or layers is None else VisionEncoder(layers=layers, hidden_size=hidden)
