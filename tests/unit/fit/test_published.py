"""Published models by hand: what their cards, pages and files say, without the code under test."""

from __future__ import annotations

import datetime

import pytest

from cdk_inference.fit import (
    PUBLISHED,
    PUBLISHED_MODELS,
    Architecture,
    Workload,
    kv_cache_gb,
    memory_needed,
    weights_gb,
)
from tests.each import each

LLAMA_8B, LLAMA_70B, LLAMA_405B = (f"meta-llama/Llama-3.1-{size}" for size in ("8B", "70B", "405B"))

# Billions of parameters as the model's page shows them; weights in GB: parameters x 2 bytes;
# cache in GB of one request of 8192 tokens: 2 x layers x key-value heads x head dimension x 2 bytes x 8192.
BY_HAND = [
    # 1.2358144 x 2; 2 x 16 x 8 x 64 x 2 = 32 768 bytes a token, x 8192 = 268 435 456
    ("meta-llama/Llama-3.2-1B", 1.24, 2.4716288, 0.268435456),
    # 8.030261248 x 2; 2 x 32 x 8 x 128 x 2 = 131 072 bytes a token, x 8192 = 1 073 741 824
    (LLAMA_8B, 8.03, 16.060522496, 1.073741824),
    # 70.553706496 x 2; 2 x 80 x 8 x 128 x 2 = 327 680 bytes a token, x 8192 = 2 684 354 560
    (LLAMA_70B, 70.6, 141.107412992, 2.68435456),
    # 405.8533888 x 2; 2 x 126 x 8 x 128 x 2 = 516 096 bytes a token, x 8192 = 4 227 858 432
    (LLAMA_405B, 406, 811.7067776, 4.227858432),
    # 13.01586432 x 2; all 40 heads keep keys: 2 x 40 x 40 x 128 x 2 = 819 200 bytes a token, x 8192 = 6 710 886 400
    ("meta-llama/Llama-2-13b-hf", 13.0, 26.03172864, 6.7108864),
    # 7.241732096 x 2; as Llama 3.1 8B 131 072 bytes a token, but only of its window of 4096 tokens and a page of 16
    ("mistralai/Mistral-7B-v0.1", 7.24, 14.483464192, 0.538968064),
    # 46.702792704 x 2, all 8 experts; the attention is Mistral 7B's: 131 072 bytes a token
    ("mistralai/Mixtral-8x7B-v0.1", 46.7, 93.405585408, 1.073741824),
    # 7.615616512 x 2; 2 x 28 x 4 x 128 x 2 = 57 344 bytes a token, x 8192 = 469 762 048
    ("Qwen/Qwen2.5-7B", 7.62, 15.231233024, 0.469762048),
    # 9.241705984 x 2; 2 x 8 x 256 x 2 = 8192 bytes a token and layer: 21 layers of 8192 tokens = 1 409 286 144, and 21
    # with a window of 4096 tokens and a page of 16 = 707 395 584
    ("google/gemma-2-9b", 9.24, 18.483411968, 2.116681728),
    # 13.96023808 x 2; 2 x 40 x 10 x 128 x 2 = 204 800 bytes a token, x 8192 = 1 677 721 600
    ("microsoft/Phi-3-medium-4k-instruct", 14.0, 27.92047616, 1.6777216),
]


@each(("name", "billions", "weights", "cache"), BY_HAND)
def test_the_sums_are_those_by_hand(name: str, billions: float, weights: float, cache: float) -> None:
    model = PUBLISHED[name]
    assert float(f"{model.parameters / 1e9:.3g}") == billions
    assert weights_gb(model, "bf16") == pytest.approx(weights, rel=1e-12)
    assert kv_cache_gb(model, 8192, 1) == pytest.approx(cache, rel=1e-12)
    if model.window is None:
        assert kv_cache_gb(model, 4096, 6, "fp8") == pytest.approx(cache * 1.5, rel=1e-12)


# Billions of parameters as the pages of these models have them (their names, or the size that the page shows).
BILLIONS = {
    "deepseek-ai/DeepSeek-R1": 671,
    "deepseek-ai/DeepSeek-V3": 671,
    "google/gemma-3-12b-it": 12.2,
    "google/gemma-3-27b-it": 27.4,
    "google/gemma-3-4b-it": 4.3,
    "meta-llama/Llama-3.3-70B-Instruct": 70.6,
    "meta-llama/Llama-4-Maverick-17B-128E-Instruct": 402,
    "meta-llama/Llama-4-Scout-17B-16E-Instruct": 109,
    "microsoft/phi-4": 14.7,
    "mistralai/Mistral-Small-24B-Instruct-2501": 23.6,
    "mistralai/Mistral-Small-3.1-24B-Instruct-2503": 24.0,
    "moonshotai/Kimi-K2-Instruct": 1026,
    "openai/gpt-oss-120b": 117,
    "openai/gpt-oss-20b": 20.9,
    "Qwen/Qwen2.5-72B-Instruct": 72.7,
    "Qwen/Qwen3-0.6B": 0.596,
    "Qwen/Qwen3-1.7B": 1.72,
    "Qwen/Qwen3-14B": 14.8,
    "Qwen/Qwen3-235B-A22B": 235,
    "Qwen/Qwen3-235B-A22B-FP8": 235,
    "Qwen/Qwen3-30B-A3B": 30.5,
    "Qwen/Qwen3-32B": 32.8,
    "Qwen/Qwen3-32B-FP8": 32.8,
    "Qwen/Qwen3-8B": 8.19,
    "Qwen/Qwen3.5-27B": 27.3,
    "Qwen/Qwen3.5-35B-A3B": 35.1,
}


@each("name", BILLIONS)
def test_the_shape_has_the_parameters_of_its_page(name: str) -> None:
    assert PUBLISHED[name].parameters / 1e9 == pytest.approx(BILLIONS[name], rel=0.005)


def test_every_published_model_is_in_a_table() -> None:
    assert {*BILLIONS, *(row[0] for row in BY_HAND)} == set(PUBLISHED)


def test_models_are_dated_and_have_the_precision_of_their_page() -> None:
    assert {one.precision for one in PUBLISHED_MODELS.values()} == {"bf16", "fp16", "fp32", "fp8", "mxfp4"}
    assert PUBLISHED_MODELS["openai/gpt-oss-120b"].precision == "mxfp4"
    assert PUBLISHED_MODELS["deepseek-ai/DeepSeek-V3"].precision == "fp8"
    assert all(one.as_of >= datetime.date(2025, 3, 1) for one in PUBLISHED_MODELS.values())


# Width of the feed-forward layer and experts, from the same config.json.
FEED_FORWARD = {
    "meta-llama/Llama-3.2-1B": (8192, 1),
    LLAMA_8B: (14_336, 1),
    LLAMA_70B: (28_672, 1),
    LLAMA_405B: (53_248, 1),
    "meta-llama/Llama-2-13b-hf": (13_824, 1),
    "mistralai/Mistral-7B-v0.1": (14_336, 1),
    "mistralai/Mixtral-8x7B-v0.1": (14_336, 8),
    "Qwen/Qwen2.5-7B": (18_944, 1),
    "google/gemma-2-9b": (14_336, 1),
    "microsoft/Phi-3-medium-4k-instruct": (17_920, 1),
}


@each("name", FEED_FORWARD)
def test_the_shape_adds_up_to_the_published_parameters(name: str) -> None:
    model, (width, experts) = PUBLISHED[name], FEED_FORWARD[name]
    hidden = model.hidden_size
    queries, keys = (heads * model.head_dimension for heads in (model.attention_heads, model.key_value_heads))
    attention = hidden * (queries + keys + keys) + queries * hidden
    if name.startswith("Qwen"):
        attention += queries + keys + keys  # Qwen2.5 adds biases to these three
    feed_forward = experts * 3 * hidden * width + (experts * hidden if experts > 1 else 0)  # and the router
    norms = (4 if "gemma" in name else 2) * hidden
    tables = model.vocabulary * hidden * (1 if model.tied_embeddings else 2)
    assert model.layers * (attention + feed_forward + norms) + hidden + tables == model.parameters


# https://huggingface.co/blog/llama31, "How much memory does Llama 3.1 need?". It writes GB and counts GiB; its 1k is
# 1024 tokens, its 16k and 128k are 16 000 and 128 000. For 405B it counted 16 key-value heads; config.json says 8.
@each(
    ("name", "key_value_heads", "cache_gib", "fp16_gb"),
    [
        (LLAMA_8B, 8, (0.125, 1.95, 15.62), 16),
        (LLAMA_70B, 8, (0.313, 4.88, 39.06), 140),
        (LLAMA_405B, 16, (0.984, 15.38, 123.05), 810),
    ],
)
def test_hugging_faces_table_for_llama_3_1(
    name: str, key_value_heads: int, cache_gib: tuple[float, ...], fp16_gb: float
) -> None:
    model = PUBLISHED[name]
    shape = {field: getattr(model, field) for field in model.__dataclass_fields__}
    as_counted = Architecture(**{**shape, "key_value_heads": key_value_heads})
    for tokens, published in zip((1024, 16_000, 128_000), cache_gib, strict=True):
        assert kv_cache_gb(as_counted, tokens, 1, "fp16") * 1e9 / 2**30 == pytest.approx(published, abs=0.006)
    assert weights_gb(model, "fp16") == pytest.approx(fp16_gb, rel=0.01)


def test_four_bits_of_llama_3_1_8b_are_as_large_as_its_files() -> None:
    """https://huggingface.co/hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4/tree/main: 4.68 GB and 1.05 GB.

    Tables: 2 x 128 256 x 4096 = 1 050 673 152 weights x 2 bytes = 2.101346304 GB. The other 6 979 588 096 weights take
    4 + 20 / 128 = 4.15625 bits: x 4.15625 / 8 = 3.626114128 GB. Together 5.727460432 GB.
    """
    assert weights_gb(PUBLISHED[LLAMA_8B], "awq") == pytest.approx(5.727460432, rel=1e-12)
    assert weights_gb(PUBLISHED[LLAMA_8B], "gptq") == weights_gb(PUBLISHED[LLAMA_8B], "int4")
    assert round(weights_gb(PUBLISHED[LLAMA_8B], "awq"), 2) == round(4.68 + 1.05, 2)


def test_eight_bits_leave_the_tables_in_sixteen() -> None:
    """6.979588096 GB in 8 bits, and the tables' 2.101346304 GB as above: 9.0809344 GB."""
    assert weights_gb(PUBLISHED[LLAMA_8B], "fp8") == pytest.approx(9.0809344, rel=1e-12)
    assert weights_gb(PUBLISHED[LLAMA_8B], "int8") == pytest.approx(9.0809344, rel=1e-12)
    assert weights_gb(PUBLISHED[LLAMA_8B], "fp32") == pytest.approx(32.121044992, rel=1e-12)


def test_a_tied_table_counts_once() -> None:
    """128 256 x 2048 = 262 668 288 weights x 2 bytes = 0.525336576 GB; the other 973 146 112 take a byte each."""
    assert weights_gb(PUBLISHED["meta-llama/Llama-3.2-1B"], "fp8") == pytest.approx(1.498482688, rel=1e-12)


@each(
    ("degree", "weights", "cache"),
    [
        # 16.060522496 / 4; 2 of 8 key-value heads: 1.073741824 / 4
        (4, 4.015130624, 0.268435456),
        # 16.060522496 / 8; 1 of 8
        (8, 2.007565312, 0.134217728),
        # 32 copies of heads instead of 8: 24 more, each of 2 x 32 x 4096 x 128 = 33 554 432 weights, 805 306 368 x 2
        # bytes = 1.610612736 GB; (16.060522496 + 1.610612736) / 32; each device still keeps a whole head
        (32, 0.552222976, 0.134217728),
    ],
)
def test_shares_of_llama_3_1_8b(degree: int, weights: float, cache: float) -> None:
    work = Workload(architecture=PUBLISHED[LLAMA_8B], precision="bf16", context_tokens=8192, batch=1)
    need = memory_needed(work, degree)
    assert need.weights_gb == pytest.approx(weights, rel=1e-12)
    assert need.kv_cache_gb == pytest.approx(cache, rel=1e-12)


def test_heads_that_neither_divide_nor_multiply_are_copied_for_every_attention_head() -> None:
    """Phi-3 medium among 8: 10 key-value heads become 40, 5 on each. 1.6777216 GB / 10 x 5 = 0.8388608 GB.

    30 more heads of 2 x 40 x 5120 x 128 = 52 428 800 weights x 2 bytes = 3.145728 GB; (27.92047616 + 3.145728) / 8.
    """
    phi = PUBLISHED["microsoft/Phi-3-medium-4k-instruct"]
    need = memory_needed(Workload(architecture=phi, precision="bf16", context_tokens=8192, batch=1), 8)
    assert need.kv_cache_gb == pytest.approx(0.8388608, rel=1e-12)
    assert need.weights_gb == pytest.approx(3.88327552, rel=1e-12)
