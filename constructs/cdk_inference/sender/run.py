"""Runs a comparison: blocks in turn, each into a file of its own, resumed where it was interrupted, within a budget."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import fcntl
import gc
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
from botocore.credentials import Credentials
from botocore.session import get_session

from cdk_inference.proof.block import CLEARLY
from cdk_inference.proof.candidate_spec import CandidateSpec
from cdk_inference.proof.condition import LatencyTarget
from cdk_inference.proof.folder import LOCK, block_name, read_folder, set_aside, write_run
from cdk_inference.proof.recording import Recording, StepPlan, blocks_of
from cdk_inference.proof.request import Request
from cdk_inference.proof.result_file import BlockWriter
from cdk_inference.proof.spec import Spec
from cdk_inference.proof.step import quantile
from cdk_inference.proof.verdict import judge
from cdk_inference.sender.budget import Budget
from cdk_inference.sender.loop import run_loop
from cdk_inference.sender.protocols import PROTOCOLS
from cdk_inference.sender.send import SIGNED_AHEAD_SECONDS, Planned, Sender, Target

# Signing the first requests of a step takes this long, at most.
LEAD_SECONDS = 0.1
# From this rate on the pauses between two sends are too short to sign in, so all of a step is signed before it begins.
SIGNED_BEFORE_PER_SECOND = 200
# What a signature takes, with a margin: measured 0.3 ms on 2 cores of an AMD EPYC (2026-11-29).
SIGNING_SECONDS = 0.0006
_LOCAL = ("127.0.0.1", "localhost", "::1")
Show = Callable[[str], None]


class RunError(RuntimeError):
    """The comparison could not go on; what was measured is in the folder."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a run ended. usd: spent by the prices, over all sessions; None is unknown."""

    blocks: int
    wanted: int
    usd: float | None
    ended: str


def run(spec: Spec, folder: Path, show: Show) -> Outcome:
    """Measures every block that `folder` lacks. Raises RunError and ConfigurationError."""
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        write_run(folder, spec)
        for moved in set_aside(folder):
            show(f"{moved.name} was interrupted; it is kept there and measured again")
        return run_loop(_Run(spec, folder, show).all())


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Holds the folder: the lock goes with the process, however that ends."""
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RunError(f"{folder}: another run writes to this folder; wait for it or name another folder") from None
        yield


class _Run:
    def __init__(self, spec: Spec, folder: Path, show: Show) -> None:
        self._spec, self._folder, self._show = spec, folder, show
        self._results = read_folder(folder, spec.run)
        self._budget = Budget(spec, self._results)
        if spec.max_usd is not None and self._budget.unknown:
            raise RunError(f"max_usd cannot be kept without every price; {self._budget.unknown}")

    async def all(self) -> Outcome:
        spec = self._spec
        done = {(one.pair, one.candidate.name) for one in self._results.recordings}
        plan = spec.blocks()
        missing = [one for one in plan if (one[0], one[1].name) not in done]
        self._show(f"{len(plan) - len(missing)} of {len(plan)} blocks are there; results in {self._folder}")
        most = max(len(spec.steps(one)) for one in spec.candidates) * spec.requests_per_step * spec.looks.pairs[-1]
        if most > len(spec.prompts) and not spec.number_prompts:
            text = (
                f"{len(spec.prompts)} prompts for up to {most} requests: prompts will repeat, which warms prefix caches"
            )
            self._show(f"{text}; number_prompts = true sends each once")
        ended = "all blocks are measured"
        for position, (pair, candidate) in enumerate(plan):
            if (pair, candidate.name) in done:
                continue
            if (decided := self._decided(pair)) is not None:
                ended = decided
                break
            if (over := self._budget.refuses(candidate)) is not None:
                ended = over
                break
            if spec.pause_seconds and len(done) > 0:
                await asyncio.sleep(spec.pause_seconds)
            try:
                await self._block(position, pair, candidate)
            except TimeoutError:
                ended = f"max_usd {spec.max_usd:g} would be exceeded; the block in flight was given up"
                break
            done.add((pair, candidate.name))
        usd = None if self._budget.unknown else self._budget.spent
        return Outcome(blocks=len(done), wanted=len(plan), usd=usd, ended=ended)

    def _decided(self, pair: int) -> str | None:
        """At a look, whether every claim is decided; nothing is looked at between the looks."""
        if pair not in self._spec.looks.pairs or not self._spec.claims:
            return None
        found = read_folder(self._folder, self._spec.run)
        if {one.pair for one in found.recordings} != set(range(pair)):
            return None
        blocks = blocks_of(found.recordings)
        words = [judge(claim, found.candidates, blocks, self._spec.looks).word for claim in self._spec.claims]
        return f"every claim is decided after {pair} pairs" if set(words) <= {"supported", "refuted"} else None

    async def _block(self, position: int, pair: int, candidate: CandidateSpec) -> None:
        spec = self._spec
        path = self._folder / block_name(position, candidate.name)
        steps = spec.steps(candidate)
        started = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
        recording = Recording(
            run=spec.run,
            candidate=candidate.candidate,
            pair=pair,
            position=position,
            steps=steps,
            requests=(),
            started=started,
        )
        gc.collect()
        gc.freeze()
        connector = aiohttp.TCPConnector(limit=0, ttl_dns_cache=300)
        with BlockWriter(path, recording) as writer:
            async with aiohttp.ClientSession(connector=connector, auto_decompress=True) as session:
                sending = _Block(spec, pair, candidate, session, writer)
                wall, begun = time.time(), time.perf_counter()
                async with asyncio.timeout(self._budget.seconds_left()):
                    await sending.all(steps)
                took = time.perf_counter() - begun
            usd = self._budget.cost(candidate, took, sending.requests)
            self._budget.add(usd)
            writer.finish(clock_jump_seconds=time.time() - wall - took, usd=usd)
        self._show(f"block {position + 1}: {candidate.name}, {sending.words()}, {took:.0f} s")


class _Block:
    """The requests of one block."""

    def __init__(
        self,
        spec: Spec,
        pair: int,
        candidate: CandidateSpec,
        session: aiohttp.ClientSession,
        writer: BlockWriter,
    ) -> None:
        self._spec, self._pair, self._candidate, self._writer = spec, pair, candidate, writer
        self.requests: list[Request] = []
        self._sender = Sender(_target(spec, candidate), session, self._done)

    async def all(self, steps: Sequence[StepPlan]) -> None:
        """Warm-up, then the steps; the ladder ends where the target is clearly broken."""
        await self._warm_up()
        broken = False
        for index, step in enumerate(steps):
            if step.at_once is not None:
                await self._sender.landed()
                prompts = [
                    Planned(step=index, prompt=self._spec.prompt(self._pair, index, one)) for one in range(self._count)
                ]
                await self._sender.closed_loop(prompts, step.at_once)
            elif step.rate is not None and not broken:
                planned = self._schedule(index, step.rate)
                await self._sender.open_loop(planned)
                broken = self._clearly_broken(planned)
            if not any(one.status == "ok" for one in self.requests if one.step == index) and index == 0:
                await self._sender.landed()
                self._needs_success(index)
        await self._sender.landed()

    def words(self) -> str:
        """A summary for people."""
        measured = [one for one in self.requests if not one.warm_up]
        failed = sum(one.status != "ok" for one in measured)
        late = sorted(one.lateness for one in measured if one.lateness is not None)
        lateness = f", sent late by {quantile(late, 99) * 1000:.1f} ms at p99" if late else ""
        return f"{len(measured)} requests, {failed} failed{lateness}"

    @property
    def _count(self) -> int:
        return self._spec.requests_per_step

    def _done(self, request: Request) -> None:
        self.requests.append(request)
        self._writer.append(request)

    async def _warm_up(self) -> None:
        """One request alone, so that a candidate that never answers costs one time-out; then the others."""
        planned = [
            # No measured prompt: a prefix cache would be warm for it.
            Planned(
                step=0,
                prompt=f"Warm-up {self._pair}-{number}. {self._spec.prompt(self._pair, 0, number)}",
                warm_up=True,
            )
            for number in range(max(1, self._spec.warm_up_requests))
        ]
        await self._sender.closed_loop(planned[:1], 1)
        self._needs_success(0)
        await self._sender.closed_loop(planned[1:], 4)

    def _needs_success(self, step: int) -> None:
        if any(one.status == "ok" for one in self.requests if one.step == step):
            return
        errors = "; ".join(dict.fromkeys(one.error for one in self.requests if one.error)) or "no answer"
        raise RunError(f"{self._candidate.name} does not answer: {errors[:300]}")

    def _schedule(self, step: int, rate: float) -> list[Planned]:
        """Poisson arrivals, from the seed: the same gaps for both candidates, scaled with the rate."""
        gaps = random.Random(f"{self._spec.seed} {self._pair} {step}")
        lead = LEAD_SECONDS if rate < SIGNED_BEFORE_PER_SECOND else self._count * SIGNING_SECONDS
        due = self._sender.now() + min(lead, SIGNED_AHEAD_SECONDS / 2)
        planned = []
        for number in range(self._count):
            planned.append(Planned(step=step, prompt=self._spec.prompt(self._pair, step, number), due=due))
            due += gaps.expovariate(rate)
        return planned

    def _clearly_broken(self, planned: Sequence[Planned]) -> bool:
        """Whether a condition of the claims is broken, requests under way for too long included."""
        targets = [claim.condition for claim in self._spec.claims if isinstance(claim.condition, LatencyTarget)]
        if not targets:
            return False
        step, now = planned[0].step, self._sender.now()
        done = [one for one in self.requests if one.step == step and not one.warm_up]
        waiting = {one.due for one in planned} - {one.due for one in done}
        for target in targets:
            limit = CLEARLY * target.seconds
            read = [one.ttft if target.quantile.latency == "ttft" else one.latency for one in done]
            values = [math.inf if value is None else value for value in read]
            values += [math.inf for due in waiting if due is not None and now - due > limit]
            if not values or quantile(sorted(values), target.quantile.percent) <= limit:
                return False
        return True


def _target(spec: Spec, candidate: CandidateSpec) -> Target:
    protocol = PROTOCOLS[candidate.protocol]
    url = protocol.url(candidate.endpoint, candidate.url, candidate.region)
    credentials = None
    if protocol.service:
        found = get_session().get_credentials()
        if found is not None:
            frozen = found.get_frozen_credentials()
            credentials = Credentials(frozen.access_key, frozen.secret_key, frozen.token)
        elif urlsplit(url).hostname in _LOCAL:
            credentials = Credentials("local", "local")
        else:
            raise RunError(f"{candidate.name}: no AWS credentials were found to sign requests to {url}")
    return Target(
        protocol=protocol,
        name=candidate.endpoint,
        url=url,
        region=candidate.region,
        body=candidate.body or protocol.body,
        max_tokens=spec.max_tokens,
        timeout_seconds=spec.timeout_seconds,
        credentials=credentials,
        headers=candidate.headers,
        answers=spec.answers,
    )
