"""Acknowledgements that are over, about nothing, or not as they should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cdk_inference.core.pages import page
from cdk_inference.review.acknowledgements import covers, of_head
from cdk_inference.review.finding import Finding, Hit
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.rule import Rule
from cdk_inference.template.acknowledgements import acknowledgements, expired


def check_found(deployments: DeploymentPair, findings: Sequence[Finding]) -> Iterator[Hit]:
    """Against what the other rules found."""
    for pair, acknowledgement in of_head(deployments):
        if isinstance(acknowledgement, str):
            yield pair.hit(
                f"an acknowledgement that is none: {acknowledgement}",
                "what it is meant for stays open",
                "write rule, logical_id, reason and, if you like, expires",
            )
            continue
        about = f" for {acknowledgement.logical_id}" if acknowledgement.logical_id else ""
        what = f"the acknowledgement of {acknowledgement.rule}{about}"
        if expired(acknowledgement, deployments.today):
            yield pair.hit(
                f"{what} expired on {acknowledgement.expires}",
                f"it no longer counts; its reason was: {acknowledgement.reason}",
                "take it out, or look again and give it another day",
            )
        elif not any(covers(acknowledgement, finding) for finding in findings) and not _of_check(acknowledgement.rule):
            old = pair.before is not None and acknowledgement in acknowledgements(pair.before)
            yield pair.hit(
                f"{what} is about nothing that was found",
                "it has done its work" if old else "a slip of the pen would be seen here only",
                "take it out" if old else "correct the rule or the logical id, or take it out",
                "note" if old else None,
            )


def _of_check(rule: str) -> bool:
    """Whether it is a rule of `cdk-inference check`, which reads the same list. Loaded only where one is not found."""
    from cdk_inference.requirements import requirements
    from cdk_inference.requirements.judge import EVERY_RULE

    return rule == EVERY_RULE or any(rule == one.id for one in requirements())


RULE = Rule(
    id="acknowledgement",
    level="warning",
    title="An acknowledgement that is expired, stale or malformed",
    why=(
        "Each has a rule, a logical id and a reason. One that matches nothing is a note where it was there before: the "
        "change that it was for is deployed. One that is needed and has time left is no finding. These findings cannot "
        "be acknowledged."
    ),
    source=page("review"),
    check_found=check_found,
    any_type=True,
)
