"""What Bedrock's models cost per million tokens: the price file of the PyPI package litellm.

Its models of Bedrock are taken that are paid by text token, on demand: not those with a commitment, nor images, video
and audio. A price of 0 there means that there are no such tokens (an embedding has no output), so it is left empty.
litellm is too large to be installed for one file (41 MB), so its wheel is downloaded once.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from cdk_inference.pricing.tokens import COLUMNS
from scripts.refresh._fresh import Fresh
from scripts.refresh._packages import from_wheel

VERSION = "1.109.1"
# The day on which this version was read.
READ = "2026-11-24"
INSIDE = "litellm/model_prices_and_context_window_backup.json"
SHA256 = "8f8060d8ce7a40c91b995c74d6a27657543d49e3c1c53430dabd556f244392c6"
PROVIDERS = ("bedrock", "bedrock_converse")
FIELDS = {
    "input": "input_cost_per_token",
    "output": "output_cost_per_token",
    "cache_read": "cache_read_input_token_cost",
    "cache_write": "cache_creation_input_token_cost",
    "batch_input": "input_cost_per_token_batches",
    "batch_output": "output_cost_per_token_batches",
}
# litellm's keys: a model or profile id, with "bedrock/<region>/" before it where a region has its own price.
KEY = re.compile(r"(?:bedrock/(?:(?P<region>[a-z]{2,}(?:-[a-z]+)+-\d)/)?)?(?P<model>[a-z0-9][A-Za-z0-9._:-]+)")


def rows(prices: dict[str, Any], date: str, version: str) -> list[list[str]]:
    """One row for each model and region, in alphabetical order."""
    found = {}
    for key, entry in prices.items():
        match = KEY.fullmatch(key)
        if match is None or entry.get("litellm_provider") not in PROVIDERS or "@" in key:
            continue
        usd = {column: entry.get(field) for column, field in FIELDS.items()}
        if not usd["input"] or entry.get("mode") not in ("chat", "completion", "embedding"):
            continue
        above = [name for name in entry if name.startswith("input_cost_per_token_above_")]
        limit = min((int(re.findall(r"above_(\d+)k", name)[0]) * 1000 for name in above), default="")
        source = f"PyPI litellm {version}, {INSIDE.rpartition('/')[2]}"
        place = match["model"], match["region"] or ""
        found[place] = [*place, *(_million(usd[column]) for column in FIELDS), str(limit), date, source]
    return [found[place] for place in sorted(found)]


def _million(per_token: float | None) -> str:
    """US dollars per million tokens, without the noise of binary fractions."""
    return f"{Decimal(repr(per_token)) * 1_000_000:f}".rstrip("0").rstrip(".") if per_token else ""


def fresh() -> Fresh:
    """One row per model or profile, and per region that has a price of its own."""
    prices = json.loads(from_wheel("litellm", VERSION, INSIDE, SHA256))
    return Fresh(
        about="on-demand prices of Bedrock's models; US dollars per million tokens; an empty price is unknown; an "
        "empty region is us-east-1 for a model and every region for a profile",
        source=f"PyPI litellm, {INSIDE}",
        version=f"litellm {VERSION}",
        date=READ,
        licence="litellm MIT; facts restated",
        columns=COLUMNS,
        key=("model", "region"),
        rows=rows(prices, READ, VERSION),
    )
