"""Whether a comparison is fair: from recorded facts where these decide, from tests otherwise.

A finding refuses the comparison or is a notice. Facts have no false alarms; each of the two tests that refuse has 1 %.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from cdk_inference.proof.block import Block, Load
from cdk_inference.proof.condition import Condition, LatencyTarget
from cdk_inference.proof.interval import differs_from_zero, slope_p_value
from cdk_inference.proof.step import Step

TEST_ALPHA = 0.01
SENT_SHARE_MIN = 0.98
LATENESS_NOTICE_SECONDS = 0.005
LATENESS_OF_TARGET = 0.05
THROTTLED_MAX = 0.05  # share of the requests of a step that the result rests on
FAILED_DIFFERENCE = 0.05
REPEATED_DIFFERENCE = 0.01
RETRIES_DIFFERENCE = 0.01
LENGTH_DIFFERENCE = 0.05
CLOCK_JUMP_SECONDS = 0.1
# Below these a difference does not matter, however certain it is.
SLOW_HEAD_MIN = math.log(1.05)
DRIFT_MIN = math.log(1.01)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A reason to refuse the comparison, or a remark about it."""

    name: str
    refuses: bool
    text: str


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two blocks next to each other in time: of the candidate that a claim is about, and of the baseline."""

    candidate: Block
    baseline: Block

    @property
    def sides(self) -> tuple[Block, Block]:
        """Both."""
        return self.candidate, self.baseline


def fairness(pairs: Sequence[Pair], condition: Condition, log_ratios: Sequence[float]) -> list[Finding]:
    """Returns every finding about `pairs`, whose `log_ratios` are those of the claim's metric."""
    names = (pairs[0].candidate.candidate, pairs[0].baseline.candidate)
    found: list[Finding] = []
    for check in (_order, _prompts, _repeats, _warm_up, _retries, _lengths, _slow_head):
        found += check(pairs, names)
    for side, name in enumerate(names):
        blocks = [pair.sides[side] for pair in pairs]
        found += _client(blocks, name, condition)
        found += _throttled(blocks, name, condition)
        found += _clock(blocks, name)
    found += _failures(pairs, names)
    found += _drift(pairs, condition, log_ratios)
    return found


Check = Callable[[Sequence[Pair], tuple[str, str]], list[Finding]]


def _refused(name: str, text: str) -> list[Finding]:
    return [Finding(name=name, refuses=True, text=text)]


def _notice(name: str, text: str) -> list[Finding]:
    return [Finding(name=name, refuses=False, text=text)]


def _order(pairs: Sequence[Pair], names: tuple[str, str]) -> list[Finding]:
    apart = [pair for pair in pairs if pair.candidate.position == pair.baseline.position]
    if apart:
        return _notice("order", "the order of the blocks in time is unknown")
    first = sum(pair.candidate.position < pair.baseline.position for pair in pairs)
    before = max(pair.candidate.position for pair in pairs) < min(pair.baseline.position for pair in pairs)
    after = min(pair.candidate.position for pair in pairs) > max(pair.baseline.position for pair in pairs)
    if len(pairs) > 1 and (before or after):
        return _refused("order", f"all blocks of {names[0] if before else names[1]} ran before the other's")
    if abs(2 * first - len(pairs)) > max(1, len(pairs) // 3):
        leader = names[0] if 2 * first > len(pairs) else names[1]
        text = f"{leader} ran first in most pairs: a drift of the environment biases the ratio by a few percent"
        return _notice("order", text)
    return []


def _prompts(pairs: Sequence[Pair], names: tuple[str, str]) -> list[Finding]:
    digests = [[{step.prompts for step in block.steps} for block in pair.sides] for pair in pairs]
    if any("" in side for pair in digests for side in pair):
        return _notice("prompts", "the prompts were not recorded: unequal prompts and warm caches cannot be seen")
    # A ladder that ends where the target breaks has more steps on the faster side: the common steps must be equal.
    unequal = 0
    for pair in pairs:
        first, second = ([step.prompts for step in block.steps] for block in pair.sides)
        unequal += any(one != other for one, other in zip(first, second, strict=False))
    if unequal:
        return _refused("prompts", f"{names[0]} and {names[1]} received different prompts in {unequal} pairs")
    return []


def _repeats(pairs: Sequence[Pair], names: tuple[str, str]) -> list[Finding]:
    shares = []
    for side in (0, 1):
        steps = [step for pair in pairs for step in pair.sides[side].steps]
        if any(step.repeated is None for step in steps):
            return []
        shares.append(_share(steps, lambda step: step.repeated or 0))
    texts = " and ".join(f"{share:.0%} of {name}" for share, name in zip(shares, names, strict=True))
    if abs(shares[0] - shares[1]) > REPEATED_DIFFERENCE:
        return _refused("cache", f"prompts were repeated for {texts}: a prefix cache is warm on one side")
    if max(shares) > REPEATED_DIFFERENCE:
        return _notice("cache", f"prompts were repeated for {texts}: with a prefix cache this is the warm case")
    return []


def _warm_up(pairs: Sequence[Pair], names: tuple[str, str]) -> list[Finding]:
    counts = [[pair.sides[side].warm_up_requests for pair in pairs] for side in (0, 1)]
    if any(count is None for side in counts for count in side):
        return _notice("warm-up", "whether the candidates were warmed up was not recorded")
    totals = [sum(count or 0 for count in side) for side in counts]
    if counts[0] != counts[1]:
        return _refused("warm-up", f"{names[0]} had {totals[0]} warm-up requests, {names[1]} {totals[1]}")
    return []


def _retries(pairs: Sequence[Pair], names: tuple[str, str]) -> list[Finding]:
    shares = [
        _share([step for pair in pairs for step in pair.sides[side].steps], lambda s: s.retries) for side in (0, 1)
    ]
    if abs(shares[0] - shares[1]) > RETRIES_DIFFERENCE:
        text = f"the client retried {shares[0]:.1%} of the requests to {names[0]}, {shares[1]:.1%} of {names[1]}"
        return _refused("retries", text)
    return []


def _lengths(pairs: Sequence[Pair], names: tuple[str, str]) -> list[Finding]:
    found = []
    for what, read in (("answers", _tokens_out), ("prompts", _tokens_in)):
        differences = []
        for pair in pairs:
            means = [read(block) for block in pair.sides]
            if means[0] and means[1]:
                differences.append(math.log(means[0] / means[1]))
        if len(differences) < len(pairs) or not differences:
            continue
        ratio = math.exp(fmean(differences))
        apart = abs(fmean(differences)) > math.log1p(LENGTH_DIFFERENCE)
        if apart and (len(differences) < 2 or differs_from_zero(differences, TEST_ALPHA)):
            text = f"the {what} of {names[0]} have {ratio:.2f} times the tokens of {names[1]}; fix their length"
            found += _refused("lengths", text)
    return found


def _tokens_out(block: Block) -> float | None:
    return _mean([step.tokens_out for step in block.steps])


def _tokens_in(block: Block) -> float | None:
    return _mean([step.tokens_in for step in block.steps])


def _slow_head(pairs: Sequence[Pair], names: tuple[str, str]) -> list[Finding]:
    """The first requests of the first step (a cold block), and of the steps of the lower half (each step is cold).

    Near the target a queue builds up over the whole step, on each side in its own way, so the upper half is left out.
    """
    alpha = TEST_ALPHA / 2
    lower = [max(1, min(len(block.steps) for block in pair.sides) // 2) for pair in pairs]
    for where, counts in (("block", [1] * len(pairs)), ("step", lower)):
        differences = []
        for pair, count in zip(pairs, counts, strict=True):
            heads = [_mean([step.slow_head for step in block.steps[:count]]) for block in pair.sides]
            if heads[0] is not None and heads[1] is not None:
                differences.append(heads[0] - heads[1])
        certain = len(differences) >= 3 and differs_from_zero(differences, alpha)
        if certain and abs(fmean(differences)) > SLOW_HEAD_MIN:
            factor = math.exp(abs(fmean(differences)))
            slow = names[0] if fmean(differences) > 0 else names[1]
            text = f"each {where} of {slow} begins {factor:.2f} times as slowly as the other's: it is not warmed up"
            return _refused("warm-up", text)
    return []


def _client(blocks: Sequence[Block], name: str, condition: Condition) -> list[Finding]:
    steps = [step for block in blocks for step in _used(block, condition)]
    slow = [step.sent_share for step in steps if step.sent_share is not None and step.sent_share < SENT_SHARE_MIN]
    if slow:
        text = f"the client sent to {name} at {min(slow):.0%} of the wanted rate in {len(slow)} of {len(steps)} steps"
        return _refused("client", f"{text}: the client is saturated")
    late = [step.lateness_p99 for step in steps if step.lateness_p99 is not None]
    if not late:
        open_loop = any(step.rate is not None for step in steps)
        text = f"the due times of the requests to {name} were not recorded: a late client cannot be seen"
        return _notice("client", text) if open_loop else []
    # One pause of the machine is not a late client: the mean of the steps refuses, the worst step is a notice.
    mean, worst = fmean(late), max(late)
    target = condition.seconds if isinstance(condition, LatencyTarget) else None
    if target is not None and mean > max(LATENESS_OF_TARGET * target, LATENESS_NOTICE_SECONDS):
        text = f"requests to {name} were sent late, by {mean * 1000:.1f} ms at p99: more than "
        return _refused("client", f"{text}{LATENESS_OF_TARGET:.0%} of the latency target")
    if worst > LATENESS_NOTICE_SECONDS:
        return _notice("client", f"requests to {name} were sent late, by up to {worst * 1000:.1f} ms at p99 of a step")
    return []


def _throttled(blocks: Sequence[Block], name: str, condition: Condition) -> list[Finding]:
    shares = [step.failed_share("throttled") for block in blocks for step in _used(block, condition)]
    if shares and fmean(shares) > THROTTLED_MAX:
        text = f"{fmean(shares):.0%} of the requests to {name} were throttled: this measures a quota"
        return _refused("throttled", text)
    return []


def _failures(pairs: Sequence[Pair], names: tuple[str, str]) -> list[Finding]:
    shares = []
    for side in (0, 1):
        steps = [step for pair in pairs for step in pair.sides[side].steps]
        shares.append(_share(steps, lambda step: sum(step.failed.values())))
    texts = " and ".join(f"{share:.1%} of the requests to {name}" for share, name in zip(shares, names, strict=True))
    if max(shares) == 0:
        return []
    unequal = "; the difference is part of the result" if abs(shares[0] - shares[1]) > FAILED_DIFFERENCE else ""
    return _notice("failures", f"{texts} failed, and count as not served{unequal}")


def _clock(blocks: Sequence[Block], name: str) -> list[Finding]:
    jumps = [abs(block.clock_jump_seconds) for block in blocks if block.clock_jump_seconds is not None]
    if jumps and max(jumps) > CLOCK_JUMP_SECONDS:
        text = f"the wall clock jumped by {max(jumps):.1f} s during a block of {name}"
        return _notice("clock", f"{text}; durations are taken from the monotonic clock and stay right")
    return []


def _drift(pairs: Sequence[Pair], condition: Condition, log_ratios: Sequence[float]) -> list[Finding]:
    if _drifts(log_ratios):
        return _refused("drift", "the ratio itself drifts from pair to pair: one side changes by itself")
    loads = [[block.load(condition) for block in pair.sides] for pair in pairs]
    levels = [
        fmean(math.log(load.requests_per_second) for load in pair if isinstance(load, Load))
        for pair in loads
        if all(isinstance(load, Load) for load in pair)
    ]
    if len(levels) == len(pairs) and _drifts(levels):
        return _notice("drift", "both sides drift together; alternating blocks take that out of the ratio")
    return []


def _drifts(values: Sequence[float]) -> bool:
    half = len(values) // 2
    if not half or abs(fmean(values[-half:]) - fmean(values[:half])) <= DRIFT_MIN:
        return False
    return slope_p_value(values) < TEST_ALPHA


def _used(block: Block, condition: Condition) -> Sequence[Step]:
    """The steps that the result rests on: up to the one that breaks the target, or the one at the condition."""
    load = block.load(condition)
    if not isinstance(load, Load):
        return block.steps
    if not isinstance(condition, LatencyTarget):
        return [load.step]
    return [step for step in block.steps if step.rate is not None and step.rate <= (load.step.rate or 0)]


def _share(steps: Sequence[Step], count: Callable[[Step], int]) -> float:
    requests = sum(step.requests for step in steps)
    return sum(map(count, steps)) / requests if requests else 0.0


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known and len(known) == len(values) else None
