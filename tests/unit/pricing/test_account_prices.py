"""`prices refresh --account` against stubs that check requests and answers with botocore's service model."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

import cdk_inference.aws as aws
from cdk_inference.aws import PriceListError, Refreshed, account_prices
from cdk_inference.aws.price_list import Usage
from cdk_inference.cli import main
from cdk_inference.pricing import Discount, Price, PriceBook, price_book
from cdk_inference.pricing.book import PriceFile

TODAY = datetime.date(2026, 11, 29)
ESTIMATE = "0123abcd-0123-4567-89ab-0123456789ab"
ACCOUNT = "111122223333"


def listed(item: str, usd: float, unit: str = "hour") -> Price:
    day = TODAY.isoformat()
    return Price(
        item=item, region="us-east-2", unit=unit, usd=usd, kind="listed", date=day, source="AWS Price List API"
    )


LISTED = Refreshed(
    prices=(listed("ml.g6.xlarge", 1.1267), listed("serverless-3gb", 0.00006, "second"), listed("ml.g5.xlarge", 1.41)),
    left_out=("ml.m5.large: several prices",),
    usages={
        "ml.g6.xlarge": Usage(usage_type="USE2-Host:ml.g6.xlarge", operation="RunInstance"),
        "serverless-3gb": Usage(usage_type="USE2-ServerlessInf:Mem-3GB", operation="Invoke"),
        "ml.g5.xlarge": Usage(usage_type="USE2-Host:ml.g5.xlarge", operation="RunInstance"),
    },
)


def line(usage: str, operation: str, **others: Any) -> dict[str, Any]:
    return {"serviceCode": "AmazonSageMaker", "usageType": usage, "operation": operation} | others


ITEMS = [
    # 901,360 for a million hours, which is 20 % off 1.1267.
    line("USE2-Host:ml.g6.xlarge", "RunInstance", status="VALID", currency="USD", cost=901_360.0, quantity={"amount": 1e6, "unit": "Hrs"}),
    line("USE2-ServerlessInf:Mem-3GB", "Invoke", status="VALID", currency="USD", cost=48.0),
    line("USE2-Host:ml.g5.xlarge", "RunInstance", status="INVALID"),
]  # fmt: skip


@pytest.fixture
def stubs(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Stubber, Stubber]]:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    keys = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
    with (
        Stubber(boto3.client("bcm-pricing-calculator", **keys)) as calculator,
        Stubber(boto3.client("sts", **keys)) as sts,
    ):
        sts.add_response("get_caller_identity", {"Account": ACCOUNT})
        yield calculator, sts


def answer(calculator: Stubber, rate: str, statuses: tuple[str, ...], items: list[dict[str, Any]] | None) -> None:
    calculator.add_response(
        "create_workload_estimate",
        {"id": ESTIMATE, "status": "UPDATING"},
        {"name": "cdk-inference-us-east-2-2026-11-29", "rateType": rate},
    )
    sent = [
        line(usage.usage_type, usage.operation, key=key, usageAccountId=ACCOUNT, amount=1e6)
        for key, usage in zip(("l0", "l1", "l2"), LISTED.usages.values(), strict=True)
    ]
    refused = {"key": "l2", "errorCode": "NOT_FOUND", "errorMessage": "no such usage type"}
    calculator.add_response(
        "batch_create_workload_estimate_usage", {"errors": [refused]}, {"workloadEstimateId": ESTIMATE, "usage": sent}
    )
    for status in statuses:
        calculator.add_response("get_workload_estimate", {"id": ESTIMATE, "status": status}, {"identifier": ESTIMATE})
    if items is not None:
        for page, token in ((items[:1], "next"), (items[1:], None)):
            calculator.add_response(
                "list_workload_estimate_usage", {"items": page} | ({"nextToken": token} if token else {})
            )
    calculator.add_response("delete_workload_estimate", {}, {"identifier": ESTIMATE})


@pytest.mark.parametrize(
    ("rates", "rate"),
    [
        ("before-discounts", "BEFORE_DISCOUNTS"),
        ("after-discounts", "AFTER_DISCOUNTS"),
        ("after-discounts-and-commitments", "AFTER_DISCOUNTS_AND_COMMITMENTS"),
    ],
)
def test_each_price_is_the_cost_of_a_line_by_its_amount(stubs: tuple[Stubber, Stubber], rates: str, rate: str) -> None:
    calculator, sts = stubs
    answer(calculator, rate, ("UPDATING", "VALID"), ITEMS)
    told: list[str] = []
    found = account_prices(calculator.client, sts.client, LISTED, "us-east-2", rates, TODAY, told.append)
    assert [(price.item, price.usd, price.kind) for price in found.prices] == [
        ("ml.g6.xlarge", 0.90136, "account"),
        ("serverless-3gb", 0.000048, "account"),
    ]
    assert found.prices[0].source == f"AWS Billing's pricing calculator, USE2-Host:ml.g6.xlarge, {rates}"
    assert found.left_out == ("ml.m5.large: several prices", "ml.g5.xlarge: NOT_FOUND: no such usage type")
    assert told == [
        f"us-east-2: workload estimate cdk-inference-us-east-2-2026-11-29 of account {ACCOUNT}, {rates}",
        "3 of 3 lines",
        "us-east-2: 2 of 3 lines have a cost; the estimate is deleted",
    ]
    calculator.assert_no_pending_responses()


def test_an_estimate_that_does_not_become_valid_is_deleted_all_the_same(stubs: tuple[Stubber, Stubber]) -> None:
    calculator, sts = stubs
    answer(calculator, "AFTER_DISCOUNTS", ("INVALID",), None)
    with pytest.raises(PriceListError, match="the workload estimate is not valid: it is INVALID"):
        account_prices(calculator.client, sts.client, LISTED, "us-east-2", "after-discounts", TODAY, print)
    calculator.assert_no_pending_responses()


def test_a_refusal_names_the_permissions(stubs: tuple[Stubber, Stubber]) -> None:
    calculator, sts = stubs
    calculator.add_client_error(
        "create_workload_estimate", "AccessDeniedException", "no", expected_params={"name": ANY, "rateType": ANY}
    )
    with pytest.raises(PriceListError) as caught:
        account_prices(calculator.client, sts.client, LISTED, "us-east-2", "after-discounts", TODAY, print)
    assert str(caught.value) == (
        "AWS refused: AccessDeniedException: no; the calls need permissions of bcm-pricing-calculator"
    )


def test_lines_go_in_batches_that_the_api_takes(stubs: tuple[Stubber, Stubber]) -> None:
    calculator, sts = stubs
    prices = tuple(listed(f"ml.x{number}.large", 1) for number in range(60))
    many = Refreshed(
        prices=prices, left_out=(), usages={one.item: Usage(usage_type="U", operation="") for one in prices}
    )
    calculator.add_response("create_workload_estimate", {"id": ESTIMATE})
    for _ in range(3):
        calculator.add_response("batch_create_workload_estimate_usage", {})
    calculator.add_response("get_workload_estimate", {"id": ESTIMATE, "status": "VALID"})
    calculator.add_response("list_workload_estimate_usage", {"items": []})
    calculator.add_response("delete_workload_estimate", {})
    told: list[str] = []
    account_prices(calculator.client, sts.client, many, "us-east-2", "after-discounts", TODAY, told.append)
    assert told[1:4] == ["25 of 60 lines", "50 of 60 lines", "60 of 60 lines"]


def test_no_discount_is_taken_off_an_accounts_own_price() -> None:
    price = Price(
        item="ml.g6.xlarge", region="us-east-2", unit="hour", usd=0.9, kind="account", date="2026-11-29", source="AWS"
    )
    plan = Discount(name="plan", percent=50, starts="2026-01-01", ends="2026-12-31")
    file = PriceFile(name="prices.csv", rows={("ml.g6.xlarge", "us-east-2"): price}, discounts=(plan,))
    assert PriceBook(today=TODAY, files=(file,)).look_up("ml.g6.xlarge", "us-east-2") == price


def test_the_command_writes_the_accounts_prices(
    stubs: tuple[Stubber, Stubber], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calculator, sts = stubs
    answer(calculator, "AFTER_DISCOUNTS", ("VALID",), ITEMS)
    monkeypatch.setattr(aws, "pricing_client", lambda: None)
    found: Callable[..., Refreshed] = lambda *_: LISTED  # noqa: E731
    monkeypatch.setattr(aws, "hosting_prices", found)
    monkeypatch.setattr(aws, "account_clients", lambda: (calculator.client, sts.client))
    file = tmp_path / "prices.csv"
    assert main(["prices", "refresh", "--region", "us-east-2", "--account", "--output", str(file)], TODAY) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[1] == "2 prices of us-east-2"
    assert err.splitlines()[0] == "us-east-2: 3 prices in the price list"
    read = price_book([file], TODAY).look_up("ml.g6.xlarge", "us-east-2")
    assert isinstance(read, Price)
    assert (read.usd, read.kind) == (0.90136, "account")
