"""Calibrates `cdk_inference.proof`: simulated comparisons with a known ratio, judged by the code that judges real ones.

python benchmarks/calibration.py [--comparisons 2000] [--seed 20261129]
"""

from __future__ import annotations

import argparse
import datetime
import math
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean, median

import numpy as np
from section import put_section

from cdk_inference.proof.block import Block, clearly_broken
from cdk_inference.proof.candidate import Candidate, HourlyPrice
from cdk_inference.proof.claim import THROUGHPUT, Claim
from cdk_inference.proof.condition import parse_condition
from cdk_inference.proof.looks import Looks
from cdk_inference.proof.step import HEAD_PERCENT, SLOW_HEAD_REQUESTS, Step
from cdk_inference.proof.verdict import judge
from localserver.queueing import (
    ERROR,
    NONE,
    THROTTLED,
    Numbers,
    Queue,
    SimulatedStep,
    rate_at_target,
    simulate,
)

HERE = Path(__file__).parent
ONE, LOOKS = Looks(pairs=(10,)), Looks(pairs=(6, 10, 20))
CHUNK = 500
TARGET_SECONDS, PERCENT = 0.5, 95
CONDITION = f"ttft p{PERCENT} <= {TARGET_SECONDS * 1000:g} ms"
NAME = f"ttft p{PERCENT}"
# Of the rate at which the target breaks.
LADDER = (0.5, 0.7, 0.85, 0.95, 1.05, 1.17, 1.32, 1.55, 1.9)
REQUESTS = 1000
SHARED_EFFECT, OWN_EFFECT = 0.05, 0.03
DRIFT = 0.3
HOW = """\
Two queues with 4 slots and exponential service times of 0.4 and 0.2 s, Poisson arrivals, the throughput at which the
p95 of the time to the first token reaches 500 ms. The truth is exact (Erlang's wait), for heavy tails (lognormal
service times, sigma 1) from 2.4 million requests a rate. A block is a ladder of up to 9 rates of 1000 requests, the
first fifth of each dropped; blocks alternate (ABBA). Each block is faster or slower by an effect of 5 % that both
blocks of a pair share and one of 3 % of its own; in the design with heavy tails, effects are Student t with 3 degrees
of freedom. Errors and throttles are requests that did not get their token in time. One look is at 10 pairs with an
interval of 95 %; three looks are at 6, 10 and 20 pairs with 97.8 % each. The claim at its edge says exactly the
truth. Covered: the interval holds the truth, refused comparisons included. Bias: of the mean logarithm of the ratio.
Width: upper end over lower end, less 1, median. The code that judges is `cdk_inference.proof`, the same that judges
real measurements; the sums of each step are made by numpy, and equal to the package's
(tests/unit/proof/test_calibration.py).
"""
SLOW = Queue(slots=4, service_seconds=0.4, first_token_seconds=0.05)
FAST = replace(SLOW, service_seconds=0.2)


@dataclass(frozen=True, kw_only=True)
class Design:
    """A way to compare two queues. unfair: what is wrong with it, "" for a fair one."""

    name: str
    fast: Queue = FAST
    slow: Queue = SLOW
    drift: bool = False
    heavy_effects: bool = False
    unfair: str = ""
    client_share: float = math.inf  # what the client can send at most, as a share of the fast side's true rate
    repeated_share: float = 0.0  # of the fast side's prompts
    unequal_prompts: bool = False
    one_sided_drift: bool = False


def _both(**changes: float) -> dict[str, Queue]:
    return {"fast": replace(FAST, **changes), "slow": replace(SLOW, **changes)}


FAIR = (
    Design(name="plain"),
    Design(name="shared drift of 30 %", drift=True),
    Design(name="heavy tails", heavy_effects=True, **_both(sigma=1.0)),
    Design(name="errors and throttles, 1 % each", **_both(throttled_share=0.01, error_share=0.01)),
)
UNFAIR = (
    Design(name="cache on one side", unfair="cache", fast=replace(FAST, cache_factor=0.7), repeated_share=0.8),
    Design(
        name="no warm-up on one side, factor 2", unfair="warm-up", fast=replace(FAST, cold_requests=20, cold_factor=2)
    ),
    Design(name="saturated client", unfair="client", client_share=0.9),
    Design(name="unequal prompts", unfair="prompts", unequal_prompts=True),
)
LIMITS = (Design(name="drift of 30 % on one side, a limit", unfair="drift", one_sided_drift=True),)


@dataclass
class Result:
    """What a design came to, over all comparisons."""

    design: Design
    comparisons: int
    truth: float = math.nan
    covered: int = 0
    refused: int = 0
    supported_at_edge: int = 0
    supported_with_looks: int = 0
    refused_with_looks: int = 0
    logarithms: list[float] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)

    def add(self, claim: Claim, candidates: dict[str, Candidate], blocks: list[Block]) -> None:
        """Judges one comparison: at one look, and at three where there are blocks enough."""
        verdict = judge(claim, candidates, blocks[: 2 * ONE.pairs[0]], ONE)
        self.refused += verdict.word == "refused"
        self.supported_at_edge += verdict.word == "supported"
        if verdict.ratio is not None:
            self.covered += verdict.ratio.low <= self.truth <= verdict.ratio.high
            self.logarithms.append(math.log(verdict.ratio.estimate / self.truth))
            self.widths.append(verdict.ratio.high / verdict.ratio.low - 1)
        if len(blocks) == 2 * max(LOOKS.pairs):
            several = judge(claim, candidates, blocks, LOOKS)
            self.supported_with_looks += several.word == "supported"
            self.refused_with_looks += several.word == "refused"

    def share(self, count: int) -> float:
        """Of all comparisons."""
        return count / self.comparisons

    def row(self) -> str:
        """A row of the table."""
        looks = not self.design.unfair
        with_looks = [
            f"{self.share(one):.1%}" if looks else "" for one in (self.supported_with_looks, self.refused_with_looks)
        ]
        bias = f"{fmean(self.logarithms):+.1%}" if self.logarithms else ""
        width = f"{median(self.widths):.0%}" if self.widths else ""
        return (
            f"| {self.design.name} | {self.comparisons} | {self.truth:.3f} | {self.share(self.covered):.1%} | "
            f"{self.share(self.supported_at_edge):.1%} | {with_looks[0]} | {self.share(self.refused):.1%} | "
            f"{with_looks[1]} | {bias} | {width} |"
        )


def long_run_rate(queue: Queue, random: np.random.Generator) -> float:
    """The rate at the target for any service times, from a run of 2.4 million requests a rate."""
    capacity = queue.slots / queue.service_seconds
    rates = [capacity * share for share in np.linspace(0.3, 0.9, 13)]
    points = []
    for rate in rates:
        (_, step) = simulate(queue, [rate, rate], 6000, np.ones(200), random)
        points.append(float(np.quantile(step.ttft, PERCENT / 100)))
    return float(np.exp(np.interp(math.log(TARGET_SECONDS), np.log(points), np.log(rates))))


def side_rate(queue: Queue, random: np.random.Generator) -> float:
    """The true rate at the target, of a queue without cold requests."""
    clean = replace(queue, cold_requests=0)
    return (
        long_run_rate(clean, random)
        if clean.sigma is not None
        else rate_at_target(clean, TARGET_SECONDS, PERCENT / 100)
    )


def summed(steps: list[SimulatedStep], design: Design, fast: bool) -> list[list[Step]]:
    """The same sums as `cdk_inference.proof.step.summarize`, for all simulations at once."""
    drop = math.ceil(REQUESTS * HEAD_PERCENT / 100)
    size = REQUESTS - drop
    found = []
    for index, step in enumerate(steps):
        simulations = step.ttft.shape[1]
        counted = step.ttft[drop:].copy()
        logs = np.log(step.ttft)
        failures = [[0] * simulations] * 2
        if step.failed is not None:
            counted[step.failed[drop:] != NONE] = np.inf
            logs[step.failed != NONE] = np.nan
            failures = [(step.failed[drop:] == kind).sum(axis=0).tolist() for kind in (THROTTLED, ERROR)]
        heights = _quantiles(counted)
        heads = np.nanmean(logs[:SLOW_HEAD_REQUESTS], axis=0) - np.nanmean(logs[SLOW_HEAD_REQUESTS:], axis=0)
        shares, late = np.ones(simulations), np.zeros(simulations)
        if step.late is not None:
            span = step.gaps[1:].sum(axis=0)
            shares, late = span / (span + step.late[-1] - step.late[0]), np.quantile(step.late, 0.99, axis=0)
        prompts = f"{index}" + (" other" if fast and design.unequal_prompts else "")
        repeated = round(design.repeated_share * size) if fast else 0
        columns = (heights.tolist(), heads.tolist(), shares.tolist(), late.tolist(), *failures)
        found.append(
            [
                Step(
                    rate=step.rate,
                    at_once=None,
                    requests=size,
                    goodput=step.rate * (1 - (throttled + errors) / size),
                    latencies={NAME: height},
                    failed={"throttled": throttled, "error": errors} if throttled + errors else {},
                    sent_share=share,
                    lateness_p99=lateness,
                    slow_head=head,
                    prompts=prompts,
                    repeated=repeated,
                )
                for height, head, share, lateness, throttled, errors in zip(*columns, strict=True)
            ]
        )
    return found


def _until_broken(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """A block ends after the step that breaks the target clearly, as `compare run` ends it."""
    condition = parse_condition(CONDITION)
    last = next((index for index, step in enumerate(steps) if clearly_broken(step, condition)), len(steps) - 1)
    return steps[: last + 1]


def _quantiles(values: Numbers) -> Numbers:
    """As `cdk_inference.proof.step.quantile`, of each column."""
    place = (len(values) - 1) * PERCENT / 100
    low = math.floor(place)
    values.partition([low, low + 1], axis=0)
    below, above = values[low], values[low + 1]
    with np.errstate(invalid="ignore"):
        return np.where(np.isinf(above), above, below + (above - below) * (place - low))


def blocks_of(
    design: Design, rates: dict[str, float], comparisons: int, pairs: int, random: np.random.Generator
) -> tuple[float, list[list[Block]]]:
    """(the true ratio, the blocks of each comparison); `rates` are the true ones of both sides."""
    ladders = {name: [rate * share for share in LADDER] for name, rate in rates.items()}
    found: list[list[Block]] = [[] for _ in range(comparisons)]
    logarithms = []
    for pair in range(pairs):
        drift = 1 + DRIFT * pair / max(pairs - 1, 1) if design.drift else 1.0
        shared = _effects(design, random, comparisons) * SHARED_EFFECT
        logarithms.append(_true_log_ratio(design, drift) if design.drift else math.log(rates["fast"] / rates["slow"]))
        order = ("fast", "slow") if pair % 2 == 0 else ("slow", "fast")
        for place, name in enumerate(order):
            own = _effects(design, random, comparisons) * OWN_EFFECT
            queue = design.fast if name == "fast" else design.slow
            client = design.client_share * rates["fast"] if name == "fast" else math.inf
            slower = drift
            if name == "fast" and design.one_sided_drift:
                slower = 1 + DRIFT * pair / max(pairs - 1, 1)
            ladder = [rate / slower for rate in ladders[name]]
            steps = simulate(queue, ladder, REQUESTS, np.exp(shared + own) * slower, random, client)
            for comparison, column in enumerate(zip(*summed(steps, design, name == "fast"), strict=True)):
                block = Block(
                    candidate=name,
                    pair=pair,
                    position=2 * pair + place,
                    steps=_until_broken(column),
                    warm_up_requests=3,
                    clock_jump_seconds=0.0,
                )
                found[comparison].append(block)
    return math.exp(sum(logarithms) / len(logarithms)), found


def _effects(design: Design, random: np.random.Generator, count: int) -> Numbers:
    """Standard normal, or Student t with 3 degrees of freedom and the same variance."""
    return random.standard_t(3, count) / math.sqrt(3) if design.heavy_effects else random.standard_normal(count)


def _true_log_ratio(design: Design, drift: float) -> float:
    sides = [
        rate_at_target(
            replace(
                queue,
                service_seconds=queue.service_seconds * drift,
                first_token_seconds=queue.first_token_seconds * drift,
            ),
            TARGET_SECONDS,
            PERCENT / 100,
        )
        for queue in (design.fast, design.slow)
    ]
    return math.log(sides[0] / sides[1])


def calibrate(design: Design, comparisons: int, pairs: int, seed: int) -> Result:
    """Judges `comparisons` simulated comparisons of `pairs` pairs, some at a time."""
    random = np.random.default_rng([seed, *design.name.encode()])
    price = HourlyPrice(usd_per_hour=1, instances=1, date="2026-11-29", source="simulated")
    candidates = {name: Candidate(name=name, price=price) for name in ("slow", "fast")}
    result = Result(design=design, comparisons=comparisons)
    rates = {"fast": side_rate(design.fast, random), "slow": side_rate(design.slow, random)}
    for start in range(0, comparisons, CHUNK):
        result.truth, chunk = blocks_of(design, rates, min(CHUNK, comparisons - start), pairs, random)
        edge = (result.truth - 1) * 100
        claim = Claim(metric=THROUGHPUT, than="slow", at=CONDITION, source="simulated", at_least_percent_higher=edge)
        for blocks in chunk:
            result.add(claim, candidates, blocks)
    return result


def main() -> None:
    """Every design; writes the section of results.md."""
    parser = argparse.ArgumentParser(description="Calibration of cdk-inference's comparisons.")
    parser.add_argument("--comparisons", type=int, default=2000, help="of each fair design; a quarter of each other")
    parser.add_argument("--seed", type=int, default=20261129)
    chosen = parser.parse_args()
    results = []
    for design in (*FAIR, *UNFAIR, *LIMITS):
        start = time.perf_counter()
        fair = not design.unfair
        comparisons = chosen.comparisons if fair else max(chosen.comparisons // 4, 1)
        result = calibrate(design, comparisons, max(LOOKS.pairs) if fair else ONE.pairs[0], chosen.seed)
        results.append(result)
        print(f"{result.row()}  ({time.perf_counter() - start:.0f} s)", flush=True)
    put_section(HERE / "results.md", "calibration", section(results, chosen.seed))


def section(results: list[Result], seed: int) -> str:
    """The calibration, for results.md."""
    fair = [one for one in results if not one.design.unfair]
    unfair = [one for one in results if one.design.unfair and one.design not in LIMITS]
    covered = all(0.93 <= one.share(one.covered) <= 0.97 for one in fair)
    edge = all(max(one.share(one.supported_at_edge), one.share(one.supported_with_looks)) <= 0.05 for one in fair)
    few = all(max(one.share(one.refused), one.share(one.refused_with_looks)) <= 0.05 for one in fair)
    most = all(one.share(one.refused) >= 0.95 for one in unfair)
    words = {True: "met", False: "missed"}
    head = "| design | comparisons | true ratio | covered | supported at the edge | with 3 looks "
    head += "| refused | with 3 looks | bias | width |"
    return "\n".join(
        [
            "## Calibration of comparisons",
            "",
            f"- Intervals of 95 % cover the truth in 93 to 97 % of fair comparisons: **{words[covered]}**.",
            f"- A claim at its edge is supported in at most 5 %, looks included: **{words[edge]}**.",
            f"- Fair comparisons are refused in at most 5 %: **{words[few]}**.",
            f"- Unfair comparisons are refused in at least 95 %: **{words[most]}**.",
            "",
            f"Simulated {datetime.date.today()} with seed {seed} by `benchmarks/calibration.py` (`make bench`).",
            "",
            head,
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
            *(one.row() for one in results),
            "",
            HOW,
        ]
    )


if __name__ == "__main__":
    main()
