"""Checks of the arguments of `CostControls`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cdk_inference.core.checks import has_members, instance_of
from cdk_inference.core.errors import Problem
from cdk_inference.cost.account.regions import missing_type
from cdk_inference.cost.budgets.budget import role_problems
from cdk_inference.cost.budgets.monthly_budget import MonthlyBudget
from cdk_inference.cost.cost_tag import untagged_problems
from cdk_inference.cost.limits import BurnRate, Idle, UnderUse, UnitCost
from cdk_inference.cost.lowest_cost import budget_problems, burn_problems, unknown_problem
from cdk_inference.cost.metering.construct import Metering
from cdk_inference.cost.metric_math import Priced
from cdk_inference.cost.notifications import account_topic_problem, email_problems
from cdk_inference.kit.region_checks import topic_problem
from cdk_inference.kit.stack_context import StackContext
from cdk_inference.pricing import PriceBook

_VALUES: dict[str, tuple[type, str]] = {
    "monthly_budget": (MonthlyBudget, "monthly_budget=MonthlyBudget(usd=...)"),
    "burn_rate": (BurnRate, "burn_rate=BurnRate(usd_per_hour=...)"),
    "idle": (Idle, "idle=Idle(minutes=60)"),
    "under_use": (UnderUse, "under_use=UnderUse(percent=20)"),
    "metering": (Metering, "metering=Metering(...)"),
    "prices": (PriceBook, "prices=price_book([...], today)"),
}


def argument_problems(
    targets: Sequence[Any], *, unit_cost: object, standby: object, **values: object
) -> list[Problem | None]:
    """What is no list of targets, no value of its kind, or nothing at all."""
    telling = [name for name in (*_VALUES, "unit_cost") if name not in ("metering", "prices")]
    given = [name for name in telling if (unit_cost if name == "unit_cost" else values.get(name)) is not None]
    some = Problem("targets", targets, "at least one target, as a list", "list the endpoints or models to watch")
    return [
        None if _list(targets) else some,
        *(
            instance_of(name, values[name], kind, f"{kind.__name__} or None", fix)
            for name, (kind, fix) in _VALUES.items()
            if values.get(name) is not None
        ),
        *_unit_cost_problems(targets, unit_cost),
        *_standby_problems(targets, standby),
        None if given else Problem(", ".join(telling), None, "at least one of them", _VALUES["monthly_budget"][1]),
    ]


def _standby_problems(targets: Sequence[Any], standby: Any) -> list[Problem | None]:
    if isinstance(standby, str) or not isinstance(standby, Sequence):
        return [Problem("standby", standby, "a list of some of the targets", "standby=[endpoint]")]
    others = [one for one in standby if all(one is not target for target in _list(targets))]
    return [
        Problem("standby", getattr(one, "target_name", one), "one of the targets", "add it to targets")
        for one in others
    ]


def _unit_cost_problems(targets: Sequence[Any], unit_cost: object) -> list[Problem | None]:
    if unit_cost is None:
        return []
    fix = "unit_cost=UnitCost(usd_per_1000_requests=...), or {endpoint: UnitCost(...)}"
    given = list(unit_cost.items()) if isinstance(unit_cost, Mapping) else [(None, unit_cost)]
    named = [one for one, _ in given] if isinstance(unit_cost, Mapping) else []
    others = [one for one in named if all(one is not target for target in _list(targets))]
    names = [getattr(other, "target_name", other) for other in others]
    return [
        *(instance_of("unit_cost", one, UnitCost, "UnitCost, or target -> UnitCost", fix) for _, one in given),
        *(Problem("unit_cost", name, "one of the targets", "add it to targets") for name in names),
    ]


def unit_costs(
    targets: Sequence[Any], unit_cost: UnitCost | Mapping[Any, UnitCost] | None
) -> list[tuple[Any, UnitCost]]:
    """(target, value) for each target that has one."""
    if unit_cost is None:
        return []
    given = list(unit_cost.items()) if isinstance(unit_cost, Mapping) else [(one, unit_cost) for one in _list(targets)]
    return [(target, value) for target, value in given if isinstance(value, UnitCost)]


def notification_problems(notify: object, topic: Any, urgent_topic: Any, region: str) -> list[Problem | None]:
    """No subscriber, or two ways to notify; a value that is not an address or topic, or a topic of another region."""
    fix = 'notify=["oncall@example.com"], or alarm_topic=AlarmTopic(...)'
    found: list[Problem | None] = []
    if topic is not None and notify:
        fix = "AlarmTopic(notify=[...]), or subscribe to the topic"
        found.append(Problem("notify", notify, "no addresses together with a topic of your own", fix))
    elif topic is not None:
        found.append(topic_problem("alarm_topic", topic, region))
    elif notify:
        found += email_problems("notify", notify)
    else:
        found.append(Problem("notify, alarm_topic", None, "one of them, for notifications", fix))
    return [*found, None if urgent_topic is None else topic_problem("urgent_topic", urgent_topic, region)]


def money_problems(
    monthly_budget: object, burn_rate: object, priced: Sequence[Priced], *, whole: bool, derived: bool
) -> list[Problem | None]:
    """A budget or a rate that the minimum instances reach, compared where every target has a price (`whole`)."""
    found: list[Problem | None] = []
    if isinstance(monthly_budget, MonthlyBudget):
        found.append(unknown_problem(monthly_budget))
        if whole and found == [None]:
            found += budget_problems(monthly_budget, priced)
    # A rate that follows from a budget which is used up anyway says nothing more.
    if isinstance(burn_rate, BurnRate) and whole and not (derived and any(found)):
        found += burn_problems(burn_rate, priced)
    return found


def tag_problems(monthly_budget: object, targets: object) -> list[Problem]:
    """Targets that cannot carry the tag of a budget without one of its own."""
    if not isinstance(monthly_budget, MonthlyBudget) or monthly_budget.tag is not None:
        return []
    return untagged_problems(_list(targets))


def _list(targets: Any) -> Sequence[Any]:
    return targets if isinstance(targets, (list, tuple)) else ()


def place_problems(budget: object, topic: Any, context: StackContext) -> list[Problem | None]:
    """A budget that cannot be in the stack: for its region, or for a topic or roles of another account."""
    if not isinstance(budget, MonthlyBudget):
        return []
    return [
        account_topic_problem(topic, context.account) if has_members(topic, "topic_arn") else None,
        *role_problems("monthly_budget", budget, context.account),
        missing_type("AWS::Budgets::Budget", context.region),
    ]
