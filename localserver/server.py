"""The local server: InvokeEndpoint and its stream, Bedrock's InvokeModel and Converse, and the OpenAI path.

python -m localserver endpoints.toml [--port 9100]

Listens on 127.0.0.1 only. Credentials are not checked; a request to an AWS path without a signature is refused.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from localserver.backends import Backend, RefusedError
from rehearsal.events import event, json_event

TOKENS_DEFAULT = 8
BACKENDS = web.AppKey("backends", dict[str, Backend])


def application(backends: Mapping[str, Backend]) -> web.Application:
    """Returns the server of `backends`, by endpoint name or model id."""
    app = web.Application(client_max_size=2**24)
    app[BACKENDS] = dict(backends)
    app.router.add_post("/endpoints/{name}/invocations", _invoke)
    app.router.add_post("/endpoints/{name}/invocations-response-stream", _invoke_stream)
    app.router.add_post("/model/{name}/invoke", _invoke)
    app.router.add_post("/model/{name}/invoke-with-response-stream", _bedrock_stream)
    app.router.add_post("/model/{name}/converse", _converse)
    app.router.add_post("/model/{name}/converse-stream", _converse_stream)
    app.router.add_post("/v1/chat/completions", _chat)
    app.router.add_get("/v1/models", _models)
    return app


class _Call:
    """One request: its backend, prompt, and the number of tokens that it wants."""

    def __init__(self, request: web.Request, body: dict[str, Any], name: str) -> None:
        backends = request.app[BACKENDS]
        if name not in backends:
            raise web.HTTPNotFound(text=json.dumps({"message": f"no endpoint or model {name}"}))
        if request.path.startswith(("/endpoints/", "/model/")) and "AWS4-HMAC-SHA256" not in _authorization(request):
            raise web.HTTPForbidden(text=json.dumps({"message": "Missing Authentication Token"}))
        self.prompt, wanted = _read(body)
        self.tokens = max(1, wanted)
        self.tokens_in = len(self.prompt.split())
        self._pieces = aiter(backends[name].answer(self.prompt, self.tokens))

    async def first(self) -> str:
        """The first piece; errors come before anything is sent."""
        try:
            return await anext(self._pieces)
        except RefusedError as refused:
            if refused.throttled:
                raise web.HTTPTooManyRequests(text='{"message": "ThrottlingException"}') from None
            raise web.HTTPInternalServerError(text='{"message": "ModelError"}') from None

    def rest(self) -> Any:
        """The other pieces."""
        return self._pieces

    async def whole(self) -> tuple[str, int]:
        """(the answer, its tokens)."""
        pieces = [await self.first()]
        pieces += [piece async for piece in self._pieces]
        return "".join(pieces).rstrip(), len(pieces)


def _authorization(request: web.Request) -> str:
    return request.headers.get("Authorization", "")


def _read(body: dict[str, Any]) -> tuple[str, int]:
    """(the prompt, the tokens wanted) of the shapes that the sender writes."""
    wanted = body.get("max_tokens") or body.get("inferenceConfig", {}).get("maxTokens")
    wanted = wanted or body.get("parameters", {}).get("max_new_tokens") or body.get("max_completion_tokens")
    if "messages" in body:
        content = body["messages"][-1]["content"]
        prompt = content if isinstance(content, str) else "".join(part.get("text", "") for part in content)
    else:
        prompt = body.get("inputs") or body.get("prompt") or body.get("inputText") or ""
    return str(prompt), int(wanted or TOKENS_DEFAULT)


async def _call(request: web.Request, name: str = "") -> _Call:
    try:
        body = json.loads(await request.read())
        return _Call(request, body, name or request.match_info["name"])
    except (ValueError, KeyError, IndexError, AttributeError):
        raise web.HTTPBadRequest(text='{"message": "the body is no request"}') from None


async def _invoke(request: web.Request) -> web.Response:
    call = await _call(request)
    text, tokens = await call.whole()
    return web.json_response({"generated_text": text, "usage": _usage(call, tokens)})


async def _invoke_stream(request: web.Request) -> web.StreamResponse:
    call = await _call(request)
    return await _stream(request, call)


async def _bedrock_stream(request: web.Request) -> web.StreamResponse:
    """InvokeModelWithResponseStream: chunks of JSON, the last with the token counts."""
    call = await _call(request)
    first = await call.first()
    response = await _begun(request, "application/vnd.amazon.eventstream")
    await response.write(_chunk_event(_chunk(first)))
    tokens = 1
    async for piece in call.rest():
        tokens += 1
        await response.write(_chunk_event(_chunk(piece)))
    metrics = {"inputTokenCount": call.tokens_in, "outputTokenCount": tokens}
    await response.write(_chunk_event({"choices": [], "amazon-bedrock-invocationMetrics": metrics}))
    await response.write_eof()
    return response


def _chunk_event(content: dict[str, Any]) -> bytes:
    return json_event("chunk", {"bytes": base64.b64encode(json.dumps(content).encode()).decode()})


async def _stream(request: web.Request, call: _Call) -> web.StreamResponse:
    """InvokeEndpointWithResponseStream: server-sent events of the container, each in a message of an event stream."""

    def encode(line: bytes) -> bytes:
        return event("PayloadPart", line, "application/octet-stream")

    first = await call.first()
    response = await _begun(request, "application/vnd.amazon.eventstream")
    tokens = 1
    await response.write(encode(_sse(_chunk(first))))
    async for piece in call.rest():
        tokens += 1
        await response.write(encode(_sse(_chunk(piece))))
    await response.write(encode(_sse({"choices": [], "usage": _usage(call, tokens)}) + b"data: [DONE]\n\n"))
    await response.write_eof()
    return response


async def _converse(request: web.Request) -> web.Response:
    call = await _call(request)
    start = time.perf_counter()
    text, tokens = await call.whole()
    message = {"role": "assistant", "content": [{"text": text}]}
    metrics = {"latencyMs": round((time.perf_counter() - start) * 1000)}
    return web.json_response(
        {
            "output": {"message": message},
            "stopReason": "end_turn",
            "usage": _bedrock_usage(call, tokens),
            "metrics": metrics,
        }
    )


async def _converse_stream(request: web.Request) -> web.StreamResponse:
    call = await _call(request)
    start = time.perf_counter()
    first = await call.first()
    response = await _begun(request, "application/vnd.amazon.eventstream")
    await response.write(json_event("messageStart", {"role": "assistant"}))
    await response.write(_delta(first))
    tokens = 1
    async for piece in call.rest():
        tokens += 1
        await response.write(_delta(piece))
    await response.write(json_event("contentBlockStop", {"contentBlockIndex": 0}))
    await response.write(json_event("messageStop", {"stopReason": "end_turn"}))
    metrics = {"latencyMs": round((time.perf_counter() - start) * 1000)}
    await response.write(json_event("metadata", {"usage": _bedrock_usage(call, tokens), "metrics": metrics}))
    await response.write_eof()
    return response


async def _chat(request: web.Request) -> web.StreamResponse:
    body = json.loads(await request.read())
    call = await _call(request, str(body.get("model", "")))
    if not body.get("stream"):
        text, tokens = await call.whole()
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        return web.json_response({**_head(body), "choices": [choice], "usage": _usage(call, tokens)})
    first = await call.first()
    response = await _begun(request, "text/event-stream")
    head = {**_head(body), "object": "chat.completion.chunk"}
    await response.write(_sse({**head, **_chunk(first)}))
    tokens = 1
    async for piece in call.rest():
        tokens += 1
        await response.write(_sse({**head, **_chunk(piece)}))
    await response.write(_sse({**head, "choices": [], "usage": _usage(call, tokens)}) + b"data: [DONE]\n\n")
    await response.write_eof()
    return response


async def _models(request: web.Request) -> web.Response:
    listed = [{"id": name, "object": "model", "owned_by": "local"} for name in request.app[BACKENDS]]
    return web.json_response({"object": "list", "data": listed})


async def _begun(request: web.Request, content_type: str) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": content_type})
    await response.prepare(request)
    return response


def _head(body: dict[str, Any]) -> dict[str, Any]:
    return {"id": "local", "object": "chat.completion", "created": int(time.time()), "model": body.get("model", "")}


def _chunk(piece: str) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}]}


def _delta(piece: str) -> bytes:
    return json_event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": piece}})


def _sse(content: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(content).encode() + b"\n\n"


def _usage(call: _Call, tokens: int) -> dict[str, int]:
    return {"prompt_tokens": call.tokens_in, "completion_tokens": tokens, "total_tokens": call.tokens_in + tokens}


def _bedrock_usage(call: _Call, tokens: int) -> dict[str, int]:
    return {"inputTokens": call.tokens_in, "outputTokens": tokens, "totalTokens": call.tokens_in + tokens}
