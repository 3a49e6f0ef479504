"""The specification of a comparison: the example, its prices, and every problem at once."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.core.unknown import Unknown
from cdk_inference.pricing.book import price_book
from cdk_inference.proof.candidate import HourlyPrice, PricePerToken
from cdk_inference.proof.candidate_spec import PROTOCOLS
from cdk_inference.proof.spec import Spec, read_spec
from cdk_inference.sender.protocols import PROTOCOLS as SPOKEN

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "compare" / "local.toml"
BOOK = price_book([], datetime.date(2026, 11, 29))


def changed(folder: Path, *changes: tuple[str, str]) -> Spec:
    """The example with words replaced."""
    text = EXAMPLE.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "prompts.txt").write_text('One\n{"prompt": "Two"}\n')
    (folder / "spec.toml").write_text(text)
    return read_spec(folder / "spec.toml", BOOK)


def test_the_example_is_read() -> None:
    spec = read_spec(EXAMPLE, BOOK)
    assert ([one.name for one in spec.candidates], len(spec.prompts), spec.looks.pairs) == (["slow", "fast"], 320, (6,))
    # ABBA, and rates above the last one while the target holds: 54 * 1.3, ...
    assert [(pair, one.name) for pair, one in spec.blocks()][:4] == [(0, "slow"), (0, "fast"), (1, "fast"), (1, "slow")]
    assert [step.rate for step in spec.steps(spec.candidates[0])][6:8] == [54.0, pytest.approx(70.2)]


def test_prompts_are_equal_for_both_and_numbered(tmp_path: Path) -> None:
    spec = changed(tmp_path)
    assert spec.prompts == ("One", "Two")
    assert [spec.prompt(0, 0, 0), spec.prompt(0, 0, 1), spec.prompt(0, 1, 0)] == ["0. One", "1. Two", "100. One"]
    assert changed(tmp_path, ("number_prompts = true", "number_prompts = false")).prompt(0, 0, 3) == "Two"


def test_prices_come_from_the_book_or_are_unknown(tmp_path: Path) -> None:
    own = 'usd_per_hour = 1.2\nprice_source = "made up for this example"\nprice_date = "2026-11-29"'
    spec = changed(tmp_path, (own, 'instance_type = "ml.inf2.xlarge"\ninstances = 2'))
    price = spec.candidates[1].candidate.price
    assert isinstance(price, HourlyPrice)
    assert (price.usd_per_hour, price.instances, price.date) == (0.99, 2, "2026-09-27")
    unknown = changed(tmp_path, (own, 'instance_type = "ml.trn2.48xlarge"')).candidates[1].candidate.price
    assert isinstance(unknown, Unknown)
    tokens = "usd_per_million_input = 1.0\nusd_per_million_output = 5.0\n" + own.partition("\n")[2]
    assert isinstance(changed(tmp_path, (own, tokens)).candidates[1].candidate.price, PricePerToken)


def test_what_is_sent_decides_whether_it_is_the_same_run(tmp_path: Path) -> None:
    first = changed(tmp_path)
    assert changed(tmp_path, ("max_usd = 1.0", "max_usd = 2.0")).run == first.run
    assert changed(tmp_path, ("max_tokens = 8", "max_tokens = 9")).run != first.run
    assert changed(tmp_path, ("at_least_percent_lower = 20", "at_least_percent_lower = 30")).run != first.run


def test_every_problem_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        changed(
            tmp_path,
            ("max_tokens = 8", "max_tokens = 0"),
            ("looks = [6]", "looks = [3]"),
            ('name = "fast"', 'name = "slow"'),
            ("[30, 44,", "[44, 30,"),
            ('protocol = "sagemaker-stream"', 'protocol = "grpc"'),
            ('answers = "text"', 'answer = "text"'),
            ('metric = "cost per million tokens"', 'metric = "price"'),
        )
    found = [one.argument for one in caught.value.problems]
    assert found == [
        "answer",
        "max_tokens",
        "candidate",
        "candidate 'slow': protocol",
        "candidate 'slow': protocol",
        "candidate 'slow': rates",
        "pairs",
        "metric",
    ]


def test_every_protocol_of_a_specification_is_spoken() -> None:
    assert tuple(SPOKEN) == PROTOCOLS
