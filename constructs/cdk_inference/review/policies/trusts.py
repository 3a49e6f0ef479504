"""Who may assume a role."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.pair import DeploymentPair, ResourcePair
from cdk_inference.review.policies.naming import names, sides
from cdk_inference.review.policies.statement import Document, document


def trusts(deployments: DeploymentPair) -> Iterator[tuple[ResourcePair, Document | None, Document]]:
    """(role, its trust policy before, and after); None for a role that is new."""
    was, becomes = names(deployments, "before"), names(deployments, "after")
    for pair, side in sides(deployments, "after", "AWS::IAM::Role"):
        after = document(becomes.value(side, "AssumeRolePolicyDocument"), pair)
        known = pair.before is not None and pair.before.resource.type == pair.type
        old = document(was.value(pair.before, "AssumeRolePolicyDocument"), pair) if known and pair.before else None
        yield pair, old, after
