"""Targets with a price: variants billed by instance, hosts of components, models billed by token.

No metric says how many instances an endpoint has. Each instance publishes its processor use once per publish period, so
the number of samples counts them. That follows from AWS's documentation; it has not been seen in an account.
https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (read 2026-11-22)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import Duration, Stack

from cdk_inference.core.checks import has_members, is_token
from cdk_inference.core.errors import Problem
from cdk_inference.core.pages import page
from cdk_inference.cost.formatting import price_in_words, token_prices_in_words
from cdk_inference.cost.metering.construct import Metering
from cdk_inference.cost.metric_math import HOUR, MINUTE, Term, name_in_maths
from cdk_inference.endpoints import BilledVariant, ComponentEndpoint
from cdk_inference.hardware import InstanceType
from cdk_inference.hosting import CountRange
from cdk_inference.kit.region_checks import region_problem
from cdk_inference.pricing import Price, PriceBook, TokenPrice
from cdk_inference.target import BilledByInstance, BilledByToken

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch

# The metric that every kind of hardware publishes.
COUNTED = "CPUUtilization"


@dataclass(frozen=True, kw_only=True)
class PricedVariant:
    """A variant of `target`, and the price of each of its types, by priority."""

    target: Any
    variant: BilledVariant
    prices: tuple[Price, ...]

    @property
    def name(self) -> str:
        """The variant's."""
        return self.variant.metrics.variant_name

    @property
    def most_expensive(self) -> Price:
        """The price that counts where nobody says which type it is."""
        return max(self.prices, key=lambda price: price.usd)

    @property
    def counts(self) -> CountRange:
        """How many instances run."""
        return self.variant.hosted.instances

    @property
    def lowest_usd(self) -> float:
        """What an instance of the cheapest type costs in an hour."""
        return min(price.usd for price in self.prices)

    @property
    def publish_seconds(self) -> int:
        """How often an instance is counted."""
        return self.variant.publish_seconds

    @property
    def prices_in_words(self) -> tuple[str, ...]:
        """Each type's."""
        return tuple(price_in_words(price) for price in self.prices)

    def samples(self, period: int) -> tuple[str, cloudwatch.Metric]:
        """(name in maths, metric): one for each instance and publish period, all types together."""
        return self._name("instances", period), self.variant.metrics.metric(COUNTED, **_count(period))

    def terms(self, period: int) -> list[Term]:
        """All instances at the highest price, less what others save.

        So instances that are not counted by type, for whatever reason, are priced at the highest price, never at zero.
        """
        share = self.variant.publish_seconds / period
        name, metric = self.samples(period)
        found = [Term(name=name, usd=self.most_expensive.usd * share, metric=metric)]
        for price in self.prices:
            if price.usd < self.most_expensive.usd:
                of_type = self.variant.metrics.metric_of_type(COUNTED, price.item, **_count(period))
                usd = (price.usd - self.most_expensive.usd) * share
                found.append(Term(name=self._name(price.item, period), usd=usd, metric=of_type))
        return found

    def _name(self, what: str, period: int) -> str:
        return name_in_maths(self.target.node.path, f"{self.name} {what}", period)


def _count(period: int) -> dict[str, Any]:
    return {"statistic": "SampleCount", "period": Duration.seconds(period)}


if TYPE_CHECKING:
    from cdk_inference.cost.metering.construct import Metering


@dataclass(frozen=True, kw_only=True)
class PricedHost:
    """`target`, a `ComponentEndpoint`, the meter that counts it, and the price of each of its types, by priority."""

    target: Any
    metering: Metering
    prices: tuple[Price, ...]

    @property
    def counts(self) -> CountRange:
        """How many instances run."""
        counts: CountRange = self.target.counts
        return counts

    @property
    def lowest_usd(self) -> float:
        """What an instance of the cheapest type costs in an hour."""
        return min(price.usd for price in self.prices)

    @property
    def publish_seconds(self) -> int:
        """How often the meter publishes."""
        return self.metering.every_minutes * 60

    @property
    def prices_in_words(self) -> tuple[str, ...]:
        """Each type's."""
        return tuple(price_in_words(price) for price in self.prices)

    def terms(self, period: int) -> list[Term]:
        """The meter's dollars."""
        metric = self.metering.metric_usd_per_hour(self.target, statistic="Average", period=Duration.seconds(period))
        return [Term(name=name_in_maths(self.target.node.path, "metered dollars", period), usd=1, metric=metric)]


if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch

# Kinds of tokens that a call is billed for, as the price book has them. Batch jobs are no calls: what they publish no
# page says.
BILLED = ("input", "output", "cache_read", "cache_write")


@dataclass(frozen=True, kw_only=True)
class PricedTokens:
    """`target`, which is `BilledByToken`, and the price of its tokens. A kind of tokens without a price is not counted:
    models that only embed have none for answers.
    """

    target: Any
    price: TokenPrice

    @property
    def counts(self) -> CountRange:
        """No instance, and nothing billed, between requests."""
        return CountRange.fixed(0)

    @property
    def lowest_usd(self) -> float:
        """Nothing without requests."""
        return 0.0

    @property
    def publish_seconds(self) -> int:
        """How often Bedrock publishes.

        https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-runtime-metrics.html (read 2026-11-22)
        """
        return MINUTE

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of tokens that are counted."""
        return tuple(kind for kind in BILLED if kind in self.price.usd_per_million)

    @property
    def counted(self) -> tuple[tuple[str, str], ...]:
        """(what is counted, the kind of tokens whose price it has): calls through each endpoint of Bedrock's.

        The OpenAI-compatible one publishes no tokens of the cache, so all its prompts have the price of input.
        """
        through = getattr(self.target, "openai_compatible", False)
        openai = tuple((f"openai_{kind}", kind) for kind in ("input", "output") if through and kind in self.kinds)
        return *((kind, kind) for kind in self.kinds), *openai

    @property
    def prices_in_words(self) -> tuple[str, ...]:
        """The tokens' prices, in one text."""
        return (token_prices_in_words(self.price, self.kinds),)

    def count(self, what: str, period: int) -> tuple[str, cloudwatch.Metric]:
        """(name in maths, metric): one of `counted` in a period."""
        options = {"statistic": "Sum", "period": Duration.seconds(period)}
        metric: cloudwatch.Metric = getattr(self.target, f"metric_{what}_tokens")(**options)
        return name_in_maths(self.target.node.path, f"{what}_tokens", period), metric

    def terms(self, period: int) -> list[Term]:
        """One for each kind of tokens and endpoint."""
        found = []
        for what, kind in self.counted:
            name, metric = self.count(what, period)
            usd = self.price.usd_per_million[kind] / 1e6 * HOUR / period
            found.append(Term(name=name, usd=usd, metric=metric))
        return found


PricedTarget = PricedVariant | PricedTokens | PricedHost

_KINDS = "RealtimeEndpoint, AsyncEndpoint, RealtimeEndpoint.from_endpoint_name(...) or a model on Amazon Bedrock"
_INSTEAD = {
    "component": "pass its endpoint: the instances are that one's",
    "serverless": "leave it out: it has no instances, and no metric counts what it is billed for",
}
_OWN = f'give one: prices=price_book([Path("prices.toml")], today); {page("prices")} shows the file'


def priced(
    targets: Sequence[Any], region: str, book: PriceBook, metering: Metering | None
) -> tuple[list[PricedTarget], list[Problem]]:
    """Everything of `targets` that has a price, and the problems of the others."""
    if is_token(region):
        fix = 'give the stack a region: env=cdk.Environment(region="us-east-1")'
        return [], [Problem("region", "a value known at deployment only", "a region, since prices differ", fix)]
    found: list[PricedTarget] = []
    problems: list[Problem] = []
    if not isinstance(targets, (list, tuple)):
        return [], []
    for number, target in enumerate(targets):
        argument = f"targets[{number}]"
        wrong = _target_problem(argument, target, targets[:number], region, metering)
        if wrong is not None:
            problems.append(wrong)
            continue
        if isinstance(target, BilledByToken):
            price = _token_price(argument, target, region, book)
            if isinstance(price, Problem):
                problems.append(price)
            else:
                found.append(PricedTokens(target=target, price=price))
            continue
        if isinstance(target, ComponentEndpoint):
            prices = _prices(argument, target.instance_types, region, book)
            problems += [price for price in prices if isinstance(price, Problem)]
            known = tuple(price for price in prices if isinstance(price, Price))
            if len(known) == len(prices) and metering is not None:
                found.append(PricedHost(target=target, metering=metering, prices=known))
            continue
        for variant in target.billed_variants:
            prices = _prices(argument, variant.metrics.instance_types, region, book)
            problems += [price for price in prices if isinstance(price, Problem)]
            known = tuple(price for price in prices if isinstance(price, Price))
            if len(known) == len(prices):
                found.append(PricedVariant(target=target, variant=variant, prices=known))
    return found, problems


def _target_problem(
    argument: str, target: Any, before: Sequence[Any], region: str, metering: Metering | None
) -> Problem | None:
    known: object = target  # keeps the type checker from taking it for one of the protocols alone
    if isinstance(known, ComponentEndpoint):
        if metering is None:
            fix = f"metering=Metering(...), one for all endpoints of the region: {page('cost', 'metering')}"
            return Problem(
                argument, known.target_name, "no host of components without metering: no metric counts it", fix
            )
    elif not isinstance(known, (BilledByInstance, BilledByToken)) or not has_members(target, "target_name", "node"):
        fix = _INSTEAD.get(getattr(target, "kind", ""), "no metric counts the instances of other kinds: leave it out")
        return Problem(argument, type(target).__name__, _KINDS, fix)
    if any(target is other or _counted(target) == _counted(other) for other in before):
        return Problem(argument, target.target_name, "each target once, or it is counted twice", "leave it out")
    return region_problem(argument, Stack.of(target), region, "an endpoint", "alarm")


def _counted(target: Any) -> object:
    """What its metrics are found by: two objects may stand for one endpoint, or for one model on Amazon Bedrock."""
    for name in ("endpoint_name", "metric_id"):
        value = getattr(target, name, None)
        if value is not None:
            return name, value
    return id(target)


def _prices(argument: str, types: Sequence[InstanceType] | None, region: str, book: PriceBook) -> list[Price | Problem]:
    if types is None:
        fix = 'write RealtimeEndpoint.from_endpoint_name(..., hardware="ml.g5.xlarge")'
        return [Problem(f"{argument}.hardware", None, "the instance types, to which prices belong", fix)]
    looked_up = [(hardware.name, book.look_up(hardware.name, region)) for hardware in types]
    return [
        price
        if isinstance(price, Price)
        else Problem(f"{argument}.hardware", name, f"a type with a price: {price.reason}", _OWN)
        for name, price in looked_up
    ]


def _token_price(argument: str, target: BilledByToken, region: str, book: PriceBook) -> TokenPrice | Problem:
    name = getattr(target, "target_name", None)
    if target.priced_as is None:
        allowed = "a model or profile with a price per token: own models cost by the hour, routers what they choose"
        return Problem(argument, name, allowed, "watch the models that it leads to, or leave it out")
    if getattr(target, "metric_id", "") is None:
        allowed = "a target whose metrics are known"
        return Problem(argument, name, allowed, f"give its metric_id: {page('bedrock')} shows where to find it")
    price = book.tokens(target.priced_as, region)
    if isinstance(price, TokenPrice):
        return price
    return Problem(argument, name, f"a model whose tokens have a price: {price.reason}", _OWN)
