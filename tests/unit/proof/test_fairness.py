"""What makes a comparison unfair: each kind is refused by its own finding, and a fair one by none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cdk_inference.proof.block import Block
from cdk_inference.proof.step import Step
from cdk_inference.proof.verdict import judge
from tests.each import each
from tests.unit.proof.blocks import candidates, claim, comparison
from tests.unit.proof.test_verdict import TWOFOLD


def _steps(**changes: object) -> Callable[[Block], Block]:
    return lambda one: replace(one, steps=tuple(replace(step, **changes) for step in one.steps))


def _of_new(change: Callable[[Block], Block]) -> list[Block]:
    return [change(one) if one.candidate == "new" else one for one in comparison(TWOFOLD)]


def test_a_fair_comparison_has_no_finding() -> None:
    verdict = judge(claim(40), candidates(), comparison(TWOFOLD))
    assert (verdict.word, verdict.findings) == ("supported", ())


@each(
    ("change", "reason"),
    [
        (_steps(prompts="other"), "new and old received different prompts in 10 pairs"),
        (
            _steps(repeated=800),
            "prompts were repeated for 80% of new and 0% of old: a prefix cache is warm on one side",
        ),
        (lambda one: replace(one, warm_up_requests=0), "new had 0 warm-up requests, old 200"),
        (_steps(retries=50), "the client retried 5.0% of the requests to new, 0.0% of old"),
        (_steps(tokens_out=25.0), "the answers of new have 1.25 times the tokens of old; fix their length"),
        (
            _steps(sent_share=0.9),
            "the client sent to new at 90% of the wanted rate in 20 of 20 steps: the client is saturated",
        ),
        (
            _steps(lateness_p99=0.02),
            "requests to new were sent late, by 20.0 ms at p99: more than 5% of the latency target",
        ),
        (_steps(failed={"throttled": 100}), "10% of the requests to new were throttled: this measures a quota"),
        (
            lambda one: replace(one, position=one.position + 100),
            "all blocks of old ran before the other's",
        ),
    ],
)
def test_what_is_unfair_is_refused(change: Callable[[Block], Block], reason: str) -> None:
    verdict = judge(claim(40), candidates(), _of_new(change))
    assert (verdict.word, verdict.reasons) == ("refused", (reason,))


def test_a_cold_block_is_refused() -> None:
    def cold(one: Block) -> Block:
        first = replace(one.steps[0], slow_head=0.5 + one.pair * 0.01)
        return replace(one, steps=(first, *one.steps[1:]))

    verdict = judge(claim(40), candidates(), _of_new(cold))
    assert verdict.reasons == ("each block of new begins 1.72 times as slowly as the other's: it is not warmed up",)


def test_a_ratio_that_drifts_is_refused() -> None:
    verdict = judge(claim(40), candidates(), comparison([2 * 1.1**pair for pair in range(10)]))
    assert verdict.reasons == ("the ratio itself drifts from pair to pair: one side changes by itself",)


@each(
    ("change", "notice"),
    [
        (
            _steps(lateness_p99=None),
            "the due times of the requests to new were not recorded: a late client cannot be seen",
        ),
        (_steps(prompts=""), "the prompts were not recorded: unequal prompts and warm caches cannot be seen"),
        (
            lambda one: replace(one, clock_jump_seconds=-3600.0),
            "the wall clock jumped by 3600.0 s during a block of new; durations are taken from the monotonic clock and "
            "stay right",
        ),
        (
            _steps(failed={"error": 10}),
            "1.0% of the requests to new and 0.0% of the requests to old failed, and count as not served",
        ),
    ],
)
def test_what_is_to_be_known_is_a_notice(change: Callable[[Block], Block], notice: str) -> None:
    verdict = judge(claim(40), candidates(), _of_new(change))
    assert (verdict.word, verdict.notices) == ("supported", (notice,))


def test_a_client_that_is_late_by_little_is_a_notice() -> None:
    wanted = claim(40, at="ttft p95 <= 150 ms")
    verdict = judge(wanted, candidates(), _of_new(_steps(lateness_p99=0.0051)))
    assert (verdict.word, verdict.notices) == (
        "supported",
        ("requests to new were sent late, by up to 5.1 ms at p99 of a step",),
    )


def test_a_drift_of_both_sides_is_a_notice() -> None:
    def slower(one: Block) -> Block:
        factor = 0.95**one.pair
        steps: tuple[Step, ...] = tuple(replace(step, rate=(step.rate or 0) * factor) for step in one.steps)
        return replace(one, steps=steps)

    verdict = judge(claim(40), candidates(), [slower(one) for one in comparison(TWOFOLD)])
    assert verdict.word == "supported"
    assert verdict.notices == ("both sides drift together; alternating blocks take that out of the ratio",)
