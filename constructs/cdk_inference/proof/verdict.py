"""The verdict on a claim: supported, refuted or undecided; or refused, where the comparison is not fair."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.core.unknown import Unknown
from cdk_inference.proof.agreement import Agreed, holds
from cdk_inference.proof.block import Block
from cdk_inference.proof.candidate import Candidate
from cdk_inference.proof.claim import COSTS, Claim
from cdk_inference.proof.fairness import Finding, Pair, fairness
from cdk_inference.proof.interval import Interval, further_pairs, geometric_interval
from cdk_inference.proof.looks import Looks

Word = Literal["supported", "refuted", "undecided", "refused"]
# True of every comparison of this kind, so it stands beside every verdict.
ASSUMPTIONS = (
    "a drift of one side by itself cannot be seen in 10 to 20 pairs: one of 30 % was found in 3 to 33 % of simulations",
    "blocks are taken as independent: run them over hours or days, not minutes, where a side may wander",
    "not measured: power, other shapes of requests, other regions, other days",
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The verdict.

    Args:
        word: "refused": the comparison is not fair, or a number that the claim needs does not exist.
        pairs: Pairs that the verdict rests on.
        ratio: Candidate over baseline of the claim's metric, with its interval; None where it does not exist.
        further: Further pairs that would likely decide (80 %); None: not estimated, or more than 1000.
        reasons: Why it is refused or undecided.
        findings: Every finding about fairness, notices included.
        answers: How much answers agreed, where the claim names a limit or a measure was taken.
        unmeasured: What the verdict says nothing about.
    """

    claim: Claim
    word: Word
    pairs: int
    ratio: Interval | None = None
    further: int | None = None
    reasons: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    answers: Agreed | Unknown | None = None
    unmeasured: tuple[str, ...] = ASSUMPTIONS

    @property
    def notices(self) -> tuple[str, ...]:
        """Findings that do not refuse."""
        return tuple(one.text for one in self.findings if not one.refuses)


def judge(
    claim: Claim,
    candidates: Mapping[str, Candidate],
    blocks: Sequence[Block],
    looks: Looks | None = None,
    answers: Agreed | Unknown | None = None,
) -> Verdict:
    """Returns the verdict on `claim` at the looks that were fixed beforehand. The first look that decides stands.

    Raises ConfigurationError where the claim names a candidate that was not measured.
    """
    looks = looks or Looks()
    about, than = _names(claim, candidates)
    pairs = pair_up(blocks, about, than)
    unmeasured = ASSUMPTIONS if answers is not None else ("not measured: whether the answers are as good", *ASSUMPTIONS)
    reached = looks.reached(len(pairs))
    verdict = None
    for count in reached or (len(pairs),):
        verdict = _look(claim, (candidates[about], candidates[than]), pairs[:count], looks, answers, unmeasured)
        if verdict.word in ("supported", "refuted") and reached:
            return verdict
    assert verdict is not None
    if verdict.word == "refused" or reached:
        return verdict
    why = f"{len(pairs)} pairs so far; the first look was fixed at {looks.pairs[0]}"
    further = looks.pairs[0] - len(pairs)
    return Verdict(
        claim=claim,
        word="undecided",
        pairs=len(pairs),
        ratio=verdict.ratio,
        further=further,
        reasons=(why,),
        findings=verdict.findings,
        answers=answers,
        unmeasured=unmeasured,
    )


def pair_up(blocks: Sequence[Block], about: str, than: str) -> list[Pair]:
    """Returns the complete pairs of two candidates, in the order of time."""
    found: dict[int, dict[str, Block]] = {}
    for block in blocks:
        found.setdefault(block.pair, {})[block.candidate] = block
    complete = [pair for _, pair in sorted(found.items()) if about in pair and than in pair]
    return [Pair(candidate=pair[about], baseline=pair[than]) for pair in complete]


def _names(claim: Claim, candidates: Mapping[str, Candidate]) -> tuple[str, str]:
    others = [name for name in candidates if name != claim.than]
    about = claim.candidate or (others[0] if len(others) == 1 else "")
    listed = ", ".join(candidates)
    problems = []
    if claim.than not in candidates:
        problems.append(Problem("than", claim.than, listed, "name a candidate that was measured"))
    if about not in others:
        problems.append(Problem("candidate", claim.candidate, ", ".join(others), "name the candidate of the claim"))
    raise_problems("claim", *problems)
    return about, claim.than


def _look(
    claim: Claim,
    sides: tuple[Candidate, Candidate],
    pairs: Sequence[Pair],
    looks: Looks,
    answers: Agreed | Unknown | None,
    unmeasured: tuple[str, ...],
) -> Verdict:
    def verdict(
        word: Word,
        *reasons: str,
        ratio: Interval | None = None,
        further: int | None = None,
        findings: Sequence[Finding] = (),
    ) -> Verdict:
        return Verdict(
            claim=claim,
            word=word,
            pairs=len(pairs),
            ratio=ratio,
            further=further,
            reasons=reasons,
            findings=tuple(findings),
            answers=answers,
            unmeasured=unmeasured,
        )

    if not pairs:
        return verdict("undecided", "no complete pair of blocks")
    if (mixed := _currencies(claim, sides)) is not None:
        return verdict("refused", mixed)
    ratios: list[float] = []
    for pair in pairs:
        values = [
            block.value(claim.metric, claim.condition, side.price)
            for block, side in zip(pair.sides, sides, strict=True)
        ]
        for side, block, value in zip(sides, pair.sides, values, strict=True):
            if isinstance(value, Unknown):
                findings = fairness(pairs, claim.condition, [])
                refusing = [one.text for one in findings if one.refuses]
                reason = f"{side.name}, pair {block.pair}: {value.reason}"
                return verdict("refused", reason, *refusing, findings=findings)
        first, second = (value for value in values if not isinstance(value, Unknown))
        ratios.append(first / second)
    logarithms = [math.log(ratio) for ratio in ratios]
    findings = fairness(pairs, claim.condition, logarithms)
    ratio = geometric_interval(ratios, 1 - looks.alpha)
    if refusing := [one.text for one in findings if one.refuses]:
        return verdict("refused", *refusing, ratio=ratio, findings=findings)
    if ratio is None:
        return verdict("undecided", "one pair has no interval", findings=findings)
    word, reasons = _word(claim, ratio, answers)
    further = None
    if word == "undecided":
        further = further_pairs(logarithms, math.log(claim.limit), looks.alpha)
    return verdict(word, *reasons, ratio=ratio, further=further, findings=findings)


def _word(claim: Claim, ratio: Interval, answers: Agreed | Unknown | None) -> tuple[Word, list[str]]:
    lower = claim.at_least_percent_lower is not None
    holds_up = ratio.high <= claim.limit if lower else ratio.low >= claim.limit
    fails = ratio.low > claim.limit if lower else ratio.high < claim.limit
    if fails:
        return "refuted", []
    if claim.answers is not None:
        agreed = holds(answers if answers is not None else Unknown("answers were not compared"), claim.answers)
        if agreed is False:
            return "refuted", [f"the answers agree less than {claim.answers.at_least:g} ({claim.answers.by})"]
        if isinstance(agreed, Unknown):
            return "undecided", [agreed.reason]
    if holds_up:
        return "supported", []
    return "undecided", [f"the interval of the ratio, {ratio}, holds the claim's edge, {claim.limit:g}"]


def _currencies(claim: Claim, sides: tuple[Candidate, Candidate]) -> str | None:
    prices = [side.price for side in sides if not isinstance(side.price, Unknown)]
    currencies = sorted({price.currency for price in prices})
    if claim.metric in COSTS and len(currencies) > 1:
        return f"prices in {' and '.join(currencies)} cannot be compared; write both in one currency"
    return None
