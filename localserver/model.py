"""A small real model on the CPU: wordllama's static embeddings, read from the two files in its wheel.

    pip install --no-deps -r localserver/requirements.txt

Its own loader fetches files from a hub, so the files are read here: a matrix of float16 or float32, one row a token,
and the tokenizer. An embedding is the mean of the rows of a text's tokens, scaled to length 1; the answer is a JSON
list.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import json
import struct
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_WEIGHTS = "wordllama/weights/l2_supercat_256.safetensors"
_TOKENIZER = "wordllama/tokenizers/l2_supercat_tokenizer_config.json"
_TYPES = {"F32": np.float32, "F16": np.float16}


class ModelBackend:
    """Answers a text with its embedding. One request is computed at a time.

    Args:
        characters: How much of a text is read; None is all of it. Less is faster, and another answer.
    """

    def __init__(self, characters: int | None = None) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(_file(_TOKENIZER)))
        self._rows = _matrix(_file(_WEIGHTS))
        self._characters = characters
        self._thread = ThreadPoolExecutor(max_workers=1)

    async def answer(self, prompt: str, tokens: int) -> AsyncIterator[str]:  # noqa: ARG002
        """Yields the embedding as one piece."""
        loop = asyncio.get_running_loop()
        yield json.dumps(await loop.run_in_executor(self._thread, self.embedding, prompt))

    def embedding(self, text: str) -> list[float]:
        """Returns the embedding, rounded to five digits."""
        found = self._tokenizer.encode(text[: self._characters], add_special_tokens=False).ids
        mean = self._rows[found].astype(np.float32).mean(axis=0)
        return [round(float(value), 5) for value in mean / np.linalg.norm(mean)]


def _file(name: str) -> Path:
    return Path(str(importlib.metadata.distribution("wordllama").locate_file(name)))


def _matrix(path: Path) -> NDArray[np.float32] | NDArray[np.float16]:
    """The one tensor of a safetensors file: length of the header, header, data."""
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = {name: about for name, about in json.loads(content[8 : 8 + length]).items() if name != "__metadata__"}
    (about,) = header.values()
    begin, end = about["data_offsets"]
    data = content[8 + length + begin : 8 + length + end]
    return np.frombuffer(data, dtype=_TYPES[about["dtype"]]).reshape(about["shape"])
