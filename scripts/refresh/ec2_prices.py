"""EC2's prices, from which prices of hosting are derived. Kept by hand: replace the rows and the day, then run this."""

from __future__ import annotations

from cdk_inference.facts import table
from scripts.refresh._fresh import Fresh

# The day that the source was of, and the commit of the restating repository.
DATE, COMMIT = "2026-01-21", "77fcd9fe"


def usd_per_hour() -> dict[tuple[str, str], float]:
    """(SageMaker's name of the type, region) -> US dollars per hour."""
    found = {(f"ml.{row['type']}", row["region"]): float(row["usd_per_hour"]) for row in table("ec2_prices").rows()}
    if wrong := [key for key, usd in found.items() if not 0 < usd < 1000]:
        raise ValueError(f"not between 0 and 1000 US dollars per hour: {wrong}")
    return found


def fresh() -> Fresh:
    """The rows of the file itself, checked and sorted."""
    usd_per_hour()
    return Fresh(
        about="EC2 on demand, Linux; US dollars per hour",
        source="https://instances.vantage.sh data as restated in https://github.com/tsaol/aws-gpu, "
        "data/all_gpu_instances.js",
        version=f"commit {COMMIT}",
        date=DATE,
        licence="none in the repository; numbers that AWS publishes, restated",
        columns=("type", "region", "usd_per_hour"),
        key=("type", "region"),
        rows=sorted(table("ec2_prices").values, key=tuple),
        by_hand=True,
    )
