"""What one request costs with a model of Bedrock, on demand."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from cdk_inference.core.alike import nearest
from cdk_inference.core.errors import Problem
from cdk_inference.core.unknown import Unknown
from cdk_inference.facts import table
from cdk_inference.pricing.amounts import SECONDS_PER_MONTH
from cdk_inference.pricing.book import PriceBook
from cdk_inference.pricing.tokens import priced_models


@dataclass(frozen=True, kw_only=True)
class BedrockRequest:
    """A request of a fixed length to a model or inference profile that is called from `region`.

    Args:
        model: The id.
        usd_per_request: Input tokens and output tokens on demand; nothing is read from a cache.
        date, source: Of the price.
    """

    model: str
    region: str
    usd_per_request: float
    date: str
    source: str

    def usd_per_month(self, requests_per_second: float) -> float:
        """Dollars of a month of 730 hours at a constant rate."""
        return self.usd_per_request * requests_per_second * SECONDS_PER_MONTH


def bedrock_request(
    argument: str, model: str, region: str, prompt_tokens: int, output_tokens: int, book: PriceBook
) -> BedrockRequest | Problem:
    """Returns the price of a request, or why there is none.

    Args:
        argument: Where the model was written.
        model: Id of a model or of a system's inference profile.
        region: From which it is called.
        prompt_tokens, output_tokens: Of a request.
        book: Where the price is looked up.
    """
    own = {row for file in book.files for row in file.tokens}
    known = {*_regions(), *priced_models(), *(name for name, _ in own)}
    if model not in known:
        near = nearest(model, sorted(known))
        fix = f"write {near}" if near else "write the id of a model or inference profile as Bedrock has it"
        return Problem(argument, model, "a model or inference profile of Bedrock", fix)
    callable_from = _regions().get(model)
    if callable_from is not None and region not in callable_from and (model, region) not in own:
        served = f"from {', '.join(sorted(callable_from))}" if callable_from else "through inference profiles only"
        allowed = f"a model that can be called from {region}; this one can be called {served}"
        return Problem(argument, model, allowed, _other(model, region, book))
    price = book.tokens(model, region)
    if isinstance(price, Unknown):
        allowed = f"a model with a token price in {region}: {price.reason}"
        return Problem(argument, model, allowed, _fix(model, region, book))
    usd = price.usd_per_million
    missing = [kind for kind in ("input", "output") if kind not in usd]
    if missing:
        allowed = f"a model with known input and output prices; {' and '.join(missing)} is unknown"
        return Problem(argument, model, allowed, _fix(model, region, book))
    if price.long_prompt_tokens is not None and prompt_tokens > price.long_prompt_tokens:
        allowed = f"prompts of at most {price.long_prompt_tokens} tokens; the price of longer ones is unknown"
        return Problem(argument, model, allowed, _fix(model, region, book))
    return BedrockRequest(
        model=model,
        region=region,
        usd_per_request=(prompt_tokens * usd["input"] + output_tokens * usd["output"]) / 1e6,
        date=price.date,
        source=price.source,
    )


@functools.cache
def _regions() -> Mapping[str, frozenset[str]]:
    """Model or profile -> the regions from which it is called."""
    found = {
        row["model"]: frozenset([*row["on_demand"].split(), *row["mantle"].split()])
        for row in table("bedrock_models").rows()
    }
    for row in table("bedrock_profiles").rows():
        found[row["profile"]] = found.get(row["profile"], frozenset()) | frozenset(row["sources"].split())
    return found


def _fix(model: str, region: str, book: PriceBook) -> str:
    return f"{_other(model, region, book)}, or give the price as [[token_price]] of a file with --prices"


def _other(model: str, region: str, book: PriceBook) -> str:
    """A model that is most alike and has a price in the region."""
    priced = [
        one
        for one, regions in sorted(_regions().items())
        if one != model and region in regions and not isinstance(book.tokens(one, region), Unknown)
    ]
    near = nearest(model, priced)
    return f"write {near}, which is served and priced there" if near else "choose another model"
