"""An account's own prices of hosting, from a workload estimate of AWS Billing's pricing calculator.

https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_AWSBCMPricingCalculator_CreateWorkloadEstimate.html
(shapes: botocore 1.44.5). The calculator has no operation that prices usage at once: an estimate is created, lines of
usage are put into it, and each comes back with its cost. The estimate is deleted afterwards.
"""

from __future__ import annotations

import contextlib
import datetime
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cdk_inference.aws.price_list import API_REGION, ATTEMPTS, SERVICE, PriceListError, Refreshed
from cdk_inference.pricing.price import ACCOUNT, Price

# The command's word -> the API's RateType.
RATES = {
    "before-discounts": "BEFORE_DISCOUNTS",
    "after-discounts": "AFTER_DISCOUNTS",
    "after-discounts-and-commitments": "AFTER_DISCOUNTS_AND_COMMITMENTS",
}
# Lines in one call: the API's limit. https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/
# API_AWSBCMPricingCalculator_BatchCreateWorkloadEstimateUsage.html (botocore 1.44.5)
BATCH_MAX = 25
# Units in each line, so that a cost in cents still gives a price per hour or second with six digits.
AMOUNT = 1_000_000.0
POLL_SECONDS, POLLS = 2, 60
_DENIED = ("AccessDeniedException", "UnrecognizedClientException")

Progress = Callable[[str], None]


def account_clients(endpoint_url: str | None = None) -> tuple[Any, Any]:
    """Returns clients of the pricing calculator and of STS. Credentials are found as boto3 finds them."""
    config = Config(retries={"mode": "standard", "total_max_attempts": ATTEMPTS}, connect_timeout=10, read_timeout=30)
    options = {"region_name": API_REGION, "config": config, "endpoint_url": endpoint_url}
    try:
        session = boto3.Session()
        return session.client("bcm-pricing-calculator", **options), session.client("sts", **options)
    except BotoCoreError as error:
        raise PriceListError(f"the request to AWS failed: {error}") from None


def account_prices(
    calculator: Any,
    sts: Any,
    listed: Refreshed,
    region: str,
    rates: str,
    today: datetime.date,
    progress: Progress,
) -> Refreshed:
    """Returns the prices of `listed` at the account's own rates.

    Args:
        listed: Prices of the Price List API, with the usage that each is billed for.
        rates: A key of `RATES`.
        progress: Receives a line of text after each step.

    Raises:
        PriceListError: AWS refused, or the estimate did not become valid.
    """
    with _answers():
        account = sts.get_caller_identity()["Account"]
        name = f"cdk-inference-{region}-{today.isoformat()}"
        made = calculator.create_workload_estimate(name=name, rateType=RATES[rates])
        progress(f"{region}: workload estimate {name} of account {account}, {rates}")
        try:
            failed = _put(calculator, made["id"], account, listed, progress)
            _wait(calculator, made["id"])
            costs = dict(_costs(calculator, made["id"]))
        finally:
            calculator.delete_workload_estimate(identifier=made["id"])
    progress(f"{region}: {len(costs)} of {len(listed.prices)} lines have a cost; the estimate is deleted")
    keys = _keys(listed.prices)
    prices, left_out = [], list(listed.left_out)
    for key, price in keys.items():
        usage_type = listed.usages[price.item].usage_type
        if costs.get(usage_type, 0) > 0:
            source = f"AWS Billing's pricing calculator, {usage_type}, {rates}"
            prices.append(replace(price, usd=costs[usage_type], kind=ACCOUNT, date=today.isoformat(), source=source))
        else:
            left_out.append(f"{price.item}: {failed.get(key, 'the estimate has no cost of it')}")
    return Refreshed(prices=tuple(prices), left_out=tuple(left_out), usages=listed.usages)


def _keys(prices: Sequence[Price]) -> dict[str, Price]:
    """A line's key, at most 10 letters and digits, -> its price."""
    return {f"l{number}": price for number, price in enumerate(prices)}


def _put(calculator: Any, estimate: str, account: str, listed: Refreshed, progress: Progress) -> dict[str, str]:
    """Puts a line for each price into the estimate; returns key -> why it was refused."""
    failed: dict[str, str] = {}
    lines = list(_keys(listed.prices).items())
    for first in range(0, len(lines), BATCH_MAX):
        batch = lines[first : first + BATCH_MAX]
        usage = [
            {
                "serviceCode": SERVICE,
                "usageType": listed.usages[price.item].usage_type,
                "operation": listed.usages[price.item].operation,
                "key": key,
                "usageAccountId": account,
                "amount": AMOUNT,
            }
            for key, price in batch
        ]
        answer = calculator.batch_create_workload_estimate_usage(workloadEstimateId=estimate, usage=usage)
        failed |= {one["key"]: f"{one.get('errorCode')}: {one.get('errorMessage')}" for one in answer.get("errors", ())}
        progress(f"{first + len(batch)} of {len(lines)} lines")
    return failed


def _wait(calculator: Any, estimate: str) -> None:
    found: dict[str, Any] = {}
    for _ in range(POLLS):
        found = calculator.get_workload_estimate(identifier=estimate)
        if found.get("status") != "UPDATING":
            break
        time.sleep(POLL_SECONDS)
    if found.get("status") != "VALID":
        why = found.get("failureMessage") or f"it is {found.get('status')} after {POLLS * POLL_SECONDS} seconds"
        raise PriceListError(f"the workload estimate is not valid: {why}")


def _costs(calculator: Any, estimate: str) -> Iterator[tuple[str, float]]:
    """(usage type, US dollars per unit) of each line that has a cost; the answer does not repeat the line's key."""
    pages = calculator.get_paginator("list_workload_estimate_usage").paginate(workloadEstimateId=estimate)
    for line in itertools.chain.from_iterable(page.get("items", ()) for page in pages):
        amount = line.get("quantity", {}).get("amount", AMOUNT)
        if line.get("status") == "VALID" and line.get("currency") == "USD" and "cost" in line and amount > 0:
            yield line["usageType"], round(line["cost"] / amount, 9)


@contextlib.contextmanager
def _answers() -> Iterator[None]:
    """Turns what boto3 raises into a PriceListError."""
    try:
        yield
    except ClientError as error:
        details = error.response.get("Error", {})
        need = "; the calls need permissions of bcm-pricing-calculator" if details.get("Code") in _DENIED else ""
        raise PriceListError(f"AWS refused: {details.get('Code')}: {details.get('Message')}{need}") from None
    except BotoCoreError as error:
        raise PriceListError(f"the request to AWS failed: {error}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise PriceListError(f"AWS answered in another form: {error!r}") from None
