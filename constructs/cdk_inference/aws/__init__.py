"""What talks to AWS, through boto3. Nothing else in this package imports it before it is needed."""

from cdk_inference.aws.price_list import PriceListError, Refreshed, hosting_prices, pricing_client
from cdk_inference.aws.workload_estimate import RATES, account_clients, account_prices

__all__ = [
    "RATES",
    "PriceListError",
    "Refreshed",
    "account_clients",
    "account_prices",
    "hosting_prices",
    "pricing_client",
]
