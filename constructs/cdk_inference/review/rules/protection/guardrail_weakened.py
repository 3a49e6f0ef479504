"""Filters of a Bedrock guardrail that stop less."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.protections.guardrail import GUARDRAIL
from cdk_inference.review.protections.protection import loosened
from cdk_inference.review.rule import Rule

_SAFE = "keep it, and first try the weaker setting in a separate guardrail"


def check(deployments: DeploymentPair) -> Iterator[Hit]:
    """Of what is on both sides."""
    for pair in deployments.stacks:
        for loss in loosened(pair, GUARDRAIL):
            yield loss.pair.hit(loss.what, loss.means, _SAFE)


RULE = Rule(
    id="guardrail-weakened",
    level="error",
    title="A guardrail that blocks less",
    why=(
        "Filters, topics, words, entities that are gone, strengths, thresholds and tiers that are lower, images that "
        "are no longer checked, actions that no longer block. A filter that is stricter, new or only described "
        "differently is not a finding. Callers that name a version see it with the next version."
    ),
    source="https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-components.html (read 2026-11-24)",
    check_all=check,
)
