"""What hosts of inference components cost now: `Metering` counts them, no published metric does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import Duration

from cdk_inference.cost.rate import Term, name_in_maths
from cdk_inference.cost.words import price_in_words
from cdk_inference.pricing import Price

if TYPE_CHECKING:
    from cdk_inference.cost.metering import Metering


@dataclass(frozen=True, kw_only=True)
class PricedHost:
    """`target`, a `ComponentEndpoint`, the meter that counts it, and the price of each of its types, by priority."""

    target: Any
    metering: Metering
    prices: tuple[Price, ...]
    minimum: int

    @property
    def least_usd(self) -> float:
        """What the fewest instances cost in an hour, all of the cheapest type."""
        return self.minimum * min(price.usd for price in self.prices)

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
