"""The files that the docs show are accepted, and change what they should."""

from __future__ import annotations

import datetime

import pytest

from cdk_inference.pricing import Price, Throughput, TokenPrice, estimate, price_book, read_measured, read_usage
from cdk_inference.template import load_deployment
from tests.support import ROOT
from tests.synthesized import fleet

TODAY = datetime.date(2026, 11, 24)


@pytest.mark.xdist_group("synthesized")
def test_the_example_of_usage_fits_the_fleet() -> None:
    made = load_deployment([fleet("prod").folder], None)
    found = estimate(made, price_book([], TODAY), read_usage(ROOT / "examples/usage.toml"))
    # By hand: 3.2 x 5.752 x 730, 2.5 x 0.99 x 730, 2.5 x 30 x 0.14, 1.1 x 24.73 x 730, 200 x 4.40 + 30 x 22.00,
    # 400 x 0.33 + 60 x 2.75
    by_hand = 13436.672 + 1806.75 + 10.5 + 19858.19 + 1540 + 297
    assert found.expected is not None
    assert found.expected.usd == pytest.approx(by_hand)


def test_the_example_of_prices() -> None:
    book = price_book([ROOT / "examples/prices.toml"], TODAY)
    own, discounted = book.look_up("ml.g6.12xlarge", "us-east-1"), book.look_up("ml.inf2.xlarge", "us-east-1")
    assert isinstance(own, Price)
    assert isinstance(discounted, Price)
    assert (own.usd, own.kind) == (5.10, "yours")
    assert discounted.usd == pytest.approx(0.792)
    tokens = book.tokens("us.anthropic.claude-haiku-5-5", "us-east-1")
    assert isinstance(tokens, TokenPrice)
    assert tokens.usd_per_million == {"input": 0.9, "output": 4.5}


def test_the_example_of_measurements() -> None:
    path = ROOT / "examples/measured.toml"
    lengths = {"prompt_tokens": 2000, "output_tokens": 400, "what": str(path)}
    assert read_measured(path) == {
        "ml.g6e.12xlarge": Throughput(requests_per_second=4.0, tokens_per_second=1600, **lengths),
        "ml.g6.48xlarge": Throughput(requests_per_second=3.0, region="us-east-1", **lengths),
        "ml.inf2.24xlarge": Throughput(tokens_per_second=1200, what=str(path)),
    }
