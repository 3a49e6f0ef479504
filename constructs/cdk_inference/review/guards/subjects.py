"""What alarms watch: whether it is still there."""

from __future__ import annotations

import re
from typing import Any

from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.policies.naming import When, sides

# Types that only speak of names that others have.
_WATCHERS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm", "AWS::CloudWatch::Dashboard")
_DEPTH_MAX = 12  # levels of a property


def names_gone(deployments: DeploymentPair) -> frozenset[str]:
    """Texts that named something before (a property "...Name"), and name nothing any more."""
    return frozenset(_names(deployments, "before") - _names(deployments, "after"))


def _names(deployments: DeploymentPair, when: When) -> set[str]:
    found: set[str] = set()
    for _, side in sides(deployments, when):
        if side.resource.type not in _WATCHERS:
            _collect(side.properties, found, 0)
    return found


def _collect(value: Any, found: set[str], depth: int) -> None:
    if depth > _DEPTH_MAX:
        return
    if isinstance(value, list):
        for one in value:
            _collect(one, found, depth + 1)
    elif isinstance(value, dict):
        for key, one in value.items():
            if isinstance(one, str) and re.search("Name$", str(key)):
                found.add(one)
            _collect(one, found, depth + 1)
