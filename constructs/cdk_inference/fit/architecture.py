"""What decides how much memory a transformer takes."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.checks import instance_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.fit.arguments import amount, count

PARAMETERS_MAX = 1e15


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """The numbers of one model, as its card and its config.json have them.

    parameters: all of them, as a plain number (8.03e9). Of a mixture of experts every expert counts, since all of them
        are in memory, however few work on one token.
    layers: those that keep keys and values (`num_hidden_layers`).
    attention_heads: heads of queries (`num_attention_heads`).
    key_value_heads: heads of keys and values (`num_key_value_heads`): as many as attention heads in multi-head
        attention, fewer in grouped-query attention, 1 in multi-query attention. Always a divisor of attention_heads.
    head_dimension: `head_dim`; where config.json lacks it, hidden_size / attention_heads.
    hidden_size: `hidden_size`.
    vocabulary: `vocab_size`.
    tied_embeddings: whether one table serves input and output (`tie_word_embeddings`).

    Latent attention (DeepSeek V2 and later) keeps its cache in another form; these numbers do not describe it.

    Raises ConfigurationError.
    """

    parameters: float
    layers: int
    attention_heads: int
    key_value_heads: int
    head_dimension: int
    hidden_size: int
    vocabulary: int
    tied_embeddings: bool = False

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
        ]
        if not any(found):
            found += [self._heads_problem(), self._parameters_problem()]
        raise_problems("Architecture", *found)

    @property
    def embedding_parameters(self) -> int:
        """Parameters of the tables for input and output together, which quantized checkpoints keep in 16 bits."""
        return self.vocabulary * self.hidden_size * (1 if self.tied_embeddings else 2)

    @property
    def key_value_parameters(self) -> int:
        """Parameters that make the keys and values of one head, in all layers."""
        return 2 * self.layers * self.hidden_size * self.head_dimension

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


_HEADS_FIX = "write num_key_value_heads of config.json; where it has none, attention_heads"
_TIED_FIX = "write tie_word_embeddings of the model's config.json"
