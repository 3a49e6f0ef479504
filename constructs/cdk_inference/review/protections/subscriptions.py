"""The subscribers of alarms: subscriptions of the topics that alarms and budgets notify.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html (read 2026-11-24)
https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering-scope.html (read 2026-11-30)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdk_inference.review.pair import DeploymentPair, ResourcePair
from cdk_inference.review.protections.alarms import alarms
from cdk_inference.review.resource_names import ResourceNames, When, key_of, resource_names, versions
from cdk_inference.review.resource_versions import ResourceVersion
from cdk_inference.template.values import readable

TOPIC, SUBSCRIPTION = "AWS::SNS::Topic", "AWS::SNS::Subscription"
_BODY = "MessageBody"


def lost_subscribers(deployments: DeploymentPair) -> Iterator[tuple[ResourcePair, str, bool]]:
    """Yields (subscription or topic, lost subscriber, whether it was the last) of topics that alarms still notify."""
    was, becomes = _listeners(deployments, "before"), _listeners(deployments, "after")
    gone = {place: pair for place, pair in was.items() if place not in becomes}
    called = _called(deployments) if gone else ()
    left = {topic for topic, _ in becomes}
    for (topic, who), pair in gone.items():
        if topic in called:
            yield pair, readable(who), topic not in left


def filtered_subscribers(deployments: DeploymentPair) -> Iterator[tuple[ResourcePair, str, bool]]:
    """(subscription, who, whether by the body) of subscribers with a filter that is new or differs."""
    was, becomes = resource_names(deployments, "before"), resource_names(deployments, "after")
    for pair, side in versions(deployments, "after", SUBSCRIPTION):
        policy = becomes.value(side, "FilterPolicy")
        if pair.before is None or policy in (None, {}) or _filter(becomes, side) == _filter(was, pair.before):
            continue
        if becomes.within(str(becomes.value(side, "TopicArn"))) in _called(deployments):
            who = readable(f"{becomes.value(side, 'Protocol')} {becomes.value(side, 'Endpoint')}")
            yield pair, who, _filter(becomes, side)[1] == _BODY


def _filter(known: ResourceNames, side: ResourceVersion) -> tuple[Any, str]:
    return known.value(side, "FilterPolicy"), str(known.value(side, "FilterPolicyScope") or "MessageAttributes")


def _called(deployments: DeploymentPair) -> frozenset[str]:
    """The keys of what alarms call."""
    return deployments.computed(_called_by_alarms)


def _called_by_alarms(deployments: DeploymentPair) -> frozenset[str]:
    return frozenset(key for alarm in alarms(deployments, "after") for key in alarm.actions())


def _listeners(deployments: DeploymentPair, when: When) -> dict[tuple[str, str], ResourcePair]:
    """(topic, protocol and address) -> where it stands."""
    found: dict[tuple[str, str], ResourcePair] = {}
    for pair, side in versions(deployments, when, SUBSCRIPTION, TOPIC):
        known = resource_names(deployments, when)
        if side.resource.type == SUBSCRIPTION:
            topic = known.within(str(known.value(side, "TopicArn")))
            written = [{name: known.value(side, name) for name in ("Protocol", "Endpoint")}]
        else:
            inner = known.value(side, "Subscription")
            topic, written = key_of(pair), inner if isinstance(inner, list) else []
        for one in written:
            if isinstance(one, dict):
                found[topic, f"{one.get('Protocol')} {one.get('Endpoint')}"] = pair
    return found
