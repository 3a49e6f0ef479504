"""Ten published models, by their names at https://huggingface.co.

Shapes: config.json of https://huggingface.co/<name> as of 2025-03; parameters: the size that the model's page shows,
from its safetensors files, which is also what the shape adds up to (compared 2026-11-23, docs/fit.md shows the sum).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cdk_inference.fit.architecture import Architecture


def _model(
    parameters: int,
    layers: int,
    heads: tuple[int, int],
    head_dimension: int,
    hidden_size: int,
    vocabulary: int,
    tied_embeddings: bool = False,
) -> Architecture:
    return Architecture(
        parameters=parameters,
        layers=layers,
        attention_heads=heads[0],
        key_value_heads=heads[1],
        head_dimension=head_dimension,
        hidden_size=hidden_size,
        vocabulary=vocabulary,
        tied_embeddings=tied_embeddings,
    )


# Parameters, layers, (attention heads, key-value heads), head dimension, hidden size, vocabulary, tied.
# Early pages of Llama 3.1 405B speak of 16 key-value heads; its config.json has 8, as Meta's paper does.
PUBLISHED: Mapping[str, Architecture] = MappingProxyType(
    {
        "meta-llama/Llama-3.2-1B": _model(1_235_814_400, 16, (32, 8), 64, 2048, 128_256, True),
        "meta-llama/Llama-3.1-8B": _model(8_030_261_248, 32, (32, 8), 128, 4096, 128_256),
        "meta-llama/Llama-3.1-70B": _model(70_553_706_496, 80, (64, 8), 128, 8192, 128_256),
        "meta-llama/Llama-3.1-405B": _model(405_853_388_800, 126, (128, 8), 128, 16_384, 128_256),
        "meta-llama/Llama-2-13b-hf": _model(13_015_864_320, 40, (40, 40), 128, 5120, 32_000),
        "mistralai/Mistral-7B-v0.1": _model(7_241_732_096, 32, (32, 8), 128, 4096, 32_000),
        "mistralai/Mixtral-8x7B-v0.1": _model(46_702_792_704, 32, (32, 8), 128, 4096, 32_000),
        "Qwen/Qwen2.5-7B": _model(7_615_616_512, 28, (28, 4), 128, 3584, 152_064),
        "google/gemma-2-9b": _model(9_241_705_984, 42, (16, 8), 256, 3584, 256_000, True),
        "microsoft/Phi-3-medium-4k-instruct": _model(13_960_238_080, 40, (40, 10), 128, 5120, 32_064),
    }
)
