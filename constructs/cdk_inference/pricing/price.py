"""One price: how much for what, where, of which kind, from where and of which day."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal, get_args

from cdk_inference.core.checks import is_token, matching, number_above, one_of
from cdk_inference.core.errors import Problem, raise_problems

PriceKind = Literal["yours", "account", "listed", "Studio rate", "derived"]
YOURS, ACCOUNT, LISTED, STUDIO, DERIVED = get_args(PriceKind)
# In words, for people. The order is that of trust.
KINDS = {
    YOURS: "from your own file",
    ACCOUNT: "the account's own rate, from a workload estimate of AWS Billing's pricing calculator",
    LISTED: "the AWS Price List's hosting price",
    STUDIO: "the AWS Price List's price of the same type for SageMaker Studio, which equals the hosting price where "
    "both are known",
    DERIVED: "derived from published prices, such as EC2's times the ratio of SageMaker to EC2; see the source",
}
PriceUnit = Literal["hour", "GB-month", "second"]
UNITS: tuple[PriceUnit, ...] = get_args(PriceUnit)
HOUR, GB_MONTH, SECOND = UNITS
# What an account pays, so that no discount is taken off.
PAID = (YOURS, ACCOUNT)

# Prices change without notice, so an old one is no price. A policy of this package.
OLDEST_DAYS = 365
USD_MAX = 100_000  # per hour, far above any; a slip of units shows


@dataclass(frozen=True, kw_only=True)
class Price:
    """`usd` per `unit` for `item` in `region`.

    item: an instance type ("ml.g5.xlarge", per hour), "endpoint-storage" or "s3-standard-storage" (per GB-month),
        "serverless-3gb" or "serverless-provisioned-3gb" (per second of that memory size).
    region: as "us-east-1".
    unit: "hour", "GB-month" or "second".
    usd: US dollars, from 0.
    kind: one of `KINDS`; "yours" for a price of your own.
    date: the day on which the source had it, as "2026-10-20".
    source: where it was read.
    checked: of a derived price, the last day on which prices that are derived in the same way were compared with
        published ones and agreed. Default "": never.
    discount: what `usd` has been lowered by. Default "": not at all.

    Raises ConfigurationError.
    """

    item: str
    region: str
    unit: PriceUnit
    usd: float
    kind: PriceKind
    date: str
    source: str
    checked: str = ""
    discount: str = ""

    def __post_init__(self) -> None:
        raise_problems(
            f"price of {self.item} in {self.region}",
            matching("item", self.item, r"[a-z0-9][a-z0-9.-]*", "an instance type or the name of a service", _ITEM_FIX),
            matching("region", self.region, r"[a-z]{2,}(-[a-z]+)+-[0-9]+", "a region", "write it as in 'us-east-1'"),
            one_of("unit", self.unit, UNITS, "write what the price is for"),
            amount_problem("usd", self.usd, "write US dollars; leave the row out if it is not known", USD_MAX),
            one_of("kind", self.kind, tuple(KINDS), f"write {YOURS!r} for a price of your own"),
            day_problem("date", self.date),
            day_problem("checked", self.checked) if self.checked else None,
            matching(
                "source", self.source, r"(?s).*\S.*", "where the price comes from", "name a contract or an address"
            ),
        )

    @property
    def holds_until(self) -> datetime.date:
        """The last day on which it is used: `OLDEST_DAYS` after `checked` or, without it, `date`."""
        return holds_until(self.checked or self.date)


def holds_until(date: str) -> datetime.date:
    """The last day on which a price of the day `date` is used."""
    return datetime.date.fromisoformat(date) + datetime.timedelta(days=OLDEST_DAYS)


def unit_of(item: str) -> PriceUnit:
    """What the price of an item is for."""
    if item.endswith("-storage"):
        return GB_MONTH
    return SECOND if item.startswith("serverless-") else HOUR


def amount_problem(argument: str, value: object, fix: str, high: float) -> Problem | None:
    """`value` must be a number above 0; a CDK token, which other checks let through, is none in a file."""
    if is_token(value):
        return Problem(argument, value, "a plain number", fix)
    return number_above(argument, value, 0, fix, high=high)


def day_problem(argument: str, value: object) -> Problem | None:
    """`value` must be a day as text, "2026-11-24"."""
    try:
        datetime.date.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return Problem(argument, value, 'a day, as "2026-11-24"', "write the day on which the source had it")
    return None


_ITEM_FIX = "write it as in 'ml.g5.xlarge' or 'endpoint-storage'"
