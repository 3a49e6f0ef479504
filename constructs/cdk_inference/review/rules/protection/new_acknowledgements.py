"""What validation plugins find and somebody now accepts."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.formatting import listed
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.reports import located, new_ones
from cdk_inference.review.rule import Rule


def check_all(deployments: DeploymentPair) -> Iterator[Hit]:
    """One for each reason: it is the reason that is reviewed."""
    by_reason: dict[str, list[tuple[str, str]]] = {}
    for finding in new_ones(*deployments.reports, acknowledged=True):
        by_reason.setdefault(finding.reason or "", []).append((finding.rule, finding.construct_path))
    for reason, places in by_reason.items():
        names = tuple(dict.fromkeys(rule for rule, _ in places))
        paths = tuple(dict.fromkeys(path for _, path in places))
        yield located(
            deployments,
            paths[0],
            f"{listed(names)} is acknowledged at {listed(paths)}",
            f"the reason: {reason or 'none'}",
            "read the reason; it is what later readers will rely on",
        )


RULE = Rule(
    id="new-acknowledgements",
    level="warning",
    title="A finding of a validation plugin that is newly acknowledged",
    why=(
        "From validation-report.json of both assemblies, one for each reason. What was acknowledged before, with "
        "whatever reason, is not a finding."
    ),
    source="https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html (read 2026-11-24)",
    check_all=check_all,
    any_type=True,
)
