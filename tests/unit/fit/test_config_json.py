"""What is read from a config.json, and what is refused with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.fit import (
    PUBLISHED,
    Experts,
    RecurrentState,
    VisionEncoder,
    Window,
    Workload,
    architecture_from_config,
    kv_cache_gb,
    memory_needed,
    precision_from_config,
    weights_gb,
)
from tests.each import each

LLAMA: dict[str, Any] = {
    "model_type": "llama",
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "hidden_size": 4096,
    "intermediate_size": 14_336,
    "vocab_size": 128_256,
    "max_position_embeddings": 131_072,
    "torch_dtype": "bfloat16",
}
MISTRAL_3 = {  # https://huggingface.co/mistralai/Mistral-Small-3.1-24B-Instruct-2503/blob/main/config.json
    "model_type": "mistral3",
    "text_config": {
        "model_type": "mistral",
        "num_hidden_layers": 40,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "head_dim": 128,
        "hidden_size": 5120,
        "intermediate_size": 32_768,
        "vocab_size": 131_072,
    },
    "vision_config": {"model_type": "pixtral", "num_hidden_layers": 24, "hidden_size": 1024, "intermediate_size": 4096},
    "torch_dtype": "bfloat16",
}


def read(**changes: object) -> Any:
    return architecture_from_config({**LLAMA, **changes})


def test_a_file_alone_suffices() -> None:
    """8 030 261 248 parameters, the sum by hand in docs/fit.md."""
    model = architecture_from_config(LLAMA)
    assert model.parameters == 8_030_261_248
    assert (model.layers, model.key_value_heads, model.head_dimension, model.tied_embeddings) == (32, 8, 128, False)
    assert model.context_limit == 131_072
    assert read() == PUBLISHED["meta-llama/Llama-3.1-8B"]
    assert architecture_from_config(LLAMA, 8.1e9).parameters == 8.1e9


def test_the_text_model_of_a_file_with_images_counts() -> None:
    model = architecture_from_config(MISTRAL_3)
    assert (model.layers, model.vocabulary, model.vision) == (40, 131_072, VisionEncoder(layers=24, hidden_size=1024))
    assert not model.tied_embeddings
    assert precision_from_config(MISTRAL_3) == "bf16"


def test_tied_embeddings_follow_the_class_where_the_file_has_none() -> None:
    assert read(model_type="gemma2", sliding_window=4096).tied_embeddings
    assert not read(model_type="gemma2", tie_word_embeddings=False).tied_embeddings
    assert not read().tied_embeddings


def test_latent_attention_keeps_70_kb_a_token() -> None:
    """DeepSeek V3: (512 + 64) values x 2 bytes x 61 layers = 70 272 bytes, on each device however many there are."""
    model = PUBLISHED["deepseek-ai/DeepSeek-V3"]
    assert kv_cache_gb(model, 1, 1) == pytest.approx(70_272 / 1e9)
    work = Workload(architecture=model, precision="fp8", context_tokens=1, batch=1)
    assert memory_needed(work, 8).kv_cache_gb == pytest.approx(70_272 / 1e9)


@each(
    ("name", "layers", "window"),
    [
        # 62 layers, every 6th with the whole context: 10 of them; 36 and 24 in turn; every 4th of 48.
        ("google/gemma-3-27b-it", 62, Window(layers=52, tokens=1024)),
        ("openai/gpt-oss-120b", 36, Window(layers=18, tokens=128)),
        ("openai/gpt-oss-20b", 24, Window(layers=12, tokens=128)),
        ("meta-llama/Llama-4-Scout-17B-16E-Instruct", 48, Window(layers=36, tokens=8192)),
        ("mistralai/Mistral-7B-v0.1", 32, Window(layers=32, tokens=4096)),
        ("Qwen/Qwen3-32B", 64, None),
    ],
)
def test_windows(name: str, layers: int, window: Window | None) -> None:
    assert (PUBLISHED[name].layers, PUBLISHED[name].window) == (layers, window)


def test_groups_of_layers_are_padded_as_the_engine_pads_them() -> None:
    """Gemma 3 27B: 10 and 52 layers become 10 and 60. vLLM 0.19 reported 36 560 tokens in 19.53 GiB: 573 585 bytes a token.

    70 layers x 2 x 16 heads x 128 x 2 bytes = 573 440.
    """
    model = PUBLISHED["google/gemma-3-27b-it"]
    short = kv_cache_gb(model, 1024, 1) * 1e9 / 1024
    assert short == 573_440
    # 100 000 tokens: 10 layers keep them all, 60 keep 1024 and a page of 16, each 8192 x 2 bytes a token.
    assert kv_cache_gb(model, 100_000, 1) * 1e9 == 16_384 / 2 * (10 * 100_000 + 60 * 1040)


def test_linear_attention_keeps_a_state_and_only_some_layers_a_cache() -> None:
    """Qwen3.5 27B: 16 of 64 layers. State: 3 x (2 x 2048 + 6144) x 2 bytes + 48 x 128 x 128 x 4 bytes."""
    model = PUBLISHED["Qwen/Qwen3.5-27B"]
    assert model.layers == 16
    assert model.state == RecurrentState(layers=48, bytes_per_layer=3 * 10_240 * 2 + 48 * 128 * 128 * 4)


def test_experts() -> None:
    """gpt-oss-120b: 36 layers x 128 experts x (3 x 2880 x 2880 weights and 3 x 2880 biases)."""
    experts = PUBLISHED["openai/gpt-oss-120b"].experts
    assert experts == Experts(per_token=4, width=2880, parameters=36 * 128 * (3 * 2880 * 2880 + 3 * 2880))
    assert PUBLISHED["Qwen/Qwen3-235B-A22B"].experts == Experts(
        per_token=8, width=1536, parameters=94 * 128 * 3 * 4096 * 1536
    )


def test_four_bits_of_gpt_oss_are_as_large_as_its_files() -> None:
    """https://huggingface.co/openai/gpt-oss-120b/tree/main/original: one file of 65.2 GB."""
    assert weights_gb(PUBLISHED["openai/gpt-oss-120b"], "mxfp4") == pytest.approx(65.2, rel=0.005)


@each(
    ("stored", "precision"),
    [
        ({"quant_method": "fp8", "weight_block_size": [128, 128]}, "fp8"),
        ({"quant_method": "awq", "bits": 4}, "awq"),
        ({"quant_method": "gptq", "bits": 4}, "gptq"),
        ({"quant_method": "gptq", "bits": 8}, "int8"),
        ({"quant_method": "modelopt", "quant_algo": "NVFP4"}, "nvfp4"),
        (
            {
                "quant_method": "compressed-tensors",
                "config_groups": {"a": {"weights": {"num_bits": 8, "type": "float"}}},
            },
            "fp8",
        ),
        (
            {"quant_method": "compressed-tensors", "config_groups": {"a": {"weights": {"num_bits": 4, "type": "int"}}}},
            "int4",
        ),
    ],
)
def test_how_weights_are_stored(stored: dict[str, object], precision: str) -> None:
    assert precision_from_config({**LLAMA, "quantization_config": stored}) == precision


def test_the_block_of_eight_bits_is_read() -> None:
    assert read(quantization_config={"quant_method": "fp8", "weight_block_size": [128, 128]}).weight_block == 128
    assert PUBLISHED["Qwen/Qwen3-235B-A22B-FP8"].weight_block == 128


BY_HAND = "fix: give the sums by hand: Architecture(...)"


@each(
    ("changes", "message"),
    [
        (
            {"num_hidden_layers": None},
            "num_hidden_layers: got None; allowed: a whole number, 1 or more; "
            "fix: name the config.json of a transformer's model page",
        ),
        (
            {"num_attention_heads": "32"},
            "num_attention_heads: got '32'; allowed: a whole number, 1 or more; "
            "fix: name the config.json of a transformer's model page",
        ),
        (
            {"index_topk": 2048},
            f"index_topk: got 2048; allowed: attention without an index of its own (DeepSeek's sparse attention keeps one next to the cache); {BY_HAND}",
        ),
        (
            {"cross_attention_layers": [3, 8]},
            "cross_attention_layers: got [3, 8]; allowed: a model without cross-attention, whose layers keep a cache "
            f"for images; {BY_HAND}",
        ),
        (
            {"mamba_d_state": 128},
            "mamba_d_state: got 128; allowed: attention in every layer, or linear attention as in Qwen3-Next: not "
            f"Mamba; {BY_HAND}",
        ),
        (
            {"layer_types": ["full_attention"] * 31 + ["mamba"]},
            "layer_types: got 'mamba'; allowed: full_attention, sliding_attention, chunked_attention and "
            f"linear_attention; {BY_HAND}",
        ),
    ],
)
def test_what_cannot_be_computed_is_refused_with_the_reason(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(**changes)
    assert str(caught.value) == f"config.json: {message}"


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(
        ConfigurationError, match=r"model_type: got 'gpt9'; allowed: one of deepseek_v2, .*qwen3_vl_moe"
    ):
        read(model_type="gpt9")


@each(
    ("changes", "message"),
    [
        (
            {"torch_dtype": None},
            "torch_dtype: got None; allowed: bfloat16, float16, float32; fix: name the precision yourself",
        ),
        (
            {"quantization_config": {"quant_method": "exl2"}},
            "quantization_config: got 'exl2'; allowed: fp8, awq, gptq, mxfp4, modelopt (FP8, NVFP4) or "
            "compressed-tensors with weights of one form; fix: name the precision yourself",
        ),
        (
            {"quantization_config": {"quant_method": "modelopt", "quant_algo": "NVFP4", "ignore": ["*self_attn*"]}},
            "quantization_config.ignore: got 'self_attn'; allowed: attention in the same form as the rest; "
            "fix: name the precision yourself",
        ),
    ],
)
def test_a_form_of_weights_that_is_not_known_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        precision_from_config({**LLAMA, **changes})
    assert str(caught.value) == f"config.json: {message}"
