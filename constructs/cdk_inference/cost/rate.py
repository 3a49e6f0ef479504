"""Dollars per hour of what runs now, as metric maths: samples of processor use count instances, times the price.

No metric says how many instances an endpoint has. Each instance publishes its processor use once per publish period, so
the number of samples counts them. That follows from what AWS documents; it has not been seen in an account.
https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (read 2026-11-22)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Duration

from cdk_inference.endpoints.counted import CountedVariant
from cdk_inference.pricing import Price

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch

# The metric that every kind of hardware publishes.
COUNTED = "CPUUtilization"
MINUTE = 60


@dataclass(frozen=True, kw_only=True)
class PricedVariant:
    """A variant and the price of each of its types, by priority."""

    counted: CountedVariant
    prices: tuple[Price, ...]

    @property
    def dearest(self) -> Price:
        return max(self.prices, key=lambda price: price.usd)

    @property
    def least_usd(self) -> float:
        """What the fewest instances cost in an hour, all of the cheapest type; 0 where their number is not known."""
        return (self.counted.minimum or 0) * min(price.usd for price in self.prices)

    def terms(self, period: int) -> list[tuple[float, cloudwatch.Metric]]:
        """(dollars per hour of one sample, samples): all instances at the dearest price, less what others save.

        So instances that are not counted by type, for whatever reason, are taken for the dearest and never for nothing.
        """
        share = self.counted.publish_seconds / period
        metrics = self.counted.metrics
        options = {"statistic": "SampleCount", "period": Duration.seconds(period)}
        found = [(self.dearest.usd * share, metrics.metric(COUNTED, **options))]
        for price in self.prices:
            if price.usd < self.dearest.usd:
                of_type = metrics.metric_of_type(COUNTED, price.item, **options)
                found.append(((price.usd - self.dearest.usd) * share, of_type))
        return found


def metrics_of(variants: Sequence[PricedVariant]) -> int:
    """How many metrics the sum reads."""
    return sum(1 + sum(price.usd < variant.dearest.usd for price in variant.prices) for variant in variants)


def period_of(variants: Sequence[PricedVariant]) -> int:
    """Seconds in which each of them publishes at least once, and at least a minute."""
    return max([MINUTE, *(variant.counted.publish_seconds for variant in variants)])


def dollars_per_hour(variants: Sequence[PricedVariant], label: str) -> cloudwatch.MathExpression:
    """The sum over `variants`.

    Plus and minus count a missing side as 0, so what does not run costs nothing:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html (read 2026-11-22)
    """
    from aws_cdk import aws_cloudwatch as cloudwatch

    period = period_of(variants)
    terms = [term for variant in variants for term in variant.terms(period)]
    expression = " ".join(
        f"{'-' if factor < 0 else '+'} {_written(abs(factor))} * m{number}" for number, (factor, _) in enumerate(terms)
    )
    return cloudwatch.MathExpression(
        expression=expression.removeprefix("+ "),
        using_metrics={f"m{number}": metric for number, (_, metric) in enumerate(terms)},
        period=Duration.seconds(period),
        label=label,
    )


def _written(number: float) -> str:
    """Never 1e-05, which metric maths does not promise to read."""
    return f"{number:.6f}".rstrip("0").rstrip(".")
