"""Memory that the tokens of requests take on one device: keys and values, latent vectors, recurrent states.

What vLLM does with layers of different kinds is taken from its source, version 0.33.0 (read 2026-11-29):
v1/core/kv_cache_planning.py groups them, v1/kv_cache_interface.py says how much a layer with a window keeps.
"""

from __future__ import annotations

from cdk_inference.fit.architecture import Architecture

# Tokens of one page of the cache; a window may begin in the middle of one (CacheConfig.DEFAULT_BLOCK_SIZE).
PAGE_TOKENS = 16


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


def layer_bytes(architecture: Architecture, degree: int, bits: int) -> float:
    """Bytes of one token in one layer's cache, on each device. Latent vectors are not divided."""
    if architecture.latent_width is not None:
        return architecture.latent_width * bits / 8
    heads = key_value_heads_per_device(architecture, degree)
    return 2 * heads * architecture.head_dimension * bits / 8


def padded_layers(architecture: Architecture) -> tuple[int, int]:
    """(layers with the whole context, layers with a window) that memory is kept for.

    vLLM makes groups of equally many layers of one kind, as many as the rarer kind has, and pads the last group; where
    the kinds are about equally frequent, as many as the more frequent kind has.
    """
    windowed = architecture.windowed_layers
    whole = architecture.layers - windowed
    if not whole or not windowed:
        return whole, windowed
    fewer, more = sorted((whole, windowed))
    size = more if more < fewer * 1.5 else fewer
    return -(-whole // size) * size, -(-windowed // size) * size


def cache_bytes(
    architecture: Architecture,
    degree: int,
    bits: int,
    tokens: int,
    requests: int,
    *,
    in_flight: int = 0,
    windows: bool = True,
) -> float:
    """Bytes on each device for `requests` at once of `tokens` each.

    Args:
        architecture: The model.
        degree: Devices that share it.
        bits: Of one cached value.
        tokens: Prompt and answer together, of each request.
        requests: How many run at once.
        in_flight: Tokens that the engine works on in one step. A layer with a window keeps them besides its windows.
        windows: Whether the engine frees what lies outside of a window. Without, such layers keep the whole context.
    """
    one = layer_bytes(architecture, degree, bits)
    whole, windowed = padded_layers(architecture) if windows else (architecture.layers, 0)
    total = whole * tokens * requests
    if windowed and architecture.window is not None:
        kept = requests * (architecture.window.tokens + PAGE_TOKENS) + in_flight
        total += windowed * min(tokens * requests, kept)
    state = architecture.state
    states = 0 if state is None else state.layers * state.bytes_per_layer * requests / degree
    return one * total + states


def token_bytes(architecture: Architecture, degree: int, bits: int) -> float:
    """Bytes on each device of one token that every layer keeps: what vLLM's "GPU KV cache size" counts by."""
    return layer_bytes(architecture, degree, bits) * sum(padded_layers(architecture))
