"""Cost of inference: the price book, the estimate of a template, the choice of a type by price.

Plain Python without aws_cdk or boto3. Every price says its kind, source and day; what has no price is `Unknown` with a
reason, never 0. Where prices come from: docs/prices.md.
"""

import importlib
import typing

from cdk_inference.pricing.amounts import HOURS_PER_MONTH, Line, Monthly, Total
from cdk_inference.pricing.book import PriceBook, PriceFile, price_book
from cdk_inference.pricing.estimates import Estimate, estimate
from cdk_inference.pricing.measured import Throughput, read_measured
from cdk_inference.pricing.price import KINDS, Price
from cdk_inference.pricing.price_overrides import Discount
from cdk_inference.pricing.tokens import TokenPrice, token_price
from cdk_inference.pricing.usage import EndpointUsage, Usage, read_usage

if typing.TYPE_CHECKING:
    from cdk_inference.pricing.choices import Candidate, Choice, choose

__all__ = [
    "HOURS_PER_MONTH",
    "KINDS",
    "Candidate",
    "Choice",
    "Discount",
    "EndpointUsage",
    "Estimate",
    "Line",
    "Monthly",
    "Price",
    "PriceBook",
    "PriceFile",
    "Throughput",
    "TokenPrice",
    "Total",
    "Usage",
    "choose",
    "estimate",
    "price_book",
    "read_measured",
    "read_usage",
    "token_price",
]


_LATER = ("Candidate", "Choice", "choose")


def __getattr__(name: str) -> object:
    """Imports the choice of a type when it is used: it reads the room of servers, which an estimate does without."""
    if name in _LATER:
        return getattr(importlib.import_module("cdk_inference.pricing.choices"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
