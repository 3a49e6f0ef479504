"""The sum of a step, from requests whose times are known."""

from __future__ import annotations

import math

import pytest

from cdk_inference.proof.candidate import Candidate, HourlyPrice
from cdk_inference.proof.recording import Recording, StepPlan, blocks_of
from cdk_inference.proof.request import Request
from cdk_inference.proof.step import Step, quantile, summarize


def requests(count: int = 100, **changes: object) -> list[Request]:
    """One each 0.1 s, sent 1 ms late; the first token after 10 ms, in the first fifth after 500 ms."""
    return [
        Request(
            **{  # type: ignore[arg-type]
                "step": 0,
                "due": number / 10,
                "sent": number / 10 + 0.001,
                "first_token": number / 10 + 0.001 + (0.5 if number < count / 5 else 0.01),
                "end": number / 10 + 0.6,
                "status": "ok",
                "tokens_in": 10,
                "tokens_out": 20,
                "prompt": f"{number:016x}",
                **changes,
            }
        )
        for number in range(count)
    ]


def summed(listed: list[Request], at_once: int | None = None) -> Step:
    rate = 10.0 if at_once is None else None
    found = summarize(listed, rate=rate, at_once=at_once, seen=set())
    assert found is not None
    return found


def test_the_head_is_dropped_and_the_rest_is_counted() -> None:
    step = summed(requests())
    assert (step.requests, step.goodput, step.repeated) == (80, pytest.approx(10.0), 0)
    assert step.latencies["ttft p95"] == pytest.approx(0.01)
    assert (step.lateness_p99, step.sent_share) == (pytest.approx(0.001), pytest.approx(1.0))
    assert step.slow_head == pytest.approx(math.log(0.5 / 0.01))


def test_failed_requests_are_infinitely_late() -> None:
    listed = requests()
    failed = [Request(step=0, due=one.due, sent=one.sent, end=one.end, status="timeout") for one in listed[-8:]]
    step = summed([*listed[:-8], *failed])
    assert step.failed == {"timeout": 8}
    assert step.goodput == pytest.approx(9.0)
    assert (step.latencies["ttft p50"], step.latencies["ttft p95"]) == (pytest.approx(0.01), math.inf)


def test_a_closed_loop_counts_the_busy_middle() -> None:
    # 8 slots, each request takes 0.8 s: 10 a second; the drained tail of 0.8 s at the end is no lower throughput.
    listed = requests(due=None)
    closed = [
        Request(step=0, sent=number * 0.1, end=number * 0.1 + 0.8, status="ok") for number, _ in enumerate(listed)
    ]
    step = summed(closed, at_once=8)
    assert step.goodput == pytest.approx(10.0, rel=0.11)
    assert step.sent_share is None


def test_prompts_that_were_sent_before_are_counted_with_the_warm_up() -> None:
    candidate = Candidate(name="a", price=HourlyPrice(usd_per_hour=1, instances=1, date="2026-11-29", source="x"))
    warm = [Request(step=0, sent=0.0, status="ok", warm_up=True, prompt=f"{number:016x}") for number in range(10)]
    recordings = [
        Recording(
            candidate=candidate,
            pair=pair,
            position=pair,
            steps=(StepPlan(rate=10.0),),
            requests=(*(warm if pair == 0 else ()), *requests()),
        )
        for pair in (0, 1)
    ]
    blocks = blocks_of(recordings)
    assert [block.steps[0].repeated for block in blocks] == [10, 100]
    assert [block.warm_up_requests for block in blocks] == [10, 0]
    assert blocks[0].steps[0].prompts == blocks[1].steps[0].prompts != ""


def test_what_was_not_recorded_is_unknown() -> None:
    step = summed(requests(due=None, prompt="", tokens_out=None, first_token=None))
    assert (step.lateness_p99, step.sent_share, step.prompts, step.repeated) == (None, None, "", None)
    assert (step.tokens_out, "ttft p95" in step.latencies, "latency p95" in step.latencies) == (None, False, True)


def test_a_quantile_is_interpolated() -> None:
    assert quantile([1.0, 2.0, 3.0, 4.0], 50) == 2.5
    assert quantile([1.0, 2.0, math.inf], 50) == 2.0
    assert quantile([1.0, 2.0, math.inf], 75) == math.inf
