"""A permission that is new, of something that was there before."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit, NotCompared
from cdk_inference.review.iam.admin import admin, admin_policy, small
from cdk_inference.review.iam.broader import Broader, broader
from cdk_inference.review.iam.describe import by_owner, requests, undecided
from cdk_inference.review.iam.public import public
from cdk_inference.review.pair import DeploymentPair, ResourcePair
from cdk_inference.review.rule import Rule
from cdk_inference.template.values import readable

_SAFE = "name only the actions and resources that are called, or acknowledge it if all of them are meant"


def check(deployments: DeploymentPair) -> Iterator[Hit | NotCompared]:
    """Of roles and the like, and of policies of resources; trust, and what is public, have rules of their own."""
    for broadening in broader(deployments):
        if broadening.sort == "trust":
            continue
        if not broadening.fresh:
            yield from undecided(broadening, [box for box in broadening.comparison.allowed if not box.sure])
            yield from _granted(broadening)
            yield from _attached(broadening)
            yield from _boundary(broadening)


def _granted(broadening: Broader) -> Iterator[Hit]:
    boxes = [box for box in broadening.comparison.allowed if box.sure and not box.lost]
    boxes = [
        box for box in boxes if not (admin(box) if broadening.sort == "identity" else broadening.public and public(box))
    ]
    for pair, _, own in by_owner(broadening, boxes):
        if broadening.sort == "resource":
            what, who = f"{broadening.subject} allows more: {requests(own)}", "whoever is named"
        else:
            what, who = f"{broadening.subject} may do more: {requests(own, principals=False)}", "whatever runs as it"
        little = broadening.sort == "identity" and all(small(box) for box in own)
        yield pair.hit(what, f"{who}, or takes that over, can do this from now on", _SAFE, "note" if little else None)


def _attached(broadening: Broader) -> Iterator[Hit]:
    for name, pair in broadening.attached:
        if not admin_policy(name):
            yield pair.hit(
                f"{broadening.subject} gets {readable(name)}, which no template has",
                "it may do all that is in it, now and when its owner changes it",
                "write the few actions that are needed into a policy of the role",
            )


def _boundary(broadening: Broader) -> Iterator[Hit | NotCompared]:
    pair: ResourcePair | None = broadening.pair
    if pair is None or not broadening.boundary:
        return
    if broadening.boundary == "is another one":
        why = "whether the other boundary allows more: the templates do not have both"
        yield pair.not_compared(why, path="PermissionsBoundary")
        return
    yield pair.hit(
        f"the permissions boundary of {broadening.subject} {broadening.boundary}",
        "what its policies allow beyond the old boundary works from this deployment on",
        "keep the boundary, and put into it what is missing",
        "error" if broadening.boundary == "is taken away" else None,
    )


RULE = Rule(
    id="permission-broader",
    level="warning",
    title="A permission that was not there before",
    why=(
        "Policies are compared by what they allow: statements that are reordered, split, merged or moved to "
        "another policy of the same role are no finding, nor is what a wildcard, or for a principal its account, "
        "allowed before. A role or resource that is new is none either. Named actions on named resources, of a "
        "role, are a note, unless it is about IAM, STS, KMS or secrets. Where a value is known at deployment "
        "only, it is told as not compared."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html (read 2026-11-24)",
    check_all=check,
)
