"""Checks of who calls that are switched off."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.protections.access import ACCESS, NOBODY_ASKED
from cdk_inference.review.protections.protection import loosened
from cdk_inference.review.rule import Rule

_SAFE = "keep the check, and allow the callers that need access by name"


def check(deployments: DeploymentPair) -> Iterator[Hit]:
    """Of what is on both sides."""
    for pair in deployments.stacks:
        for loss in loosened(pair, ACCESS):
            yield loss.pair.hit(loss.what, loss.means, _SAFE)
        for url in pair.of("AWS::Lambda::Url"):
            if url.added and url.after is not None and url.after.get("AuthType") == "NONE":
                yield url.hit("it is new and accepts requests without authorization", NOBODY_ASKED, _SAFE)


RULE = Rule(
    id="access-opened",
    level="error",
    title="An access check that is removed",
    why=(
        "Covers public access blocks, authorization of function URLs, methods and routes, IMDSv2 and multi-factor "
        "authentication. A resource that never had a check is not reported, except a new function URL without "
        "authorization."
    ),
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html "
    "(read 2026-11-24)",
    check_all=check,
)
