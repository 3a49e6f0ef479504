"""Parts that only some models have: experts, windows, recurrent states, an encoder for images."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.errors import raise_problems
from cdk_inference.fit.arguments import amount, count


@dataclass(frozen=True, kw_only=True)
class Experts:
    """The experts of a mixture.

    Args:
        per_token: Routed experts that work on one token (`num_experts_per_tok`).
        width: Width of one expert's feed-forward layer (`moe_intermediate_size`; in some files `intermediate_size`).
        parameters: Parameters of all routed experts in all layers together.

    Raises:
        ConfigurationError: A number below 1.
    """

    per_token: int
    width: int
    parameters: float

    def __post_init__(self) -> None:
        raise_problems(
            "Experts",
            count("per_token", self.per_token, "write num_experts_per_tok of the model's config.json"),
            count("width", self.width, "write moe_intermediate_size of the model's config.json"),
            amount("parameters", self.parameters, 1e15, "write layers x experts x 3 x hidden_size x width"),
        )


@dataclass(frozen=True, kw_only=True)
class Window:
    """Layers that keep only the last tokens of a request: a sliding window, or chunks.

    Args:
        layers: How many layers have it.
        tokens: Tokens that one of them keeps (`sliding_window`, `attention_chunk_size`).

    Raises:
        ConfigurationError: A number below 1.
    """

    layers: int
    tokens: int

    def __post_init__(self) -> None:
        raise_problems(
            "Window",
            count("layers", self.layers, "count the layers that layer_types calls sliding or chunked"),
            count("tokens", self.tokens, "write sliding_window of the model's config.json"),
        )


@dataclass(frozen=True, kw_only=True)
class RecurrentState:
    """Layers of linear attention, with a state of one size however long the request is.

    Args:
        layers: How many layers have one.
        bytes_per_layer: Bytes that one request keeps in one layer, on all devices together.

    Raises:
        ConfigurationError: A number below 1.
    """

    layers: int
    bytes_per_layer: int

    def __post_init__(self) -> None:
        raise_problems(
            "RecurrentState",
            count("layers", self.layers, "count the layers that layer_types calls linear_attention"),
            count("bytes_per_layer", self.bytes_per_layer, "write the bytes of one layer's state"),
        )


@dataclass(frozen=True, kw_only=True)
class VisionEncoder:
    """The encoder for images of a model that takes them.

    Args:
        layers: Its layers (`vision_config.num_hidden_layers` or `depth`).
        hidden_size: Its width (`vision_config.hidden_size`).

    Raises:
        ConfigurationError: A number below 1.
    """

    layers: int
    hidden_size: int

    def __post_init__(self) -> None:
        raise_problems(
            "VisionEncoder",
            count("layers", self.layers, "write vision_config.num_hidden_layers of the model's config.json"),
            count("hidden_size", self.hidden_size, "write vision_config.hidden_size of the model's config.json"),
        )
