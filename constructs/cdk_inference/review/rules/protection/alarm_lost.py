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

_SAFE = "keep it until the resource that it watches is gone; to replace it, add the new one first"


def check(deployments: DeploymentPair) -> Iterator[Hit]:
    """Alarms and their subscribers."""
    for loss in alarm_coverage(deployments):
        if not loss.ways:
            yield loss.pair.hit(
                f"the alarm on {loss.was.watched} is removed, but the watched resource remains",
                "its failures trigger no notification" if loss.was.fires else "its state is unavailable",
                _SAFE,
                None if loss.was.fires else "warning",
            )
    for pair, who, last in lost_subscribers(deployments):
        yield pair.hit(
            f"{who} is no longer notified of the alarms of this topic",
            "nobody is notified of them" if last else "the others still are",
            "first subscribe the people on call",
            "error" if last else "warning",
        )
    for pair, who, by_body in filtered_subscribers(deployments):
        yield pair.hit(
            f"its FilterPolicy decides which messages reach {who}",
            "alarms that it does not match no longer reach the subscriber"
            if by_body
            else "alarm messages have no attributes, so none of them reaches the subscriber",
            "remove the filter" if by_body else "remove the filter, or filter by MessageBody",
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
        "An alarm that is removed while the resource that it watches remains. Alarms that move or get another name or "
        "logical id are not findings, nor are alarms that are removed with their endpoint, variant or queue, or that "
        "only control scaling. Subscriptions of a topic that alarms call are looked at as well, and what starts "
        "functions on events. Rollback alarms: rollback-removed."
    ),
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html (read 2026-11-24)",
    check_all=check,
)
