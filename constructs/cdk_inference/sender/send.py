"""Sends requests: in an open loop, each at its due time whatever became of those before, or in a closed loop.

Requests are signed before they are due, in the pauses of the schedule. Nothing is retried.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from cdk_inference.proof.request import Request, Status
from cdk_inference.sender.answers import Answer, StreamError
from cdk_inference.sender.protocols import Protocol, filled

# A signature is valid for five minutes (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-signing.html,
# read 2026-11-29), so requests are signed at most this long before they are due.
SIGNED_AHEAD_SECONDS = 60.0
# Signing takes about 0.3 ms; with less time than this before the next send it waits.
SLACK_SECONDS = 0.002
_THROTTLED = ("ThrottlingException", "TooManyRequests", "ServiceQuotaExceeded")


@dataclass(frozen=True, kw_only=True)
class Target:
    """The destination of requests, and their protocol.

    Args:
        name: Of the endpoint or model. url: Of the operation. body: As `Protocol.body`.
        credentials: None for a protocol that is not signed.
        answers: "text", "hash" or "none": what is kept of an answer.
    """

    protocol: Protocol
    name: str
    url: str
    region: str
    body: Mapping[str, Any]
    max_tokens: int
    timeout_seconds: float
    credentials: Credentials | None = None
    headers: Mapping[str, str] | None = None
    answers: str = "hash"


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A request to send: its step, due time (None in a closed loop) and prompt."""

    step: int
    prompt: str
    due: float | None = None
    warm_up: bool = False


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    planned: Planned
    body: bytes
    headers: Mapping[str, str]


class Sender:
    """Sends to one target over one session; times are seconds since `start`, by the monotonic clock."""

    def __init__(self, target: Target, session: aiohttp.ClientSession, done: Callable[[Request], None]) -> None:
        self._target, self._session, self._done = target, session, done
        self._flying: set[asyncio.Task[None]] = set()
        self.start = time.perf_counter()

    def now(self) -> float:
        """Seconds since the start of the block."""
        return time.perf_counter() - self.start

    async def open_loop(self, planned: Sequence[Planned]) -> None:
        """Sends each request at its due time; returns after the last send, not after its answer."""
        ahead: deque[_Prepared] = deque()
        coming: Iterator[Planned] = iter(planned)
        for one in planned:
            due = one.due or 0.0
            while (left := due - self.now()) > SLACK_SECONDS:
                signed_to = (ahead[-1].planned.due or 0.0) if ahead else due
                following = next(coming, None) if signed_to - self.now() < SIGNED_AHEAD_SECONDS else None
                if following is None:
                    await asyncio.sleep(min(left, 1.0))
                    continue
                ahead.append(self._prepare(following))
                await asyncio.sleep(0)
            if left > 0:
                await asyncio.sleep(left)
            prepared = ahead.popleft() if ahead else self._prepare(next(coming))
            task = asyncio.create_task(self._send(prepared))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)
        await asyncio.sleep(0)  # the last one leaves

    async def closed_loop(self, planned: Sequence[Planned], at_once: int) -> None:
        """Keeps `at_once` requests under way; returns after the last answer."""
        coming = iter(planned)

        async def slot() -> None:
            for one in coming:
                await self._send(self._prepare(one))

        await asyncio.gather(*(slot() for _ in range(at_once)))

    async def landed(self) -> None:
        """Waits for the answers under way."""
        while self._flying:
            await asyncio.wait(self._flying)

    def _prepare(self, planned: Planned) -> _Prepared:
        target = self._target
        body = json.dumps(filled(target.body, planned.prompt, target.max_tokens, target.name)).encode()
        headers = {"Content-Type": "application/json", **(target.headers or {})}
        if target.credentials is not None:
            request = AWSRequest(method="POST", url=target.url, data=body, headers=headers)
            SigV4Auth(target.credentials, target.protocol.service, target.region).add_auth(request)
            headers = dict(request.headers.items())
        return _Prepared(planned=planned, body=body, headers=headers)

    async def _send(self, prepared: _Prepared) -> None:
        planned, target = prepared.planned, self._target
        answer = Answer(target.protocol.events)
        status: Status = "ok"
        error = ""
        sent = self.now()
        try:
            async with asyncio.timeout(target.timeout_seconds):
                async with self._session.post(target.url, data=prepared.body, headers=prepared.headers) as response:
                    if response.status != 200:
                        error = f"HTTP {response.status}: {(await response.text())[:200]}"
                        throttled = response.status == 429 or any(word in error for word in _THROTTLED)
                        status = "throttled" if throttled else "error"
                    else:
                        async for data in response.content.iter_any():
                            answer.feed(data, self.now())
                        answer.finish()
        except TimeoutError:
            status, error = "timeout", f"no answer within {target.timeout_seconds:g} s"
        except (aiohttp.ClientError, OSError, StreamError, ValueError) as failure:
            error = f"{type(failure).__name__}: {failure}"[:200]
            status = "throttled" if any(word in error for word in _THROTTLED) else "error"
        if status == "ok" and not answer.text:
            status, error = "error", "HTTP 200 without text that could be read"
        request = Request(
            step=planned.step,
            sent=sent,
            due=planned.due,
            end=self.now(),
            status=status,
            warm_up=planned.warm_up,
            prompt=hashlib.sha256(planned.prompt.encode()).hexdigest()[:16],
            error=error,
        )
        if status == "ok":
            kept = {"text": answer.text, "none": ""}.get(target.answers, hashed(answer.text))
            request = replace(
                request,
                first_token=answer.first_token,
                tokens_in=answer.tokens_in,
                tokens_out=answer.tokens_out,
                answer=kept,
            )
        self._done(request)


def hashed(text: str) -> str:
    """Returns "sha256:" and the hash of a text, cut to 16 digits."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()[:16]}"
