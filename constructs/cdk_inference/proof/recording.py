"""Recorded blocks: requests with what is known about them, from our own files or from another engine's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cdk_inference.proof.block import Block
from cdk_inference.proof.candidate import Candidate
from cdk_inference.proof.request import Request
from cdk_inference.proof.step import PERCENTS, Step, summarize


@dataclass(frozen=True, kw_only=True)
class StepPlan:
    """How a step was sent: `rate` requests per second in an open loop, or `at_once` in a closed one."""

    rate: float | None = None
    at_once: int | None = None


@dataclass(frozen=True, kw_only=True)
class Recording:
    """The requests of one block.

    Args:
        run: Id of the comparison; "" in files of other engines.
        pair, position: See `Block`.
        steps: How each step was sent; requests refer to them by index.
        started: Wall clock at the start, ISO 8601, UTC; "" is unknown.
        usd: What the block cost by its prices; None is unknown.
        notes: What a reader had to leave out or correct, in words.
    """

    candidate: Candidate
    pair: int
    position: int
    steps: tuple[StepPlan, ...]
    requests: tuple[Request, ...]
    run: str = ""
    started: str = ""
    clock_jump_seconds: float | None = None
    warm_up_recorded: bool = True
    notes: tuple[str, ...] = ()
    source: str = ""
    usd: float | None = None


def blocks_of(recordings: Iterable[Recording], percents: Sequence[float] = PERCENTS) -> list[Block]:
    """Returns the blocks in the order of time; prompts that a candidate received before are counted as repeated."""
    seen: dict[str, set[str]] = {}
    return [
        _block(one, seen.setdefault(one.candidate.name, set()), percents)
        for one in sorted(recordings, key=lambda one: (one.position, one.pair))
    ]


def _block(recording: Recording, seen: set[str], percents: Sequence[float]) -> Block:
    warm_up = [one for one in recording.requests if one.warm_up]
    seen.update(one.prompt for one in warm_up if one.prompt)
    by_step: dict[int, list[Request]] = {}
    for one in recording.requests:
        if not one.warm_up:
            by_step.setdefault(one.step, []).append(one)
    steps: list[Step] = []
    for index, plan in enumerate(recording.steps):
        step = summarize(by_step.get(index, []), rate=plan.rate, at_once=plan.at_once, seen=seen, percents=percents)
        if step is not None:
            steps.append(step)
    return Block(
        candidate=recording.candidate.name,
        pair=recording.pair,
        position=recording.position,
        steps=tuple(steps),
        warm_up_requests=len(warm_up) if recording.warm_up_recorded else None,
        clock_jump_seconds=recording.clock_jump_seconds,
        source=recording.source,
    )
