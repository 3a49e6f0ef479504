"""How many instances a rate needs, and the break-even with another type and with Bedrock. Sums are by hand."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from cdk_inference.cli import main
from cdk_inference.core.unknown import Unknown
from cdk_inference.fit import PUBLISHED_MODELS, Workload
from cdk_inference.pricing import PriceBook
from cdk_inference.pricing.bedrock_request import BedrockRequest
from cdk_inference.pricing.choices import choose
from cdk_inference.pricing.measured import Throughput
from cdk_inference.pricing.request_rate import AtRate, BreakEven, InstanceCount, RateRow, RequestRate, at_rate, usable
from tests.each import each
from tests.unit.proof.test_dollars import comparison

TODAY = datetime.date(2026, 11, 29)
QWEN = PUBLISHED_MODELS["Qwen/Qwen3-32B"]
RATE = RequestRate(requests_per_second=50, prompt_tokens=2000, output_tokens=400)
# 2000 tokens at $0.15 and 400 at $0.60 a million: 0.0003 + 0.00024.
BEDROCK = BedrockRequest(model="qwen", region="us-east-1", usd_per_request=0.00054, date="2026-11-29", source="x")


def at(rate: RequestRate = RATE, bedrock: BedrockRequest | None = BEDROCK, **measured: Throughput) -> AtRate:
    """Of types that are named as in g6e_12xlarge."""
    named = {f"ml.{name.replace('_', '.')}": one for name, one in measured.items()}
    workload = Workload(architecture=QWEN.architecture, precision="bf16", context_tokens=2400, batch=16)
    found = choose(workload, "us-east-1", PriceBook(today=TODAY), usable(named, rate, "us-east-1"))
    return at_rate(found, rate, named, bedrock)


def row(found: AtRate, name: str) -> RateRow:
    return next(one for one in found.rows if one.candidate.hardware.name == name)


def load(requests_per_second: float, **more: Any) -> Throughput:
    return Throughput(requests_per_second=requests_per_second, prompt_tokens=2000, output_tokens=400, **more)


# $/hour in us-east-1: ml.g7e.2xlarge 4.2039, ml.g7e.4xlarge 4.9977, ml.g6e.12xlarge 13.12, ml.g6.48xlarge 16.688.
def test_without_measurements_there_is_a_break_even_and_no_count() -> None:
    found = at()
    cheapest, other = row(found, "ml.g7e.2xlarge"), row(found, "ml.g6e.12xlarge")
    assert isinstance(cheapest.instances, Unknown)
    assert isinstance(other.instances, Unknown)
    assert found.cheapest is None
    # Which type the break-even is with: the cheapest other one. 13.12 / 4.2039 = 3.121, and 4.2039 / 4.9977 = 0.841.
    assert isinstance(cheapest.other, BreakEven)
    assert isinstance(other.other, BreakEven)
    assert (cheapest.other.than, other.other.than) == ("ml.g7e.4xlarge", "ml.g7e.2xlarge")
    assert (cheapest.other.times, other.other.times) == (pytest.approx(0.841, abs=5e-4), pytest.approx(3.121, abs=5e-4))
    assert other.other.requests_per_second == Unknown("ml.g7e.2xlarge is not measured")
    # 13.12 / 3600 / 0.00054 = 6.749. Bedrock: 0.00054 x 50 x 2 628 000 = $70,956; an instance 13.12 x 730 = $9,577.60.
    assert isinstance(other.bedrock, BreakEven)
    assert other.bedrock.requests_per_second == pytest.approx(6.749, abs=5e-4)
    assert other.bedrock.instances == 7


@each(
    ("served", "instances"),
    [(4, 13), (5, 10), (50 / 29, 29), (50, 1), (51, 1), (5000, 1), (4.99, 11), (0.001, 50_000)],
)
def test_instances_are_whole(served: float, instances: int) -> None:
    found = row(at(g6e_12xlarge=load(served)), "ml.g6e.12xlarge")
    assert found.instances == InstanceCount(estimate=instances, low=instances, high=instances)
    # $13.12 an hour x 730 hours
    assert found.usd_per_month(instances) == pytest.approx(9577.6 * instances)


def test_an_interval_of_a_measurement_is_one_of_instances() -> None:
    found = row(at(g6e_12xlarge=load(4, requests_interval=(3.2, 5.0))), "ml.g6e.12xlarge")
    # 50 / 4 = 12.5, 50 / 5 = 10, 50 / 3.2 = 15.6
    assert found.instances == InstanceCount(estimate=13, low=10, high=16)


def test_a_measured_type_gives_others_a_rate() -> None:
    found = at(g6e_12xlarge=load(4), g6_48xlarge=load(5))
    # A request costs less where 13.12 / 4 = 3.28 than where 16.688 / 5 = 3.338, but 13 x 13.12 is above 10 x 16.688.
    assert found.cheapest == row(found, "ml.g6.48xlarge")
    # 4 x 4.2039 / 13.12 = 1.282
    other = row(found, "ml.g7e.2xlarge").other
    assert isinstance(other, BreakEven)
    assert (other.than, other.requests_per_second) == ("ml.g6e.12xlarge", pytest.approx(1.282, abs=5e-4))
    # The measured type is compared with the other measured one: 5 x 13.12 / 16.688 = 3.931
    other = row(found, "ml.g6e.12xlarge").other
    assert isinstance(other, BreakEven)
    assert (other.than, other.requests_per_second) == ("ml.g6.48xlarge", pytest.approx(3.931, abs=5e-4))


def test_below_the_cost_of_one_instance_no_type_equals_bedrock() -> None:
    """2 requests/s cost $2,838.24 a month on Bedrock, one ml.g7e.2xlarge $3,068.85, whatever it serves."""
    found = row(at(RequestRate(requests_per_second=2, prompt_tokens=2000, output_tokens=400)), "ml.g7e.2xlarge")
    assert isinstance(found.bedrock, BreakEven)
    assert found.bedrock.instances == 0
    assert found.bedrock.requests_per_second == pytest.approx(2.1625, abs=5e-4)


def test_a_type_without_a_price_has_no_break_even() -> None:
    found = row(at(g7_24xlarge=load(5)), "ml.g7.24xlarge")
    assert isinstance(found.instances, InstanceCount)
    assert found.instances.estimate == 10
    assert isinstance(found.other, Unknown)
    assert isinstance(found.bedrock, Unknown)
    assert isinstance(found.usd_per_month(10), Unknown)


@each(
    ("measured", "why"),
    [
        (Throughput(tokens_per_second=9), "requests_per_second is not stated"),
        (Throughput(requests_per_second=4), "prompt_tokens is not stated, so the load may differ"),
        (Throughput(requests_per_second=4, prompt_tokens=2000), "output_tokens is not stated, so the load may differ"),
        (Throughput(requests_per_second=4, prompt_tokens=1899, output_tokens=400), "measured with 1899 prompt_tokens, not 2000 (within 5 %)"),
        (Throughput(requests_per_second=4, prompt_tokens=2000, output_tokens=421), "measured with 421 output_tokens, not 400 (within 5 %)"),
        (load(4, region="eu-west-1"), "measured in eu-west-1, not in us-east-1"),
    ],
)  # fmt: skip
def test_a_measurement_of_another_load_or_region_does_not_count(measured: Throughput, why: str) -> None:
    found = at(g6e_12xlarge=measured)
    assert found.unused == (f"ml.g6e.12xlarge: {why}",)
    assert isinstance(row(found, "ml.g6e.12xlarge").instances, Unknown)


def test_lengths_within_5_percent_count() -> None:
    found = at(
        g6e_12xlarge=Throughput(requests_per_second=4, prompt_tokens=1900, output_tokens=420, region="us-east-1")
    )
    assert found.unused == ()
    assert isinstance(row(found, "ml.g6e.12xlarge").instances, InstanceCount)


def test_a_measured_type_that_is_out_is_named() -> None:
    assert at(g4dn_xlarge=load(4)).unused == ("ml.g4dn.xlarge: the model does not fit on this type",)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main(["choose", *map(str, arguments)], today=TODAY)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


MODEL = ("--model", "Qwen/Qwen3-32B", "--batch", 16, "--region", "us-east-1")
ASKED = (*MODEL, "--requests-per-second", 50, "--prompt-tokens", "2,000", "--output-tokens", 400)
AGAINST = ("--against", "qwen.qwen3-32b-v1:0")


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, *ASKED, *AGAINST)
    lines = out.splitlines()
    assert status == 0
    assert lines[1] == (
        "At 50 requests/s of 2000 + 400 tokens: number of instances unknown, since no type with a price was measured; "
        "qwen.qwen3-32b-v1:0 on Bedrock costs $70,956.00 a month, as much as ml.g7e.2xlarge at 2.16/s, at most 23 instances"
    )
    start = lines.index("At 50 requests/s of 2000 + 400 tokens, in a month of 730 hours:")
    assert [line.rstrip() for line in lines[start + 1 : start + 4]] == [
        "type                           $/hour  instances     $/month  equals another type at  equals Bedrock at",
        "Bedrock: qwen.qwen3-32b-v1:0                      $70,956.00",
        "ml.g7e.2xlarge                  $4.20    unknown     unknown  0.841 x ml.g7e.4xlarge  2.16/s, at most 23 instances",
    ]
    assert "of 2400 tokens" in out  # the length of the workload is that of the requests


def test_the_json_says_the_same(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('["ml.g6e.12xlarge"]\nrequests_per_second = 4\nprompt_tokens = 2000\noutput_tokens = 400\n')
    _, out, _ = run(capsys, *ASKED, *AGAINST, "--measured", path, "--format", "json")
    found = json.loads(out)
    assert found["rate"]["bedrock"]["usd_per_month"] == pytest.approx(70_956)
    rows = {one["type"]: one["at_rate"] for one in found["candidates"]}
    measured = rows["ml.g6e.12xlarge"]
    assert measured["instances"]["estimate"] == {"instances": 13, "usd_per_month": 124_508.8}
    assert measured["equal_to_bedrock"]["instances_at_most"] == 7
    assert rows["ml.g7e.2xlarge"]["instances"] == {"unknown": "not measured"}
    # Side by side: no number is a sum of both.
    assert str(124_508.8 + 70_956) not in out
    _, out, _ = run(capsys, *MODEL, "--context", 2400, "--format", "json")
    assert json.loads(out)["rate"] is None


def test_a_comparison_brings_its_interval_and_its_lengths(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Six equal pairs: 8 x sqrt(2) / 2 instances = 5.657 requests/s, without spread; tokens in were not recorded."""
    folder = comparison(tmp_path / "run", region="us-east-1", model="one of mine")
    small = ("--parameters", "1e9", "--precision", "bf16", "--batch", 1, "--region", "us-east-1", "--measured", folder)
    rate = ("--requests-per-second", 50, "--prompt-tokens", 10, "--output-tokens", 8)
    _, out, _ = run(capsys, *small, *rate)
    assert "  ml.g6.xlarge: prompt_tokens is not stated, so the load may differ" in out.splitlines()
    for path in folder.glob("*.jsonl"):
        path.write_text(path.read_text().replace('"tokens_out":8', '"tokens_out":8,"tokens_in":10'))
    _, out, _ = run(capsys, *small, *rate)
    line = next(line for line in out.splitlines() if line.startswith("ml.g6.xlarge "))
    assert "5.657/s [5.657, 5.657]" in line
    # 50 / 5.657 = 8.84; $1.127 x 730 x 9
    assert "$7,404.39" in line
    assert f"{folder}, old (one of mine), latency p95 <= 200 ms, interval at 95 %; 10 + 8 tokens, us-east-1" in out


@each(
    ("arguments", "messages"),
    [
        ((*MODEL, "--requests-per-second", 0, "--prompt-tokens", -1, "--output-tokens", "0"), [
            "--requests-per-second: got '0'; allowed: above 0, at most 1e+06; fix: write requests in a second, as in 50 or 0.5",
            "--prompt-tokens: got '-1'; allowed: above 0, at most 1e+09; fix: write the mean of a request, as in 2000",
            "--output-tokens: got '0'; allowed: above 0, at most 1e+09; fix: write the mean of a request, as in 2000",
        ]),
        ((*MODEL, "--context", 4096, "--requests-per-second", "50/s", *AGAINST), [
            "--prompt-tokens: got None; allowed: all of a rate, prompt tokens and output tokens; fix: write it, or leave out --requests-per-second, --output-tokens, --against",
            "--output-tokens: got None; allowed: all of a rate, prompt tokens and output tokens; fix: write it, or leave out --requests-per-second, --prompt-tokens, --against",
            "--requests-per-second: got '50/s'; allowed: a number, also with k, M, B or T for thousands, millions, billions or trillions: 50 or 0.5; fix: write it like this",
        ]),
        ((*ASKED, "--against", "qwen.qwen3-32b"), None),
        ((*ASKED, "--against", "qwen.qwen-32b-v1"), ["--against: got 'qwen.qwen-32b-v1'; allowed: a model or inference profile of Bedrock; fix: write qwen.qwen3-32b-v1:0"]),
        ((*ASKED, "--against", "chat"), ["--against: got 'chat'; allowed: a model or inference profile of Bedrock; fix: write the id of a model or inference profile as Bedrock has it"]),
        ((*ASKED[:5], "eu-central-1", *ASKED[6:], *AGAINST), ["--against: got 'qwen.qwen3-32b-v1:0'; allowed: a model with a token price in eu-central-1: no token price of qwen.qwen3-32b-v1:0 in eu-central-1; one is known for us-east-1 only; fix: write qwen.qwen3-coder-next, which is served and priced there, or give the price as [[token_price]] of a file with --prices"]),
        ((*ASKED, "--against", "eu.amazon.nova-lite-v1:0"), ["--against: got 'eu.amazon.nova-lite-v1:0'; allowed: a model that can be called from us-east-1; this one can be called from eu-central-1, eu-north-1, eu-south-1, eu-south-2, eu-west-1, eu-west-3, il-central-1; fix: write us.amazon.nova-lite-v1:0, which is served and priced there"]),
        ((*ASKED, "--against", "cohere.embed-v4:0"), ["--against: got 'cohere.embed-v4:0'; allowed: a model with known input and output prices; output is unknown; fix: write us.cohere.embed-v4:0, which is served and priced there, or give the price as [[token_price]] of a file with --prices"]),
        ((*ASKED, "--context", "2k"), ["--context: got '2k'; allowed: at least 2400, the tokens of prompt and answer together; fix: leave it out, or correct the lengths"]),
        (("--model", "Qwen/Qwen3-32b", "--precision", "BF61", "--batch", "many", "--region", "us-east-1", "--measured", "none.toml", "--requests-per-second", -3, "--prompt-tokens", "2k", "--output-tokens", "1e999"), [
            "--batch: got 'many'; allowed: a number, also with k, M, B or T for thousands, millions, billions or trillions: 16; fix: write it like this",
            "--precision: got 'BF61'; allowed: fp32, bf16, fp16, fp8, int8, int4, awq, gptq, mxfp4, nvfp4; fix: write bf16",
            None,
            "--requests-per-second: got '-3'; allowed: above 0, at most 1e+06; fix: write requests in a second, as in 50 or 0.5",
            "--output-tokens: got '1e999'; allowed: a number, also with k, M, B or T for thousands, millions, billions or trillions: 2000, or 2k for 2048; fix: write it like this",
            "--measured: got 'none.toml'; allowed: a file that exists; fix: correct the path",
        ]),
        (("--model", "Qwen/Qwen3-32B"), [
            "--region: got None; allowed: the name of a region; fix: pass --region or set AWS_REGION",
            "--context: got None; allowed: tokens of prompt and answer together: 8192 or 8k; fix: write it, or --prompt-tokens and --output-tokens of a rate",
            "--batch: got None; allowed: concurrent requests of one instance; fix: write it, as in 16",
        ]),
    ],
)  # fmt: skip
def test_everything_that_is_wrong_is_said_at_once(
    arguments: tuple[object, ...],
    messages: list[str | None] | None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, *arguments)
    if messages is None:
        assert (status, err) == (0, "")
        return
    assert (status, out) == (2, "")
    found = err.rstrip("\n").splitlines()
    if len(messages) == 1:
        assert found == [f"cdk-inference: choose: {messages[0]}"]
        return
    assert found[0] == f"cdk-inference: choose has {len(messages)} problems:"
    for number, (line, message) in enumerate(zip(found[1:], messages, strict=True), 1):
        assert line.startswith(f"  {number}. ")
        assert message is None or line == f"  {number}. {message}"


def test_a_price_of_your_own_makes_bedrock_comparable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        '[[token_price]]\nmodel = "qwen.qwen3-32b-v1:0"\nregion = "eu-central-1"\ninput = 0.2\noutput = 0.8\n'
        'date = "2026-11-29"\nsource = "contract"\n'
    )
    _, out, _ = run(capsys, *ASKED[:5], "eu-central-1", *ASKED[6:], *AGAINST, "--prices", path)
    # 2000 x 0.2 + 400 x 0.8 = 720 millionths of a dollar, x 50 x 2 628 000
    assert "on Bedrock costs $94,608.00 a month" in out.splitlines()[2]


def test_a_long_prompt_has_no_known_price(capsys: pytest.CaptureFixture[str]) -> None:
    model = ("--against", "us.anthropic.claude-sonnet-4-5-20250929-v1:0")
    lengths = ("--prompt-tokens", 250_000, "--output-tokens", 400)
    _, _, err = run(capsys, "--model", "Qwen/Qwen3-32B", *MODEL[2:], "--requests-per-second", 1, *lengths, *model)
    assert "allowed: prompts of at most 200000 tokens; the price of longer ones is unknown" in err
