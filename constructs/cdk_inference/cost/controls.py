"""Alarms in dollars over one or more targets."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from constructs import Construct

from cdk_inference import hardware
from cdk_inference.core.checks import instance_of, known_number, whole_number
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.cost.alarms.burn_rate import burn_alarm
from cdk_inference.cost.alarms.idle import idle_alarms
from cdk_inference.cost.alarms.low_utilization import under_use_alarm
from cdk_inference.cost.alarms.unit_cost import REQUESTS, UNITS, cost_per, unit_cost_alarms, unit_cost_problems
from cdk_inference.cost.billed import PricedTarget, PricedVariant, priced
from cdk_inference.cost.budgets.budget import Budget
from cdk_inference.cost.budgets.monthly_budget import MonthlyBudget
from cdk_inference.cost.control_checks import (
    argument_problems,
    money_problems,
    notification_problems,
    place_problems,
    tag_problems,
    unit_costs,
)
from cdk_inference.cost.cost_tag import own_tag, tag_targets
from cdk_inference.cost.dashboard import FleetDashboard
from cdk_inference.cost.limits import BurnRate, Idle, UnderUse, UnitCost
from cdk_inference.cost.lowest_cost import default_burn_rate
from cdk_inference.cost.metering.construct import Metering
from cdk_inference.cost.metric_math import MINUTE, dollars_per_hour
from cdk_inference.cost.notifications import AlarmTopic
from cdk_inference.kit.interfaces import Topic, as_topic
from cdk_inference.kit.physical_names import alarms_name, dashboard_name, name_of, name_problem, take_name
from cdk_inference.kit.stack_context import path_below, stack_context
from cdk_inference.kit.topic_publishers import CLOUDWATCH, report_publisher
from cdk_inference.pricing import PriceBook

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch


_ONE_HOUR, _A_DAY = Idle(), UnderUse()
# The finest that CloudWatch keeps for the 30 days that a budget's graph adds up.
_DAY_MINUTES = 1440
_DASHBOARD_MINUTES = 5
_DASHBOARD = "Dashboard"


class Derived(enum.Enum):
    """Stands in a signature for a default that other arguments decide; its value says how."""

    FROM_BUDGET = "twice the rate at which monthly_budget lasts a month"


class CostControls(Construct):
    """Alarms that report within minutes what the bill shows the day after, and the budget of the month.

    targets: endpoints that run instances (`RealtimeEndpoint`, `AsyncEndpoint`, or one made elsewhere with its
        hardware), `ComponentEndpoint`s where there is `metering`, and models on Amazon Bedrock that are paid by the
        token (targets of `BedrockAccess`, `ApplicationProfile`). All in the stack's region, each once.
    monthly_budget: what they may cost in a calendar month. Without a tag of its own they get one, "cost-controls" with
        this construct's name, **which has to be activated once for the account**: docs/cost.md says how. Default: no
        budget.
    notify: e-mail addresses that get every alarm, once they have confirmed; an `AlarmTopic` is made for them. Default:
        none; addresses or a topic are needed.
    alarm_topic: instead of `notify`, a topic that exists. Default: the one that is made. Its policy, and its
        key's, must let CloudWatch publish, and AWS Budgets where there is a budget: `AlarmTopic` does. A topic of the
        app that does not is a warning.
    urgent_topic: gets the burn rate instead of `alarm_topic`. Default: `alarm_topic`.
    burn_rate: what all of them together may cost in an hour. Default: with a budget twice the rate at which it lasts a
        month, or twice what the minimum instances cost when their schedules need most, if that rate is not above it;
        without one no such alarm. None: no such alarm. An alarm reads 10 metrics (one per variant, one for each cheaper
        type of pools, one for each kind of a model's tokens): with more the limit is divided among several alarms, and
        a composite fires with any of them.
    idle: how long instances may run without a request, per variant. Default `Idle()`, one hour; None: no such alarm.
    under_use: how little instances may be used, per variant. Default `UnderUse()`, below 20 % in each hour of a day;
        None: no such alarm.
    standby: those of `targets` that are idle on purpose: they have neither of these two alarms. Default: none.
    unit_cost: what a target's requests or tokens may cost; one value for every target, or target -> value. Default: no
        such alarm.
    dashboard: whether there is a dashboard of all of it, with what the targets publish. Default True.
    metering: counts the instances of endpoints that host components. Default: none, and such endpoints are refused.
    prices: where prices are looked up. Default: the shipped table as of its own day, so that the same code is the same
        template on every day; each alarm says the price, its kind and its date.

    Attributes: `alarm_topic`, where everything goes; `alarms`, those with an action, without the parts of composites;
    `budget`.

    Instances are counted by the metrics they publish. One that still starts, or is kept by an update, may be billed
    before or after it publishes. Storage, traffic and logs are not in these dollars, batch jobs neither.
    Raises ConfigurationError, also where a price is not known: no alarm is made with 0.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        targets: Sequence[Any],
        monthly_budget: MonthlyBudget | None = None,
        notify: Sequence[str] = (),
        alarm_topic: Topic | None = None,
        urgent_topic: Topic | None = None,
        burn_rate: BurnRate | Derived | None = Derived.FROM_BUDGET,
        idle: Idle | None = _ONE_HOUR,
        under_use: UnderUse | None = _A_DAY,
        standby: Sequence[Any] = (),
        unit_cost: UnitCost | Mapping[Any, UnitCost] | None = None,
        dashboard: bool = True,
        metering: Metering | None = None,
        prices: PriceBook | None = None,
    ) -> None:
        context = stack_context(scope)
        path, region = path_below(scope, id), context.region
        begin, shown = alarms_name(path, context), f"{path}/{_DASHBOARD}"
        shipped = PriceBook(today=datetime.date.fromisoformat(hardware.KNOWLEDGE_DATE))
        book = prices if isinstance(prices, PriceBook) else shipped
        found, problems = priced(targets, region, book, metering)
        derived = burn_rate is Derived.FROM_BUDGET
        if isinstance(burn_rate, Derived):
            budget = monthly_budget if isinstance(monthly_budget, MonthlyBudget) else None
            burn_rate = None if budget is None else default_burn_rate(budget, found)
        values = {"monthly_budget": monthly_budget, "burn_rate": burn_rate, "idle": idle, "under_use": under_use}
        each = [(value, _of(target, found)) for target, value in unit_costs(targets, unit_cost)]
        raise_problems(
            f"CostControls {path}",
            name_problem("cost controls", begin, path, context, id=id),
            name_problem("dashboard", dashboard_name(shown, context), shown, context, id=id) if dashboard else None,
            *argument_problems(
                targets, unit_cost=unit_cost, standby=standby, metering=metering, prices=prices, **values
            ),
            *notification_problems(notify, alarm_topic, urgent_topic, region),
            *problems,
            *money_problems(monthly_budget, burn_rate, found, whole=not problems, derived=derived),
            *place_problems(monthly_budget, alarm_topic, context),
            *(problem for value, of in each if of for problem in unit_cost_problems("unit_cost", value, of)),
            *tag_problems(monthly_budget, targets),
        )
        super().__init__(scope, id)
        take_name("cost controls", begin, path, context)
        self._priced = found
        name = name_of(self)
        self.alarm_topic = as_topic(AlarmTopic(self, "Topic", notify=notify) if alarm_topic is None else alarm_topic)
        for topic in (alarm_topic, urgent_topic):
            if topic is not None:
                report_publisher(self, topic, CLOUDWATCH)
        self.alarms: list[cloudwatch.IAlarm] = []
        self.budget = None if monthly_budget is None else self._budget(monthly_budget, targets)
        if burn_rate is not None:
            self.alarms.append(burn_alarm(self, name, burn_rate, found, urgent_topic or self.alarm_topic))
        for one in found:
            resting = any(one.target is target for target in standby)
            if isinstance(one, PricedVariant) and one.variant.counts_requests and not resting:
                if idle is not None:
                    self.alarms.append(idle_alarms(self, name, idle, one, self.alarm_topic))
                if under_use is not None:
                    self.alarms.append(under_use_alarm(self, name, under_use, one, self.alarm_topic))
        for value, of in each:
            self.alarms += unit_cost_alarms(self, name, value, of, self.alarm_topic)
        if dashboard:
            self._show(targets, each, monthly_budget, burn_rate)

    def _budget(self, monthly: MonthlyBudget, targets: Sequence[Any]) -> Budget:
        tag = None
        if monthly.tag is None:
            tag = own_tag(name_of(self))
            tag_targets(targets, tag)
        return Budget(self, "Budget", monthly=monthly, tag=tag, alarm_topic=self.alarm_topic)

    def metric_usd_per_hour(self, label: str = "US dollars an hour", *, minutes: int = 1) -> cloudwatch.MathExpression:
        """What runs now costs this much in an hour; for graphs, and for alarms of your own up to 10 metrics.

        label: in the legend. Default "US dollars an hour".
        minutes: the period, 1 to 1440; rounded up to where each target is counted. Default 1.

        Raises ConfigurationError.
        """
        raise_problems(
            f"metric of CostControls {self.node.path}",
            instance_of("label", label, str, "a text", 'for example label="US dollars an hour"'),
            known_number("minutes", minutes, "the period is made of it")
            or whole_number("minutes", minutes, 1, _DAY_MINUTES, "choose a number within the limits"),
        )
        return dollars_per_hour(self._priced, label, minutes * MINUTE)

    def metric_usd_per_1000_requests(self, target: Any, *, minutes: int = 60) -> cloudwatch.MathExpression:
        """What 1000 requests to one of the targets cost, averaged over so many minutes; no point without requests.

        Raises ConfigurationError for hosts of components, whose requests are counted per component.
        """
        unit_cost = UnitCost(usd_per_1000_requests=1, minutes=minutes, least_requests=1)
        of = _of(target, self._priced)
        known = ", ".join(dict.fromkeys(one.target.target_name for one in self._priced))
        raise_problems(
            f"metric of CostControls {self.node.path}",
            None if of else Problem("target", target, f"one of its targets: {known}", "name one of them"),
            *(unit_cost_problems("target", unit_cost, of) if of else []),
        )
        return cost_per(REQUESTS, unit_cost, of)

    def _show(
        self,
        targets: Sequence[Any],
        each: Sequence[tuple[UnitCost, list[PricedTarget]]],
        budget: MonthlyBudget | None,
        burn_rate: BurnRate | None,
    ) -> None:
        FleetDashboard(
            self,
            _DASHBOARD,
            targets=targets,
            alarms=self.alarms,
            usd_per_hour=self.metric_usd_per_hour(minutes=_DASHBOARD_MINUTES),
            limit_usd_per_hour=None if burn_rate is None else burn_rate.usd_per_hour,
            unit_cost=[
                cost_per(unit, value, of) for value, of in each for unit in UNITS if unit.limit_in(value) is not None
            ],
            monthly_budget_usd=None if budget is None else budget.usd,
        )


def _of(target: Any, found: Sequence[PricedTarget]) -> list[PricedTarget]:
    return [one for one in found if one.target is target]
