"""An alarm that alerts later, or less."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.protections.alarm_coverage import alarm_coverage
from cdk_inference.review.rule import Rule


def check(deployments: DeploymentPair) -> Iterator[Hit]:
    """Of alarms on both sides, and of those in another one's place."""
    for loss in alarm_coverage(deployments):
        if loss.ways:
            yield loss.pair.hit(
                "; ".join(loss.ways),
                "its failures trigger no notification"
                if loss.mute
                else "alerts come later, reach fewer people, or stop",
                "keep it as it was, or add a second, stricter alarm",
                "error" if loss.mute else None,
            )


RULE = Rule(
    id="alarm-loosened",
    level="warning",
    title="An alarm that alerts later, or less",
    why=(
        "A threshold that is further away, more or longer periods, missing data that count for less, a milder "
        "statistic, another suppressor, actions that are fewer or switched off; without any action left it is an "
        "error. A stricter alarm, one that names the same metrics and alarms in another way, or one with another topic "
        "in place of a removed one, is not a finding."
    ),
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html "
    "(read 2026-11-24)",
    check_all=check,
)
