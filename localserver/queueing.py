"""A queue with known service times: what the local server waits for, and what the calibration simulates.

Requests wait for one of `slots` slots, first come first served; the first token comes `first_token_seconds` after a
slot was found. Failed requests take no slot.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]
NONE, THROTTLED, ERROR = 0, 1, 2


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A queue.

    Args:
        slots: Requests that are served at once.
        service_seconds: Mean time that a request takes its slot.
        first_token_seconds: Mean time from the slot to the first token, lognormal with `first_token_sigma`.
        sigma: None: exponential service times; else lognormal ones with this standard deviation of the logarithm.
        throttled_share, error_share: 0 to 1, at random.
        cold_requests: The first requests of each block or step, which take `cold_factor` times as long.
        cache_factor: How much of both times is left when the prompt is in the prefix cache.
    """

    slots: int
    service_seconds: float
    first_token_seconds: float
    first_token_sigma: float = 0.3
    sigma: float | None = None
    throttled_share: float = 0.0
    error_share: float = 0.0
    cold_requests: int = 0
    cold_factor: float = 1.0
    cold_each_step: bool = False
    cache_factor: float = 1.0

    def service(self, random: np.random.Generator, shape: tuple[int, ...]) -> Numbers:
        """Draws service times with the mean `service_seconds`."""
        if self.sigma is None:
            return random.standard_exponential(shape, np.float32) * np.float32(self.service_seconds)
        return _lognormal(random, shape, self.service_seconds, self.sigma)

    def first_token(self, random: np.random.Generator, shape: tuple[int, ...]) -> Numbers:
        """Draws times from the slot to the first token."""
        return _lognormal(random, shape, self.first_token_seconds, self.first_token_sigma)

    def failures(self, random: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.int8]:
        """Draws NONE, THROTTLED or ERROR."""
        drawn = random.random(shape, np.float32)
        throttled = drawn < self.throttled_share
        failed = drawn < self.throttled_share + self.error_share
        return np.where(throttled, THROTTLED, np.where(failed, ERROR, NONE)).astype(np.int8)


@dataclass(frozen=True, kw_only=True)
class SimulatedStep:
    """Many simulations of one step side by side: arrays of (requests, simulations), in the order of arrival.

    Args:
        gaps: Seconds between the due time of the request before and this one's.
        ttft: Seconds from the send to the first token.
        late: Seconds from the due time to the send; None: on time.
        failed: None: no request failed.
    """

    rate: float
    gaps: Numbers
    ttft: Numbers
    late: Numbers | None
    failed: NDArray[np.int8] | None


def simulate(
    queue: Queue,
    rates: list[float],
    requests: int,
    scale: Numbers,
    random: np.random.Generator,
    client_rate: float = math.inf,
) -> list[SimulatedStep]:
    """Runs a block of steps, one rate after the other, without emptying the queue; Poisson arrivals.

    The state is the work that is left in each slot, least first (Kiefer and Wolfowitz, 1955).

    Args:
        scale: One factor on both times per simulation: the effect of this block.
        client_rate: Requests per second that the client can send at most.
    """
    simulations = len(scale)
    left = np.zeros((queue.slots, simulations), np.float32)
    behind = np.zeros(simulations, np.float32)
    steps = []
    for index, rate in enumerate(rates):
        shape = (requests, simulations)
        gaps = random.standard_exponential(shape, np.float32) * np.float32(1 / rate)
        factor = scale.astype(np.float32) * np.float32(queue.cache_factor)
        service, first = queue.service(random, shape) * factor, queue.first_token(random, shape) * factor
        if queue.cold_requests and (index == 0 or queue.cold_each_step):
            service[: queue.cold_requests] *= queue.cold_factor
            first[: queue.cold_requests] *= queue.cold_factor
        failed = None
        if queue.throttled_share or queue.error_share:
            failed = queue.failures(random, shape)
            service[failed != NONE] = 0
        late, between = None, gaps
        if math.isfinite(client_rate):
            late, between = _late(gaps, behind, 1 / client_rate)
            behind = late[-1]
        for number in range(requests):
            left -= between[number]
            np.maximum(left, 0, out=left)
            first[number] += left[0]
            left[0] += service[number]
            left.sort(axis=0)
        steps.append(SimulatedStep(rate=rate, gaps=gaps, ttft=first, late=late, failed=failed))
    return steps


def _late(gaps: Numbers, behind: Numbers, shortest: float) -> tuple[Numbers, Numbers]:
    """(how late each request is sent, seconds between sends) of a client that needs `shortest` seconds for each."""
    late = np.empty_like(gaps)
    before = behind
    for number, gap in enumerate(gaps):
        late[number] = np.maximum(0, before + shortest - gap)
        before = late[number]
    return late, gaps + np.diff(late, axis=0, prepend=behind[None])


def rate_at_target(queue: Queue, seconds: float, share: float) -> float:
    """Returns the successful requests per second at which `share` of all requests have a first token in `seconds`.

    Exact, for exponential service times: the wait in M/M/c is Erlang's (https://en.wikipedia.org/wiki/M/M/c_queue, read
    2026-11-29), and the time from the slot to the first token does not depend on it.
    """
    if queue.sigma is not None:
        raise ValueError("exact for exponential service times only")
    rate, slots = 1 / queue.service_seconds, queue.slots
    succeeded = 1 - queue.throttled_share - queue.error_share
    grid = (np.arange(4000) + 0.5) / 4000
    draws = np.exp(math.log(queue.first_token_seconds) - queue.first_token_sigma**2 / 2)
    first = draws * np.exp(queue.first_token_sigma * _normal_quantiles(grid))

    def in_time(arrivals: float) -> float:
        left = np.clip(seconds - first, 0, None)
        late = _erlang_c(slots, arrivals / rate) * np.exp(-(slots * rate - arrivals) * left)
        return float(np.where(first > seconds, 0.0, 1 - late).mean())

    low, high = 0.0, slots * rate * (1 - 1e-9)
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if succeeded * in_time(middle) > share else (low, middle)
    return low


def _lognormal(random: np.random.Generator, shape: tuple[int, ...], mean: float, sigma: float) -> Numbers:
    drawn = random.standard_normal(shape, np.float32) * np.float32(sigma)
    found: Numbers = np.exp(drawn + np.float32(math.log(mean) - sigma**2 / 2))
    return found


def _normal_quantiles(grid: NDArray[np.float64]) -> NDArray[np.float64]:
    normal = NormalDist()
    return np.array([normal.inv_cdf(float(one)) for one in grid])


def _erlang_c(slots: int, load: float) -> float:
    below = sum(load**number / math.factorial(number) for number in range(slots))
    top = load**slots / math.factorial(slots) * slots / (slots - load)
    return top / (below + top)
