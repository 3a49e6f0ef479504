"""Blocks for tests, whose throughput can be read off."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cdk_inference.proof.block import Block
from cdk_inference.proof.candidate import Candidate, HourlyPrice
from cdk_inference.proof.claim import Claim
from cdk_inference.proof.step import Step

AT = "ttft p95 <= 100 ms"


def step(rate: float, seconds: float, **changes: Any) -> Step:
    """A fair step of 1000 requests with a p95 of `seconds`."""
    found = Step(
        rate=rate,
        at_once=None,
        requests=1000,
        goodput=rate,
        latencies={"ttft p95": seconds},
        sent_share=1.0,
        lateness_p99=0.001,
        tokens_in=50.0,
        tokens_out=20.0,
        slow_head=0.0,
        prompts="same",
        repeated=0,
    )
    return replace(found, **changes)


def block(candidate: str, pair: int, throughput: float, **changes: Any) -> Block:
    """A block that reaches 100 ms exactly at `throughput`, the middle of three rates in logarithms."""
    position = 2 * pair + (candidate == "new") * (1 if pair % 2 == 0 else -1) + pair % 2
    steps = (step(throughput / 2, 0.05), step(throughput, 0.1), step(throughput * 2, 0.2))
    found = Block(
        candidate=candidate, pair=pair, position=position, steps=steps, warm_up_requests=20, clock_jump_seconds=0.0
    )
    return replace(found, **changes)


def comparison(ratios: list[float]) -> list[Block]:
    """Pairs of an old and a new candidate with these ratios of throughput."""
    found = []
    for pair, ratio in enumerate(ratios):
        found += [block("old", pair, 10), block("new", pair, 10 * ratio)]
    return found


def candidates(new_usd: float = 2.0, old_usd: float = 2.0) -> dict[str, Candidate]:
    """Two candidates by the hour."""
    prices = {"old": old_usd, "new": new_usd}
    return {
        name: Candidate(
            name=name, price=HourlyPrice(usd_per_hour=usd, instances=1, date="2026-11-29", source="a contract")
        )
        for name, usd in prices.items()
    }


def claim(percent: float, metric: str = "cost per million tokens", **changes: Any) -> Claim:
    """At least `percent` lower."""
    values: dict[str, Any] = {"metric": metric, "than": "old", "at": AT, "source": "somebody"}
    return Claim(**{**values, "at_least_percent_lower": percent, **changes})
