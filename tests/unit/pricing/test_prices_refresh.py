"""`cdk-inference prices refresh` against answers of the Price List API's shape, given by a server on this machine."""

from __future__ import annotations

import datetime
import functools
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import botocore.endpoint
import botocore.loaders
import botocore.session
import pytest

import cdk_inference.aws.price_list as price_list
from cdk_inference.aws import PriceListError, hosting_prices, pricing_client
from cdk_inference.cli import main
from cdk_inference.pricing import Price, price_book

TODAY = datetime.date(2026, 11, 24)
Answer = tuple[int, dict[str, Any]]


def product(usage: str, usd: str = "1.1267000000", unit: str = "Hrs", **others: Any) -> str:
    """One entry of PriceList: JSON in a string, as the API gives it (2026-09-25, USE2-Host:ml.g6.xlarge)."""
    dimension = {
        "unit": unit,
        "endRange": "Inf",
        "description": f"${usd} per Hosting hour in US East (Ohio)",
        "appliesTo": [],
        "rateCode": "SKU.JRTCKXETXF.6YS6EN2CT7",
        "beginRange": "0",
        "pricePerUnit": {"USD": usd},
    }
    term = {
        "priceDimensions": {"SKU.JRTCKXETXF.6YS6EN2CT7": dimension | others},
        "sku": "SKU",
        "effectiveDate": "2026-09-01T00:00:00Z",
        "offerTermCode": "JRTCKXETXF",
        "termAttributes": {},
    }
    attributes = {"usagetype": usage, "regionCode": "us-east-2", "servicecode": "AmazonSageMaker"}
    told = {
        "product": {"productFamily": "ML Instance", "attributes": attributes, "sku": "SKU"},
        "serviceCode": "AmazonSageMaker",
        "terms": {"OnDemand": {"SKU.JRTCKXETXF": term}},
        "version": "20261120",
        "publicationDate": "2026-11-20T00:00:00Z",
    }
    return json.dumps(told)


def page(*products: str, token: str | None = None) -> Answer:
    return 200, {"FormatVersion": "aws_v1", "PriceList": list(products)} | ({"NextToken": token} if token else {})


G6 = product("USE2-Host:ml.g6.xlarge")
EMPTY = page()
THROTTLED: Answer = (400, {"__type": "ThrottlingException", "message": "Rate exceeded"})
DENIED: Answer = (400, {"__type": "AccessDeniedException", "message": "User is not authorized"})


# The models of services are read once, not for each client.
SHARED_LOADER = functools.cache(botocore.loaders.create_loader)


class Aws:
    """The API on this machine: gives `answers` in their order and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[dict[str, Any]] = []
        aws = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                aws.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                status, body = aws.answers.pop(0) if aws.answers else EMPTY
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.1")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments: object) -> None:
                del arguments

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Aws]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setattr(botocore.session, "create_loader", SHARED_LOADER)
    monkeypatch.setattr(botocore.endpoint.time, "sleep", lambda _: None)
    made = Aws()
    yield made
    made.server.shutdown()
    made.server.server_close()


def refreshed(aws: Aws, *answers: Answer) -> price_list.Refreshed:
    aws.answers = list(answers)
    return hosting_prices(pricing_client(aws.url), "us-east-2", TODAY)


def test_a_price_has_the_day_on_which_it_was_asked_for(aws: Aws) -> None:
    assert refreshed(aws, page(G6)).prices == (
        Price(
            item="ml.g6.xlarge",
            region="us-east-2",
            unit="hour",
            usd=1.1267,
            kind="listed",
            date="2026-11-24",
            source="AWS Price List API, USE2-Host:ml.g6.xlarge, effective 2026-09-01",
        ),
    )


def test_hosting_storage_and_serverless_are_asked_for(aws: Aws) -> None:
    storage = product("USE2-Host:VolumeUsage.gp2", "0.1400000000", "GB-Mo")
    serverless = product("USE2-ServerlessInf:Mem-3GB", "0.0000600000", "Seconds")
    found = refreshed(aws, page(G6), page(storage), page(serverless))
    assert [(price.item, price.unit, price.usd) for price in found.prices] == [
        ("endpoint-storage", "GB-month", 0.14),
        ("ml.g6.xlarge", "hour", 1.1267),
        ("serverless-3gb", "second", 0.00006),
    ]
    region = {"Type": "TERM_MATCH", "Field": "regionCode", "Value": "us-east-2"}
    assert [asked["ServiceCode"] for asked in aws.asked] == ["AmazonSageMaker"] * 3
    assert [asked["Filters"] for asked in aws.asked] == [
        [
            region,
            {"Type": "TERM_MATCH", "Field": "productFamily", "Value": "ML Instance"},
            {"Type": "TERM_MATCH", "Field": "platoinstancetype", "Value": "Hosting"},
        ],
        [region, {"Type": "TERM_MATCH", "Field": "productFamily", "Value": "Storage"}],
        [region, {"Type": "TERM_MATCH", "Field": "productFamily", "Value": "ML Serverless"}],
    ]


def test_every_page_is_read(aws: Aws) -> None:
    pages = (page(G6, token="2"), page(product("USE2-Host:ml.g5.xlarge", "1.41"), token="3"), page(product("USE2-Host:ml.m5.large", "0.115")))  # fmt: skip
    assert [price.item for price in refreshed(aws, *pages).prices] == ["ml.g5.xlarge", "ml.g6.xlarge", "ml.m5.large"]
    assert [asked.get("NextToken") for asked in aws.asked[:3]] == [None, "2", "3"]


def test_throttling_is_waited_for(aws: Aws) -> None:
    assert len(refreshed(aws, THROTTLED, THROTTLED, page(G6)).prices) == 1
    assert len(aws.asked) == 3 + 2


def test_after_six_attempts_it_is_told(aws: Aws) -> None:
    with pytest.raises(PriceListError) as caught:
        refreshed(aws, *[THROTTLED] * 6)
    assert str(caught.value) == "AWS refused: ThrottlingException: Rate exceeded"
    assert len(aws.asked) == price_list.ATTEMPTS == 6


def test_a_refusal_is_told_at_once(aws: Aws) -> None:
    with pytest.raises(PriceListError) as caught:
        refreshed(aws, DENIED)
    assert str(caught.value) == (
        "AWS refused: AccessDeniedException: User is not authorized; the call needs the permission pricing:GetProducts"
    )
    assert len(aws.asked) == 1


def test_a_region_without_a_match_is_told(aws: Aws) -> None:
    with pytest.raises(PriceListError) as caught:
        refreshed(aws)
    assert str(caught.value) == "the AWS Price List has no hosting price of us-east-2; check the region's name"


def test_several_prices_of_one_type_are_none(aws: Aws) -> None:
    other = product("USE2-Host:ml.g5.xlarge", "1.41")
    found = refreshed(aws, page(G6, product("USE2-Host:ml.g6.xlarge", "1.2"), other, other))
    assert [price.item for price in found.prices] == ["ml.g5.xlarge"]
    assert found.left_out == ("ml.g6.xlarge: several prices, $1.1267, $1.2; it stays as it was",)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (product("USE2-Host:ml.g5.xlarge", "0.0000000000"), ()),
        (product("USE2-Host:ml.g5.xlarge", "many"), ("ml.g5.xlarge: no price in US dollars",)),
        (product("USE2-Host:ml.g5.xlarge", pricePerUnit={"CNY": "9"}), ("ml.g5.xlarge: no price in US dollars",)),
        (product("USE2-Host:ml.g5.xlarge", unit="Quantity"), ("ml.g5.xlarge: the unit is 'Quantity'",)),
        (product("USE2-Train:ml.g5.xlarge"), ()),
        (product("USE2-AsyncInf:ml.g5.xlarge"), ()),
        ("[]", ()),
        ("{}", ()),
        ('{"product": {"attributes": {"usagetype": "Host:ml.g5.xlarge"}}, "terms": {"OnDemand": 5}}', ()),
    ],
)
def test_what_is_no_hosting_price_is_left_out(entry: str, why: tuple[str, ...], aws: Aws) -> None:
    found = refreshed(aws, page(G6, entry))
    assert [price.item for price in found.prices] == ["ml.g6.xlarge"]
    assert found.left_out == why


def test_an_answer_of_another_form_is_told(aws: Aws) -> None:
    with pytest.raises(PriceListError, match="AWS answered in another form: "):
        refreshed(aws, page("not JSON"))


def run(
    aws: Aws, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *answers: Answer
) -> tuple[int, str, str]:
    aws.answers = list(answers)
    monkeypatch.setattr("cdk_inference.aws.pricing_client", lambda: pricing_client(aws.url))
    monkeypatch.chdir(folder)
    status = main(["prices", "refresh", "--region", "us-east-2"], today=TODAY)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_the_table_is_what_the_price_book_takes(
    aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(aws, tmp_path, monkeypatch, capsys, page(G6))
    assert (status, out) == (0, "WROTE prices.csv: 1 prices; use it with --prices prices.csv\n1 prices of us-east-2\n")
    found = price_book([tmp_path / "prices.csv"], TODAY).look_up("ml.g6.xlarge", "us-east-2")
    assert isinstance(found, Price)
    assert (found.usd, found.date) == (1.1267, "2026-11-24")


def test_rows_that_were_there_stay(
    aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        "ml.g6.xlarge,us-east-2,hour,9,listed,2026-01-01,AWS",
        "ml.g6.xlarge,eu-west-1,hour,2,listed,2026-01-01,AWS",
    ]
    (tmp_path / "prices.csv").write_text("\n".join(["item,region,unit,usd,kind,date,source", *rows]))
    run(aws, tmp_path, monkeypatch, capsys, page(G6))
    assert (tmp_path / "prices.csv").read_text().splitlines() == [
        "# Written by cdk-inference prices refresh. US dollars per unit.",
        "item,region,unit,usd,kind,date,source,checked",
        "ml.g6.xlarge,eu-west-1,hour,2.0,listed,2026-01-01,AWS,",
        'ml.g6.xlarge,us-east-2,hour,1.1267,listed,2026-11-24,"AWS Price List API, USE2-Host:ml.g6.xlarge, effective 2026-09-01",',
    ]


def test_a_failure_writes_nothing(
    aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(aws, tmp_path, monkeypatch, capsys, DENIED)
    assert (status, out) == (2, "")
    assert err == (
        "cdk-inference: AWS refused: AccessDeniedException: User is not authorized; "
        "the call needs the permission pricing:GetProducts; nothing was written\n"
    )
    assert not (tmp_path / "prices.csv").exists()


def test_without_credentials_it_is_told(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(PriceListError) as caught:
        refreshed(aws, page(G6))
    assert str(caught.value) == "the request to AWS failed: Unable to locate credentials"
