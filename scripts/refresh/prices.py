"""Prices of SageMaker hosting: the published ones, and others that are derived from them.

- Instances: EC2's price x the ratio of SageMaker to EC2, which is taken from a region that publishes both. The ratio
  was compared with published prices of other regions for some families: `errors_percent()` gives the differences.
- CPU types without a published price: the ratio is that of every CPU family that us-east-1 publishes, `CPU_RATIO`.
- Serverless: the price is linear in the memory size.

A derived price is as young as the newest day on which prices derived in the same way agreed with published ones, or on
which EC2's prices of the family had not changed: `checked`. Prices of a type that a region does not list for hosting
are left out, and those of a type that the API does not accept.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from cdk_inference.facts import table
from cdk_inference.pricing.price import DERIVED, HOUR, LISTED, SECOND, STUDIO, Price
from cdk_inference.pricing.table import COLUMNS
from scripts.refresh import ec2_prices
from scripts.refresh._fresh import Fresh
from scripts.refresh.hosting_regions import api_types, price_list_date, regions_by_type
from scripts.refresh.published_prices import published

BASE_REGION = "us-east-1"
# No comparison may differ by more: the docs state it.
ERROR_PERCENT_MAX = 0.5
# Of c5, c6i, c7i, m5, m5d, m7i, r5 and r7i in us-east-1, 60 types: `cpu_ratio_errors_percent`.
CPU_RATIO = 1.2
# Burstable types, and the generation before these, whose ratio is not known.
OTHER_RATIO = ("c4", "m4", "t2", "t3")
# Devices whose ratio differs by family and of which no price is published: g7, inf1, p6, trn1n.
EC2 = "EC2 on demand of {day} x {ratio:.4g}, SageMaker's ratio to EC2 {of}; not published by AWS"
SERVERLESS = (
    "the published price of 3 GB x memory / 3 GB: linear, as in PyPI sm-serverless-benchmarking, whose rate gives the "
    "same price of 3 GB; not read from AWS"
)
_PRICE_LIST_SIZES_GB = (1, 2, 4, 5, 6)


def derived() -> dict[tuple[str, str], Price]:
    """A derived price for each type and region that EC2 prices, also where a published one is known."""
    checks = compared()
    return {
        (price.item, price.region): price for price in [*_instances(checks), *_serverless(published())] if price.usd > 0
    }


def compared() -> dict[str, str]:
    """Family -> the newest day on which a derived price of another region agreed with a published one."""
    found: dict[str, str] = {}
    listed = published()
    for price in _instances({}):
        known = listed.get((price.item, price.region))
        if known is None or known.region == _ratio(price.item)[2]:
            continue
        if abs(price.usd / known.usd - 1) * 100 > ERROR_PERCENT_MAX:
            raise ValueError(f"{price.item} in {price.region}: derived {price.usd}, published {known.usd}")
        family = price.item.split(".")[1]
        found[family] = max(found.get(family, ""), known.date)
    return found


def _instances(checks: dict[str, str]) -> Iterator[Price]:
    held = ec2_prices.held()
    for (item, region), (day, usd) in ec2_prices.newest().items():
        ratio, base_day, where = _ratio(item)
        if not ratio:
            continue
        family = item.split(".")[1]
        date = min(day, base_day)
        yield Price(
            item=item,
            region=region,
            unit=HOUR,
            usd=round(usd * ratio, 4),
            kind=DERIVED,
            date=date,
            source=EC2.format(day=day, ratio=ratio, of=f"in {where}" if where else "of CPU types in us-east-1"),
            checked=max(date, checks.get(family, ""), held.get(family, "")),
        )


@functools.cache
def _ratio(item: str) -> tuple[float, str, str]:
    """(SageMaker's ratio to EC2, the day of the price it was taken from, the region); 0 if it is not known."""
    listed, ec2 = published(), ec2_prices.newest()
    places = sorted((place for place in listed if place[0] == item), key=lambda place: place[1] != BASE_REGION)
    for place in places:
        if place in ec2:
            return listed[place].usd / ec2[place][1], listed[place].date, place[1]
    family = item.split(".")[1]
    if _kinds().get(item) == "cpu" and family not in OTHER_RATIO:
        return CPU_RATIO, max(price.date for price in listed.values() if price.region == BASE_REGION), ""
    return 0, "", ""


@functools.cache
def _kinds() -> dict[str, str]:
    return {row["type"]: row["kind"] for row in table("instance_types").rows()}


def _serverless(listed: dict[tuple[str, str], Price]) -> Iterator[Price]:
    for (item, region), price in listed.items():
        if item == "serverless-3gb":
            for size in _PRICE_LIST_SIZES_GB:
                usd = round(price.usd / 3 * size, 9)
                name = f"serverless-{size}gb"
                yield Price(
                    item=name, region=region, unit=SECOND, usd=usd, kind=DERIVED, date=price.date, source=SERVERLESS
                )


def cpu_ratio_errors_percent() -> dict[str, float]:
    """Type -> how far SageMaker's published price is from `CPU_RATIO` x EC2's, in us-east-1."""
    ec2, kinds = ec2_prices.newest(), _kinds()
    return {
        item: (price.usd / ec2[item, region][1] / CPU_RATIO - 1) * 100
        for (item, region), price in published().items()
        if region == BASE_REGION and kinds.get(item) == "cpu" and item.split(".")[1] not in OTHER_RATIO
        if (item, region) in ec2
    }


def errors_percent() -> dict[tuple[str, str], float]:
    """(type, region) -> how far the derived price is from the published one, outside the region of the ratio."""
    listed = published()
    return {
        (price.item, price.region): (price.usd / listed[price.item, price.region].usd - 1) * 100
        for price in _instances({})
        if (price.item, price.region) in listed and price.region != _ratio(price.item)[2]
    }


def fresh() -> Fresh:
    """Listed prices first, then Studio's rates, then derived ones."""
    accepted = set(api_types())
    regions = {item: places for item, places in regions_by_type().items() if item in accepted}
    order = {LISTED: 0, STUDIO: 1, DERIVED: 2}
    kept = [
        price
        for price in {**derived(), **published()}.values()
        if not price.item.startswith("ml.") or price.region in regions.get(price.item, ())
    ]
    kept.sort(key=lambda price: (order[price.kind], price.region, price.item))
    dates = sorted(price.date for price in kept)
    return Fresh(
        about="prices of SageMaker hosting and its storage; US dollars per unit; checked: the newest day on which "
        "prices derived in the same way were compared, and agreed",
        source="the tables published_prices and ec2_prices; hosting regions of cfn-lint",
        version=f"hosting regions of {price_list_date()}",
        date=f"{dates[0]} to {dates[-1]}, by row",
        licence="as of the two tables",
        columns=COLUMNS,
        key=("item", "region"),
        rows=[[getattr(price, column) for column in COLUMNS] for price in kept],
    )
