"""Firewalls, guardrails, scanners, locks and backups that are taken away."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.protections.defences import DEFENCES, DEFENCES_GONE
from cdk_inference.review.protections.protection import loosened
from cdk_inference.review.protections.removals import removed_protectors
from cdk_inference.review.rule import Rule

_SAFE = "keep it until the resource that it protects is gone"


def check(deployments: DeploymentPair) -> Iterator[Hit]:
    """Of what is on both sides, and of what is taken away while the rest stays."""
    for pair in deployments.stacks:
        for loss in loosened(pair, DEFENCES):
            yield loss.pair.hit(loss.what, loss.means, _SAFE)
        if pair.before is not None and pair.after is not None and pair.before.protected and not pair.after.protected:
            yield pair.hit("its termination protection is switched off", "one call deletes all of it", _SAFE)
    for removed in removed_protectors(deployments, DEFENCES_GONE):
        yield removed.pair.hit("it is removed, but the resource that it was for remains", removed.row.lost, _SAFE)


RULE = Rule(
    id="defence-lost",
    level="error",
    title="A safeguard that is removed",
    why=(
        "Associations of a web firewall, guardrails that are enforced, detectors, image scans and tags that cannot be "
        "changed, backups, replicas, data protection of logs and topics, the consent of users to an agent's actions, "
        "termination protection of a stack. Removed together with the resource that it protects, or replaced by "
        "another one, it is not a finding. Deletion protection of data is policy-loosened."
    ),
    source="https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-associating-aws-resource.html "
    "(read 2026-11-24)",
    check_all=check,
)
