"""Bedrock's token prices against hand-copied ones."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.facts import table
from cdk_inference.pricing import PriceBook, price_book
from cdk_inference.pricing.tokens import TokenPrice, token_price
from cdk_inference.template import Unknown
from scripts.refresh import tokens
from tests.each import each

TODAY = datetime.date(2026, 11, 29)

# US dollars per million tokens: input, output, cache read, cache write, batch input, batch output. Copied by hand from
# litellm 1.110.2; input and output also stand in PyPI genai-prices 0.2.3.
COPIED = [
    ("amazon.nova-lite-v1:0", (0.06, 0.24, 0.015, None, 0.03, 0.12)),
    ("amazon.nova-pro-v1:0", (0.8, 3.2, 0.2, None, 0.4, 1.6)),
    ("global.anthropic.claude-opus-5-5", (4, 20, 0.2, 5, None, None)),
    ("amazon.titan-embed-text-v2:0", (0.02, None, None, None, None, None)),
]

# US dollars per million tokens of input and output, by the region that is called. The EU's and Asia's: truefoundry's
# table, with which litellm 1.110.2 (eu-central-1, ap-southeast-2) and models.dev (eu-west-1) agree.
BY_SOURCE_REGION = [
    ("eu.amazon.nova-lite-v1:0", "eu-central-1", 0.078, 0.312),
    ("eu.amazon.nova-lite-v1:0", "eu-north-1", 0.065, 0.26),
    ("eu.amazon.nova-lite-v1:0", "eu-south-1", 0.096, 0.384),
    ("eu.amazon.nova-lite-v1:0", "eu-west-1", 0.069, 0.276),
    ("apac.amazon.nova-pro-v1:0", "ap-southeast-1", 1.08, 4.32),
    ("us.amazon.nova-lite-v1:0", "us-west-1", 0.077, 0.308),
    ("us.amazon.nova-micro-v1:0", "us-west-2", 0.035, 0.14),
    ("us.amazon.nova-2-lite-v1:0", "ca-central-1", 0.352, 2.97),
    ("eu.meta.llama3-2-1b-instruct-v1:0", "eu-west-1", 0.11, 0.11),
    ("us.anthropic.claude-haiku-5-5", "ca-central-1", 0.11, 0.55),
    # In one region AWS bills the price of the geography, 10 % above the global one: the cards of these models, as
    # restated by PyPI metergraph-core 0.7.4 (gpt-6-sol) and https://github.com/BerriAI/litellm/issues/42679.
    ("openai.gpt-6-sol", "us-east-1", 2.2, 11),
    ("openai.gpt-6-luna", "us-east-1", 0.11, 0.55),
    ("anthropic.claude-opus-5", "us-east-1", 5.5, 27.5),
    ("anthropic.claude-sonnet-5", "eu-west-2", 2.2, 11),
    ("anthropic.claude-haiku-4-5", "us-east-1", 1.1, 5.5),
    ("anthropic.claude-haiku-4-5-20251001-v1:0", "us-east-1", 1.1, 5.5),
    # Served by bedrock-mantle alone: their cards, as restated by litellm 1.110.2.
    ("openai.gpt-6-astra", "us-east-1", 11, 55),
    ("openai.gpt-6.1-sol", "us-east-1", 2.2, 11),
    ("qwen.qwen3-32b", "us-east-1", 0.15, 0.6),
    ("openai.gpt-5.6-terra", "us-gov-west-1", 2.64, 15.84),
]


@each(("model", "usd"), COPIED)
def test_a_price_is_the_published_one(model: str, usd: tuple[float | None, ...]) -> None:
    found = token_price(model, "us-east-1", TODAY)
    assert isinstance(found, TokenPrice)
    kinds = ("input", "output", "cache_read", "cache_write", "batch_input", "batch_output")
    assert tuple(found.usd_per_million.get(kind) for kind in kinds) == usd
    assert found.date == "2026-11-29"


@each(("model", "region", "input_usd", "output_usd"), BY_SOURCE_REGION)
def test_a_price_is_that_of_the_region_that_is_called(
    model: str, region: str, input_usd: float, output_usd: float
) -> None:
    found = token_price(model, region, TODAY)
    assert isinstance(found, TokenPrice)
    assert (found.usd_per_million["input"], found.usd_per_million["output"]) == (input_usd, output_usd)


@each(
    ("model", "region"),
    [("eu.amazon.nova-pro-v1:0", "eu-south-1"), ("eu.amazon.nova-2-lite-v1:0", "eu-north-1")],
)
def test_a_profile_that_differs_by_region_has_no_price_where_none_is_listed(model: str, region: str) -> None:
    assert isinstance(token_price(model, region, TODAY), Unknown)


def test_an_embedding_of_govcloud_has_its_own_price() -> None:
    found = token_price("amazon.titan-embed-text-v2:0", "us-gov-east-1", TODAY)
    assert isinstance(found, TokenPrice)
    assert found.usd_per_million == {"input": 0.03}


def test_every_row_of_the_source_is_taken_or_counted() -> None:
    # Counted by hand in litellm 1.110.2: 638 rows of bedrock, bedrock_converse and bedrock_mantle.
    counted = dict(reversed(one.split(" ", 1)) for one in table("tokens").header["left out"].split("; "))
    assert counted == {
        "also a row of Bedrock's runtime": "19",
        "another door: a name that Bedrock does not take": "16",
        "commitment": "28",
        "mode guardrail": "1",
        "mode image_edit": "26",
        "mode image_generation": "18",
        "mode realtime": "2",
        "mode rerank": "2",
        "no price by input token": "13",
        "profile priced by source region, which litellm does not name": "4",
    }


def test_a_longer_prompt_costs_more_from_a_limit_on() -> None:
    found = token_price("anthropic.claude-sonnet-4-5-20250929-v1:0", "us-east-1", TODAY)
    assert isinstance(found, TokenPrice)
    assert found.long_prompt_tokens == 200_000


def test_a_model_id_without_a_price_of_the_region_is_known_for_us_east_1_only() -> None:
    assert token_price("amazon.nova-lite-v1:0", "ap-northeast-1", TODAY) == Unknown(
        "no token price of amazon.nova-lite-v1:0 in ap-northeast-1; one is known for us-east-1 only"
    )
    profile = token_price("us.anthropic.claude-haiku-5-5", "us-west-2", TODAY)
    assert isinstance(profile, TokenPrice)


def test_a_region_may_have_a_price_of_its_own() -> None:
    here = token_price("meta.llama3-8b-instruct-v1:0", "us-east-1", TODAY)
    there = token_price("meta.llama3-8b-instruct-v1:0", "ap-south-1", TODAY)
    assert isinstance(here, TokenPrice)
    assert isinstance(there, TokenPrice)
    assert there.usd_per_million["input"] > here.usd_per_million["input"]


@each("model", ["", "no.such", "amazon.nova-lite"])
def test_an_unknown_model_has_no_price(model: str) -> None:
    assert token_price(model, "us-east-1", TODAY) == Unknown(f"no token price of {model} in us-east-1")


def test_a_price_older_than_a_year_is_none() -> None:
    assert token_price("amazon.nova-lite-v1:0", "us-east-1", datetime.date(2027, 11, 30)) == Unknown(
        "the token price of amazon.nova-lite-v1:0 is dated 2026-11-29, older than a year; update this package"
    )


def entry(provider: str, usd: float, output_usd: float = 0.0, mode: str = "chat") -> dict[str, object]:
    return {
        "litellm_provider": provider,
        "mode": mode,
        "input_cost_per_token": usd / 1e6,
        "output_cost_per_token": output_usd / 1e6,
    }


def read(prices: dict[str, dict[str, object]]) -> tuple[dict[tuple[str, str], tuple[str, str]], dict[str, int]]:
    """((model, region) -> (input, source), reason -> rows left out) of the profiles and models in `prices`."""
    rows, left_out = tokens.rows(prices, "2026-11-29", "1.0")
    listed = {row["model"] for row in table("source_region_prices").rows()}
    return {(row[0], row[1]): (row[2], row[-1]) for row in rows if row[0] not in listed}, dict(left_out)


SOURCE = "PyPI litellm 1.0, model_prices_and_context_window_backup.json"


def test_the_script_takes_what_is_paid_by_token() -> None:
    prices = {
        "amazon.x-v1:0": entry("bedrock", 0.06),
        "bedrock/eu-west-1/amazon.x-v1:0": entry("bedrock", 0.07) | {"input_cost_per_token_above_200k_tokens": 1},
        "bedrock/us-east-1/1-month-commitment/amazon.x": entry("bedrock", 1),
        "amazon.image": entry("bedrock", 1, mode="image_generation"),
        "bedrock/invoke/amazon.x-v1:0": entry("bedrock", 1),
        "gpt-4": entry("openai", 1),
        "amazon.free": entry("bedrock", 0),
    }
    assert read(prices) == (
        {("amazon.x-v1:0", ""): ("0.06", SOURCE), ("amazon.x-v1:0", "eu-west-1"): ("0.07", SOURCE)},
        {
            "another door: a name that Bedrock does not take": 1,
            "commitment": 1,
            "mode image_generation": 1,
            "no price by input token": 1,
        },
    )
    rows, _ = tokens.rows(prices, "2026-11-29", "1.0")
    limits = {row[1]: row[8] for row in rows if row[0] == "amazon.x-v1:0"}
    assert limits == {"": "", "eu-west-1": "200000"}


def test_the_script_reads_bedrock_mantle_after_the_runtime() -> None:
    prices = {
        "bedrock_mantle/openai.gpt-x": entry("bedrock_mantle", 2, mode="responses"),
        "bedrock_mantle/us-gov-west-1/openai.gpt-x": entry("bedrock_mantle", 3),
        "bedrock_mantle/openai.gpt-y": entry("bedrock_mantle", 5),
        "openai.gpt-y": entry("bedrock_converse", 4),
    }
    assert read(prices) == (
        {
            ("openai.gpt-x", ""): ("2", SOURCE),
            ("openai.gpt-x", "us-gov-west-1"): ("3", SOURCE),
            ("openai.gpt-y", ""): ("4", SOURCE),
        },
        {"also a row of Bedrock's runtime": 1},
    )


def test_the_script_gives_a_base_id_the_price_of_its_geography() -> None:
    prices = {
        "openai.gpt-x": entry("bedrock_converse", 2),
        "global.openai.gpt-x": entry("bedrock_converse", 2),
        "us.openai.gpt-x": entry("bedrock_converse", 2.2),
    }
    found, _ = read(prices)
    assert found == {
        ("global.openai.gpt-x", ""): ("2", SOURCE),
        ("openai.gpt-x", ""): ("2.2", f"{SOURCE}: in one region the price of us.openai.gpt-x"),
        ("us.openai.gpt-x", ""): ("2.2", SOURCE),
    }


def test_the_script_gives_amazons_profiles_the_regions_whose_price_it_is() -> None:
    prices = {"us.amazon.x": entry("bedrock", 0.06), "eu.amazon.x": entry("bedrock", 0.07)}
    assert read(prices) == (
        {("us.amazon.x", region): ("0.06", SOURCE) for region in ("us-east-1", "us-east-2", "us-west-2")},
        {"profile priced by source region, which litellm does not name": 1},
    )


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
        "the token price of us.amazon.nova-lite-v1:0 is dated 2026-11-01, older than a year; look it up again"
    )


@each(
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
