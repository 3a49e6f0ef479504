"""A permission that is new, of something that was there before."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit, NotCompared
from cdk_inference.review.iam.admin import (
    admin,
    admin_policy,
    mighty,
    mighty_policy,
    passes_roles,
    small,
    unread_policy,
)
from cdk_inference.review.iam.broader import Broader, broader
from cdk_inference.review.iam.describe import Allowed, by_owner, requests, together, undecided
from cdk_inference.review.iam.public import public
from cdk_inference.review.pair import DeploymentPair, ResourcePair
from cdk_inference.review.rule import Rule
from cdk_inference.template.values import readable

_SAFE = "allow only the actions and resources that are used, or acknowledge it if all of them are intended"


def check(deployments: DeploymentPair) -> Iterator[Hit | NotCompared]:
    """Of roles and the like, and of policies of resources; trust, and what is public, have rules of their own."""
    allowed: list[Allowed] = []
    for broadening in broader(deployments):
        if broadening.sort == "trust":
            continue
        if broadening.fresh:
            yield from _fresh(broadening)
        else:
            yield from undecided(broadening, [box for box in broadening.comparison.allowed if not box.sure])
            allowed += _granted(broadening)
            yield from _attached(broadening)
            yield from _boundary(broadening)
    yield from together(allowed)


def _fresh(broadening: Broader) -> Iterator[Hit | NotCompared]:
    """Of a role that is new only what is much: all of a service on everything, any role to pass, policies of AWS."""
    if broadening.sort != "identity":
        return
    escalating = passes_roles(broadening.document, broadening.comparison.allowed)
    boxes = [box for box in broadening.comparison.allowed if box.sure and mighty(box) and not admin(box)]
    for pair, _, own in by_owner(broadening, [box for box in boxes if box not in escalating]):
        yield broadening.hit(
            pair,
            f"{broadening.subject} is new and may do {requests(own, principals=False)}",
            "anything that runs as it can do this",
            _SAFE,
        )
    for name, pair in broadening.attached:
        if mighty_policy(name) and not admin_policy(name):
            yield broadening.hit(
                pair,
                f"{broadening.subject} is new and gets {readable(name)}",
                "it may use all of a service, or nearly everything, including later additions by the policy's owner",
                "list the actions that are needed in a policy of the role",
            )
        elif unread_policy(name):
            yield pair.not_compared(f"what {broadening.subject} may do by {readable(name)}: no template has the policy")


def _granted(broadening: Broader) -> Iterator[Allowed]:
    boxes = [box for box in broadening.comparison.allowed if box.sure and not box.lost]
    escalating = passes_roles(broadening.document, boxes) if broadening.sort == "identity" else []
    boxes = [box for box in boxes if box not in escalating]
    boxes = [
        box for box in boxes if not (admin(box) if broadening.sort == "identity" else broadening.public and public(box))
    ]
    for pair, _, own in by_owner(broadening, boxes):
        if broadening.sort == "resource":
            said, who = f"{{}} allows more: {requests(own)}", "the principal that is named"
        else:
            said, who = f"{{}} may do more: {requests(own, principals=False)}", "anything that runs as it"
        little = broadening.sort == "identity" and all(small(box) for box in own)
        means = f"{who}, or takes that over, can do this from now on"
        yield Allowed(broadening, pair, said, means, _SAFE, "note" if little else None)


def _attached(broadening: Broader) -> Iterator[Hit]:
    for name, pair in broadening.attached:
        if not admin_policy(name):
            yield broadening.hit(
                pair,
                f"{broadening.subject} gets {readable(name)}, which no template has",
                "it may do everything in that policy, including later changes by the policy's owner",
                "list the actions that are needed in a policy of the role",
            )


def _boundary(broadening: Broader) -> Iterator[Hit | NotCompared]:
    pair: ResourcePair | None = broadening.pair
    if pair is None or not broadening.boundary:
        return
    if broadening.boundary == "is another one":
        why = "whether the other boundary allows more: the templates do not have both"
        yield pair.not_compared(why, path="PermissionsBoundary")
        return
    yield broadening.hit(
        pair,
        f"the permissions boundary of {broadening.subject} {broadening.boundary}",
        "permissions of its policies beyond the old boundary take effect with this deployment",
        "keep the boundary, and add the missing permissions to it",
        None if broadening.boundary == "allows more" else "error",
    )


RULE = Rule(
    id="permission-broader",
    level="warning",
    title="A permission that was not there before",
    why=(
        "Policies are compared by what they allow: statements that are reordered, split, merged or moved to "
        "another policy of the same role are not findings, nor is what a wildcard, or for a principal its account, "
        "allowed before. Workloads that run as another role than before are compared by the permissions of both "
        "roles; a role that no template has is listed as not compared. Of a new role only all actions of a service on "
        "everything are reported, and AWS's policies for full access. Named actions on named resources of a role are "
        "a note, except for IAM, STS, KMS and secrets. Where a value is known at deployment only, it is listed as not "
        "compared."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html (read 2026-11-24)",
    check_all=check,
)
