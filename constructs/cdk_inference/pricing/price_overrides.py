"""Your own prices and discounts, from a TOML file.

[[price]]
item = "ml.g6.12xlarge"
region = "us-east-1"
usd = 5.10                 # per hour; what you pay, so no discount is taken off it
date = "2026-11-01"
source = "private pricing agreement"

[[discount]]
name = "SageMaker Savings Plan, 1 year"
percent = 20
items = ["ml.g6.*"]        # default: every instance type
regions = ["us-east-1"]    # default: every region
starts = "2026-06-01"
ends = "2027-05-31"        # the last day of the term

[[token_price]]
model = "us.anthropic.claude-haiku-5-5"
region = "us-east-1"
input = 0.90               # per million tokens; also output, cache_read, cache_write, batch_input, batch_output
output = 4.50
date = "2026-11-01"
source = "private pricing agreement"
"""

from __future__ import annotations

import datetime
import fnmatch
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdk_inference.core.checks import matching
from cdk_inference.core.errors import ConfigurationError, Problem, raise_problems
from cdk_inference.core.pages import page
from cdk_inference.pricing.price import YOURS, Price, amount_problem, day_problem, unit_of
from cdk_inference.pricing.table import Rows
from cdk_inference.pricing.tokens import TOKENS, TokenPrice

_SHOWN = f"{page('prices')} shows one"
_PRICE_KEYS = {"item", "region", "usd", "date", "source"}
_DISCOUNT_KEYS = {"name", "percent", "items", "regions", "starts", "ends"}
_TOKEN_NEEDED = {"model", "region", "input", "date", "source"}
_TOKEN_USD_MAX = 100_000  # per million, far above any; a slip of units shows

TokenRows = dict[tuple[str, str], TokenPrice]


@dataclass(frozen=True, kw_only=True)
class Discount:
    """`percent` off the hourly price of types that match, from the day `starts` to the day `ends`.

    A Savings Plan covers hours up to what was committed; here it is taken off every hour.

    Raises ConfigurationError.
    """

    name: str
    percent: float
    starts: str
    ends: str
    items: tuple[str, ...] = ("ml.*",)
    regions: tuple[str, ...] = ("*",)

    def __post_init__(self) -> None:
        below = "write how much is taken off: 20 for 20 %"
        found = [
            matching("name", self.name, r"(?s).*\S.*", "what it is", "write the plan's or the contract's name"),
            amount_problem("percent", self.percent, below, 99),
            day_problem("starts", self.starts),
            day_problem("ends", self.ends),
        ]
        if not any(found) and self.ends < self.starts:
            found.append(Problem("ends", self.ends, f"a day after starts ({self.starts})", "write the last day"))
        for name in ("items", "regions"):
            patterns = getattr(self, name)
            if not patterns or not all(isinstance(pattern, str) for pattern in patterns):
                found.append(Problem(name, list(patterns), "a list of names, * for any part", "leave it out for all"))
        raise_problems(f"discount {self.name!r}", *found)

    def covers(self, item: str, region: str) -> bool:
        """Whether it is about this instance type there."""
        return (
            item.startswith("ml.")
            and any(fnmatch.fnmatchcase(item, pattern) for pattern in self.items)
            and any(fnmatch.fnmatchcase(region, pattern) for pattern in self.regions)
        )

    def runs(self, today: datetime.date) -> bool:
        """Whether `today` is within the term."""
        return self.starts <= today.isoformat() <= self.ends


def read_own_file(path: Path) -> tuple[Rows, tuple[Discount, ...], TokenRows]:
    """(prices, discounts, token prices). Raises ConfigurationError, OSError or UnicodeDecodeError."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigurationError(str(path), [Problem("file", str(error), "TOML", _SHOWN)]) from None
    _only(str(path), content, {"price", "discount", "token_price"})
    rows: dict[tuple[str, str], Price] = {}
    for number, entry in _entries(path, content, "price"):
        where = f"{path}, price {number}"
        _only(where, entry, _PRICE_KEYS)
        _all(where, entry, _PRICE_KEYS)
        price = Price(
            item=entry["item"],
            region=entry["region"],
            unit=unit_of(str(entry["item"])),
            usd=entry["usd"],
            kind=YOURS,
            date=str(entry["date"]),
            source=entry["source"],
        )
        if (price.item, price.region) in rows:
            raise_problems(
                where, Problem("item", price.item, f"one price for {price.region}", "leave one of the two out")
            )
        rows[price.item, price.region] = price
    discounts = []
    for number, entry in _entries(path, content, "discount"):
        where = f"{path}, discount {number}"
        _only(where, entry, _DISCOUNT_KEYS)
        _all(where, entry, {"name", "percent", "starts", "ends"})
        lists = {key: _strings(where, key, entry[key]) for key in ("items", "regions") if key in entry}
        discounts.append(
            Discount(
                name=entry["name"],
                percent=entry["percent"],
                starts=str(entry["starts"]),
                ends=str(entry["ends"]),
                **lists,
            )
        )
    return rows, tuple(discounts), _token_rows(path, content)


def _token_rows(path: Path, content: Mapping[str, Any]) -> TokenRows:
    rows: TokenRows = {}
    for number, entry in _entries(path, content, "token_price"):
        where = f"{path}, token_price {number}"
        _only(where, entry, _TOKEN_NEEDED | set(TOKENS))
        _all(where, entry, _TOKEN_NEEDED)
        known = {kind: entry[kind] for kind in TOKENS if kind in entry}
        fix = "write US dollars per million tokens; leave it out if it is not known"
        text = r"(?s).*\S.*"
        raise_problems(
            where,
            *(amount_problem(kind, usd, fix, _TOKEN_USD_MAX) for kind, usd in known.items()),
            day_problem("date", str(entry["date"])),
            matching("model", entry["model"], r"\S+", "the id of a model or profile", "copy it from a call"),
            matching("region", entry["region"], r"\S+", "a region", "write it as in 'us-east-1'"),
            matching("source", entry["source"], text, "where the price comes from", "name a contract or an address"),
        )
        key = entry["model"], entry["region"]
        if key in rows:
            raise_problems(where, Problem("model", key[0], f"one price for {key[1]}", "leave one of the two out"))
        rows[key] = TokenPrice(
            model=key[0],
            region=key[1],
            usd_per_million=known,
            long_prompt_tokens=None,
            date=str(entry["date"]),
            source=entry["source"],
        )
    return rows


def _entries(path: Path, content: Mapping[str, Any], key: str) -> list[tuple[int, dict[str, Any]]]:
    entries = content.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise_problems(str(path), Problem(key, entries, f"tables, each begun with [[{key}]]", _SHOWN))
    return list(enumerate(entries, 1))


def _only(where: str, entry: Mapping[str, Any], known: set[str]) -> None:
    raise_problems(
        where,
        *(
            Problem(key, entry[key], ", ".join(sorted(known)), "correct the name, or leave it out")
            for key in sorted(entry.keys() - known)
        ),
    )


def _all(where: str, entry: Mapping[str, Any], needed: set[str]) -> None:
    raise_problems(
        where, *(Problem(key, None, "a value", f"write {key} = ...") for key in sorted(needed - entry.keys()))
    )


def _strings(where: str, key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise_problems(where, Problem(key, value, "a list of names, * for any part", 'for example ["ml.g6.*"]'))
    return tuple(value)
