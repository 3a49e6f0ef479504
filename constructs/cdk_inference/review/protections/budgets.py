"""Budgets and anomalies: who is told of spending, and from which amount on.

https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html (read 2026-11-24)
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cdk_inference.review.pair import DeploymentPair, ResourcePair
from cdk_inference.review.protections.comparators import fewer, larger, lowered, number
from cdk_inference.review.protections.protection import Protection, rows
from cdk_inference.review.protections.removals import Protector
from cdk_inference.review.resource_names import ResourceNames, resource_names, versions
from cdk_inference.review.resource_versions import ResourceVersion

BUDGET = "AWS::Budgets::Budget"
_LATER = "spending is told later, to fewer, or not at all"


def _expression(was: Any, becomes: Any) -> str:
    """The threshold of an anomaly, as JSON: numbers that go up."""
    old, new = _amounts(was), _amounts(becomes)
    more = [key for key in old if key in new and new[key] > old[key]]
    return "".join(f"goes from {old[key]:g} to {new[key]:g} ({key})" for key in more[:1])


def _amounts(text: Any) -> dict[str, float]:
    try:
        found = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return {}
    amounts: dict[str, float] = {}
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            values = one.get("Values")
            first = number(values[0]) if isinstance(values, list) and values else None
            if first is not None:
                amounts[str(one.get("Key"))] = first
        waiting.extend(one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
    return amounts


BUDGETS: tuple[Protection, ...] = rows(
    "AWS::CE::AnomalySubscription",
    _LATER,
    (("Threshold",), larger()),
    (("ThresholdExpression",), _expression),
    (("Frequency",), lowered("WEEKLY", "DAILY", "IMMEDIATE")),
    (("Subscribers",), fewer("Address")),
    (("MonitorArnList",), fewer()),
)
BUDGETS_GONE = (
    Protector(type="AWS::Budgets::BudgetsAction", for_=("BudgetName",), lost="nothing stops the spending by itself"),
    Protector(type="AWS::CE::AnomalySubscription", for_=("MonitorArnList",), lost="nobody is told of odd spending"),
    Protector(type="AWS::CE::AnomalyMonitor", for_=("MonitorDimension", "MonitorSpecification"), lost=_LATER),
)


def loosened_budgets(deployments: DeploymentPair) -> Iterator[tuple[ResourcePair, str]]:
    """(budget, in which way it tells less); also one that is gone, unless another with its filters tells as much."""
    was, becomes = resource_names(deployments, "before"), resource_names(deployments, "after")
    new = list(versions(deployments, "after", BUDGET))
    for pair, side in versions(deployments, "before", BUDGET):
        same = next((other for one, other in new if one is pair), None)
        if same is not None:
            for way in _looser(was, side, becomes, same):
                yield pair, way
            continue
        others = [other for _, other in new if _scope(was, side) == _scope(becomes, other)]
        if not any(not list(_looser(was, side, becomes, other)) for other in others):
            yield pair, "it is taken away"


def _scope(known: ResourceNames, side: ResourceVersion) -> str:
    budget = known.value(side, "Budget")
    parts = ("BudgetType", "TimeUnit", "CostFilters", "FilterExpression", "CostTypes")
    found = [budget.get(name) for name in parts] if isinstance(budget, dict) else budget
    return json.dumps(found, sort_keys=True, default=str)


def _looser(was: ResourceNames, old: ResourceVersion, becomes: ResourceNames, new: ResourceVersion) -> Iterator[str]:
    limits = [
        number(known.value(side, "Budget", "BudgetLimit", "Amount")) for known, side in ((was, old), (becomes, new))
    ]
    if limits[0] is not None and limits[1] is not None and limits[1] > limits[0]:
        yield f"its limit goes from {limits[0]:g} to {limits[1]:g}"
    told, still = _told(was, old), _told(becomes, new)
    for kind, threshold, who in told:
        if not any(kind == other and who == name and later <= threshold for other, later, name in still):
            unit = "%" if kind[1] == "PERCENTAGE" else " in its unit"
            yield f"{who} is no longer told at {threshold:g}{unit} ({kind[0].lower()})"


def _told(known: ResourceNames, side: ResourceVersion) -> list[tuple[tuple[str, str], float, str]]:
    """((actual or forecast, unit), threshold, who) of each notification."""
    value = known.value(side, "NotificationsWithSubscribers")
    found: list[tuple[tuple[str, str], float, str]] = []
    for one in value if isinstance(value, list) else []:
        pair = (one.get("Notification"), one.get("Subscribers")) if isinstance(one, dict) else (None, None)
        notification, subscribers = pair
        if not isinstance(notification, dict) or not isinstance(subscribers, list):
            continue
        threshold = number(notification.get("Threshold"))
        kind = (str(notification.get("NotificationType")), str(notification.get("ThresholdType", "PERCENTAGE")))
        if threshold is not None:
            found += [(kind, threshold, str(who.get("Address"))) for who in subscribers if isinstance(who, dict)]
    return found
