"""One step of a block: requests at one rate, or with a fixed number at once, summed up."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from cdk_inference.proof.condition import LATENCIES
from cdk_inference.proof.request import Request

# The queue has not built up at the beginning of a step: rates held for 150 requests from an empty queue biased a ratio
# of throughputs by 7 %, 1500 by 1 % (a simulation of this package).
HEAD_PERCENT = 20
# The requests whose latency is compared with the rest of the step, to find a slow beginning.
SLOW_HEAD_REQUESTS = 20
PERCENTS = (50.0, 90.0, 95.0, 99.0)


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step. None is unknown.

    Args:
        rate: Requests per second that the schedule wanted; None in a closed loop.
        at_once: Requests at once in a closed loop; None in an open one.
        sent_share: How fast the client sent, as a share of the schedule's speed; 1 is on time.
        lateness_p99: Seconds.
        requests: Counted, that is, after the head that is dropped.
        failed: Number of failed requests by status.
        retries: Attempts that the client repeated by itself.
        goodput: Successful requests per second.
        tokens_in: Mean per successful request. tokens_out: The same, of answers.
        latencies: "ttft p95" and so on -> seconds. A failed request counts as infinitely late.
        slow_head: Mean logarithm of the latency of the first 20 requests, minus that of the rest.
        prompts: A digest of the prompts that were sent, order aside; "" is unknown.
        repeated: Requests with a prompt that the candidate had received before; None is unknown.
    """

    rate: float | None
    at_once: int | None
    requests: int
    goodput: float
    latencies: Mapping[str, float]
    failed: Mapping[str, int] = field(default_factory=dict)
    sent_share: float | None = None
    lateness_p99: float | None = None
    retries: int = 0
    tokens_in: float | None = None
    tokens_out: float | None = None
    slow_head: float | None = None
    prompts: str = ""
    repeated: int | None = None

    def failed_share(self, status: str) -> float:
        """The share of requests with `status`, 0 to 1."""
        return self.failed.get(status, 0) / self.requests if self.requests else 0.0


def quantile(ordered: Sequence[float], percent: float) -> float:
    """Returns the percentile of sorted values, interpolated; infinite where one of its neighbours is."""
    place = (len(ordered) - 1) * percent / 100
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    if place == low or ordered[low] == ordered[high]:
        return ordered[low]
    if math.isinf(ordered[high]):
        return math.inf
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def summarize(
    requests: Sequence[Request],
    *,
    rate: float | None,
    at_once: int | None,
    seen: set[str],
    percents: Sequence[float] = PERCENTS,
) -> Step | None:
    """Returns the sum of a step's requests, in the order in which they were sent; None where nothing can be counted.

    Args:
        seen: Prompts that the candidate has received so far; this step's are added.
    """
    ordered = sorted((one for one in requests if not one.warm_up), key=lambda one: one.sent)
    counted = ordered[math.ceil(len(ordered) * HEAD_PERCENT / 100) :]
    repeated, prompts = _prompts(ordered, seen)
    seconds = _seconds(counted, at_once)
    if len(counted) < 2 or seconds <= 0:
        return None
    succeeded = [one for one in counted if one.status == "ok"]
    return Step(
        rate=rate,
        at_once=at_once,
        requests=len(counted),
        failed=dict(Counter(one.status for one in counted if one.status != "ok")),
        goodput=_succeeded_in_time(counted, at_once) / seconds,
        latencies={
            f"{name} p{percent:g}": quantile(values, percent)
            for name in LATENCIES
            if (values := _latencies(counted, name)) is not None
            for percent in percents
        },
        sent_share=_sent_share(ordered),
        lateness_p99=_lateness(ordered),
        retries=sum(one.retries for one in ordered),
        tokens_in=_mean(one.tokens_in for one in succeeded) if succeeded else None,
        tokens_out=_mean(one.tokens_out for one in succeeded) if succeeded else None,
        slow_head=_slow_head(ordered),
        prompts=prompts,
        repeated=repeated,
    )


def _seconds(counted: Sequence[Request], at_once: int | None) -> float:
    """The span of the counted requests: of their schedule in an open loop, of the busy middle in a closed one."""
    if len(counted) < 2:
        return 0.0
    if at_once is not None:
        return counted[-1].sent - counted[0].sent
    first, last = (one.sent if one.due is None else one.due for one in (counted[0], counted[-1]))
    # n requests have n - 1 gaps between them.
    return (last - first) * len(counted) / (len(counted) - 1)


def _succeeded_in_time(counted: Sequence[Request], at_once: int | None) -> int:
    """In a closed loop, answers that ended between the first and the last send: the drained tail is left out."""
    if at_once is None:
        return sum(one.status == "ok" for one in counted)
    first, last = counted[0].sent, counted[-1].sent
    return sum(one.status == "ok" and one.end is not None and first < one.end <= last for one in counted)


def _latencies(counted: Sequence[Request], name: str) -> list[float] | None:
    values = []
    for one in counted:
        value = one.ttft if name == "ttft" else one.latency
        if value is None and one.status == "ok":
            return None
        values.append(math.inf if value is None else value)
    return sorted(values) if values else None


def _sent_share(ordered: Sequence[Request]) -> float | None:
    if len(ordered) < 2 or any(one.due is None for one in ordered):
        return None
    due = [one.due for one in ordered if one.due is not None]
    wanted, took = max(due) - min(due), max(one.sent for one in ordered) - min(one.sent for one in ordered)
    return wanted / took if wanted > 0 and took > 0 else None


def _lateness(ordered: Sequence[Request]) -> float | None:
    values = sorted(one.lateness for one in ordered if one.lateness is not None)
    return quantile(values, 99) if values and len(values) == len(ordered) else None


def _slow_head(ordered: Sequence[Request]) -> float | None:
    if len(ordered) < 3 * SLOW_HEAD_REQUESTS:
        return None
    means = []
    for part in (ordered[:SLOW_HEAD_REQUESTS], ordered[SLOW_HEAD_REQUESTS:]):
        found = (one.latency if one.ttft is None else one.ttft for one in part)
        logarithms = [math.log(value) for value in found if value is not None and value > 0]
        if not logarithms:
            return None
        means.append(fmean(logarithms))
    return means[0] - means[1]


def _prompts(ordered: Sequence[Request], seen: set[str]) -> tuple[int | None, str]:
    """(how many were sent before, a digest of all)."""
    hashes = [one.prompt for one in ordered]
    if not all(hashes):
        return None, ""
    repeated = 0
    for one in hashes:
        repeated += one in seen
        seen.add(one)
    return repeated, hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()[:16]


def _mean(values: Iterable[float | None]) -> float | None:
    listed = list(values)
    known = [value for value in listed if value is not None]
    return fmean(known) if known and len(known) == len(listed) else None
