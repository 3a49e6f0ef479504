"""From blocks to the verdict, with sums that can be done by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.core.unknown import Unknown
from cdk_inference.proof.agreement import agreement
from cdk_inference.proof.candidate import Candidate, HourlyPrice, PricePerToken
from cdk_inference.proof.claim import Agreement, Claim
from cdk_inference.proof.condition import parse_condition
from cdk_inference.proof.looks import Looks
from cdk_inference.proof.verdict import judge
from tests.each import each
from tests.unit.proof.blocks import AT, block, candidates, claim, comparison, step

# Around 2, geometric mean exactly 2.
TWOFOLD = [2 * factor for factor in (1.04, 1 / 1.04, 1.02, 1 / 1.02, 1.05, 1 / 1.05, 1.03, 1 / 1.03, 1.01, 1 / 1.01)]


def test_the_throughput_is_where_the_latency_crosses_the_target() -> None:
    # 10 -> 20 requests/s raises the p95 from 50 to 200 ms: half way in logarithms is 100 ms at 10 * sqrt(2).
    crossing = replace(block("new", 0, 1), steps=(step(10, 0.05), step(20, 0.2)))
    assert crossing.value("throughput", parse_condition(AT), Unknown("")) == pytest.approx(10 * math.sqrt(2))


def test_failed_requests_are_no_throughput() -> None:
    steps = (step(10, 0.05, failed={"error": 20}), step(20, 0.2))
    crossing = replace(block("new", 0, 1), steps=steps)
    assert crossing.value("throughput", parse_condition(AT), Unknown("")) == pytest.approx(0.98 * 10 * math.sqrt(2))


def test_a_dip_in_the_ladder_is_levelled() -> None:
    # ln 150 and ln 66.7 ms average to ln 100 ms, the target, so the crossing is at the second of the two.
    steps = (step(10, 0.05), step(11, 0.15), step(12, 0.1**2 / 0.15), step(13, 0.4))
    crossing = replace(block("new", 0, 1), steps=steps)
    assert crossing.value("throughput", parse_condition(AT), Unknown("")) == pytest.approx(12, rel=1e-3)


def test_the_cost_is_the_prices_over_the_throughput() -> None:
    price = HourlyPrice(usd_per_hour=3.6, instances=2, date="2026-11-29", source="a contract")
    one, condition = block("new", 0, 10), parse_condition(AT)
    # $7.2 an hour is $0.002 a second; 10 requests a second of 20 tokens.
    assert one.value("cost per 1000 requests", condition, price) == pytest.approx(0.2)
    assert one.value("cost per million tokens", condition, price) == pytest.approx(10.0)


def test_the_cost_by_the_token_does_not_depend_on_the_throughput() -> None:
    price = PricePerToken(usd_per_million_input=1, usd_per_million_output=5, date="2026-11-29", source="a list")
    # 50 tokens in and 20 out: 150 millionths of a dollar a request.
    for throughput in (1, 100):
        one = block("new", 0, throughput)
        assert one.value("cost per 1000 requests", parse_condition(AT), price) == pytest.approx(0.15)


def test_half_the_cost_is_supported_refuted_or_undecided() -> None:
    blocks = comparison(TWOFOLD)
    words = {percent: judge(claim(percent), candidates(), blocks).word for percent in (40, 48, 49, 50, 60)}
    # The interval is 0.488 to 0.512.
    assert words == {40: "supported", 48: "supported", 49: "undecided", 50: "undecided", 60: "refuted"}


def test_the_interval_is_students() -> None:
    ratio = judge(claim(40), candidates(), comparison(TWOFOLD)).ratio
    assert ratio is not None
    assert ratio.estimate == pytest.approx(0.5)
    # sum of squares of ln 1.01 ... 1.05, twice each: 0.0105673; over 9 and 10, root: 0.0108358, times 2.262157.
    assert math.log(ratio.high / ratio.estimate) == pytest.approx(2.262157 * 0.0108358, rel=1e-4)


def test_prices_move_the_ratio_of_costs_and_not_of_throughput() -> None:
    blocks = comparison(TWOFOLD)
    ratio = judge(claim(20), candidates(new_usd=3), blocks).ratio
    assert ratio is not None
    assert ratio.estimate == pytest.approx(0.75)
    higher = Claim(metric="throughput", than="old", at=AT, source="x", at_least_percent_higher=90)
    assert judge(higher, candidates(new_usd=3), blocks).word == "supported"


def test_nothing_is_decided_between_looks() -> None:
    verdict = judge(claim(40), candidates(), comparison(TWOFOLD[:8]))
    assert (verdict.word, verdict.further) == ("undecided", 2)
    assert verdict.reasons == ("8 pairs so far; the first look was fixed at 10",)


def test_the_first_look_that_decides_stands() -> None:
    # Supported by the first six pairs; the four that follow would refute it.
    blocks = comparison([*TWOFOLD[:6], 0.5, 0.5, 0.5, 0.5])
    verdict = judge(claim(40), candidates(), blocks, Looks(pairs=(6, 10)))
    assert (verdict.word, verdict.pairs) == ("supported", 6)


def test_a_pair_with_one_block_is_not_counted() -> None:
    verdict = judge(claim(40), candidates(), [*comparison(TWOFOLD), block("old", 10, 10)])
    assert (verdict.word, verdict.pairs) == ("supported", 10)


@each(
    ("steps", "reason"),
    [
        (
            (step(10, 0.3), step(20, 0.5)),
            f"new, pair 3: {AT} is broken at the lowest rate, 10 requests/s; add lower rates",
        ),
        (
            (step(5, 0.03), step(6, 0.05)),
            f"new, pair 3: {AT} still holds at the highest rate, 6 requests/s; add higher rates",
        ),
        ((step(5, 0.03, goodput=0.0),), "new, pair 3: no request succeeded"),
    ],
)
def test_a_ladder_that_does_not_hold_the_target_is_refused(steps: tuple[object, ...], reason: str) -> None:
    blocks = [
        replace(one, steps=steps) if one.pair == 3 and one.candidate == "new" else one for one in comparison(TWOFOLD)
    ]
    verdict = judge(claim(40), candidates(), blocks)
    assert (verdict.word, verdict.ratio, verdict.reasons) == ("refused", None, (reason,))


def test_an_unknown_price_and_mixed_currencies_are_refused() -> None:
    unknown = {**candidates(), "new": Candidate(name="new", price=Unknown("no price of ml.x in us-east-1"))}
    verdict = judge(claim(40), unknown, comparison(TWOFOLD))
    assert (verdict.word, verdict.reasons) == ("refused", ("new, pair 0: no price of ml.x in us-east-1",))
    euro = HourlyPrice(usd_per_hour=2, instances=1, date="2026-11-29", source="a contract", currency="EUR")
    mixed = {**candidates(), "new": Candidate(name="new", price=euro)}
    verdict = judge(claim(40), mixed, comparison(TWOFOLD))
    assert verdict.reasons == ("prices in EUR and USD cannot be compared; write both in one currency",)


def test_the_same_answers_are_a_part_of_the_claim() -> None:
    wanted = claim(40, answers=Agreement(by="exact", at_least=0.8))
    prompts = {str(number): "same" for number in range(100)}
    agree = agreement("exact", prompts, prompts)
    differ = agreement("exact", prompts, {**prompts, **{str(number): "other" for number in range(60)}})
    words = [judge(wanted, candidates(), comparison(TWOFOLD), answers=one).word for one in (agree, differ, None)]
    assert words == ["supported", "refuted", "undecided"]


def test_what_was_not_measured_is_stated() -> None:
    verdict = judge(claim(40), candidates(), comparison(TWOFOLD))
    assert verdict.unmeasured[0] == "not measured: whether the answers are as good"
    assert "drift of one side by itself cannot be seen" in verdict.unmeasured[1]


def test_a_candidate_that_was_not_measured() -> None:
    with pytest.raises(ConfigurationError) as caught:
        judge(claim(40, than="older"), candidates(), comparison(TWOFOLD))
    assert "than: got 'older'; allowed: old, new; fix: name a candidate that was measured" in str(caught.value)


def test_every_problem_of_a_claim_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Claim(metric="price", than="", at="fast", source="x", at_least_percent_lower=100, at_least_percent_higher=1)
    assert [one.argument for one in caught.value.problems] == [
        "metric",
        "than",
        "at_least_percent_lower",
        "at_least_percent_lower",
        "at",
    ]
