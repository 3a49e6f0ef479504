"""Values of a model's config.json: the part that describes the text model, and whole numbers in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdk_inference.core.errors import ConfigurationError, Problem

CONFIG_FIX = "name the config.json of a transformer's model page"

# Families whose layers the sums describe; each was compared with its model page's parameters or with what vLLM loaded.
# Another family may look alike in its config.json and keep another cache, so that it is refused.
KNOWN_TYPES = frozenset(
    {"deepseek_v2", "deepseek_v3", "gemma", "gemma2", "gemma3", "glm4_moe", "gpt_oss", "granite", "kimi_k2", "llama"}
    | {"llama4", "mistral", "mixtral", "phi", "phi3", "qwen2", "qwen2_moe", "qwen2_5_vl", "qwen3", "qwen3_moe"}
    | {"qwen3_next", "qwen3_5", "qwen3_5_moe", "qwen3_vl", "qwen3_vl_moe"}
)
# Classes of transformers 5.24.0 (configuration_*.py, read 2026-11-29) whose tie_word_embeddings is True where the file
# has none. The file of a model with images keeps it outside of text_config.
TIED_BY_DEFAULT = frozenset({"gemma", "gemma2", "gemma3"})


@dataclass(frozen=True, kw_only=True)
class Fields:
    """A config.json.

    Args:
        whole: The file.
        text: Its `text_config`, or the file itself.
    """

    whole: Mapping[str, object]
    text: Mapping[str, object]

    @classmethod
    def of(cls, config: Mapping[str, object]) -> Fields:
        """The fields of a file."""
        text = config.get("text_config")
        return cls(whole=config, text=text if isinstance(text, Mapping) else config)

    @property
    def model_type(self) -> str:
        """`model_type` of the text model, without the "_text" of files that have images as well."""
        kind = self.text.get("model_type") or self.whole.get("model_type")
        return kind.removesuffix("_text") if isinstance(kind, str) else ""

    @property
    def tied(self) -> bool:
        """Whether one table serves input and output."""
        for part in (self.whole, self.text):
            if isinstance(value := part.get("tie_word_embeddings"), bool):
                return value
        return self.model_type in TIED_BY_DEFAULT

    def has(self, *keys: str) -> str | None:
        """The first of `keys` that the file sets to something."""
        return next((key for key in keys if self.text.get(key) or self.whole.get(key)), None)

    def number(self, *keys: str, default: int | None = None) -> int:
        """The first of `keys` that is a whole number of 1 or more; else the default. Raises ConfigurationError."""
        if (found := self.optional(*keys)) is not None:
            return found
        if default is not None:
            return default
        problem = Problem(keys[0], self.text.get(keys[0]), "a whole number, 1 or more", CONFIG_FIX)
        raise ConfigurationError("config.json", [problem])

    def optional(self, *keys: str) -> int | None:
        """The first of `keys` that is a whole number of 1 or more; None without one."""
        values = (self.text.get(key) for key in keys)
        return next((value for value in values if type(value) is int and value > 0), None)

    def part(self, key: str) -> Mapping[str, object]:
        """A section of the whole file; empty without one."""
        value = self.whole.get(key) or self.text.get(key)
        return value if isinstance(value, Mapping) else {}

    def listed(self, key: str) -> list[object] | None:
        """A list; None without one."""
        value = self.text.get(key)
        return value if isinstance(value, list) and value else None


def raise_config_problem(
    key: str, got: object, reason: str, fix: str = "give the sums by hand: Architecture(...)"
) -> None:
    """Raises ConfigurationError: `reason` is what a file would have to be."""
    raise ConfigurationError("config.json", [Problem(key, got, reason, fix)])
