"""The model that answers in the place of every model: embeddings of texts, by two files of PyPI's wordllama.

The files are uploaded to each declared prefix, and what is found there is loaded. The package's own loader is not used:
it contacts a hub for a tokenizer that lies beside it.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

# Name below a model's prefix -> place in the package.
FILES = {
    "model.safetensors": "weights/l2_supercat_256.safetensors",
    "tokenizer.json": "tokenizers/l2_supercat_tokenizer_config.json",
}
NAME = "wordllama's embeddings, in the place of the model"


def files() -> dict[str, Path]:
    """Returns name below the prefix -> file; none if the package is not installed."""
    found = importlib.util.find_spec("wordllama")
    if found is None or found.origin is None:
        return {}
    folder = Path(found.origin).parent
    return {name: folder / place for name, place in FILES.items() if (folder / place).exists()}


class StandIn:
    """The model, loaded from the bytes of its two files."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        from safetensors.numpy import load
        from tokenizers import Tokenizer

        (self._weights,) = load(contents["model.safetensors"]).values()
        self._tokenizer = Tokenizer.from_str(contents["tokenizer.json"].decode())

    def similarities(self, texts: Sequence[str]) -> list[float]:
        """Returns the cosine of the first text with each of the others: 1 means alike."""
        import numpy

        rows: list[Any] = []
        for text in texts:
            ids = self._tokenizer.encode(text, add_special_tokens=False).ids
            mean = self._weights[ids].astype("float32").mean(axis=0)
            rows.append(mean / numpy.linalg.norm(mean))
        return [round(float(rows[0] @ row), 2) for row in rows[1:]]
