"""Bedrock's token prices against hand-copied ones."""

from __future__ import annotations

import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.pricing import PriceBook, price_book
from cdk_inference.pricing.tokens import TokenPrice, token_price
from cdk_inference.template import Unknown
from scripts.refresh import tokens

TODAY = datetime.date(2026, 11, 24)

# US dollars per million tokens: input, output, cache read, cache write, batch input, batch output. Copied by hand from
# litellm 1.109.1; input and output also stand in PyPI genai-prices 0.2.3.
COPIED = [
    ("amazon.nova-lite-v1:0", (0.06, 0.24, 0.015, None, 0.03, 0.12)),
    ("amazon.nova-pro-v1:0", (0.8, 3.2, 0.2, None, 0.4, 1.6)),
    ("anthropic.claude-haiku-4-5-20251001-v1:0", (1, 5, 0.1, 1.25, 0.5, 2.5)),
    ("global.anthropic.claude-opus-5-5", (4, 20, 0.2, 5, None, None)),
    ("amazon.titan-embed-text-v2:0", (0.02, None, None, None, None, None)),
]


@pytest.mark.parametrize(("model", "usd"), COPIED)
def test_a_price_is_the_published_one(model: str, usd: tuple[float | None, ...]) -> None:
    found = token_price(model, "us-east-1", TODAY)
    assert isinstance(found, TokenPrice)
    kinds = ("input", "output", "cache_read", "cache_write", "batch_input", "batch_output")
    assert tuple(found.usd_per_million.get(kind) for kind in kinds) == usd
    assert found.date == "2026-11-24"


def test_a_longer_prompt_costs_more_from_a_limit_on() -> None:
    found = token_price("anthropic.claude-sonnet-4-5-20250929-v1:0", "us-east-1", TODAY)
    assert isinstance(found, TokenPrice)
    assert found.long_prompt_tokens == 200_000


def test_a_model_id_without_a_price_of_the_region_is_known_for_us_east_1_only() -> None:
    assert token_price("amazon.nova-lite-v1:0", "ap-northeast-1", TODAY) == Unknown(
        "no token price of amazon.nova-lite-v1:0 in ap-northeast-1; one is known for us-east-1 only"
    )
    profile = token_price("us.amazon.nova-lite-v1:0", "us-west-2", TODAY)
    assert isinstance(profile, TokenPrice)


def test_a_region_may_have_a_price_of_its_own() -> None:
    here = token_price("meta.llama3-8b-instruct-v1:0", "us-east-1", TODAY)
    there = token_price("meta.llama3-8b-instruct-v1:0", "ap-south-1", TODAY)
    assert isinstance(here, TokenPrice)
    assert isinstance(there, TokenPrice)
    assert there.usd_per_million["input"] > here.usd_per_million["input"]


@pytest.mark.parametrize("model", ["", "no.such", "amazon.nova-lite"])
def test_an_unknown_model_has_no_price(model: str) -> None:
    assert token_price(model, "us-east-1", TODAY) == Unknown(f"no token price of {model} in us-east-1")


def test_a_price_older_than_a_year_is_none() -> None:
    assert token_price("amazon.nova-lite-v1:0", "us-east-1", datetime.date(2027, 11, 25)) == Unknown(
        "the token price of amazon.nova-lite-v1:0 is of 2026-11-24, older than a year; update this package"
    )


def test_the_script_takes_what_is_paid_by_token() -> None:
    chat = {"litellm_provider": "bedrock", "mode": "chat"}
    prices = {
        "amazon.x-v1:0": chat | {"input_cost_per_token": 6e-8, "output_cost_per_token": 0.0},
        "bedrock/eu-west-1/amazon.x-v1:0": chat | {"input_cost_per_token": 7e-8, "input_cost_per_token_above_200k_tokens": 1},
        "bedrock/us-east-1/1-month-commitment/amazon.x": chat | {"input_cost_per_token": 1.0},
        "amazon.image": {"litellm_provider": "bedrock", "mode": "image_generation", "input_cost_per_token": 1.0},
        "gpt-4": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1.0},
        "amazon.free": chat | {"input_cost_per_token": 0.0},
    }  # fmt: skip
    found = tokens.rows(prices, "2026-11-24", "1.0")
    assert [
        SimpleNamespace(model=row[0], region=row[1], input=row[2], output=row[3], long=row[8]) for row in found
    ] == [
        SimpleNamespace(model="amazon.x-v1:0", region="", input="0.06", output="", long=""),
        SimpleNamespace(model="amazon.x-v1:0", region="eu-west-1", input="0.07", output="", long="200000"),
    ]


OWN = """
[[token_price]]
model = "us.amazon.nova-lite-v1:0"
region = "us-east-1"
input = 0.05
output = 0.2
date = "2026-11-01"
source = "private pricing agreement"
"""


def own(folder: Path, text: str = OWN, today: datetime.date = TODAY) -> PriceBook:
    (folder / "own.toml").write_text(text)
    return price_book([folder / "own.toml"], today)


def test_your_own_token_price_comes_first_where_it_is_for(tmp_path: Path) -> None:
    book = own(tmp_path)
    here, there = (book.tokens("us.amazon.nova-lite-v1:0", region) for region in ("us-east-1", "us-west-2"))
    assert isinstance(here, TokenPrice)
    assert isinstance(there, TokenPrice)
    assert (here.usd_per_million, here.source) == ({"input": 0.05, "output": 0.2}, "private pricing agreement")
    assert there == token_price("us.amazon.nova-lite-v1:0", "us-west-2", TODAY)


def test_your_own_token_price_of_a_year_ago_is_none(tmp_path: Path) -> None:
    found = own(tmp_path, today=datetime.date(2027, 11, 2)).tokens("us.amazon.nova-lite-v1:0", "us-east-1")
    assert found == Unknown(
        "the token price of us.amazon.nova-lite-v1:0 is of 2026-11-01, older than a year; look it up again"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            OWN.replace("input = 0.05", "input = 0").replace('"2026-11-01"', '"soon"'),
            "own.toml, token_price 1 has 2 problems:\n"
            "  1. input: got 0; allowed: a number above 0, at most 100000; "
            "fix: write US dollars per million tokens; leave it out if it is not known\n"
            "  2. date: got 'soon'; allowed: a day, as \"2026-11-24\"; fix: write the day on which the source had it",
        ),
        (
            OWN.replace("input = 0.05\n", ""),
            "own.toml, token_price 1: input: got None; allowed: a value; fix: write input = ...",
        ),
        (
            OWN + OWN,
            "own.toml, token_price 2: model: got 'us.amazon.nova-lite-v1:0'; allowed: one price for us-east-1; "
            "fix: leave one of the two out",
        ),
        (
            OWN.replace("output", "outputs"),
            "own.toml, token_price 1: outputs: got 0.2; allowed: batch_input, batch_output, cache_read, cache_write, "
            "date, input, model, output, region, source; fix: correct the name, or leave it out",
        ),
    ],
)
def test_a_token_price_that_is_wrong_says_where(
    text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        price_book([Path("own.toml")], TODAY)
    assert str(caught.value) == message
