"""What answers behind the local server: words after a wait in a queue, or a real small model."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from localserver.queueing import ERROR, THROTTLED, Queue

WORDS = ("north", "quiet", "copper", "seven", "harbour", "window", "amber", "field")


class RefusedError(Exception):
    """An answer that is an HTTP error. throttled: 429, else 500."""

    def __init__(self, throttled: bool) -> None:
        super().__init__("throttled" if throttled else "failed")
        self.throttled = throttled


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Tokens of a prompt and of its answer."""

    tokens_in: int
    tokens_out: int


class Backend(Protocol):
    """Answers a prompt in pieces, one a token."""

    def answer(self, prompt: str, tokens: int) -> AsyncIterator[str]:
        """Yields at most `tokens` pieces. Raises RefusedError before the first."""
        ...


class QueueBackend:
    """Waits as `Queue` says, then answers with words that follow from the prompt alone."""

    def __init__(self, queue: Queue, seed: int = 1) -> None:
        self._queue = queue
        self._random = np.random.default_rng(seed)
        self._slots = asyncio.Semaphore(queue.slots)
        self._cached: set[str] = set()
        self._answered = 0

    async def answer(self, prompt: str, tokens: int) -> AsyncIterator[str]:
        """Yields the first piece after the time to the first token, the last when the service time is over."""
        failure = int(self._queue.failures(self._random, (1,))[0])
        if failure in (THROTTLED, ERROR):
            raise RefusedError(failure == THROTTLED)
        service = float(self._queue.service(self._random, (1,))[0])
        first = float(self._queue.first_token(self._random, (1,))[0])
        factor = self._queue.cold_factor if self._answered < self._queue.cold_requests else 1.0
        factor *= self._queue.cache_factor if prompt in self._cached else 1.0
        self._answered += 1
        self._cached.add(prompt)
        digest = hashlib.sha256(prompt.encode()).digest()
        async with self._slots:
            start = time.perf_counter()
            last = max(service, first) * factor
            for number in range(tokens):
                due = first * factor + (last - first * factor) * number / max(tokens - 1, 1)
                await asyncio.sleep(max(0.0, start + due - time.perf_counter()))
                yield WORDS[digest[number % len(digest)] % len(WORDS)] + " "
