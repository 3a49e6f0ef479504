"""Alarms in dollars over one or more targets."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aws_cdk import Stack
from constructs import Construct

from cdk_inference import hardware
from cdk_inference.cost.arguments import argument_problems, number_problem, topic_problem, unit_costs
from cdk_inference.cost.burn import burn_alarm, burn_problems
from cdk_inference.cost.idle import idle_alarms
from cdk_inference.cost.limits import BurnRate, Idle, UnderUse, UnitCost
from cdk_inference.cost.priced import PricedTarget, priced
from cdk_inference.cost.rate import dollars_per_hour
from cdk_inference.cost.under_use import under_use_alarm
from cdk_inference.cost.unit_cost import unit_cost_alarms, unit_cost_problems
from cdk_inference.cost.variant import PricedVariant
from cdk_inference.errors import refuse
from cdk_inference.pricing import PriceBook

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_sns as sns

_ONE_HOUR, _A_DAY = Idle(), UnderUse()


class CostControls(Construct):
    """Alarms that tell within minutes what the bill tells the day after.

    targets: endpoints that run instances (`RealtimeEndpoint`, `AsyncEndpoint`, or one made elsewhere with its
        hardware) and models on Amazon Bedrock that are paid by the token (targets of `BedrockAccess`,
        `ApplicationProfile`). All in the stack's region, together at most 10 metrics: one per variant, one for each
        cheaper type of pools, one for each kind of a model's tokens.
    burn_rate: what all of them together may cost in an hour. Default: no such alarm.
    idle: how long instances may run without a request, per variant. Default `Idle()`, one hour; None: no such alarm.
    under_use: how little instances may be used, per variant. Default `UnderUse()`, below 20 % in each hour of a day;
        None: no such alarm.
    unit_cost: what a target's requests or tokens may cost; one value for every target, or target -> value. Default: no
        such alarm.
    topic: gets all alarms. Its policy, and its key's, must let CloudWatch publish.
    urgent_topic: gets the burn rate instead of `topic`. Default: `topic`.
    prices: where prices are looked up. Default: the shipped table as of its own day, so that the same code is the same
        template on every day; each alarm says the price, its kind and its date.

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
        topic: sns.ITopic,
        burn_rate: BurnRate | None = None,
        idle: Idle | None = _ONE_HOUR,
        under_use: UnderUse | None = _A_DAY,
        unit_cost: UnitCost | Mapping[Any, UnitCost] | None = None,
        urgent_topic: sns.ITopic | None = None,
        prices: PriceBook | None = None,
    ) -> None:
        super().__init__(scope, id)
        region = Stack.of(self).region
        book = prices or PriceBook(today=datetime.date.fromisoformat(hardware.KNOWLEDGE_DATE))
        found, problems = priced(targets, region, book)
        wrong = [
            *argument_problems(targets, burn_rate=burn_rate, idle=idle, under_use=under_use, unit_cost=unit_cost),
            topic_problem("topic", topic, region),
            None if urgent_topic is None else topic_problem("urgent_topic", urgent_topic, region),
            *problems,
        ]
        refuse(f"CostControls {self.node.path}", *wrong)
        each = [(value, _of(target, found)) for target, value in unit_costs(targets, unit_cost)]
        refuse(
            f"CostControls {self.node.path}",
            number_problem(found),
            *([] if burn_rate is None else burn_problems(burn_rate, found)),
            *(problem for value, of in each for problem in unit_cost_problems("unit_cost", value, of)),
        )
        self._priced = found
        if burn_rate is not None:
            burn_alarm(self, self._name, burn_rate, found, self.metric_usd_per_hour(), urgent_topic or topic)
        for one in found:
            if isinstance(one, PricedVariant) and one.counted.counts_requests:
                if idle is not None:
                    idle_alarms(self, self._name, idle, one, topic)
                if under_use is not None:
                    under_use_alarm(self, self._name, under_use, one, topic)
        for value, of in each:
            unit_cost_alarms(self, self._name, value, of, topic)

    def metric_usd_per_hour(self, label: str = "US dollars an hour") -> cloudwatch.MathExpression:
        """What runs now costs this much in an hour; for graphs, and alarms of your own."""
        return dollars_per_hour(self._priced, label)

    @property
    def _name(self) -> str:
        """What alarms' names begin with: unique in account and region, as the stack's name is."""
        stack = Stack.of(self)
        below = self.node.path.removeprefix(stack.node.path).strip("/").replace("/", "-")
        return f"{stack.stack_name}-{below}"


def _of(target: Any, found: Sequence[PricedTarget]) -> list[PricedTarget]:
    return [one for one in found if one.target is target]
