"""The table of prices as CSV: the shipped one, and the one that `cdk-inference prices refresh` writes."""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cdk_inference.core.errors import ConfigurationError, Problem, raise_problems
from cdk_inference.facts import table
from cdk_inference.pricing.price import Price

COLUMNS = ("item", "region", "unit", "usd", "kind", "date", "source", "checked")
NEEDED = COLUMNS[:-1]  # a table may lack the last one

Rows = Mapping[tuple[str, str], Price]


@functools.cache
def shipped() -> Mapping[tuple[str, str], Mapping[str, str]]:
    """The shipped snapshot, (item, region) -> row; a row becomes a `Price` on first use."""
    return MappingProxyType({(row["item"], row["region"]): row for row in table("prices").rows()})


def made(row: Mapping[str, str]) -> Price:
    """A row of the shipped table as a value."""
    columns: dict[str, Any] = {column: row.get(column, "") for column in COLUMNS if column != "usd"}
    return Price(usd=float(row["usd"]), **columns)


def read_table(path: Path) -> Rows:
    """Every row of a CSV table. Raises ConfigurationError with the line, OSError or UnicodeDecodeError."""
    text = path.read_text(encoding="utf-8-sig")
    rows: dict[tuple[str, str], Price] = {}
    for number, row in enumerate(_dicts(text), 1):
        where = f"{path}, row {number}"
        missing = [column for column in NEEDED if not row.get(column)]
        if missing:
            fix = "write the columns item,region,unit,usd,kind,date,source"
            raise_problems(where, Problem(missing[0], row.get(missing[0]), "a value in each column", fix))
        try:
            usd = float(row["usd"])
        except ValueError:
            wrong = Problem("usd", row["usd"], "a number", "write US dollars with a point")
            raise ConfigurationError(where, [wrong]) from None
        columns: dict[str, Any] = {column: row.get(column) or "" for column in COLUMNS if column != "usd"}
        price = Price(usd=usd, **columns)
        key = price.item, price.region
        if key in rows:
            raise_problems(
                where, Problem("item", price.item, f"one row for {price.region}", "leave one of the two out")
            )
        rows[key] = price
    return MappingProxyType(rows)


def table_text(comments: Iterable[str], prices: Iterable[Price]) -> str:
    """The table, with `comments` before it."""
    out = io.StringIO()
    for comment in comments:
        out.write(f"# {comment}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for price in prices:
        writer.writerow([getattr(price, column) for column in COLUMNS])
    return out.getvalue()


def _dicts(text: str) -> csv.DictReader[str]:
    return csv.DictReader(line for line in text.splitlines() if line and not line.startswith("#"))
