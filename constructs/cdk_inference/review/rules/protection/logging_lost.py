"""Logs, captured requests and what evaluates them that end."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.protections.logging import LOGGING, LOGS_GONE
from cdk_inference.review.protections.protection import loosened
from cdk_inference.review.protections.removals import removed_protectors
from cdk_inference.review.rule import Rule

_SAFE = "keep it; if it costs too much, lower the captured share in a separate change"


def check(deployments: DeploymentPair) -> Iterator[Hit]:
    """Of what is on both sides, and of what is taken away while the rest stays."""
    for pair in deployments.stacks:
        for loss in loosened(pair, LOGGING):
            yield loss.pair.hit(loss.what, loss.means, _SAFE)
    for removed in removed_protectors(deployments, LOGS_GONE):
        yield removed.pair.hit("it is removed, but the resource that it was for remains", removed.row.lost, _SAFE)


RULE = Rule(
    id="logging-lost",
    level="warning",
    title="Logs or data capture that end",
    why=(
        "Data capture, access logs, flow logs, trails, metric filters and monitoring schedules that are disabled, "
        "removed or sampled less, while the resource that they record remains. Another destination is not a finding. "
        "Logs that expire sooner: retention-shortened."
    ),
    source="https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture.html (read 2026-11-24)",
    check_all=check,
)
