"""Money, for the descriptions of alarms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cdk_inference.pricing import Price, TokenPrice

if TYPE_CHECKING:
    from cdk_inference.cost.metric_math import Priced

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (read 2026-11-22)
DESCRIPTION_MAX = 1024


def dollars(usd: float) -> str:
    """Cents at least, and the further digits of a price that has them: $1.50, $1.222."""
    whole, _, digits = f"{usd:,.6f}".partition(".")
    return f"${whole}.{digits.rstrip('0').ljust(2, '0')}"


def price_in_words(price: Price) -> str:
    """ml.g5.xlarge $1.41 (listed, 2026-09-20)."""
    return f"{price.item} {dollars(price.usd)} an hour ({price.kind}, {price.date})"


def token_prices_in_words(price: TokenPrice, kinds: Sequence[str]) -> str:
    """amazon.nova-lite-v1:0 $0.06 input, $0.24 output per million tokens (2026-11-29)."""
    each = ", ".join(f"{dollars(price.usd_per_million[kind])} {kind.replace('_', ' ')}" for kind in kinds)
    return f"{price.model} {each} per million tokens ({price.date})"


def described(what: str, priced: Sequence[Priced]) -> str:
    """`what`, and each price once, as many as a description holds."""
    prices = list(dict.fromkeys(words for one in priced for words in one.prices_in_words))
    text = what
    for count in range(len(prices), -1, -1):
        more = [] if count == len(prices) else [f"{len(prices) - count} more in the code"]
        text = f"{what} Prices: {'; '.join([*prices[:count], *more])}."
        if len(text) <= DESCRIPTION_MAX:
            return text
    return text[:DESCRIPTION_MAX]
