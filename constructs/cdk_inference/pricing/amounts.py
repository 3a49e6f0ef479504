"""US dollars in a month: at minimum, expected and at maximum capacity; each a sum, not known, or not given."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass

from cdk_inference.pricing.price import Price, holds_until
from cdk_inference.template import Unknown

# A year of 8760 hours, by 12.
HOURS_PER_MONTH = 730
SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600

# None: not given, since neither a schedule nor the usage file has it.
Amount = float | Unknown | None


@dataclass(frozen=True, kw_only=True)
class Monthly:
    """Of one line."""

    minimum: Amount
    expected: Amount
    maximum: Amount


@dataclass(frozen=True, kw_only=True)
class Line:
    """One billed resource.

    what: in words, with counts. logical_id: "" where it is no resource of a template.
    kind: "instances", "storage", "serverless", "provisioned concurrency", "data capture",
    "tokens" or "other". by_use: whether it is paid by use alone, and how much is used is not given. prices: those that
    went into it; source, date: of token prices. notes: what to know about it.
    """

    stack: str
    region: str | None
    resource: str
    kind: str
    what: str
    monthly: Monthly
    logical_id: str = ""
    by_use: bool = False
    prices: tuple[Price, ...] = ()
    source: str = ""
    date: str = ""
    notes: tuple[str, ...] = ()

    @property
    def unknown(self) -> tuple[str, ...]:
        """Why parts of it are not known."""
        amounts = (self.monthly.minimum, self.monthly.expected, self.monthly.maximum)
        return tuple(dict.fromkeys(amount.reason for amount in amounts if isinstance(amount, Unknown)))

    @property
    def holds_until(self) -> tuple[datetime.date, ...]:
        """The last days on which its prices are used."""
        return *(price.holds_until for price in self.prices), *([holds_until(self.date)] if self.date else [])


@dataclass(frozen=True)
class Total:
    """A sum of known prices. at_least: a price is unknown."""

    usd: float
    at_least: bool


def total(amounts: Iterable[Amount]) -> Total | None:
    """The sum; None if one of the amounts is not given."""
    listed = list(amounts)
    if None in listed:
        return None
    known = [amount for amount in listed if isinstance(amount, float)]
    return Total(math.fsum(known), at_least=len(known) < len(listed))


def times(count: float | Unknown | None, factor: float | Unknown) -> Amount:
    """The product; none of something costs nothing, whatever its price."""
    if count is None or isinstance(count, Unknown):
        return count
    if count == 0:
        return 0.0
    return factor if isinstance(factor, Unknown) else float(count * factor)
