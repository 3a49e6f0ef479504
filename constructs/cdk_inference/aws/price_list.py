"""Hosting prices of a region from the AWS Price List API.

https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html (shapes: botocore
1.44.5). The filters for hosting are those of AWS's sample code (productFamily, platoinstancetype). Which item a product
is, its usage type says, as in "USE2-Host:ml.g6.xlarge".
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.pricing.price import GB_MONTH, HOUR, LISTED, SECOND, Price, PriceUnit

# Prices of every region are requested here.
API_REGION = "us-east-1"
ATTEMPTS = 6
_DENIED = ("AccessDeniedException", "UnrecognizedClientException")
SERVICE = "AmazonSageMaker"
_FILTERS: tuple[Mapping[str, str], ...] = (
    {"productFamily": "ML Instance", "platoinstancetype": "Hosting"},
    {"productFamily": "Storage"},
    {"productFamily": "ML Serverless"},
)
# Usage type -> item, unit here, units of the price list.
_ITEMS: tuple[tuple[re.Pattern[str], str, PriceUnit, tuple[str, ...]], ...] = (
    (re.compile(r"(?:[A-Z0-9]+-)?Host:(ml\.[a-z0-9-]+\.[a-z0-9-]+)"), "{0}", HOUR, ("hrs",)),
    (re.compile(r"(?:[A-Z0-9]+-)?Host:VolumeUsage\.gp2"), "endpoint-storage", GB_MONTH, ("gb-mo",)),
    (re.compile(r"(?:[A-Z0-9]+-)?ServerlessInf:Mem-([0-9]+)GB"), "serverless-{0}gb", SECOND, ("second", "seconds")),
)


class PriceListError(RuntimeError):
    """AWS could not be reached, or has no hosting prices of the region; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What a bill calls the use of a product."""

    usage_type: str
    operation: str


@dataclass(frozen=True, kw_only=True)
class Refreshed:
    """`prices` by item; `left_out`: what the answer has and why it is no price here; `usages`: how it is billed."""

    prices: tuple[Price, ...]
    left_out: tuple[str, ...]
    usages: Mapping[str, Usage] = field(default_factory=dict)


def pricing_client(endpoint_url: str | None = None) -> Any:
    """A client with retries, for throttling and passing faults. Credentials are found as boto3 finds them."""
    config = Config(retries={"mode": "standard", "total_max_attempts": ATTEMPTS}, connect_timeout=10, read_timeout=30)
    try:
        return boto3.Session().client("pricing", region_name=API_REGION, config=config, endpoint_url=endpoint_url)
    except BotoCoreError as error:
        raise PriceListError(f"the request to AWS failed: {error}") from None


def hosting_prices(client: Any, region: str, today: datetime.date) -> Refreshed:
    """Every hosting price of `region`, with `today` as its day. Raises PriceListError."""
    found: dict[str, dict[float, Price]] = {}
    left_out: list[str] = []
    usages: dict[str, Usage] = {}
    for filters in _FILTERS:
        for product in _products(client, region, filters):
            _take(product, region, today, found, left_out, usages)
    prices: list[Price] = []
    for item, by_usd in sorted(found.items()):
        if len(by_usd) == 1:
            prices += by_usd.values()
        else:
            several = ", ".join(f"${usd:g}" for usd in sorted(by_usd))
            left_out.append(f"{item}: several prices, {several}; it stays as it was")
    if not any(price.unit == HOUR for price in prices):
        raise PriceListError(f"the AWS Price List has no hosting price of {region}; check the region's name")
    kept = {price.item: usages[price.item] for price in prices}
    return Refreshed(prices=tuple(prices), left_out=tuple(dict.fromkeys(left_out)), usages=kept)


def _products(client: Any, region: str, filters: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Every product, page by page."""
    terms = [
        {"Type": "TERM_MATCH", "Field": field, "Value": value}
        for field, value in {"regionCode": region, **filters}.items()
    ]
    try:
        pages = client.get_paginator("get_products").paginate(ServiceCode=SERVICE, Filters=terms)
        for page in pages:
            for text in page["PriceList"]:
                product = json.loads(text)
                if isinstance(product, dict):
                    yield product
    except ClientError as error:
        details = error.response.get("Error", {})
        need = "; the call needs the permission pricing:GetProducts" if details.get("Code") in _DENIED else ""
        raise PriceListError(f"AWS refused: {details.get('Code')}: {details.get('Message')}{need}") from None
    except BotoCoreError as error:
        raise PriceListError(f"the request to AWS failed: {error}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise PriceListError(f"AWS answered in another form: {error!r}") from None


def _take(
    product: Mapping[str, Any],
    region: str,
    today: datetime.date,
    found: dict[str, dict[float, Price]],
    left_out: list[str],
    usages: dict[str, Usage],
) -> None:
    attributes = _member(_member(product, "product"), "attributes")
    usage = str(_member(attributes, "usagetype", ""))
    for pattern, name, unit, units in _ITEMS:
        match = pattern.fullmatch(usage)
        if match is None:
            continue
        item = name.format(*match.groups())
        usages.setdefault(item, Usage(usage_type=usage, operation=str(_member(attributes, "operation", ""))))
        for effective, dimension in _on_demand(product):
            usd = _number(_member(_member(dimension, "pricePerUnit"), "USD", None))
            if str(_member(dimension, "unit", "")).lower() not in units:
                left_out.append(f"{item}: the unit is {_member(dimension, 'unit', None)!r}")
            elif usd is None:
                left_out.append(f"{item}: no price in US dollars")
            elif usd > 0:  # free tiers stand beside the price as 0
                source = f"AWS Price List API, {usage}, effective {effective[:10]}"
                try:
                    price = Price(
                        item=item,
                        region=region,
                        unit=unit,
                        usd=usd,
                        kind=LISTED,
                        date=today.isoformat(),
                        source=source,
                    )
                except ConfigurationError as error:
                    left_out.append(str(error))
                else:
                    found.setdefault(item, {}).setdefault(usd, price)


def _on_demand(product: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """(effective date, dimension) of each price on demand."""
    for offer in _values(_member(_member(product, "terms"), "OnDemand")):
        for dimension in _values(_member(offer, "priceDimensions")):
            yield str(_member(offer, "effectiveDate", "on an unknown day")), dimension


def _member(value: Any, key: str, default: Any = None) -> Any:
    return value.get(key, default) if isinstance(value, dict) else default


def _values(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else []


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
