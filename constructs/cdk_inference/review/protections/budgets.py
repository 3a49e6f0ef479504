"""Budgets and anomalies: who is notified of spending, and from which amount on.

https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html (read 2026-11-24)
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cdk_inference.review.formatting import value
from cdk_inference.review.pair import DeploymentPair, ResourcePair
from cdk_inference.review.protections.comparators import fewer, larger, lowered, number
from cdk_inference.review.protections.protection import Protection, rows, text
from cdk_inference.review.protections.removals import Protector
from cdk_inference.review.resource_names import ResourceNames, resource_names, versions
from cdk_inference.review.resource_versions import ResourceVersion
from cdk_inference.template.values import unknown_in

_UNITS = {"DAILY": 1, "MONTHLY": 2, "QUARTERLY": 3, "ANNUALLY": 4}
# What is taken off what is spent, and what a budget does not do unless it is written.
_TAKEN_OFF = ("IncludeCredit", "IncludeRefund", "IncludeDiscount")
_UNUSUAL = ("UseAmortized", "UseBlended")
_Notified = tuple[tuple[str, str, str], float, str]
BUDGET = "AWS::Budgets::Budget"
_WHEN = {"GREATER_THAN": "at", "LESS_THAN": "below", "EQUAL_TO": "at exactly"}
_LATER = "alerts come later, reach fewer people, or stop"


def _expression(was: Any, becomes: Any) -> str:
    """The threshold of an anomaly, as JSON: numbers that go up."""
    old, new = _amounts(was), _amounts(becomes)
    more = [key for key in old if key in new and new[key] > old[key]]
    return "".join(f"changes from {old[key]:g} to {new[key]:g} ({key})" for key in more[:1])


def _amounts(written: Any) -> dict[str, float]:
    try:
        found = json.loads(written) if isinstance(written, str) else written
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


def _later(was: Any, becomes: Any) -> str:
    """The threshold of an action, in percent or in money."""
    old, new = (one if isinstance(one, dict) else {} for one in (was, becomes))
    same = old.get("Type") == new.get("Type")
    return larger()(old.get("Value"), new.get("Value")) if same else ""


BUDGETS: tuple[Protection, ...] = (
    *rows(
        "AWS::CE::AnomalySubscription",
        _LATER,
        (("Threshold",), larger()),
        (("ThresholdExpression",), _expression),
        (("Frequency",), lowered("WEEKLY", "DAILY", "IMMEDIATE")),
        (("Subscribers",), fewer("Address")),
        (("MonitorArnList",), fewer()),
    ),
    *rows(
        "AWS::Budgets::BudgetsAction",
        "spending is stopped later, by hand, or in fewer places",
        (("ActionThreshold",), _later),
        (("ApprovalModel",), lowered("MANUAL", "AUTOMATIC")),
        (("Subscribers",), fewer("Address")),
        (("Definition", "IamActionDefinition", "Groups"), fewer()),
        (("Definition", "IamActionDefinition", "Roles"), fewer()),
        (("Definition", "IamActionDefinition", "Users"), fewer()),
        (("Definition", "ScpActionDefinition", "TargetIds"), fewer()),
        (("Definition", "SsmActionDefinition", "InstanceIds"), fewer()),
    ),
)
BUDGETS_GONE = (
    Protector(type="AWS::Budgets::BudgetsAction", for_=("BudgetName",), lost="nothing stops spending automatically"),
    Protector(
        type="AWS::CE::AnomalySubscription", for_=("MonitorArnList",), lost="spending anomalies are no longer reported"
    ),
    Protector(type="AWS::CE::AnomalyMonitor", for_=("MonitorDimension", "MonitorSpecification"), lost=_LATER),
)


def loosened_budgets(deployments: DeploymentPair) -> Iterator[tuple[ResourcePair, str]]:
    """(budget, in which way it notifies less); also one that is gone, unless another with its filters does as much."""
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
            yield pair, "it is removed"


def _scope(known: ResourceNames, side: ResourceVersion) -> str:
    budget = known.value(side, "Budget")
    parts = ("BudgetType", "TimeUnit", "CostFilters", "FilterExpression", "CostTypes")
    found = [budget.get(name) for name in parts] if isinstance(budget, dict) else budget
    return json.dumps(found, sort_keys=True, default=str)


def _looser(was: ResourceNames, old: ResourceVersion, becomes: ResourceNames, new: ResourceVersion) -> Iterator[str]:
    budgets = _budget(was, old), _budget(becomes, new)
    units = [_limit(one).get("Unit") for one in budgets]
    before, after = (number(_limit(one).get("Amount")) for one in budgets)
    if before is not None and after is not None and after > before:
        yield f"limit raised from {_amount(before, units[0])} to {_amount(after, units[1])}"
    yield from _sees_less(*budgets)
    before_notified, after_notified = _notified(was, old), _notified(becomes, new)
    if before and before == after:
        after_notified += [_in_the_other_unit(one, before) for one in after_notified]
    for kind, threshold, who in before_notified:
        if not any(kind == other and who == name and later <= threshold for other, later, name in after_notified):
            unit = "%" if kind[1] == "PERCENTAGE" else " in its unit"
            yield f"{who} is no longer notified {_WHEN.get(kind[2], kind[2])} {threshold:g}{unit} ({kind[0].lower()})"


def _in_the_other_unit(notified: _Notified, limit: float) -> _Notified:
    (which, unit, comparison), threshold, who = notified
    if unit == "PERCENTAGE":
        return (which, "ABSOLUTE_VALUE", comparison), round(threshold * limit / 100, 6), who
    return (which, "PERCENTAGE", comparison), round(threshold / limit * 100, 6), who


def _budget(known: ResourceNames, side: ResourceVersion) -> dict[str, Any]:
    found = known.value(side, "Budget")
    return found if isinstance(found, dict) else {}


def _limit(budget: dict[str, Any]) -> dict[str, Any]:
    found = budget.get("BudgetLimit")
    return found if isinstance(found, dict) else {}


def _amount(amount: float, unit: Any) -> str:
    """$3,000, or 3,000 GB."""
    written = f"{amount:,.2f}".removesuffix(".00")
    return f"${written}" if unit == "USD" else f"{written} {unit}"


def _sees_less(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """What a budget counts, in which unit, over which time, and until when."""
    for name, default in (("BudgetType", None), ("TimeUnit", None)):
        was, becomes = str(old.get(name, default)), str(new.get(name, default))
        longer = name != "TimeUnit" or _UNITS.get(becomes, 0) > _UNITS.get(was, 0)
        if was != becomes and longer and not (unknown_in(was) or unknown_in(becomes)):
            yield f"its {name} changes from {was} to {becomes}"
    units = [str(_limit(one).get("Unit")) for one in (old, new)]
    if units[0] != units[1]:
        yield f"the unit of its limit changes from {units[0]} to {units[1]}"
    for name in ("CostFilters", "FilterExpression"):
        before, after = old.get(name), new.get(name)
        if before != after and after and not _wider(before, after):
            yield f"its {name} changes from {value(before or None)} to {value(after)}"
    yield from _counted(old.get("CostTypes"), new.get("CostTypes"))
    end = _at(new, "TimePeriod", "End")
    if end is not None and end != _at(old, "TimePeriod", "End"):
        yield f"it ends: its TimePeriod.End is {value(end)}"
    for name in ("AutoAdjustData", "PlannedBudgetLimits"):
        if new.get(name) not in (None, old.get(name)):
            yield f"its limit is no longer fixed: {name} is {value(new[name])}"


def _wider(was: Any, becomes: Any) -> bool:
    """Whether filters keep out no more than before: the same keys or fewer, with the same values or more."""
    if not isinstance(was, dict) or not isinstance(becomes, dict):
        return False
    lists = all(isinstance(one, list) for side in (was, becomes) for one in side.values())
    return lists and all(key in was and {*map(str, was[key])} <= {*map(str, one)} for key, one in becomes.items())


def _counted(was: Any, becomes: Any) -> Iterator[str]:
    """Costs that are left out, and credits and refunds that are taken off."""
    old, new = (one if isinstance(one, dict) else {} for one in (was, becomes))
    for name in sorted(old.keys() | new.keys()):
        sides = [text(one.get(name, name not in _UNUSUAL)) for one in (old, new)]
        less = ("true", "false") if name not in _TAKEN_OFF else ("false", "true")
        if name.startswith("Include") and tuple(sides) == less:
            yield f"its CostTypes.{name} changes from {sides[0]} to {sides[1]}"


def _at(found: Any, *path: str) -> Any:
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _notified(known: ResourceNames, side: ResourceVersion) -> list[_Notified]:
    """((actual or forecast, unit, comparison), threshold, who) of each notification."""
    value = known.value(side, "NotificationsWithSubscribers")
    found: list[_Notified] = []
    for one in value if isinstance(value, list) else []:
        pair = (one.get("Notification"), one.get("Subscribers")) if isinstance(one, dict) else (None, None)
        notification, subscribers = pair
        if not isinstance(notification, dict) or not isinstance(subscribers, list):
            continue
        threshold = number(notification.get("Threshold"))
        kind = (
            str(notification.get("NotificationType")),
            str(notification.get("ThresholdType", "PERCENTAGE")),
            str(notification.get("ComparisonOperator", "GREATER_THAN")),
        )
        if threshold is not None:
            found += [(kind, threshold, str(who.get("Address"))) for who in subscribers if isinstance(who, dict)]
    return found
