"""Acknowledgements that are over, about nothing, or not as they should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cdk_inference.review.acknowledgements import Acknowledgement, acknowledgements, expired, of_head
from cdk_inference.review.finding import Finding, Hit
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.rule import Rule


def check_found(deployments: DeploymentPair, findings: Sequence[Finding]) -> Iterator[Hit]:
    """Against what the other rules found."""
    for pair, one in of_head(deployments):
        if isinstance(one, str):
            yield pair.hit(
                f"an acknowledgement that is none: {one}",
                "what it is meant for stays open",
                "write rule, logical_id, reason and, if you like, expires",
            )
            continue
        what = f"the acknowledgement of {one.rule}{f' for {one.logical_id}' if one.logical_id else ''}"
        if expired(one, deployments.today):
            yield pair.hit(
                f"{what} expired on {one.expires}",
                f"it no longer counts; its reason was: {one.reason}",
                "take it out, or look again and give it another day",
            )
        elif not any(one.covers(finding) for finding in findings):
            old = pair.before is not None and _has(list(acknowledgements(pair.before)), one)
            yield pair.hit(
                f"{what} is about nothing that was found",
                "it has done its work" if old else "a slip of the pen would be seen here only",
                "take it out" if old else "correct the rule or the logical id, or take it out",
                "note" if old else None,
            )


def _has(those: Sequence[Acknowledgement | str], one: Acknowledgement) -> bool:
    return any(other == one for other in those)


RULE = Rule(
    id="acknowledgement",
    level="warning",
    title="An acknowledgement that is expired, stale or malformed",
    why=(
        "Each has a rule, a logical id and a reason. One that matches nothing is a note where it was there before: the "
        "change that it was for is deployed. One that is needed and has time left is no finding. These findings cannot "
        "be acknowledged."
    ),
    source="docs/review.md",
    check_found=check_found,
)
