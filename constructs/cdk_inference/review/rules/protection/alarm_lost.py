"""An alarm that is taken away while what it watches stays."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.protections.alarm_coverage import alarm_coverage
from cdk_inference.review.protections.protection import loosened
from cdk_inference.review.protections.reporting import REPORTS
from cdk_inference.review.protections.subscriptions import filtered_subscribers, lost_subscribers
from cdk_inference.review.rule import Rule

_SAFE = "keep it until what it watches is gone; a new one first, where it is to be replaced"


def check(deployments: DeploymentPair) -> Iterator[Hit]:
    """Alarms, and those whom they tell."""
    for loss in alarm_coverage(deployments):
        if not loss.ways:
            yield loss.pair.hit(
                f"the alarm on {loss.was.watched} is taken away, and what it watches stays",
                "nobody is notified when it fails" if loss.was.fires else "its state is no longer there to be read",
                _SAFE,
                None if loss.was.fires else "warning",
            )
    for pair, who, last in lost_subscribers(deployments):
        yield pair.hit(
            f"{who} is no longer notified of the alarms of this topic",
            "nobody is notified of them" if last else "the others still are",
            "subscribe those who are on call first",
            "error" if last else "warning",
        )
    for pair, who in filtered_subscribers(deployments):
        yield pair.hit(
            f"its FilterPolicy decides which messages reach {who}",
            "an alarm's message has no attributes, so none of them reaches who subscribed",
            "take the filter off, or filter by MessageBody",
            "warning",
        )
    for stack in deployments.stacks:
        for weaker in loosened(stack, REPORTS):
            yield weaker.pair.hit(weaker.what, weaker.means, "keep it, or name another subscriber", "warning")


RULE = Rule(
    id="alarm-lost",
    level="error",
    title="An alarm or its subscriber that is removed",
    why=(
        "An alarm that goes while what it watches stays. Alarms that move, get another name or another logical id are "
        "no finding, nor are those whose endpoint, variant or queue goes with them, or that only steer scaling. "
        "Subscriptions of a topic that alarms call are looked at as well. Rollback alarms: rollback-removed."
    ),
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html (read 2026-11-24)",
    check_all=check,
)
