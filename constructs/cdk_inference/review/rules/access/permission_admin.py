"""A principal with administrator permissions."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.iam.admin import admin, admin_policy, passes_roles
from cdk_inference.review.iam.broader import broader
from cdk_inference.review.iam.describe import Allowed, by_owner, requests, together
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.rule import Rule
from cdk_inference.template.values import readable

_MEANS = "anything that runs as it, or takes it over, controls the whole account"
_SAFE = "allow only the actions and resources that are used"


def check(deployments: DeploymentPair) -> Iterator[Hit]:
    """Of what is new, too."""
    yield from together(_allowed(deployments))
    for broadening in broader(deployments):
        for name, pair in broadening.attached if broadening.sort == "identity" else ():
            if admin_policy(name):
                yield broadening.hit(pair, f"{broadening.subject} gets {readable(name)}", _MEANS, _SAFE)


def _allowed(deployments: DeploymentPair) -> Iterator[Allowed]:
    for broadening in broader(deployments):
        if broadening.sort == "identity":
            sure = [box for box in broadening.comparison.allowed if box.sure]
            escalating = passes_roles(broadening.document, sure)
            for pair, _, own in by_owner(broadening, [box for box in sure if admin(box) or box in escalating]):
                yield Allowed(broadening, pair, f"{{}} may do {requests(own, principals=False)}", _MEANS, _SAFE)


RULE = Rule(
    id="permission-admin",
    level="error",
    title="A principal with administrator permissions",
    why=(
        "Judged by what is allowed, not by how it is written: all actions, or an action that lets a principal grant "
        "itself every other permission (write policies, change a trust, assume any role, pass any role to a service "
        "that runs code), on all resources, without a restricting condition. NotAction and NotResource count, since "
        "they allow everything that is not named. New roles count as well, and workloads that run as another role "
        "than before; a role that had it before is not a finding."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html (read 2026-11-24)",
    check_all=check,
)
