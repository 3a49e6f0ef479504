"""The shipped prices against hand-copied ones; the order of look-up; what has no price."""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.core.unknown import Unknown
from cdk_inference.hardware import instance_types
from cdk_inference.pricing import Price, PriceBook, price_book
from cdk_inference.pricing.table import made, shipped
from scripts.refresh import ec2_prices
from scripts.refresh import prices as generator
from tests.each import each

TODAY = datetime.date(2026, 11, 24)
BOOK = PriceBook(today=TODAY)

# Copied by hand from the sources that the rows name: US dollars per hour, per GB-month or per second.
COPIED = [
    ("ml.inf2.xlarge", "us-east-1", 0.99, "listed", "2026-09-27"),
    ("ml.inf2.48xlarge", "us-east-1", 15.58, "listed", "2026-09-27"),
    ("ml.trn1.2xlarge", "us-east-1", 1.54, "listed", "2026-09-27"),
    ("ml.trn1.32xlarge", "us-east-1", 24.73, "listed", "2026-09-27"),
    ("ml.g4dn.xlarge", "us-east-1", 0.7364, "listed", "2026-09-27"),
    ("ml.g5.xlarge", "us-east-1", 1.41, "listed", "2026-09-27"),
    ("ml.g6.2xlarge", "us-east-1", 1.222, "listed", "2026-09-27"),
    ("ml.g6e.48xlarge", "us-east-1", 37.66, "listed", "2026-09-27"),
    ("ml.p4de.24xlarge", "us-east-1", 31.5641, "listed", "2026-09-27"),
    ("ml.p5.48xlarge", "us-east-1", 63.296, "listed", "2026-09-27"),
    ("ml.m5.xlarge", "us-east-1", 0.23, "listed", "2026-09-27"),
    ("ml.p5en.48xlarge", "us-east-2", 72.795, "listed", "2026-10-03"),
    ("endpoint-storage", "us-east-1", 0.14, "listed", "2026-09-27"),
    ("serverless-3gb", "us-east-1", 0.00006, "listed", "2026-09-09"),
    ("ml.g7e.2xlarge", "us-west-2", 4.2039, "Studio rate", "2026-09-24"),
    ("ml.g5.2xlarge", "eu-west-1", 1.69, "Studio rate", "2026-09-24"),
    ("ml.p4d.24xlarge", "ap-northeast-1", 34.612516, "Studio rate", "2026-09-24"),
    # 1.258 (EC2, eu-central-1) x 1.41 / 1.006
    ("ml.g5.xlarge", "eu-central-1", 1.7632, "derived", "2026-01-21"),
    # 1.1373 (EC2, eu-central-1) x 0.99 / 0.7582
    ("ml.inf2.xlarge", "eu-central-1", 1.485, "derived", "2026-01-21"),
    # 0.136 (EC2, us-east-1) x 1.2
    ("ml.c6g.xlarge", "us-east-1", 0.1632, "derived", "2026-07-20"),
    # 0.204 (EC2, us-gov-west-1) x 0.204 / 0.17 (us-east-1)
    ("ml.c5.xlarge", "us-gov-west-1", 0.2448, "derived", "2026-07-20"),
    # 63.296 (EC2, us-east-1) x 72.795 / 63.296 (us-east-2)
    ("ml.p5en.48xlarge", "us-east-1", 72.795, "derived", "2026-07-20"),
    # 0.00006 / 3 GB x 6 GB
    ("serverless-6gb", "us-east-1", 0.00012, "derived", "2026-09-09"),
]


def price(item: str, region: str, book: PriceBook = BOOK) -> Price:
    found = book.look_up(item, region)
    assert isinstance(found, Price), found
    return found


def reason(item: str, region: str, book: PriceBook = BOOK) -> str:
    found = book.look_up(item, region)
    assert isinstance(found, Unknown), found
    return found.reason


@each(("item", "region", "usd", "kind", "date"), COPIED)
def test_a_shipped_price_is_the_published_one(item: str, region: str, usd: float, kind: str, date: str) -> None:
    found = price(item, region)
    assert (found.usd, found.kind, found.date) == (usd, kind, date)
    assert found.source


# A source of four digits, github.com/aws-samples/foundation-model-benchmarking-tool (2025-01), where ours has cents. Its
# $28.497 of ml.trn1.32xlarge is EC2's price of trn1n.32xlarge x 1.15 (24.78); trn1.32xlarge costs 21.50 on EC2.
@each(("item", "usd"), [("ml.g5.xlarge", 1.4084), ("ml.g5.2xlarge", 1.515), ("ml.trn1.32xlarge", 21.50 * 1.15)])
def test_a_price_in_cents_is_within_half_a_percent(item: str, usd: float) -> None:
    assert price(item, "us-east-1").usd == pytest.approx(usd, rel=0.005)


def test_every_shipped_row_is_a_valid_price() -> None:
    prices = [made(row) for row in shipped().values()]
    assert len(prices) == len(shipped()) > 500
    assert {found.kind for found in prices} == {"listed", "Studio rate", "derived"}


def test_derived_prices_are_as_close_as_the_docs_say() -> None:
    errors = generator.errors_percent()
    assert len(errors) == 61
    assert max(map(abs, errors.values())) < generator.ERROR_PERCENT_MAX == 0.5
    compared = {(item.split(".")[1], region) for item, region in errors}
    counts = Counter(family for family, _ in compared)
    assert counts == {"g4dn": 4, "g5": 4, "g6": 4, "p4d": 4, "p5": 2}


def test_cpu_types_have_one_ratio_to_ec2() -> None:
    errors = generator.cpu_ratio_errors_percent()
    assert len(errors) == 60
    assert {item.split(".")[1] for item in errors} == {"c5", "c6i", "c7i", "m5", "m5d", "m7i", "r5", "r7i"}
    assert max(map(abs, errors.values())) < generator.ERROR_PERCENT_MAX


def test_ec2_prices_of_both_days_are_the_same() -> None:
    both = [days for days in ec2_prices.by_day().values() if len(days) == 2]
    assert len(both) == 76
    assert [days for days in both if len(set(days.values())) > 1] == []


def test_a_price_is_only_where_the_region_lists_the_type() -> None:
    regions = {known.name: known.regions for known in instance_types()}
    wrong = [place for place in shipped() if place[0].startswith("ml.") and place[1] not in (regions[place[0]] or ())]
    assert wrong == []


@each("item", ["ml.m6i.xlarge", "ml.r6i.xlarge", "ml.p5.4xlarge"])
def test_a_public_price_of_a_type_that_cannot_be_hosted_is_no_price(item: str) -> None:
    assert reason(item, "us-east-1") == f"us-east-1 does not list {item} for hosting as of 2026-10-20"


def test_burstable_types_have_no_price() -> None:
    # t3 hosts nowhere: it is not in the API's ProductionVariantInstanceType. t2 has a notebook rate of another ratio.
    assert reason("ml.t3.medium", "us-east-1") == (
        "no price of ml.t3.medium in us-east-1, and no such type in the tables of 2026-10-20"
    )
    assert reason("ml.t2.medium", "us-east-1").startswith("no price of ml.t2.medium in us-east-1; ")


def test_what_has_a_price_is_counted() -> None:
    """The docs state these numbers."""
    priced, listed = Counter[str](), Counter[str]()
    for known in instance_types():
        kind = "CPU" if known.kind == "cpu" else "accelerated"
        for region in known.regions or ():
            listed[kind] += 1
            priced[kind] += (known.name, region) in shipped()
    assert (priced, listed) == ({"accelerated": 588, "CPU": 280}, {"accelerated": 810, "CPU": 3242})
    hosted = {known.name for known in instance_types() if "us-east-1" in (known.regions or ())}
    unknown = {name.split(".")[1] for name in hosted if (name, "us-east-1") not in shipped()}
    assert unknown == {"c4", "g7", "inf1", "m4", "p6-b200", "p6-b300", "t2", "trn1n"}


@each(
    ("item", "region", "why"),
    [
        (
            "ml.inf1.xlarge",
            "eu-central-1",
            "no price of ml.inf1.xlarge in eu-central-1; `cdk-inference prices refresh --region eu-central-1` reads them from AWS",
        ),
        (
            "ml.trn2.48xlarge",
            "us-east-1",
            "no region lists ml.trn2.48xlarge for hosting as of 2026-10-20, so no public price exists",
        ),
        ("ml.g6e.xlarge", "eu-north-1", "eu-north-1 does not list ml.g6e.xlarge for hosting as of 2026-10-20"),
        (
            "ml.inf3.xlarge",
            "us-east-1",
            "no price of ml.inf3.xlarge in us-east-1, and no such type in the tables of 2026-10-20",
        ),
        (
            "endpoint-storage",
            "eu-west-1",
            "no price of endpoint-storage in eu-west-1; `cdk-inference prices refresh --region eu-west-1` reads them from AWS",
        ),
    ],
)
def test_what_has_no_price_says_why(item: str, region: str, why: str) -> None:
    assert reason(item, region) == why


def test_a_price_older_than_a_year_is_none() -> None:
    last = PriceBook(today=datetime.date(2027, 9, 27))
    assert price("ml.g5.xlarge", "us-east-1", last).usd == 1.41
    after = PriceBook(today=datetime.date(2027, 9, 28))
    assert reason("ml.g5.xlarge", "us-east-1", after) == (
        "the price of ml.g5.xlarge in us-east-1 is dated 2026-09-27, older than a year; "
        "`cdk-inference prices refresh --region us-east-1` reads them from AWS"
    )


def test_a_price_of_a_day_to_come_is_none(tmp_path: Path) -> None:
    book = own(tmp_path, OWN.replace("2026-11-01", "2062-11-01"))
    assert reason("ml.g6.12xlarge", "us-east-1", book) == (
        "the price of ml.g6.12xlarge in us-east-1 is dated 2062-11-01, which is in the future"
    )


def test_a_number_that_looks_like_a_token_is_no_price(tmp_path: Path) -> None:
    assert refusal(tmp_path / "own.toml", OWN.replace("usd = 5", "usd = -1.9e289")) == (
        "price of ml.g6.12xlarge in us-east-1: usd: got 'a value known at deployment only'; allowed: a plain number; "
        "fix: write US dollars; leave the row out if it is not known"
    )


OWN = """
[[price]]
item = "ml.g6.12xlarge"
region = "us-east-1"
usd = 5
date = "2026-11-01"
source = "private pricing agreement"

[[discount]]
name = "Savings Plan"
percent = 20
starts = "2026-06-01"
ends = "2027-05-31"
"""


def own(folder: Path, text: str = OWN, today: datetime.date = TODAY) -> PriceBook:
    (folder / "own.toml").write_text(text)
    return price_book([folder / "own.toml"], today)


def test_your_own_price_comes_first_and_no_discount_is_taken_off_it(tmp_path: Path) -> None:
    found = price("ml.g6.12xlarge", "us-east-1", own(tmp_path))
    assert (found.usd, found.kind, found.source, found.discount) == (5, "yours", "private pricing agreement", "")


def test_a_discount_is_taken_off_and_told(tmp_path: Path) -> None:
    found = price("ml.g5.xlarge", "us-east-1", own(tmp_path))
    assert found.usd == pytest.approx(1.41 * 0.8)
    assert (found.kind, found.discount) == ("listed", "20 % off: Savings Plan, until 2027-05-31")


@each("today", [datetime.date(2026, 10, 14), datetime.date(2027, 6, 1)])
def test_outside_its_term_a_discount_is_none(today: datetime.date, tmp_path: Path) -> None:
    text = OWN.replace("2026-06-01", "2026-10-15")
    assert price("ml.g5.xlarge", "us-east-1", own(tmp_path, text, today)).usd == 1.41


def test_a_discount_is_for_what_it_names(tmp_path: Path) -> None:
    some = OWN + 'items = ["ml.g6.*"]\nregions = ["us-east-1", "eu-*"]\n'
    book = own(tmp_path, some)
    assert price("ml.g6.xlarge", "us-east-1", book).usd == pytest.approx(1.127 * 0.8)
    assert price("ml.g5.xlarge", "us-east-1", book).usd == 1.41
    assert price("ml.g6.xlarge", "us-west-2", book).usd == 1.127
    assert price("endpoint-storage", "us-east-1", own(tmp_path)).usd == 0.14


TABLE = "item,region,unit,usd,kind,date,source\nml.g5.xlarge,us-east-1,hour,1.5,listed,2026-11-20,AWS\n"


def test_files_are_asked_in_their_order_and_the_order_is_told(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN.replace("ml.g6.12xlarge", "ml.g5.xlarge"))
    (tmp_path / "new.csv").write_text(TABLE)
    book = price_book([tmp_path / "new.csv", tmp_path / "own.toml"], TODAY)
    assert price("ml.g5.xlarge", "us-east-1", book).usd == pytest.approx(1.5 * 0.8)
    other = price_book([tmp_path / "own.toml", tmp_path / "new.csv"], TODAY)
    assert price("ml.g5.xlarge", "us-east-1", other).usd == 5
    assert other.order == (
        f"{tmp_path}/own.toml (your own prices)",
        f"{tmp_path}/new.csv (a table of prices)",
        "shipped snapshot: listed prices, then Studio rates, then derived ones",
    )


def refusal(path: Path, text: str | bytes) -> str:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigurationError) as caught:
        price_book([path], TODAY)
    return str(caught.value).replace(str(path), path.name)


@each("usd", ["0", "-1.5", "nan", "inf"])
def test_a_price_is_above_zero(usd: str, tmp_path: Path) -> None:
    assert refusal(tmp_path / "own.toml", OWN.replace("usd = 5", f"usd = {usd}")) == (
        f"price of ml.g6.12xlarge in us-east-1: usd: got {float(usd) if usd in ('nan', 'inf', '-1.5') else 0!r}; allowed: "
        "a number above 0, at most 100000; fix: write US dollars; leave the row out if it is not known"
    )


@each(
    ("name", "text", "message"),
    [
        (
            "own.toml",
            OWN.replace("usd", "price"),
            "own.toml, price 1: price: got 5; allowed: date, item, region, source, usd; fix: correct the name, or leave it out",
        ),
        (
            "own.toml",
            OWN.replace('date = "2026-11-01"', ""),
            "own.toml, price 1: date: got None; allowed: a value; fix: write date = ...",
        ),
        (
            "own.toml",
            OWN.replace("2027-05-31", "2026-05-31"),
            "discount 'Savings Plan': ends: got '2026-05-31'; allowed: a day after starts (2026-06-01); fix: write the last day",
        ),
        (
            "own.toml",
            "[[price]",
            "own.toml: file: got \"Expected ']]' at the end of an array declaration (at line 1, column 8)\"; allowed: TOML; fix: https://github.com/your-organization/cdk-inference/blob/main/docs/prices.md shows one",
        ),
        (
            "own.toml",
            "price = 5",
            "own.toml: price: got 5; allowed: tables, each begun with [[price]]; fix: https://github.com/your-organization/cdk-inference/blob/main/docs/prices.md shows one",
        ),
        (
            "table.csv",
            TABLE.replace("1.5", ""),
            "table.csv, row 1: usd: got ''; allowed: a value in each column; fix: write the columns item,region,unit,usd,kind,date,source",
        ),
        (
            "table.csv",
            TABLE.replace("1.5", "1,5"),
            "price of ml.g5.xlarge in us-east-1 has 2 problems:\n"
            "  1. kind: got '5'; allowed: yours, account, listed, Studio rate, derived; fix: write 'yours' for a price of your own\n"
            "  2. date: got 'listed'; allowed: a day, as \"2026-11-24\"; fix: write the day on which the source had it",
        ),
        (
            "table.csv",
            TABLE + TABLE.splitlines()[1],
            "table.csv, row 2: item: got 'ml.g5.xlarge'; allowed: one row for us-east-1; fix: leave one of the two out",
        ),
        (
            "table.csv",
            TABLE.replace("1.5", "much"),
            "table.csv, row 1: usd: got 'much'; allowed: a number; fix: write US dollars with a point",
        ),
        (
            "prices.json",
            "{}",
            "--prices: file: got 'prices.json'; allowed: .toml (your own prices) or .csv (a table); fix: https://github.com/your-organization/cdk-inference/blob/main/docs/prices.md shows both",
        ),
    ],
)
def test_a_file_that_is_wrong_says_where(name: str, text: str, message: str, tmp_path: Path) -> None:
    assert refusal(tmp_path / name, text) == message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        price_book([tmp_path / "own.toml"], TODAY)
    assert str(caught.value) == (
        f"{tmp_path}/own.toml: file: got 'No such file or directory'; allowed: a file that can be read; fix: correct the path"
    )


def test_the_hourly_prices_of_a_region_are_those_that_are_looked_up() -> None:
    found = BOOK.hourly("us-east-1")
    items = sorted(item for item, region in shipped() if region == "us-east-1" and item.startswith("ml."))
    assert [one.item for one in found] == items
    assert list(found) == [price(item, "us-east-1") for item in items]
    assert BOOK.hourly("mars-north-1") == ()


def test_hourly_prices_have_your_own_types_and_discounts_and_no_old_ones(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(
        '[[price]]\nitem = "ml.g9.xlarge"\nregion = "us-east-1"\nusd = 3\ndate = "2026-11-01"\nsource = "contract"\n'
        '[[discount]]\nname = "plan"\npercent = 50\nitems = ["ml.g5.*"]\nstarts = "2026-01-01"\nends = "2026-12-31"\n'
    )
    found = {one.item: one.usd for one in price_book([file], TODAY).hourly("us-east-1")}
    assert (found["ml.g9.xlarge"], found["ml.g5.xlarge"], found["ml.g6.2xlarge"]) == (3, 1.41 / 2, 1.222)
    assert PriceBook(today=datetime.date(2027, 10, 1)).hourly("us-east-1") == ()
