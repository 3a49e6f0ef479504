"""Queries are PromQL by a parser that is not ours, and find what both of AWS's spellings publish."""

from __future__ import annotations

import re
from typing import Any

import promql_parser
import pytest

from cdk_inference.metrics import DetailedQueries
from tests.refusals import refusal_of

CHAT = DetailedQueries(endpoint_name="fleet-chat")
LEGAL = DetailedQueries(endpoint_name="fleet-shared", component_name="fleet-legal", minutes=15)
QUERIES = {
    "tokens": CHAT.tokens_per_second(),
    "tokens of a component": LEGAL.tokens_per_second(),
    "first token": CHAT.first_token_seconds(),
    "first token, p50": LEGAL.first_token_seconds(50),
    "instances": CHAT.instances(),
    "dollars": CHAT.usd_per_million_tokens(1.222),
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_is_promql(query: str) -> None:
    assert promql_parser.parse(query).prettify()


def test_of_a_component() -> None:
    assert LEGAL.tokens_per_second() == (
        'sum(rate({__name__=~"(vllm|sglang)[:_](prompt|generation)_tokens_total","aws.sagemaker.endpoint.name"='
        '"fleet-shared","aws.sagemaker.inference_component.name"="fleet-legal"}[15m]))'
    )


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (
            CHAT.tokens_per_second(),
            ["vllm_prompt_tokens_total", "vllm:generation_tokens_total", "sglang:prompt_tokens_total"],
        ),
        (CHAT.first_token_seconds(), ["vllm_time_to_first_token_seconds_bucket", "vllm:time_to_first_token_seconds"]),
    ],
)
def test_finds_both_spellings(query: str, names: list[str]) -> None:
    patterns = re.findall(r'__name__=~"([^"]+)"', query)
    assert all(any(re.fullmatch(pattern, name) for pattern in patterns) for name in names)


def test_dollars() -> None:
    """$1.80 an hour is $0.0005 a second: of 100 tokens a second a million costs $5."""
    query = DetailedQueries(endpoint_name="fleet-chat").usd_per_million_tokens(1.80)
    assert query.startswith("500 * count(")
    assert 500 * 1 / 100 == 5


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"endpoint_name": ""}, "endpoint_name: got ''; allowed: a name; fix: write a name"),
    (
        {"endpoint_name": 'a"} or vector(1)'},
        "endpoint_name: got 'a\"} or vector(1)'; allowed: a name without quotes and backslashes; fix: write the "
        "endpoint's name",
    ),
    (
        {"component_name": None},
        "component_name: got None; allowed: a name without quotes and backslashes; fix: write the endpoint's name",
    ),
    ({"minutes": 61}, "minutes: got 61; allowed: a whole number from 1 to 60; fix: choose a time within the limits"),
]


@pytest.mark.parametrize(("changes", "message"), REFUSED)
def test_refused(changes: dict[str, Any], message: str) -> None:
    assert refusal_of(DetailedQueries, **{"endpoint_name": "fleet-chat", **changes}) == f"DetailedQueries: {message}"


@pytest.mark.parametrize("percentile", [0, 101, "p99", float("nan")])
def test_no_percentile(percentile: Any) -> None:
    assert refusal_of(CHAT.first_token_seconds, percentile).startswith("DetailedQueries: percentile: got ")


@pytest.mark.parametrize("usd", [0, -1, "1", None])
def test_no_price(usd: Any) -> None:
    assert refusal_of(CHAT.usd_per_million_tokens, usd).startswith("DetailedQueries: usd_per_hour: got ")
