"""The numbers of a transformer that decide how much memory it takes and how it can be split."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.checks import instance_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.fit.arguments import amount, count
from cdk_inference.fit.parts import Experts, RecurrentState, VisionEncoder, Window

PARAMETERS_MAX = 1e15

# vLLM pads the vocabulary to a multiple of this and divides the result by the degree: DEFAULT_VOCAB_PADDING_SIZE in
# vllm/model_executor/layers/vocab_parallel_embedding.py, vLLM 0.33.0 (read 2026-11-29).
VOCABULARY_PADDING = 64


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """The dimensions of one model, from its model card and config.json.

    `architecture_from_config` reads them from a config.json; `PUBLISHED` holds them for known models.

    Args:
        parameters: All of them, as a plain number (8.03e9). Of a mixture of experts every expert counts, since all of
            them are in memory, however few work on one token.
        layers: Those that keep keys and values; `num_hidden_layers` where every layer does.
        attention_heads: Heads of queries (`num_attention_heads`).
        key_value_heads: Heads of keys and values (`num_key_value_heads`): as many as attention heads in multi-head
            attention, fewer in grouped-query attention, 1 in multi-query attention. A divisor of attention_heads.
        head_dimension: `head_dim`; where config.json lacks it, hidden_size / attention_heads.
        hidden_size: `hidden_size`.
        vocabulary: `vocab_size`.
        tied_embeddings: Whether one table serves input and output (`tie_word_embeddings`). Default False.
        feed_forward: Width of a dense feed-forward layer (`intermediate_size`). Default: not known.
        experts: Experts of a mixture. Default: a dense model.
        window: Layers with a sliding or chunked window among `layers`. Default: every layer keeps the whole context.
        latent_width: Values of one token in one layer's cache under latent attention (DeepSeek's MLA):
            `kv_lora_rank` + `qk_rope_head_dim`. Every device keeps all of them. Default: keys and values by head.
        state: Layers that keep a state of a fixed size for each request. Default: none.
        vision: Encoder for images. Default: text only.
        weight_block: Block of FP8 weights with one scale (`weight_block_size`), in weights. Default: none.
        replicated: Parameters that every device keeps whole: routers of experts, first projections of latent attention.
            Default: none.
        context_limit: Longest request in tokens (`max_position_embeddings`). Default: not known.

    Raises:
        ConfigurationError: A number that no model can have, or numbers that contradict each other.
    """

    parameters: float
    layers: int
    attention_heads: int
    key_value_heads: int
    head_dimension: int
    hidden_size: int
    vocabulary: int
    tied_embeddings: bool = False
    feed_forward: int | None = None
    experts: Experts | None = None
    window: Window | None = None
    latent_width: int | None = None
    state: RecurrentState | None = None
    vision: VisionEncoder | None = None
    weight_block: int | None = None
    replicated: float = 0
    context_limit: int | None = None

    def __post_init__(self) -> None:
        found = [
            amount("parameters", self.parameters, PARAMETERS_MAX, "write the model card's number, for example 8.03e9"),
            count("layers", self.layers, "write num_hidden_layers of the model's config.json"),
            count("attention_heads", self.attention_heads, "write num_attention_heads of the model's config.json"),
            count("key_value_heads", self.key_value_heads, _HEADS_FIX),
            count("head_dimension", self.head_dimension, "write head_dim, or hidden_size / attention_heads"),
            count("hidden_size", self.hidden_size, "write hidden_size of the model's config.json"),
            count("vocabulary", self.vocabulary, "write vocab_size of the model's config.json"),
            instance_of("tied_embeddings", self.tied_embeddings, bool, "True or False", _TIED_FIX),
            *(self._optional_count(name) for name in ("feed_forward", "latent_width", "weight_block", "context_limit")),
            None if self.replicated == 0 else amount("replicated", self.replicated, PARAMETERS_MAX, _REPLICATED_FIX),
            *(self._optional_part(name, kind) for name, kind in _PARTS.items()),
        ]
        if not any(found):
            found += [
                self._heads_problem(),
                self._parameters_problem(),
                self._experts_problem(),
                self._window_problem(),
            ]
        raise_problems("Architecture", *found)

    @property
    def embedding_parameters(self) -> int:
        """Parameters of the tables for input and output together, which quantized checkpoints keep in 16 bits."""
        return self.vocabulary * self.hidden_size * (1 if self.tied_embeddings else 2)

    @property
    def key_value_parameters(self) -> int:
        """Parameters that make the keys and values of one head, in all layers."""
        return 2 * self.layers * self.hidden_size * self.head_dimension

    @property
    def padded_vocabulary(self) -> int:
        """The vocabulary as vLLM and SGLang divide it among devices."""
        return -(-self.vocabulary // VOCABULARY_PADDING) * VOCABULARY_PADDING

    @property
    def windowed_layers(self) -> int:
        """Layers that keep only the last part of a request."""
        return 0 if self.window is None else self.window.layers

    def _optional_count(self, name: str) -> Problem | None:
        value = getattr(self, name)
        return None if value is None else count(name, value, "write a whole number, or leave it out")

    def _optional_part(self, name: str, kind: type) -> Problem | None:
        fix = f"write {name}={kind.__name__}(...), or leave it out"
        return instance_of(name, getattr(self, name), (kind, type(None)), f"{kind.__name__} or None", fix)

    def _heads_problem(self) -> Problem | None:
        if self.attention_heads % self.key_value_heads == 0:
            return None
        allowed = f"a divisor of attention_heads ({self.attention_heads})"
        return Problem("key_value_heads", self.key_value_heads, allowed, _HEADS_FIX)

    def _parameters_problem(self) -> Problem | None:
        if self.parameters > self.embedding_parameters:
            return None
        tables = "one table" if self.tied_embeddings else "two tables"
        allowed = f"more than the {self.embedding_parameters:g} of {tables} of {self.vocabulary} x {self.hidden_size}"
        return Problem("parameters", self.parameters, allowed, "write them all as a plain number: 8.03e9, not 8.03")

    def _experts_problem(self) -> Problem | None:
        if self.experts is None or self.experts.parameters + self.embedding_parameters <= self.parameters:
            return None
        allowed = f"at least the {self.experts.parameters:g} of all experts and the embedding tables"
        return Problem("parameters", self.parameters, allowed, "count every expert, not only those active for a token")

    def _window_problem(self) -> Problem | None:
        if self.windowed_layers <= self.layers:
            return None
        return Problem("window.layers", self.windowed_layers, f"up to layers ({self.layers})", "count them again")


_PARTS = {"experts": Experts, "window": Window, "state": RecurrentState, "vision": VisionEncoder}
_HEADS_FIX = "write num_key_value_heads of config.json; where it has none, attention_heads"
_REPLICATED_FIX = "write 0, or the parameters that are not divided"
_TIED_FIX = "write tie_word_embeddings of the model's config.json"
