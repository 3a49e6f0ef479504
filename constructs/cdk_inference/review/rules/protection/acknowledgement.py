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
                f"an invalid acknowledgement: {acknowledgement}",
                "the finding that it is meant for stays open",
                "write rule, logical_id, reason and optionally expires",
            )
            continue
        about = f" for {acknowledgement.logical_id}" if acknowledgement.logical_id else ""
        what = f"the acknowledgement of {acknowledgement.rule}{about}"
        if expired(acknowledgement, deployments.today):
            yield pair.hit(
                f"{what} expired on {acknowledgement.expires}",
                f"it no longer counts; its reason was: {acknowledgement.reason}",
                "remove it, or check again and set a new date",
            )
        elif not any(covers(acknowledgement, finding) for finding in findings) and not _of_check(acknowledgement.rule):
            old = pair.before is not None and acknowledgement in acknowledgements(pair.before)
            yield pair.hit(
                f"{what} matches nothing that was found",
                "it is no longer needed" if old else "it may be a typo",
                "remove it" if old else "correct the rule or the logical id, or remove it",
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
        "change that it was for is deployed. One that is needed and has time left is not a finding. These findings "
        "cannot be acknowledged."
    ),
    source=page("review"),
    check_found=check_found,
    any_type=True,
)
