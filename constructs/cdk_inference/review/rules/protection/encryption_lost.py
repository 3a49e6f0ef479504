"""Encryption, or a key of one's own, that is given up."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.protections.encryption import ENCRYPTION
from cdk_inference.review.protections.protection import loosened
from cdk_inference.review.rule import Rule

_SAFE = "keep the key; to change it, name the new one in the same property"


def check(deployments: DeploymentPair) -> Iterator[Hit]:
    """Of what is on both sides."""
    for pair in deployments.stacks:
        for loss in loosened(pair, ENCRYPTION):
            yield loss.pair.hit(loss.what, loss.means, _SAFE)


RULE = Rule(
    id="encryption-lost",
    level="error",
    title="Encryption that is removed",
    why=(
        "A customer-managed key that is removed, encryption at rest or TLS that is disabled, key rotation that ends or "
        "is slower. "
        "Another key in its place is not a finding; the tables are in review/protections/encryption.py."
    ),
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html (read 2026-11-24)",
    check_all=check,
)
