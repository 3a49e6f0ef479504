"""What instances cost now: samples of processor use count them, times the price.

No metric says how many instances an endpoint has. Each instance publishes its processor use once per publish period, so
the number of samples counts them. That follows from what AWS documents; it has not been seen in an account.
https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (read 2026-11-22)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import Duration

from cdk_inference.cost.rate import Term, name_in_maths
from cdk_inference.cost.words import price_in_words
from cdk_inference.endpoints import CountedVariant
from cdk_inference.pricing import Price

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch

# The metric that every kind of hardware publishes.
COUNTED = "CPUUtilization"


@dataclass(frozen=True, kw_only=True)
class PricedVariant:
    """A variant of `target`, and the price of each of its types, by priority."""

    target: Any
    counted: CountedVariant
    prices: tuple[Price, ...]

    @property
    def name(self) -> str:
        """The variant's."""
        return self.counted.metrics.variant_name

    @property
    def dearest(self) -> Price:
        """The price that counts where nobody says which type it is."""
        return max(self.prices, key=lambda price: price.usd)

    @property
    def least_usd(self) -> float:
        """What the fewest instances cost in an hour, all of the cheapest type; 0 where their number is not known."""
        return (self.counted.minimum or 0) * min(price.usd for price in self.prices)

    @property
    def publish_seconds(self) -> int:
        """How often an instance is counted."""
        return self.counted.publish_seconds

    @property
    def prices_in_words(self) -> tuple[str, ...]:
        """Each type's."""
        return tuple(price_in_words(price) for price in self.prices)

    def samples(self, period: int) -> tuple[str, cloudwatch.Metric]:
        """(name in maths, metric): one for each instance and publish period, all types together."""
        return self._name("instances", period), self.counted.metrics.metric(COUNTED, **_count(period))

    def terms(self, period: int) -> list[Term]:
        """All instances at the dearest price, less what others save.

        So instances that are not counted by type, for whatever reason, are taken for the dearest and never for nothing.
        """
        share = self.counted.publish_seconds / period
        name, metric = self.samples(period)
        found = [Term(name=name, usd=self.dearest.usd * share, metric=metric)]
        for price in self.prices:
            if price.usd < self.dearest.usd:
                of_type = self.counted.metrics.metric_of_type(COUNTED, price.item, **_count(period))
                usd = (price.usd - self.dearest.usd) * share
                found.append(Term(name=self._name(price.item, period), usd=usd, metric=of_type))
        return found

    def _name(self, what: str, period: int) -> str:
        return name_in_maths(self.target.node.path, f"{self.name} {what}", period)


def _count(period: int) -> dict[str, Any]:
    return {"statistic": "SampleCount", "period": Duration.seconds(period)}
