"""Prices of SageMaker hosting: the published ones, and others that are derived from EC2's.

Derived: EC2 x (SageMaker / EC2 in us-east-1), for the families of `FAMILIES` only, because that ratio was compared with
published prices of other regions for these: `errors_percent()` gives the differences. Prices of a type that a region
does not list for hosting are left out.
"""

from __future__ import annotations

from cdk_inference.pricing.price import DERIVED, LISTED, STUDIO, Price, unit_of
from cdk_inference.pricing.table import COLUMNS
from scripts.refresh import ec2_prices
from scripts.refresh._fresh import Fresh
from scripts.refresh.hosting_regions import price_list_date, regions_by_type
from scripts.refresh.published_prices import published

BASE_REGION = "us-east-1"
# Families whose ratio holds in regions other than the one it was taken in, at the error that the docs state.
FAMILIES = ("g4dn", "g5", "g6", "p4d", "p5")
EC2 = "EC2 on-demand of {date} (instances.vantage.sh data) x the SageMaker/EC2 ratio of {base}; not published by AWS"


def derived() -> dict[tuple[str, str], Price]:
    """A derived price for each type and region that EC2 prices, also where a published one is known."""
    date, ec2, listed = ec2_prices.DATE, ec2_prices.usd_per_hour(), published()
    found = {}
    for (item, region), usd in ec2.items():
        base, base_ec2 = listed.get((item, BASE_REGION)), ec2.get((item, BASE_REGION))
        if base is None or base_ec2 is None or item.split(".")[1] not in FAMILIES:
            continue
        found[item, region] = Price(
            item=item,
            region=region,
            unit=unit_of(item),
            usd=round(usd * base.usd / base_ec2, 4),
            kind=DERIVED,
            date=min(date, base.date),
            source=EC2.format(date=date, base=BASE_REGION),
        )
    return found


def errors_percent() -> dict[tuple[str, str], float]:
    """(type, region) -> how far the derived price is from the published one, outside the region of the ratio."""
    listed = published()
    return {
        key: (price.usd / listed[key].usd - 1) * 100
        for key, price in derived().items()
        if key in listed and key[1] != BASE_REGION
    }


def fresh() -> Fresh:
    """Listed prices first, then Studio's rates, then derived ones."""
    regions = regions_by_type()
    order = {LISTED: 0, STUDIO: 1, DERIVED: 2}
    kept = [
        price
        for price in {**derived(), **published()}.values()
        if price.kind == LISTED or price.region in regions.get(price.item, ())
    ]
    kept.sort(key=lambda price: (order[price.kind], price.region, price.item))
    dates = sorted(price.date for price in kept)
    return Fresh(
        about="prices of SageMaker hosting and its storage; US dollars per unit",
        source="the tables published_prices and ec2_prices; hosting regions of cfn-lint",
        version=f"hosting regions of {price_list_date()}",
        date=f"{dates[0]} to {dates[-1]}, by row",
        licence="as of the two tables",
        columns=COLUMNS,
        key=("item", "region"),
        rows=[[getattr(price, column) for column in COLUMNS] for price in kept],
    )
