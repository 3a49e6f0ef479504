"""The alarms on what a thousand requests, and a million tokens, cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk_inference.core.errors import Problem
from cdk_inference.cost.billed import PricedHost, PricedTarget, PricedTokens, PricedVariant
from cdk_inference.cost.formatting import described, dollars
from cdk_inference.cost.limits import UnitCost
from cdk_inference.cost.metric_math import HOUR, METRICS_MAX, MINUTE, expression, name_in_maths, summed, written
from cdk_inference.cost.notifications import connect
from cdk_inference.kit.interfaces import Topic
from cdk_inference.kit.physical_names import alarm_name

Metrics = Mapping[str, cloudwatch.IMetric]


@dataclass(frozen=True, kw_only=True)
class Unit:
    """What is divided by. begin: of the alarm's name; count: in a unit; words: as in "$2.00 per ..."; limit: whose."""

    begin: str
    count: int
    words: str
    limit: str

    def limit_in(self, unit_cost: UnitCost) -> float | None:
        """Its limit; None where there is none."""
        found: float | None = getattr(unit_cost, self.limit)
        return found


REQUESTS = Unit(begin="requests", count=1000, words="1000 requests", limit="usd_per_1000_requests")
TOKENS = Unit(begin="tokens", count=1_000_000, words="million tokens", limit="usd_per_million_tokens")
UNITS = (REQUESTS, TOKENS)


def unit_cost_problems(argument: str, unit_cost: UnitCost, priced: Sequence[PricedTarget]) -> list[Problem]:
    """What cannot be computed of a target, and a limit that its cheapest token is above."""
    hosts = [one.target.target_name for one in priced if isinstance(one, PricedHost)]
    if hosts:
        allowed = "no host of components: requests are counted per component, dollars per host"
        return [Problem(argument, hosts[0], allowed, "unit_cost={...} with the other targets")]
    tokens = [one for one in priced if isinstance(one, PricedTokens)]
    limit = unit_cost.usd_per_million_tokens
    found = []
    if limit is not None and not tokens and unit_cost.tokens is None:
        fix = "tokens=cloudwatch.Metric(...) that your container publishes, or usd_per_1000_requests"
        found.append(Problem(f"{argument}.tokens", None, "a metric of tokens: SageMaker publishes none", fix))
    if tokens and unit_cost.tokens is not None:
        allowed = "none for a model on Amazon Bedrock, which publishes its own"
        found.append(Problem(f"{argument}.tokens", "a metric", allowed, "leave it out"))
    for one in tokens:
        least = min(one.price.usd_per_million[kind] for kind in one.kinds)
        if limit is not None and limit <= least:
            allowed = f"more than {dollars(least)}, the price of the cheapest kind of its tokens"
            found.append(
                Problem(f"{argument}.usd_per_million_tokens", limit, allowed, "raise it: it would always fire")
            )
    given = [unit for unit in UNITS if unit.limit_in(unit_cost) is not None]
    if not found:
        most = max(len(_parts(unit, unit_cost, priced, MINUTE)[0]) for unit in given)
        found += [] if most <= METRICS_MAX else [_too_many(argument, most)]
    return found


def _too_many(argument: str, count: int) -> Problem:
    allowed = f"up to {METRICS_MAX} metrics in an alarm: for each variant its instances, cheaper types and requests"
    return Problem(argument, f"{count} metrics", allowed, "leave the unit cost of this target out")


def unit_cost_alarms(
    scope: Construct, name: str, unit_cost: UnitCost, priced: Sequence[PricedTarget], topic: Topic
) -> list[cloudwatch.IAlarm]:
    """Of one target: each fires when the cost over the time is above its limit, with enough requests to decide."""
    target = priced[0].target
    made: list[cloudwatch.IAlarm] = []
    for unit in UNITS:
        limit = unit.limit_in(unit_cost)
        if limit is None:
            continue
        alarm = cloudwatch.Alarm(
            scope,
            f"{target.node.id}{target.node.addr[-6:]}{unit.begin.title()}Cost",
            alarm_name=alarm_name(f"{name}-{target.target_name}", f"{unit.begin}-cost"),
            alarm_description=described(
                f"{target.target_name}: over {unit_cost.minutes} minutes, with {unit_cost.least_requests} requests or "
                f"more, {unit.words} have cost more than {dollars(limit)}. Fewer requests for the same instances, "
                "longer prompts or answers, or a more expensive type: lower min_instances, use a cheaper type "
                "(`cdk-inference choose`), or check what callers send.",
                priced,
            ),
            metric=cost_per(unit, unit_cost, priced),
            threshold=limit,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            # Too few requests to decide: no point.
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        connect(alarm, topic)
        made.append(alarm)
    return made


def cost_per(unit: Unit, unit_cost: UnitCost, priced: Sequence[PricedTarget]) -> cloudwatch.MathExpression:
    """US dollars per unit: what ran, against what came, over the time of `unit_cost`.

    IF without a third part leaves the point out; so does a division by 0.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html (read 2026-11-22)
    """
    period = unit_cost.minutes * MINUTE
    metrics, dollars_an_hour, requests, units = _parts(unit, unit_cost, priced, period)
    factor = written(unit.count * period / HOUR)
    text = f"IF({requests} >= {unit_cost.least_requests}, {factor} * ({dollars_an_hour}) / ({units}))"
    return expression(text, metrics, period, f"{priced[0].target.target_name}: dollars per {unit.words}")


def _parts(
    unit: Unit, unit_cost: UnitCost, priced: Sequence[PricedTarget], period: int
) -> tuple[Metrics, str, str, str]:
    """(all metrics, dollars per hour, requests, units)."""
    dollars_an_hour, metrics = summed([term for one in priced for term in one.terms(period)])
    requests = _requests(priced, period)
    units = requests if unit is REQUESTS else _tokens(unit_cost, priced, period)
    return {**metrics, **requests, **units}, dollars_an_hour, " + ".join(requests), " + ".join(units)


def _requests(priced: Sequence[PricedTarget], period: int) -> Metrics:
    """Of all variants that count their requests, or of the model."""
    options: dict[str, Any] = {"statistic": "Sum", "period": Duration.seconds(period)}
    variants = [one for one in priced if isinstance(one, PricedVariant) and one.variant.counts_requests]
    if not variants:
        target = priced[0].target
        return {name_in_maths(target.node.path, "requests", period): target.metric_requests(**options)}
    return {
        name_in_maths(one.target.node.path, f"{one.name} requests", period): one.variant.metrics.metric_requests(
            **options
        )
        for one in variants
    }


def _tokens(unit_cost: UnitCost, priced: Sequence[PricedTarget], period: int) -> Metrics:
    """Of prompts and answers."""
    if unit_cost.tokens is not None:
        name = name_in_maths(priced[0].target.node.path, "tokens", period)
        return {name: unit_cost.tokens.with_(statistic="Sum", period=Duration.seconds(period))}
    return dict(one.count(what, period) for one in priced if isinstance(one, PricedTokens) for what, _ in one.counted)
