"""What the metering function is made of: its code, and the prices of its region on the day of the price book."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cdk_inference.pricing import Price

_SOURCE = Path(__file__).with_name("meter")


def prices_text(region: str, prices: Sequence[Price]) -> str:
    """prices.json. The same prices are the same text, so the same asset and the same template."""
    rows = {
        price.item: {"usd": price.usd, "kind": price.kind, "date": price.date}
        | ({"discount": price.discount} if price.discount else {})
        for price in sorted(prices, key=lambda price: price.item)
    }
    return json.dumps({"region": region, "usd_per_hour": rows}, indent=1) + "\n"


@contextmanager
def code_folder(region: str, prices: Sequence[Price]) -> Iterator[Path]:
    """A folder to make the asset from; the CDK copies it while a function is made, so it is gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        package = Path(name) / _SOURCE.name
        package.mkdir()
        for file in sorted(_SOURCE.glob("*.py")):
            shutil.copyfile(file, package / file.name)
        (package / "prices.json").write_text(prices_text(region, prices), encoding="utf-8")
        yield Path(name)
