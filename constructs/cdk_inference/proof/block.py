"""One block: all steps of one candidate, sent without a pause; its throughput, latencies and cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from cdk_inference.core.unknown import Unknown
from cdk_inference.proof.candidate import CandidatePrice, HourlyPrice
from cdk_inference.proof.claim import COST_PER_REQUESTS, COST_PER_TOKENS, THROUGHPUT, TOKEN_THROUGHPUT
from cdk_inference.proof.condition import Concurrency, Condition, LatencyTarget, Rate
from cdk_inference.proof.step import Step


@dataclass(frozen=True, kw_only=True)
class Block:
    """A block.

    Args:
        candidate: Its name.
        pair: Index of the pair, from 0; a pair has one block of each candidate, next to each other in time.
        position: Index in time among all blocks of the comparison.
        steps: In the order in which they were sent.
        warm_up_requests: Sent beforehand; None is unknown.
        clock_jump_seconds: How far the wall clock moved against the monotonic one; None is unknown.
        source: The file, for messages.
    """

    candidate: str
    pair: int
    position: int
    steps: tuple[Step, ...]
    warm_up_requests: int | None = None
    clock_jump_seconds: float | None = None
    source: str = ""

    def load(self, condition: Condition) -> Load | Unknown:
        """Returns what the candidate handled under `condition`, or why that cannot be read from this block."""
        if all(step.goodput == 0 for step in self.steps):
            return Unknown("no request succeeded")
        if isinstance(condition, LatencyTarget):
            return _at_target(self.steps, condition)
        for step in self.steps:
            if isinstance(condition, Rate) and step.rate == condition.per_second:
                return _load([step], step.goodput)
            if isinstance(condition, Concurrency) and step.at_once == condition.at_once:
                return _load([step], step.goodput)
        return Unknown(f"no step was measured at {condition}")

    def value(self, metric: str, condition: Condition, price: CandidatePrice) -> float | Unknown:
        """Returns the metric of a claim under `condition`: a positive number, or why there is none."""
        load = self.load(condition)
        if isinstance(load, Unknown):
            return load
        if metric == THROUGHPUT:
            return load.requests_per_second
        if metric == TOKEN_THROUGHPUT:
            return Unknown(_NO_TOKENS) if not load.tokens_out else load.requests_per_second * load.tokens_out
        if metric == COST_PER_REQUESTS:
            return _usd_per_request(load, price, 1000)
        if metric == COST_PER_TOKENS:
            if not load.tokens_out:
                return Unknown(_NO_TOKENS)
            return _usd_per_request(load, price, 1e6 / load.tokens_out)
        latency = load.step.latencies.get(metric)
        if latency is None:
            return Unknown(f"{metric} was not recorded")
        return Unknown(f"{metric} is above any limit: too many requests failed") if math.isinf(latency) else latency


@dataclass(frozen=True, kw_only=True)
class Load:
    """What a candidate handled under a condition. step: the one at, or next below, the condition."""

    requests_per_second: float
    tokens_in: float | None
    tokens_out: float | None
    step: Step


# A ladder ends after a step whose latency is this far above the target.
CLEARLY = 1.5


def clearly_broken(step: Step, condition: Condition) -> bool:
    """Whether a ladder needs no higher rate: the latency is half as much again above the target."""
    if not isinstance(condition, LatencyTarget):
        return False
    return step.latencies.get(str(condition.quantile), 0.0) > CLEARLY * condition.seconds


_NO_TOKENS = "the number of tokens in the answers was not recorded"


def _usd_per_request(load: Load, price: CandidatePrice, requests: float) -> float | Unknown:
    if isinstance(price, Unknown):
        return price
    if isinstance(price, HourlyPrice):
        return price.usd_per_second / load.requests_per_second * requests
    if load.tokens_in is None or load.tokens_out is None:
        return Unknown("the number of tokens was not recorded, and the price is per token")
    usd = load.tokens_in * price.usd_per_million_input + load.tokens_out * price.usd_per_million_output
    return usd / 1e6 * requests


def _at_target(steps: Sequence[Step], condition: LatencyTarget) -> Load | Unknown:
    """Where the latency, made monotone in the rate, crosses the target; between two steps in logarithms."""
    name, target = str(condition.quantile), math.log(condition.seconds)
    ladder = sorted((step for step in steps if step.rate is not None), key=lambda step: step.rate or 0)
    if not ladder:
        return Unknown("no step was measured in an open loop, at a rate")
    if any(name not in step.latencies for step in ladder):
        return Unknown(f"{name} was not recorded")
    heights = _monotone([math.log(min(step.latencies[name], _CAP_SECONDS)) for step in ladder])
    if heights[0] > target:
        return Unknown(f"{condition} is broken at the lowest rate, {ladder[0].rate:g} requests/s; add lower rates")
    above = next((index for index, height in enumerate(heights) if height > target), None)
    if above is None:
        return Unknown(f"{condition} still holds at the highest rate, {ladder[-1].rate:g} requests/s; add higher rates")
    share = (target - heights[above - 1]) / (heights[above] - heights[above - 1])
    low, high = (math.log(step.rate or 0) for step in ladder[above - 1 : above + 1])
    below = ladder[above - 1]
    return _load([below, ladder[above]], math.exp(low + share * (high - low)) * _succeeded(below))


# Stands for an infinite latency, so that a step in which most requests failed stays comparable.
_CAP_SECONDS = 1e4


def _load(steps: Sequence[Step], requests_per_second: float) -> Load | Unknown:
    if requests_per_second <= 0:
        return Unknown("no request succeeded")
    means = []
    for values in ([step.tokens_in for step in steps], [step.tokens_out for step in steps]):
        known = [value for value in values if value is not None]
        means.append(fmean(known) if known and len(known) == len(values) else None)
    return Load(requests_per_second=requests_per_second, tokens_in=means[0], tokens_out=means[1], step=steps[0])


def _succeeded(step: Step) -> float:
    return 1 - sum(step.failed.values()) / step.requests


def _monotone(values: Sequence[float]) -> list[float]:
    """The nearest non-decreasing sequence by least squares (pool adjacent violators)."""
    pools: list[tuple[float, int]] = []
    for value in values:
        mean, count = value, 1
        while pools and pools[-1][0] > mean:
            before, size = pools.pop()
            mean, count = (before * size + mean * count) / (size + count), size + count
        pools.append((mean, count))
    return [mean for mean, count in pools for _ in range(count)]
