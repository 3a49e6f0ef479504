"""Alarms in dollars over one or more endpoints."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aws_cdk import Stack
from constructs import Construct

from cdk_inference import hardware
from cdk_inference.checks import has_members, instance_of
from cdk_inference.cost.burn import burn_alarm, burn_problems
from cdk_inference.cost.idle import idle_alarms
from cdk_inference.cost.limits import BurnRate, Idle
from cdk_inference.cost.priced import priced
from cdk_inference.cost.rate import PricedVariant, dollars_per_hour, metrics_of
from cdk_inference.endpoints.elsewhere import region_problem
from cdk_inference.errors import Problem, refuse
from cdk_inference.pricing import PriceBook

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_sns as sns

_ONE_HOUR = Idle()
# CloudWatch's limit for a math alarm, fixed:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html
METRICS_MAX = 10


class CostControls(Construct):
    """Alarms that tell within minutes what the bill tells the day after.

    targets: endpoints that run instances: `RealtimeEndpoint`, `AsyncEndpoint`, or one made elsewhere with its hardware.
        All in the stack's region, together at most 10 metrics: one per variant and one for each cheaper type of pools.
    burn_rate: what all of them together may cost in an hour. Default: no such alarm.
    idle: how long instances may run without a request, per variant. Default `Idle()`, one hour; None: no such alarm.
    topic: gets both alarms. Its policy, and its key's, must let CloudWatch publish.
    urgent_topic: gets the burn rate instead of `topic`. Default: `topic`.
    prices: where prices are looked up. Default: the shipped table as of its own day, so that the same code is the same
        template on every day; each alarm says the price, its kind and its date.

    Instances are counted by the metrics they publish. One that still starts, or is kept by an update, may be billed
    before or after it publishes. Storage, traffic and logs are not in these dollars.
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
        urgent_topic: sns.ITopic | None = None,
        prices: PriceBook | None = None,
    ) -> None:
        super().__init__(scope, id)
        region = Stack.of(self).region
        book = prices or PriceBook(today=datetime.date.fromisoformat(hardware.KNOWLEDGE_DATE))
        found, problems = priced(targets, region, book)
        variants = [variant for _, variant in found]
        refuse(
            f"CostControls {self.node.path}",
            *_argument_problems(targets, burn_rate, idle),
            _topic_problem("topic", topic, region),
            None if urgent_topic is None else _topic_problem("urgent_topic", urgent_topic, region),
            *problems,
            _number_problem(variants),
            *(burn_problems(burn_rate, variants) if isinstance(burn_rate, BurnRate) and not problems else []),
        )
        self._variants = variants
        if burn_rate is not None:
            burn_alarm(self, self._name, burn_rate, variants, self.metric_usd_per_hour(), urgent_topic or topic)
        if idle is not None:
            for target, variant in found:
                if variant.counted.counts_requests:
                    idle_alarms(self, self._name, idle, target, variant, topic)

    def metric_usd_per_hour(self, label: str = "US dollars an hour") -> cloudwatch.MathExpression:
        """What runs now costs this much in an hour; for graphs, and alarms of your own."""
        return dollars_per_hour(self._variants, label)

    @property
    def _name(self) -> str:
        """What alarms' names begin with: unique in account and region, as the stack's name is."""
        stack = Stack.of(self)
        below = self.node.path.removeprefix(stack.node.path).strip("/").replace("/", "-")
        return f"{stack.stack_name}-{below}"


def _argument_problems(targets: Sequence[Any], burn_rate: object, idle: object) -> list[Problem | None]:
    return [
        None if targets else Problem("targets", list(targets), "at least one endpoint", "name what is to be watched"),
        None
        if burn_rate is None
        else instance_of("burn_rate", burn_rate, BurnRate, "BurnRate or None", "burn_rate=BurnRate(usd_per_hour=...)"),
        None if idle is None else instance_of("idle", idle, Idle, "Idle or None", "idle=Idle(minutes=60)"),
        Problem("burn_rate, idle", None, "at least one of them", "burn_rate=BurnRate(usd_per_hour=...)")
        if burn_rate is None and idle is None
        else None,
    ]


def _topic_problem(argument: str, topic: Any, region: str) -> Problem | None:
    if not has_members(topic, "topic_arn"):
        return Problem(argument, topic, "a topic (aws_sns.ITopic)", "for example sns.Topic.from_topic_arn(...)")
    return region_problem(argument, topic, region, "a topic", "alarm")


def _number_problem(variants: Sequence[PricedVariant]) -> Problem | None:
    count = metrics_of(variants)
    if count <= METRICS_MAX:
        return None
    allowed = f"up to {METRICS_MAX} metrics in an alarm: one per variant, and one for each cheaper type of its pools"
    return Problem("targets", f"{count} metrics", allowed, "make CostControls for each part of the targets")
