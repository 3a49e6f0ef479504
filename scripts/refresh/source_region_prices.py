"""Prices of Bedrock's profiles by source region. Kept by hand: add a row to the table, then run this.

AWS bills a call of a cross-Region inference profile at the price of the region that is called (source region,
https://aws.amazon.com/bedrock/pricing/). Prices of Amazon's and Meta's models differ by region, those of the others by
geography alone. A profile that has a row here has a price in these source regions and in no other.
"""

from __future__ import annotations

from collections import defaultdict

from cdk_inference.facts import table
from scripts.refresh._fresh import Fresh

COLUMNS = ("model", "region", "input", "output", "cache_read", "date", "source")


def by_model() -> dict[str, dict[str, dict[str, str]]]:
    """Profile -> source region -> row."""
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for row in table("source_region_prices").rows():
        wrong = [column for column in ("input", "output") if not 0 < float(row[column] or 0) < 1000]
        if wrong:
            raise ValueError(f"{row['model']} in {row['region']}: not between 0 and 1000 US dollars: {wrong}")
        found[row["model"]][row["region"]] = row
    _check_sources(found)
    return dict(found)


def _check_sources(found: dict[str, dict[str, dict[str, str]]]) -> None:
    listed: dict[str, set[str]] = defaultdict(set)
    for row in table("bedrock_profiles").rows():
        listed[row["profile"]] |= set(row["sources"].split())
    for model, rows in found.items():
        if model in listed and (wrong := rows.keys() - listed[model]):
            raise ValueError(f"{model} cannot be called from {', '.join(sorted(wrong))}")


def fresh() -> Fresh:
    """The rows of the file itself, checked and sorted."""
    rows = [row for rows in by_model().values() for row in rows.values()]
    dates = sorted(row["date"] for row in rows)
    return Fresh(
        about="prices of Bedrock's cross-region profiles by the region that is called; US dollars per million tokens; "
        "an empty price is unknown",
        source="AWS's price page and Price List as restated by the source of each row",
        version="by row",
        date=f"{dates[0]} to {dates[-1]}, by row",
        licence="numbers that AWS publishes, restated",
        columns=COLUMNS,
        key=("model", "region"),
        rows=sorted([row[column] for column in COLUMNS] for row in rows),
        by_hand=True,
    )
