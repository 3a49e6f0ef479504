"""EC2's prices, from which prices of hosting are derived. Kept by hand: add rows of a new day, then run this.

The same price on two days shows that it held; `usd_per_hour` takes the newer one.
"""

from __future__ import annotations

import functools

from cdk_inference.facts import table
from scripts.refresh._fresh import Fresh

COLUMNS = ("type", "region", "usd_per_hour", "date", "source")
SOURCES = {
    "vantage": "https://instances.vantage.sh data as restated in https://github.com/tsaol/aws-gpu, "
    "data/all_gpu_instances.js, commit 77fcd9fe: accelerated types",
    "karpenter": "AWS Pricing API as restated in https://github.com/aws/karpenter-provider-aws, "
    "pkg/providers/pricing/zz_generated.pricing_aws*.go, commit 1d927085: us-east-1 and GovCloud",
}

# SageMaker's name of the type, region
Place = tuple[str, str]


def by_day() -> dict[Place, dict[str, float]]:
    """Place -> day -> US dollars per hour, oldest day first."""
    found: dict[Place, dict[str, float]] = {}
    for row in sorted(table("ec2_prices").rows(), key=lambda row: row["date"]):
        if row["source"] not in SOURCES or not 0 < float(row["usd_per_hour"]) < 1000:
            raise ValueError(f"{row}: no listed source, or not between 0 and 1000 US dollars per hour")
        found.setdefault((f"ml.{row['type']}", row["region"]), {})[row["date"]] = float(row["usd_per_hour"])
    return found


@functools.cache
def newest() -> dict[Place, tuple[str, float]]:
    """Place -> (day, US dollars per hour), of the newest day."""
    return {place: list(days.items())[-1] for place, days in by_day().items()}


def held() -> dict[str, str]:
    """Family -> the newest day on which each of its prices that an older day has too was the same."""
    found: dict[str, set[str]] = {}
    for (item, _), days in by_day().items():
        if len(days) > 1:
            # "": a price changed
            found.setdefault(item.split(".")[1], set()).add(max(days) if len(set(days.values())) == 1 else "")
    return {family: max(days) for family, days in found.items() if "" not in days}


def fresh() -> Fresh:
    """The rows of the file itself, checked and sorted."""
    dates = sorted({day for days in by_day().values() for day in days})
    return Fresh(
        about="EC2 on demand, Linux; US dollars per hour; source: a key of this header",
        source="AWS's price list as restated by the source of each row",
        version="by row",
        date=f"{dates[0]} to {dates[-1]}, by row",
        licence="karpenter-provider-aws Apache-2.0, aws-gpu none; numbers that AWS publishes, restated",
        columns=COLUMNS,
        key=("type", "region", "date"),
        rows=sorted(table("ec2_prices").values, key=lambda row: (row[0], row[1], row[3])),
        more=SOURCES,
        by_hand=True,
    )
