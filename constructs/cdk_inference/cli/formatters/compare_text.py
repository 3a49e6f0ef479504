"""The words of a comparison, the same in every format."""

from __future__ import annotations

import math

from cdk_inference.cli.formatters.base import clean
from cdk_inference.core.unknown import Unknown
from cdk_inference.proof.agreement import Agreed
from cdk_inference.proof.candidate import Candidate, HourlyPrice, PricePerToken
from cdk_inference.proof.claim import COSTS, THROUGHPUT, TOKEN_THROUGHPUT
from cdk_inference.proof.interval import Interval
from cdk_inference.proof.report import Report, Row
from cdk_inference.proof.verdict import Verdict

UNITS = {THROUGHPUT: "requests/s", TOKEN_THROUGHPUT: "tokens/s"}


def digits(value: float) -> str:
    """Three significant digits, without an exponent for numbers that people read."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{places}f}"


def interval(found: Interval | Unknown, metric: str = "") -> str:
    """An estimate with its interval and unit."""
    if isinstance(found, Unknown):
        return "unknown"
    factor, unit, sign = 1.0, UNITS.get(metric, ""), ""
    if metric in COSTS:
        sign = "$"
    elif metric.startswith(("ttft", "latency")):
        factor, unit = 1000.0, "ms"
    low, middle, high = (sign + digits(value * factor) for value in (found.low, found.estimate, found.high))
    return f"{middle}{' ' + unit if unit else ''} [{low} to {high}]"


def verdict_lines(verdict: Verdict) -> list[str]:
    """A verdict in sentences: what, how sure, why, what else."""
    lines = [f"{verdict.word.upper()}: {verdict.claim}"]
    if verdict.ratio is not None:
        ratio = verdict.ratio
        lines.append(
            f"ratio {ratio.estimate:.3f}, {ratio.confidence:.1%} interval {ratio.low:.3f} to {ratio.high:.3f}, "
            f"{verdict.pairs} pairs of blocks; the claim's edge is {verdict.claim.limit:.3f}"
        )
    lines += verdict.reasons
    if verdict.word == "undecided":
        if verdict.further is not None:
            lines.append(f"about {verdict.further} more pairs would likely decide it")
        elif verdict.ratio is not None:
            lines.append("more than 1000 pairs would be needed to decide it")
    if isinstance(verdict.answers, Agreed):
        found = verdict.answers
        lines.append(f"answers: agreement {found.interval} ({found.by}) over {found.prompts} prompts")
    elif isinstance(verdict.answers, Unknown):
        lines.append(f"answers: {verdict.answers.reason}")
    lines.append(f"claimed by: {verdict.claim.source}")
    return [clean(line) for line in lines]


def price(candidate: Candidate) -> str:
    """The price with its day and source."""
    found = candidate.price
    if isinstance(found, HourlyPrice):
        return clean(
            f"{found.currency} {found.usd_per_hour:g} an hour, {found.instances} running ({found.date}, {found.source})"
        )
    if isinstance(found, PricePerToken):
        tokens = f"{found.usd_per_million_input:g} in and {found.usd_per_million_output:g} out per million tokens"
        return clean(f"{found.currency} {tokens} ({found.date}, {found.source})")
    return clean(f"unknown: {found.reason}")


def facts(candidate: Candidate) -> str:
    """What ran."""
    return clean(", ".join(f"{name} {value}" for name, value in candidate.facts.items()))


def row_title(row: Row) -> str:
    """A candidate at a condition."""
    return f"{row.candidate.name} at {row.condition}"


def failures(row: Row) -> str:
    """Failed requests by kind."""
    return ", ".join(f"{count} {status}" for status, count in sorted(row.failed.items())) or "none"


def traffic(row: Row) -> str | None:
    """The cost at the user's own traffic."""
    if row.traffic is None:
        return None
    if isinstance(row.traffic, Unknown):
        return f"at your traffic: {row.traffic.reason}"
    cost = row.traffic
    return (
        f"at your traffic: ${digits(cost.usd_per_month)} a month, "
        f"${digits(cost.usd_per_1000_requests)} per 1000 requests, "
        f"{cost.average_instances:.3g} instances on average, at least one"
    )


def findings(found: Report) -> list[str]:
    """Notices of every verdict, and blocks that were left out."""
    lines = list(dict.fromkeys(clean(text) for verdict in found.verdicts for text in verdict.notices))
    if found.interrupted:
        lines.append(f"{found.interrupted} interrupted blocks are kept and not counted")
    return lines


def unmeasured(found: Report) -> list[str]:
    """What the verdicts say nothing about."""
    return list(dict.fromkeys(text for verdict in found.verdicts for text in verdict.unmeasured))
