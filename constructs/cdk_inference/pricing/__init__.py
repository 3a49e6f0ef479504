"""What inference costs: the price book, the estimate of a template, the choice of a type by price.

Plain Python without aws_cdk or boto3. Every price says its kind, source and day; what has no price is `Unknown` with a
reason, never 0. Where prices come from: docs/prices.md.
"""

from cdk_inference.pricing.book import PriceBook, PriceFile, price_book
from cdk_inference.pricing.own_file import Discount
from cdk_inference.pricing.price import KINDS, Price

__all__ = ["KINDS", "Discount", "Price", "PriceBook", "PriceFile", "price_book"]
