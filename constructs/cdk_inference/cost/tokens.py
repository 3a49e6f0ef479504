"""What tokens cost now: as many as were counted, times their price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from aws_cdk import Duration

from cdk_inference.cost.rate import HOUR, MINUTE, Term, name_in_maths
from cdk_inference.cost.words import token_prices_in_words
from cdk_inference.pricing import TokenPrice

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

    least_usd: ClassVar[float] = 0.0
    # https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-runtime-metrics.html (read 2026-11-22)
    publish_seconds: ClassVar[int] = MINUTE

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of tokens that are counted."""
        return tuple(kind for kind in BILLED if kind in self.price.usd_per_million)

    @property
    def prices_in_words(self) -> tuple[str, ...]:
        """The tokens' prices, in one text."""
        return (token_prices_in_words(self.price, self.kinds),)

    def count(self, kind: str, period: int) -> tuple[str, cloudwatch.Metric]:
        """(name in maths, metric): tokens of a kind in a period."""
        options = {"statistic": "Sum", "period": Duration.seconds(period)}
        metric: cloudwatch.Metric = getattr(self.target, f"metric_{kind}_tokens")(**options)
        return name_in_maths(self.target.node.path, f"{kind}_tokens", period), metric

    def terms(self, period: int) -> list[Term]:
        """One for each kind of tokens."""
        found = []
        for kind in self.kinds:
            name, metric = self.count(kind, period)
            usd = self.price.usd_per_million[kind] / 1e6 * HOUR / period
            found.append(Term(name=name, usd=usd, metric=metric))
        return found
