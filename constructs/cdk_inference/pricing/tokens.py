"""What Bedrock's models cost per million tokens, on demand and in batches."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cdk_inference.core.unknown import Unknown
from cdk_inference.facts import table
from cdk_inference.pricing.price import holds_until

# Kinds of tokens, as in the columns and, with _tokens_per_month, in the usage file.
TOKENS = ("input", "output", "cache_read", "cache_write", "batch_input", "batch_output")
COLUMNS = ("model", "region", *TOKENS, "long_prompt_tokens", "date", "source")
# The region whose prices stand for a model id without one. A profile (us., eu., global.) is billed by the region that
# is called; its row without a region stands for all of them.
BASE_REGION = "us-east-1"
_PROFILE = re.compile(r"(us|eu|apac|jp|au|ca|in|us-gov|global)\.")


@dataclass(frozen=True, kw_only=True)
class TokenPrice:
    """Prices of one model or inference profile.

    usd_per_million: US dollars by kind of token; a missing kind is unknown. long_prompt_tokens: a longer
    prompt is billed at a higher price, which is not included; None if the model has no such price.
    """

    model: str
    region: str
    usd_per_million: Mapping[str, float]
    long_prompt_tokens: int | None
    date: str
    source: str


def token_price(model: str, region: str, today: datetime.date) -> TokenPrice | Unknown:
    """The price of a model id, or of the id of a system's inference profile, called from `region`."""
    row = _rows().get((model, region))
    if row is None and (_PROFILE.match(model) or region == BASE_REGION):
        row = _rows().get((model, ""))
    if row is None:
        elsewhere = f"; one is known for {BASE_REGION} only" if (model, "") in _rows() else ""
        return Unknown(f"no token price of {model[:100]} in {region}{elsewhere}")
    if today > holds_until(row["date"]):
        return Unknown(f"the token price of {model} is dated {row['date']}, older than a year; update this package")
    return TokenPrice(
        model=model,
        region=region,
        usd_per_million=MappingProxyType({kind: float(row[kind]) for kind in TOKENS if row[kind]}),
        long_prompt_tokens=int(row["long_prompt_tokens"]) if row["long_prompt_tokens"] else None,
        date=row["date"],
        source=row["source"],
    )


def priced_models() -> frozenset[str]:
    """Returns every model and profile that has a price in some region."""
    return frozenset(model for model, _ in _rows())


@functools.cache
def _rows() -> Mapping[tuple[str, str], dict[str, str]]:
    return MappingProxyType({(row["model"], row["region"]): row for row in table("tokens").rows()})
