"""What talks to AWS, through boto3. Nothing else in this package imports it before it is needed."""

from cdk_inference.aws.price_list import PriceListError, Refreshed, hosting_prices, pricing_client

__all__ = ["PriceListError", "Refreshed", "hosting_prices", "pricing_client"]
