"""Somebody who may assume a role, and could not before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cdk_inference.review.finding import Hit, Level, NotCompared
from cdk_inference.review.iam.broader import Broader, broader
from cdk_inference.review.iam.compare import Box
from cdk_inference.review.iam.describe import by_owner, requests, undecided
from cdk_inference.review.iam.public import public
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.rule import Rule

# An account by its number; the account of the stack is a reference.
_ACCOUNT = re.compile(r"AWS:(arn:[^:]*:(iam|sts)::)?\d{12}(:|$)")


_SIGN_IN = "any identity that it issues can assume the roles that trust it"
_IDENTITIES = {
    "AWS::IAM::OIDCProvider": ("a provider of identities", _SIGN_IN),
    "AWS::IAM::SAMLProvider": ("a provider of identities", _SIGN_IN),
    "AWS::RolesAnywhere::TrustAnchor": ("an authority for certificates", _SIGN_IN),
    "AWS::IAM::AccessKey": ("a key that does not expire", "anyone who has it can act as the user from anywhere"),
}


def check(deployments: DeploymentPair) -> Iterator[Hit | NotCompared]:
    """Of roles that were there before."""
    for stack in deployments.stacks:
        for pair in stack.of(*_IDENTITIES):
            if pair.added:
                what, means = _IDENTITIES[pair.type]
                yield pair.hit(f"{what} is new", means, "check that it is intended, and who has it", "warning")
    for broadening in broader(deployments):
        if broadening.sort != "trust":
            continue
        if broadening.fresh:
            yield from _fresh(broadening)
            continue
        yield from undecided(broadening, [box for box in broadening.comparison.allowed if not box.sure])
        boxes = [box for box in broadening.comparison.allowed if box.sure and not box.lost and not public(box)]
        for pair, _, own in by_owner(broadening, boxes):
            yield pair.hit(
                f"more principals may assume the role {broadening.subject}: {requests(own)}",
                "they get all permissions of the role",
                "create a separate role for them, with the permissions that they need",
                _level(own),
            )


def _fresh(broadening: Broader) -> Iterator[Hit]:
    """A role that is new and that another account may assume, by its number."""
    boxes = [box for box in broadening.comparison.allowed if box.sure and not public(box)]
    named = [box for box in boxes if any(_ACCOUNT.match(one) for one in box.principal.patterns)]
    for pair, _, own in by_owner(broadening, named):
        yield pair.hit(
            f"the role {broadening.subject} is new, and {requests(own)} may assume it".replace(
                "sts:AssumeRole, for ", ""
            ),
            "that account gets all permissions of the role",
            "check that the account is yours; for a vendor's account add an sts:ExternalId condition",
            "warning",
        )


def _level(boxes: tuple[Box, ...]) -> Level | None:
    """A service is the lesser matter."""
    services = all(re.match("Service:", one) for box in boxes for one in box.principal.patterns)
    return "warning" if services and not any(box.principal.negated for box in boxes) else None


RULE = Rule(
    id="trust-broader",
    level="error",
    title="A role that more principals may assume",
    why=(
        "A principal in the trust policy that was not there, or whose account was not. For an AWS service it is a "
        "warning. The account's root instead of its number, another order and other Sids are not findings; for a new "
        "role another account is a warning; a role that everybody may assume is permission-public."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html (read 2026-11-24)",
    check_all=check,
)
