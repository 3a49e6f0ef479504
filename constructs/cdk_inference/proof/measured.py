"""What a comparison says about the throughput of one instance of a type, for `cdk-inference choose --measured`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.core.unknown import Unknown
from cdk_inference.pricing.measured import Throughput
from cdk_inference.proof.candidate import HourlyPrice
from cdk_inference.proof.claim import THROUGHPUT, TOKEN_THROUGHPUT
from cdk_inference.proof.folder import read_folder
from cdk_inference.proof.report import Row, report


def measured_throughput(folder: Path) -> Mapping[str, Throughput]:
    """Returns instance type -> throughput of one instance, under the condition of the first claim.

    Raises ConfigurationError where the comparison was refused, or names no instance type.
    """
    found = report(read_folder(folder))
    refused = [reason for verdict in found.verdicts if verdict.word == "refused" for reason in verdict.reasons]
    rows = [row for row in found.rows if row.condition == found.rows[0].condition]
    typed = {row.candidate.facts["instance_type"]: row for row in rows if "instance_type" in row.candidate.facts}
    problems = [Problem("comparison", reason, "a comparison that is fair", "measure it again") for reason in refused]
    if not refused and not typed:
        fix = "name instance_type in the specification"
        problems.append(Problem("comparison", found.name, "a claim, and candidates with an instance type", fix))
    raise_problems(str(folder), *problems)
    return {name: _throughput(row) for name, row in typed.items()}


def _throughput(row: Row) -> Throughput:
    price = row.candidate.price
    instances = price.instances if isinstance(price, HourlyPrice) else int(row.candidate.facts.get("instances", "1"))
    requests, tokens = (row.metrics[name] for name in (THROUGHPUT, TOKEN_THROUGHPUT))
    return Throughput(
        requests_per_second=None if isinstance(requests, Unknown) else requests.estimate / instances,
        tokens_per_second=None if isinstance(tokens, Unknown) else tokens.estimate / instances,
    )
