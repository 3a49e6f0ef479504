"""The price book: where a price is looked up, in which order, and when there is none."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cdk_inference import hardware
from cdk_inference.core.errors import ConfigurationError, Problem, raise_problems
from cdk_inference.core.pages import page
from cdk_inference.core.unknown import Unknown
from cdk_inference.pricing.price import HOUR, PAID, Price, holds_until
from cdk_inference.pricing.price_overrides import Discount, read_own_file
from cdk_inference.pricing.table import Rows, made, read_table, shipped
from cdk_inference.pricing.tokens import TokenPrice, token_price


@dataclass(frozen=True, kw_only=True)
class PriceFile:
    """A file of prices that you gave: a TOML file of your own, or a table that `prices refresh` wrote."""

    name: str
    rows: Rows
    discounts: tuple[Discount, ...] = ()
    tokens: Mapping[tuple[str, str], TokenPrice] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PriceBook:
    """Prices by type and region.

    files: looked up first, in this order; then comes the shipped snapshot. Default: none.
    today: the day on which prices are looked up: older than a year is unknown, and discounts have a term.
    """

    today: datetime.date
    files: tuple[PriceFile, ...] = ()
    _found: dict[tuple[str, str], Price | Unknown] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def order(self) -> tuple[str, ...]:
        """Where a price is looked up, first to last, in words."""
        last = "shipped snapshot: listed prices, then Studio rates, then derived ones"
        return *(file.name for file in self.files), last

    @property
    def own_regions(self) -> frozenset[str]:
        """The regions of your files."""
        return frozenset(region for file in self.files for _, region in (*file.rows, *file.tokens))

    def look_up(self, item: str, region: str) -> Price | Unknown:
        """The price of `item` in `region`; Unknown with the reason if there is none that can be used."""
        key = item, region
        if key not in self._found:
            self._found[key] = self._look_up(item, region)
        return self._found[key]

    def hourly(self, region: str) -> tuple[Price, ...]:
        """Every price of an instance type that can be used in `region`, by name."""
        tables = (shipped(), *(file.rows for file in self.files))
        items = sorted({item for table in tables for item, where in table if where == region})
        found = (self.look_up(item, region) for item in items)
        return tuple(price for price in found if isinstance(price, Price) and price.unit == HOUR)

    def tokens(self, model: str, region: str) -> TokenPrice | Unknown:
        """The price of tokens of a model or profile that is called from `region`; Unknown with the reason if none."""
        own = next((file.tokens[model, region] for file in self.files if (model, region) in file.tokens), None)
        if own is None:
            return token_price(model, region, self.today)
        if self.today > holds_until(own.date):
            return Unknown(f"the token price of {model} is dated {own.date}, older than a year; look it up again")
        return own

    def _look_up(self, item: str, region: str) -> Price | Unknown:
        price = next((file.rows[item, region] for file in self.files if (item, region) in file.rows), None)
        if price is None and (item, region) in shipped():
            price = made(shipped()[item, region])
        if price is None:
            return Unknown(_reason(item, region))
        if (datetime.date.fromisoformat(price.date) - self.today).days > 1:  # a day's grace for time zones
            return Unknown(f"the price of {item} in {region} is dated {price.date}, which is in the future")
        if self.today > price.holds_until:
            why = f"dated {price.date}, older than a year; {_refresh(region)}"
            return Unknown(f"the price of {item} in {region} is {why}")
        return price if price.kind in PAID else self._discounted(price)

    def _discounted(self, price: Price) -> Price:
        for file in self.files:
            for discount in file.discounts:
                if discount.covers(price.item, price.region) and discount.runs(self.today):
                    words = f"{discount.percent:g} % off: {discount.name}, until {discount.ends}"
                    return dataclasses.replace(price, usd=price.usd * (1 - discount.percent / 100), discount=words)
        return price


def price_book(paths: Iterable[Path], today: datetime.date) -> PriceBook:
    """The book with the files at `paths`, first to last. Raises ConfigurationError."""
    return PriceBook(today=today, files=tuple(map(_read, paths)))


def _read(path: Path) -> PriceFile:
    kinds = {".toml": "your own prices", ".csv": "a table of prices"}
    if path.suffix not in kinds:
        fix = f"{page('prices')} shows both"
        raise_problems("--prices", Problem("file", str(path), ".toml (your own prices) or .csv (a table)", fix))
    try:
        if path.suffix == ".toml":
            rows, discounts, tokens = read_own_file(path)
            return PriceFile(name=f"{path} ({kinds['.toml']})", rows=rows, discounts=discounts, tokens=tokens)
        return PriceFile(name=f"{path} ({kinds['.csv']})", rows=read_table(path))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        problem = Problem("file", why, "a file that can be read", "correct the path")
        raise ConfigurationError(str(path), [problem]) from None


def _reason(item: str, region: str) -> str:
    if not item.startswith("ml."):
        return f"no price of {item} in {region}; {_refresh(region)}"
    known = hardware.known(item)
    if known is None:
        return f"no price of {item} in {region}, and no such type in the tables of {hardware.KNOWLEDGE_DATE}"
    if known.regions == frozenset():
        return f"no region lists {item} for hosting as of {hardware.KNOWLEDGE_DATE}, so no public price exists"
    if known.regions is not None and hardware.known_region(region) and region not in known.regions:
        return f"{region} does not list {item} for hosting as of {hardware.KNOWLEDGE_DATE}"
    return f"no price of {item} in {region}; {_refresh(region)}"


def _refresh(region: str) -> str:
    return f"`cdk-inference prices refresh --region {region}` reads them from AWS"
