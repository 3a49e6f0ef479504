"""Money, for the descriptions of alarms."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_inference.cost.rate import PricedVariant


def dollars(usd: float) -> str:
    """Cents at least, and the further digits of a price that has them: $1.50, $1.222."""
    whole, _, digits = f"{usd:,.6f}".partition(".")
    return f"${whole}.{digits.rstrip('0').ljust(2, '0')}"


def price_list(variants: Sequence[PricedVariant]) -> str:
    """Each type once, with its price, the price's kind and day."""
    prices = {price.item: price for variant in variants for price in variant.prices}
    return ", ".join(f"{item} {dollars(price.usd)} ({price.kind}, {price.date})" for item, price in prices.items())
