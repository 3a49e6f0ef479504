"""Whether two candidates give the same answers: equal texts, cosine similarity, or a score of the user's own."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from cdk_inference.core.unknown import Unknown
from cdk_inference.proof.claim import Agreement
from cdk_inference.proof.interval import Interval, mean_interval, share_interval
from cdk_inference.proof.request import Request

CONFIDENCE = 0.95
# A mean over very few prompts has no interval worth the name.
PROMPTS_MIN = 10

# (prompt hash, answer of the candidate, answer of the baseline) -> score.
Scorer = Callable[[list[tuple[str, str, str]]], list[float]]


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """How much the answers to `prompts` prompts agreed, `by` which measure."""

    by: str
    prompts: int
    interval: Interval


def answers_by_prompt(requests: Iterable[Request]) -> dict[str, str]:
    """Returns the first answer to each prompt; a prompt that is repeated counts once."""
    found: dict[str, str] = {}
    for one in requests:
        if one.status == "ok" and one.prompt and one.answer:
            found.setdefault(one.prompt, one.answer)
    return found


def agreement(
    by: str, candidate: Mapping[str, str], baseline: Mapping[str, str], scorer: Scorer | None = None
) -> Agreed | Unknown:
    """Returns how much the answers agree, over the prompts that both answered, or why that is not known."""
    common = [(prompt, candidate[prompt], baseline[prompt]) for prompt in candidate if prompt in baseline]
    if len(common) < PROMPTS_MIN:
        return Unknown(f"answers to {len(common)} common prompts were kept; {PROMPTS_MIN} are needed")
    if by == "exact":
        hits = sum(first == second for _, first, second in common)
        return Agreed(by=by, prompts=len(common), interval=share_interval(hits, len(common), CONFIDENCE))
    if by == "cosine":
        found = [_cosine(first, second) for _, first, second in common]
        scores = [score for score in found if score is not None]
        if len(scores) < len(found):
            return Unknown("an answer is not a JSON list of numbers, which cosine similarity needs")
    elif scorer is None:
        return Unknown("no scorer was given")
    else:
        scores = scorer(common)
    interval = mean_interval(scores, CONFIDENCE)
    if interval is None:
        return Unknown("fewer than two scores")
    return Agreed(by=by, prompts=len(common), interval=interval)


def holds(agreed: Agreed | Unknown, wanted: Agreement) -> bool | Unknown:
    """Returns whether the limit of a claim is kept, by the interval; Unknown where the interval holds the limit."""
    if isinstance(agreed, Unknown):
        return agreed
    if agreed.interval.low >= wanted.at_least:
        return True
    if agreed.interval.high < wanted.at_least:
        return False
    return Unknown(f"the agreement, {agreed.interval}, may lie on either side of {wanted.at_least:g}")


def _cosine(first: str, second: str) -> float | None:
    try:
        one, other = (json.loads(text) for text in (first, second))
        if len(one) != len(other):
            return None
        product = math.fsum(a * b for a, b in zip(one, other, strict=True))
        lengths = math.sqrt(math.fsum(a * a for a in one) * math.fsum(b * b for b in other))
    except (ValueError, TypeError):
        return None
    return product / lengths if lengths > 0 else None
