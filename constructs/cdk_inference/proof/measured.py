"""The throughput of one instance of a type, measured by a comparison, for `cdk-inference choose --measured`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean

from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.core.unknown import Unknown
from cdk_inference.pricing.measured import Throughput
from cdk_inference.proof.block import Block
from cdk_inference.proof.candidate import HourlyPrice
from cdk_inference.proof.claim import THROUGHPUT, TOKEN_THROUGHPUT
from cdk_inference.proof.folder import read_folder
from cdk_inference.proof.recording import blocks_of
from cdk_inference.proof.report import Row, report


def measured_throughput(folder: Path) -> Mapping[str, Throughput]:
    """Returns instance type -> throughput of one instance, under the condition of the first claim.

    Of two candidates with the same type, the one that serves more requests counts.
    Raises ConfigurationError where the comparison was refused, or names no instance type.
    """
    results = read_folder(folder)
    found = report(results)
    refused = [reason for verdict in found.verdicts if verdict.word == "refused" for reason in verdict.reasons]
    rows = [row for row in found.rows if row.condition == found.rows[0].condition]
    typed = [row for row in rows if "instance_type" in row.candidate.facts]
    problems = [Problem("comparison", reason, "a comparison that is fair", "measure it again") for reason in refused]
    if not refused and not typed:
        fix = "name instance_type in the specification"
        problems.append(Problem("comparison", found.name, "a claim, and candidates with an instance type", fix))
    raise_problems(str(folder), *problems)
    blocks = blocks_of(results.recordings)
    measured = [(row.candidate.facts["instance_type"], _throughput(folder, row, blocks)) for row in typed]
    return dict(sorted(measured, key=lambda one: one[1].requests_per_second or 0))


def _throughput(folder: Path, row: Row, blocks: Sequence[Block]) -> Throughput:
    price, facts = row.candidate.price, row.candidate.facts
    instances = price.instances if isinstance(price, HourlyPrice) else int(facts.get("instances", "1"))
    requests, tokens = (row.metrics[name] for name in (THROUGHPUT, TOKEN_THROUGHPUT))
    interval = None if isinstance(requests, Unknown) else requests
    own = [step for block in blocks if block.candidate == row.candidate.name for step in block.steps]
    ran = ", ".join(facts[name] for name in ("model", "image") if name in facts)
    sure = "" if interval is None else f", interval at {interval.confidence * 100:g} %"
    return Throughput(
        requests_per_second=None if interval is None else interval.estimate / instances,
        tokens_per_second=None if isinstance(tokens, Unknown) else tokens.estimate / instances,
        requests_interval=None if interval is None else (interval.low / instances, interval.high / instances),
        prompt_tokens=_mean([step.tokens_in for step in own]),
        output_tokens=_mean([step.tokens_out for step in own]),
        region=facts.get("region"),
        what=f"{folder}, {row.candidate.name}{f' ({ran})' if ran else ''}, {row.condition}{sure}",
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known and len(known) == len(values) else None
