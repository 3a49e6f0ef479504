"""The runtime APIs that the sender speaks: path, body, signing name and the shape of the answer of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

_CHAT = {"messages": [{"role": "user", "content": "$prompt"}], "max_tokens": "$max_tokens", "temperature": 0}
_CHAT_STREAM = {**_CHAT, "stream": True, "stream_options": {"include_usage": True}}
_CONVERSE = {
    "messages": [{"role": "user", "content": [{"text": "$prompt"}]}],
    "inferenceConfig": {"maxTokens": "$max_tokens", "temperature": 0},
}


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """One operation. Paths and signing names are those of botocore's service models (1.44.5).

    Args:
        path: "{name}" stands for the endpoint or model id.
        service: Name to sign with and host prefix; "" is not signed, with a bearer token where one is given.
        host: Default host prefix before ".<region>.amazonaws.com".
        events: "" (one JSON answer), "sse" or "eventstream".
        body: The default body; "$prompt", "$max_tokens" and "$name" are replaced.
    """

    path: str
    service: str
    host: str
    events: str
    body: Mapping[str, Any]

    def url(self, name: str, base: str, region: str) -> str:
        """Returns the address; `base` replaces AWS's."""
        root = base.rstrip("/") or f"https://{self.host}.{region}.amazonaws.com"
        return root + self.path.format(name=quote(name, safe=""))


PROTOCOLS = {
    "sagemaker": Protocol(
        path="/endpoints/{name}/invocations", service="sagemaker", host="runtime.sagemaker", events="", body=_CHAT
    ),
    "sagemaker-stream": Protocol(
        path="/endpoints/{name}/invocations-response-stream",
        service="sagemaker",
        host="runtime.sagemaker",
        events="eventstream",
        body=_CHAT_STREAM,
    ),
    "bedrock": Protocol(path="/model/{name}/invoke", service="bedrock", host="bedrock-runtime", events="", body=_CHAT),
    "bedrock-stream": Protocol(
        path="/model/{name}/invoke-with-response-stream",
        service="bedrock",
        host="bedrock-runtime",
        events="eventstream",
        body=_CHAT,
    ),
    "converse": Protocol(
        path="/model/{name}/converse", service="bedrock", host="bedrock-runtime", events="", body=_CONVERSE
    ),
    "converse-stream": Protocol(
        path="/model/{name}/converse-stream",
        service="bedrock",
        host="bedrock-runtime",
        events="eventstream",
        body=_CONVERSE,
    ),
    "openai": Protocol(path="/v1/chat/completions", service="", host="", events="", body={**_CHAT, "model": "$name"}),
    "openai-stream": Protocol(
        path="/v1/chat/completions", service="", host="", events="sse", body={**_CHAT_STREAM, "model": "$name"}
    ),
}


def filled(body: Any, prompt: str, max_tokens: int, name: str) -> Any:
    """Returns the body with "$prompt", "$max_tokens" and "$name" replaced, at any depth."""
    if isinstance(body, Mapping):
        return {key: filled(value, prompt, max_tokens, name) for key, value in body.items()}
    if isinstance(body, (list, tuple)):
        return [filled(value, prompt, max_tokens, name) for value in body]
    return (
        {"$prompt": prompt, "$max_tokens": max_tokens, "$name": name}.get(body, body) if isinstance(body, str) else body
    )
