"""Data that goes to another account, and code or models that come from one."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.protections.destinations import foreign_destinations
from cdk_inference.review.rule import Rule


def check(deployments: DeploymentPair) -> Iterator[Hit]:
    """Of what is new, too."""
    for one in foreign_destinations(deployments):
        path = ".".join(step for step in one.row.path if step != "[]")
        yield one.pair.hit(
            f"its {path} is {one.value}, of account {one.account}",
            one.row.means,
            "check that the account is yours, and that this is intended",
        )


RULE = Rule(
    id="data-leaves",
    level="warning",
    title="Data or code that goes to another account, or comes from one",
    why=(
        "Replication and notifications of buckets, replication of images, subscriptions of logs and topics, targets of "
        "events, destinations of functions, topics of asynchronous endpoints, actions of agents, peerings, and images, "
        "layers, model packages and providers of custom resources, of an account that no deployed template has. AWS's "
        "own registries, and accounts that were named before, are not findings."
    ),
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html (read 2026-11-29)",
    check_all=check,
    any_type=True,
)
