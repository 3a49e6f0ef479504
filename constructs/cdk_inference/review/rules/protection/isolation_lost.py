"""Models, functions and notebooks that leave their VPC or may call out."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.protections.isolation import ISOLATION, PATHS, PATHS_GONE
from cdk_inference.review.protections.protection import loosened
from cdk_inference.review.protections.removals import removed_protectors
from cdk_inference.review.rule import Rule

_SAFE = "keep it, and add VPC endpoints for the services that are needed"


def check(deployments: DeploymentPair) -> Iterator[Hit]:
    """Of what is on both sides."""
    for pair in deployments.stacks:
        for loss in loosened(pair, ISOLATION):
            yield loss.pair.hit(loss.what, loss.means, _SAFE)
        for loss in loosened(pair, PATHS):
            yield loss.pair.hit(loss.what, loss.means, _SAFE, "warning")
    for removed in removed_protectors(deployments, PATHS_GONE):
        yield removed.pair.hit("it is removed, but its network remains", removed.row.lost, _SAFE, "warning")


RULE = Rule(
    id="isolation-lost",
    level="error",
    title="Isolation that is removed",
    why=(
        "Network isolation that is disabled, a VPC that is removed. VPC endpoints that are removed or lose their names "
        "or route tables are a warning. Other subnets and security groups are not findings."
    ),
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html (read 2026-11-24)",
    check_all=check,
)
