"""What a report shows: verdicts, each candidate under each condition, and the points of the charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdk_inference.core.unknown import Unknown
from cdk_inference.hosting.count_range import CountRange
from cdk_inference.proof.agreement import Agreed, Scorer, agreement, answers_by_prompt
from cdk_inference.proof.block import Block
from cdk_inference.proof.candidate import Candidate, HourlyPrice
from cdk_inference.proof.claim import COST_PER_REQUESTS, COST_PER_TOKENS, THROUGHPUT, TOKEN_THROUGHPUT, Claim
from cdk_inference.proof.condition import Condition, LatencyTarget, parse_quantile
from cdk_inference.proof.dollars import TrafficCost, cost_of_traffic
from cdk_inference.proof.folder import Results
from cdk_inference.proof.interval import Interval, geometric_interval
from cdk_inference.proof.recording import blocks_of
from cdk_inference.proof.step import PERCENTS
from cdk_inference.proof.verdict import Verdict, judge

CONFIDENCE = 0.95
# At your own traffic at least one instance runs, and as many as it takes.
INSTANCES_MAX = 1_000_000
# The cost is drawn for latency targets around that of the claim.
TARGETS = (0.5, 0.7, 0.85, 1.0, 1.25, 1.6, 2.0)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A candidate under a condition. metrics: name -> geometric mean over blocks with its interval, or why not."""

    candidate: Candidate
    condition: Condition
    blocks: int
    requests: int
    failed: Mapping[str, int]
    metrics: Mapping[str, Interval | Unknown]
    traffic: TrafficCost | Unknown | None


@dataclass(frozen=True, kw_only=True)
class Point:
    """A point of a chart. candidate: its line. The horizontal value is x."""

    candidate: str
    x: float
    y: Interval


@dataclass(frozen=True, kw_only=True)
class Report:
    """A comparison, judged. curves: latency name -> points over requests per second. costs: over latency targets."""

    name: str
    run: str
    verdicts: tuple[Verdict, ...]
    rows: tuple[Row, ...]
    curves: Mapping[str, Sequence[Point]]
    costs: Sequence[Point]
    cost_metric: str
    interrupted: int
    started: str
    ended: str

    @property
    def headline(self) -> str:
        """The verdicts, on one line."""
        if not self.verdicts:
            return "NO CLAIM: nothing to judge"
        first = self.verdicts[0]
        more = "" if len(self.verdicts) == 1 else f"; {len(self.verdicts) - 1} more"
        return f"{first.word.upper()}: {first.claim}{more}"


def report(results: Results, scorer: Scorer | None = None, claims: Sequence[Claim] | None = None) -> Report:
    """Returns the report on `results`. claims: in place of those that were fixed beforehand."""
    judged = tuple(results.claims if claims is None else claims)
    wanted = (_percent(claim) for claim in judged)
    percents = sorted({*PERCENTS, *(percent for percent in wanted if percent is not None)})
    blocks = blocks_of(results.recordings, percents)
    verdicts = tuple(
        judge(claim, results.candidates, blocks, results.looks, _answers(claim, results, scorer)) for claim in judged
    )
    conditions = list(dict.fromkeys(claim.condition for claim in judged))
    started = [one.started for one in results.recordings if one.started]
    costs = _costs(results.candidates, blocks, judged)
    return Report(
        name=results.name,
        run=results.run,
        verdicts=verdicts,
        rows=tuple(
            _row(candidate, condition, blocks, results.traffic_per_hour)
            for condition in conditions
            for candidate in results.candidates.values()
        ),
        curves={f"ttft p{percent:g}": _curve(blocks, f"ttft p{percent:g}") for percent in (50.0, 95.0)}
        | {"latency p95": _curve(blocks, "latency p95")},
        costs=costs[1],
        cost_metric=costs[0],
        interrupted=len(results.interrupted),
        started=min(started, default=""),
        ended=max(started, default=""),
    )


def _answers(claim: Claim, results: Results, scorer: Scorer | None) -> Agreed | Unknown | None:
    others = [name for name in results.candidates if name != claim.than]
    about = claim.candidate or (others[0] if len(others) == 1 else "")
    kept = {
        name: answers_by_prompt(
            one for recording in results.recordings if recording.candidate.name == name for one in recording.requests
        )
        for name in (about, claim.than)
    }
    if claim.answers is None:
        # Equal texts cost nothing to compare, so they are reported wherever answers were kept.
        found = agreement("exact", kept[about], kept[claim.than])
        return found if isinstance(found, Agreed) else None
    return agreement(claim.answers.by, kept[about], kept[claim.than], scorer)


def _row(candidate: Candidate, condition: Condition, blocks: Sequence[Block], traffic: Sequence[float]) -> Row:
    own = [block for block in blocks if block.candidate == candidate.name]
    names = [THROUGHPUT, TOKEN_THROUGHPUT, COST_PER_REQUESTS, COST_PER_TOKENS]
    if not isinstance(condition, LatencyTarget):
        names += [f"{name} p{percent:g}" for name in ("ttft", "latency") for percent in (50.0, 95.0, 99.0)]
    metrics = {name: _mean([block.value(name, condition, candidate.price) for block in own]) for name in names}
    failed: dict[str, int] = {}
    for block in own:
        for step in block.steps:
            for status, count in step.failed.items():
                failed[status] = failed.get(status, 0) + count
    throughput = metrics[THROUGHPUT]
    cost: TrafficCost | Unknown | None = None
    if traffic and isinstance(candidate.price, HourlyPrice) and not isinstance(throughput, Unknown):
        cost = cost_of_traffic(
            traffic,
            requests_per_second=throughput.estimate / candidate.price.instances,
            usd_per_instance_hour=candidate.price.usd_per_hour,
            counts=CountRange.scheduled(1, INSTANCES_MAX),
        )
    return Row(
        candidate=candidate,
        condition=condition,
        blocks=len(own),
        requests=sum(step.requests for block in own for step in block.steps),
        failed=failed,
        metrics=metrics,
        traffic=cost,
    )


def _mean(values: Sequence[float | Unknown]) -> Interval | Unknown:
    known = [value for value in values if not isinstance(value, Unknown)]
    if len(known) < len(values) or not known:
        return next((value for value in values if isinstance(value, Unknown)), Unknown("no block was measured"))
    return geometric_interval(known, CONFIDENCE) or Unknown("one block has no interval")


def _curve(blocks: Sequence[Block], name: str) -> list[Point]:
    """Latency over the rate, at rates that two blocks or more measured."""
    found: dict[tuple[str, float], list[float]] = {}
    for block in blocks:
        for step in block.steps:
            value = step.latencies.get(name)
            if step.rate is not None and value is not None and 0 < value < float("inf"):
                found.setdefault((block.candidate, step.rate), []).append(value)
    points = []
    for (candidate, rate), values in sorted(found.items()):
        interval = geometric_interval(values, CONFIDENCE)
        if interval is not None:
            points.append(Point(candidate=candidate, x=rate, y=interval))
    return points


def _costs(
    candidates: Mapping[str, Candidate], blocks: Sequence[Block], claims: Sequence[Claim]
) -> tuple[str, list[Point]]:
    """(the metric, its points over latency targets in seconds), for the first claim with a latency target."""
    target = next((one.condition for one in claims if isinstance(one.condition, LatencyTarget)), None)
    if target is None:
        return "", []
    for metric in (COST_PER_TOKENS, COST_PER_REQUESTS):
        points = []
        for factor in TARGETS:
            condition = LatencyTarget(quantile=target.quantile, seconds=target.seconds * factor)
            for candidate in candidates.values():
                own = [block for block in blocks if block.candidate == candidate.name]
                value = _mean([block.value(metric, condition, candidate.price) for block in own])
                if isinstance(value, Interval):
                    points.append(Point(candidate=candidate.name, x=condition.seconds, y=value))
        if points:
            return metric, points
    return "", []


def _percent(claim: Claim) -> float | None:
    condition, quantile = claim.condition, parse_quantile(claim.metric)
    if isinstance(condition, LatencyTarget):
        return condition.quantile.percent
    return None if quantile is None else quantile.percent
