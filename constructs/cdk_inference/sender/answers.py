"""Reads an answer while it arrives: when the first token came, the text, and the number of tokens."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

from botocore.eventstream import EventStreamBuffer

# Where the known APIs write text and counts. Paths of keys, tried in this order.
_TEXTS = (
    ("choices", 0, "delta", "content"),
    ("choices", 0, "message", "content"),
    ("choices", 0, "text"),
    ("delta", "text"),
    ("output", "message", "content", 0, "text"),
    ("generated_text",),
    (0, "generated_text"),
    ("token", "text"),
    ("generation",),
    ("completion",),
)
_TOKENS_IN = (("usage", "prompt_tokens"), ("usage", "inputTokens"), ("usage", "input_tokens"))
_TOKENS_OUT = (("usage", "completion_tokens"), ("usage", "outputTokens"), ("usage", "output_tokens"))
# The last chunk of InvokeModelWithResponseStream carries token counts under this key. botocore's model holds chunks as
# bytes and does not name it; public clients read it (seen 2026-11-29), and without it the counts are unknown.
_METRICS = "amazon-bedrock-invocationMetrics"


class StreamError(Exception):
    """An error inside of a stream that began well."""


class Answer:
    """An answer that arrives in parts. events: "", "sse" or "eventstream"."""

    def __init__(self, events: str) -> None:
        self.first_token: float | None = None
        self.tokens_in: int | None = None
        self.tokens_out: int | None = None
        self._texts: list[str] = []
        self._events = events
        self._rest = b""
        self._stream = EventStreamBuffer() if events == "eventstream" else None

    @property
    def text(self) -> str:
        """The answer so far."""
        return "".join(self._texts)

    def feed(self, data: bytes, now: float) -> None:
        """Takes bytes that arrived at `now`. Raises StreamError."""
        if not self._events:
            self._rest += data
            return
        if self._stream is None:
            payloads: Iterator[bytes] = iter([data])
        else:
            self._stream.add_data(data)
            payloads = (self._payload(message.to_response_dict()) for message in self._stream)
        for payload in payloads:
            # Event-stream payloads of SageMaker hold any part of a container's own stream, not whole lines.
            for content in self._objects(payload):
                self._take(content, now)

    def finish(self) -> None:
        """Takes the end of the answer."""
        if self._rest.strip():
            self._take(_object(self._rest) or {}, None)

    def _payload(self, message: dict[str, Any]) -> bytes:
        if message["status_code"] != 200:
            raise StreamError(f"{message['headers'].get(':exception-type', 'error')}: {message['body'][:200]!r}")
        body: bytes = message["body"]
        if message["headers"].get(":event-type") == "chunk":
            return base64.b64decode((_object(body) or {}).get("bytes", "")) + b"\n"
        return body + b"\n" if message["headers"].get(":content-type") == "application/json" else body

    def _objects(self, data: bytes) -> Iterator[dict[str, Any] | list[Any]]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            content = _object(line.removeprefix(b"data:").strip())
            if content is not None:
                yield content

    def _take(self, content: Any, now: float | None) -> None:
        text = next((found for path in _TEXTS if isinstance(found := _at(content, path), str)), "")
        if text:
            self._texts.append(text)
            if self.first_token is None:
                self.first_token = now
        metrics = _at(content, (_METRICS,)) or {}
        tokens_in = metrics.get("inputTokenCount") or _first(content, _TOKENS_IN)
        tokens_out = metrics.get("outputTokenCount") or _first(content, _TOKENS_OUT)
        self.tokens_in = self.tokens_in if tokens_in is None else tokens_in
        self.tokens_out = self.tokens_out if tokens_out is None else tokens_out


def _object(data: bytes) -> Any:
    try:
        found = json.loads(data)
    except ValueError:
        return None
    return found if isinstance(found, (dict, list)) else None


def _first(content: Any, paths: tuple[tuple[str, ...], ...]) -> int | None:
    return next((found for path in paths if isinstance(found := _at(content, path), int)), None)


def _at(content: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        try:
            content = content[key]
        except (KeyError, IndexError, TypeError):
            return None
    return content
