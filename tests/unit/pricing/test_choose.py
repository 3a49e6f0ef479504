"""Which types hold a model and what they cost; every other type says why it is out."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import json
from pathlib import Path

import pytest

import cdk_inference.serving as serving
from cdk_inference.cli import main
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.fit import PUBLISHED, Workload, lend, problems
from cdk_inference.hardware import instance_types, lookup
from cdk_inference.pricing import Price, PriceBook
from cdk_inference.pricing.choices import Choice, choose, settings_for, settings_line
from cdk_inference.pricing.measured import Throughput, read_measured
from cdk_inference.template import Unknown
from tests.each import each

TODAY = datetime.date(2026, 11, 24)
BOOK = PriceBook(today=TODAY)
ACCELERATED = {known.name for known in instance_types() if known.kind != "cpu"}
# Parameters -> a published model of about that size.
SIZES = {1e9: "meta-llama/Llama-3.2-1B", 8e9: "meta-llama/Llama-3.1-8B"}
SIZES |= {70e9: "meta-llama/Llama-3.1-70B", 405e9: "meta-llama/Llama-3.1-405B"}


def choice(
    parameters: float = 8e9, precision: str = "bf16", region: str = "us-east-1", **measured: Throughput
) -> Choice:
    workload = Workload(architecture=PUBLISHED[SIZES[parameters]], precision=precision, context_tokens=8192, batch=16)
    return choose(workload, region, BOOK, {f"ml.{name.replace('_', '.')}": one for name, one in measured.items()})


GRID = list(itertools.product(SIZES, ("bf16", "fp8", "awq"), ("us-east-1", "eu-west-1")))


@each(("parameters", "precision", "region"), GRID)
def test_every_type_is_chosen_or_says_why_not(parameters: float, precision: str, region: str) -> None:
    found = choice(parameters, precision, region)
    chosen = [one.hardware.name for one in found.candidates]
    assert len(set(chosen)) == len(chosen)
    assert set(chosen) | set(found.refused) == ACCELERATED
    assert set(chosen) & set(found.refused) == set()
    assert all(len(why) > 20 for why in found.refused.values())
    for one in found.candidates:
        settings = settings_for(one.server, found.workload)
        assert problems(found.workload, one.hardware, one.degree, settings=settings) == []
        assert one.verdict.name in ("fits", "tight")
        assert region in (one.hardware.regions or ())
        image = one.server.aws_image
        assert image.chip_problem(one.hardware) is None
        assert region in image.accounts
        assert one.maintained == (image.maintenance.status == "current")
    usd = [one.price.usd for one in found.candidates if isinstance(one.price, Price)]
    assert usd == sorted(usd)
    unpriced = [isinstance(one.price, Unknown) for one in found.candidates]
    assert unpriced == sorted(unpriced)


# By hand, from docs/fit.md's sum and the prices in test_price_book.py. 405B in bf16 is 810 GB: 8 x 141 GB hold it.
BY_HAND = [
    # 2.5 GB in bf16 and 4.3 GB of cache: any GPU that knows bf16 holds it. Inf2 costs 0.99, its image is frozen.
    (1e9, "bf16", "us-east-1", "ml.g6.xlarge", 1.127, ["ml.inf2.xlarge"]),
    # 32.31 GiB in all: a GPU of 44.3 holds it. Two NeuronCores of 16 hold 15.5 each, which is tight.
    (8e9, "bf16", "us-east-1", "ml.g6e.xlarge", 2.61, ["ml.inf2.xlarge"]),
    # 4.15 bits: 5.3 GiB, with 16 of cache above 19.8 of an L4.
    (8e9, "awq", "us-east-1", "ml.g6e.xlarge", 2.61, []),
    # 756 GiB of weights: eight GPUs of 141 GB. The price is derived from the one in us-east-2.
    (405e9, "bf16", "us-east-1", "ml.p5en.48xlarge", 72.795, []),
]


@each(("parameters", "precision", "region", "name", "usd", "cheaper"), BY_HAND)
def test_the_cheapest_by_hand(
    parameters: float, precision: str, region: str, name: str, usd: float, cheaper: list[str]
) -> None:
    found = choice(parameters, precision, region)
    assert found.first is not None
    assert found.first.hardware.name == name
    assert found.first.maintained
    assert found.first.fits
    assert isinstance(found.first.price, Price)
    assert found.first.price.usd == usd
    assert [one.hardware.name for one in found.cheaper] == cheaper


@each(
    ("parameters", "precision", "name", "why"),
    [
        # docs/fit.md, but for the 16 requests that the line to paste allows: 14 x 16 x 128 256 bytes = 0.03 GiB.
        (8e9, "bf16", "ml.g6.xlarge", "with degree 1, each GPU would hold 31.9 GiB (weights 15.0, KV cache 16.0, outside PyTorch 0.2, CUDA graphs 0.6) and has 19.8 to use"),
        (8e9, "bf16", "ml.g4dn.12xlarge", "NVIDIA T4 does not run bf16"),
        (8e9, "awq", "ml.inf2.48xlarge", "Inferentia2 does not run awq"),
        (8e9, "bf16", "ml.inf1.xlarge", "no LLM server here runs on Inferentia, or the number of its devices is not known"),
        (8e9, "bf16", "ml.trn2.48xlarge", "no region lists it for hosting"),
        (8e9, "bf16", "ml.p5.4xlarge", "us-east-1 does not list it for hosting"),
        # 141 GB of weights in bf16 and 42.9 GB of cache on 8 x 24 GB.
        (70e9, "bf16", "ml.g6.48xlarge", "with degree 8, each GPU would hold 25.2 GiB (weights 16.4, KV cache 5.0, hidden states 0.1, outside PyTorch 2.1, CUDA graphs 1.6) and has 19.8 to use"),
    ],
)  # fmt: skip
def test_a_refusal_says_why(parameters: float, precision: str, name: str, why: str) -> None:
    assert choice(parameters, precision).refused[name] == why


def test_an_image_that_the_region_lacks_is_no_choice() -> None:
    for found in choice(region="eu-west-1").candidates:
        assert "eu-west-1" in found.server.aws_image.accounts


def test_dollars_come_from_what_was_measured() -> None:
    # 5.752 an hour; 4 requests and 1900 tokens a second: 14 400 requests and 6 840 000 tokens an hour.
    found = choice(g6_12xlarge=Throughput(requests_per_second=4, tokens_per_second=1900))
    (one,) = (one for one in found.candidates if one.throughput is not None)
    assert one.throughput is not None
    assert one.throughput.usd_per_1000_requests(5.752) == pytest.approx(5.752 / 14.4)
    assert one.throughput.usd_per_million_tokens(5.752) == pytest.approx(5.752 / 6.84)
    assert Throughput(requests_per_second=4).usd_per_million_tokens(5.752) is None


@each(
    ("parameters", "name"),
    [
        # Bytes of cache a token, dense models only: 32.8B 262 144 (Qwen3), 24B 163 840 (Mistral Small). Mixtral 8x7B with
        # 46.7B, which keeps 131 072, lends nothing.
        (32e9, "Qwen/Qwen3-32B"),
        (45e9, "Qwen/Qwen3-32B"),
        (400e9, "meta-llama/Llama-3.1-405B"),
    ],
)
def test_a_size_takes_the_largest_cache_of_dense_neighbours(parameters: float, name: str) -> None:
    lent = lend(parameters)
    assert lent is not None
    assert lent.name.removesuffix("-FP8") == name
    assert lent.architecture.parameters == parameters
    assert lent.architecture.experts is None


@each("parameters", [8, 1e-300, 130e9, 2e12])
def test_a_size_without_a_dense_neighbour_lends_nothing(parameters: float) -> None:
    assert lend(parameters) is None


CONFIG = {
    "model_type": "llama",
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "vocab_size": 128256,
    "torch_dtype": "bfloat16",
}


@each(("parameters", "precision", "region"), GRID)
def test_the_line_to_paste_is_accepted(parameters: float, precision: str, region: str) -> None:
    found = choice(parameters, precision, region)
    for one in found.candidates:
        line = settings_line(found, one).replace("the day on which you look again", "2027-01-01")
        given = eval(f"dict({line})", vars(serving).copy())
        assert given["hardware"] == one.hardware.name
        assert given["server"].problems_on(lookup(given["hardware"])) == []
        declared = dataclasses.replace(given["server"], workload=found.workload)
        assert declared.problems_on(lookup(given["hardware"])) == []


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main(["choose", *map(str, arguments)], today=TODAY)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


ASKED = ("--precision", "bf16", "--context", 8192, "--batch", 16, "--region", "us-east-1")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "m.toml").write_text('["ml.g6.12xlarge"]\nrequests_per_second = 4\ntokens_per_second = 1900\n')
    status, out, _ = run(capsys, "--model", "meta-llama/Llama-3.1-8B", *ASKED, "--measured", tmp_path / "m.toml")
    lines = out.splitlines()
    assert status == 0
    assert lines[:7] == [
        "CHEAPEST: ml.g6e.xlarge at $2.61 an hour (listed, 2026-09-27) with Lmi, fits (8.0 GiB per GPU to spare); 33 types in us-east-1 fit, 3 more are tight, 34 excluded; 6 without a price",
        "Cheaper, but its image is frozen and memory is tight: ml.inf2.xlarge at $0.99 an hour (listed, 2026-09-27) with VllmNeuron (image frozen), tight (0.5 GiB per NeuronCore to spare; try it)",
        "",
        "Model: meta-llama/Llama-3.1-8B as of 2026-08-21, 8.03 billion parameters; bf16, 16 concurrent requests of 8192 tokens.",
        "",
        "                                                                                                 $/1000        $/million",
        "type                 accelerators                    degree  memory   to spare   $/hour        requests           tokens",
    ]
    assert (
        "ml.g6.12xlarge       4 x NVIDIA L4                        4  fits      9.3 GiB    $5.75         $0.3994          $0.8409"
        in lines
    )
    assert lines[lines.index("To paste:") + 1] == (
        '    server=Lmi(model=S3Model(prefix="your-model/", size_gb=16.1), tensor_parallel_degree=1, max_model_len=8192, max_concurrent_requests=16), hardware="ml.g6e.xlarge"'
    )
    cheaper = lines.index("Cheaper, but its image is frozen and memory is tight:")
    assert lines[cheaper + 1].startswith("    server=VllmNeuron(")


def test_nothing_that_fits_is_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "--parameters", 405e9, *ASKED[:-1], "eu-central-1")
    assert (status, out.splitlines()[0]) == (1, "NONE: the model fits no type in eu-central-1; 70 excluded")


def model_line(out: str) -> str:
    return next(line for line in out.splitlines() if line.startswith("Model: "))


def test_a_config_alone_suffices(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(CONFIG))
    _, out, _ = run(capsys, "--config", path, *ASKED[2:])
    assert model_line(out) == (f"Model: {path}, 8.03 billion parameters; bf16, 16 concurrent requests of 8192 tokens.")
    _, out, _ = run(capsys, "--parameters", "9B", "--config", path, *ASKED[2:])
    assert model_line(out).startswith(f"Model: {path}, 9 billion parameters; bf16")


def test_a_size_alone_says_whose_cache_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    """With Mixtral's cache ml.g7e.2xlarge would be the answer; of Qwen3-32B it does not hold 16 requests."""
    _, out, _ = run(capsys, "--parameters", "32B", *ASKED)
    assert model_line(out) == (
        "Model: 32 billion parameters of a dense model; layers and heads are those of Qwen/Qwen3-32B, which has the largest cache of 6 published models within 1.5 times the size: --config has the model's own; bf16, 16 concurrent requests of 8192 tokens."
    )
    assert out.startswith("CHEAPEST: ml.g7e.12xlarge at $10.36")


def test_a_published_model_has_its_own_precision(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--model", "openai/gpt-oss-20b", *ASKED[2:])
    assert model_line(out) == (
        "Model: openai/gpt-oss-20b as of 2026-08-21, 20.9 billion parameters; mxfp4, 16 concurrent requests of 8192 tokens."
    )


@each(
    ("arguments", "used"),
    [
        (("--parameters", "8B", "--precision", "BF16", "--context", "8k", "--batch", "16"), "bf16, 16 concurrent requests of 8192 tokens."),
        (("--parameters", "8_000_000_000", "--precision", "fp8", "--context", "8,192", "--batch", "1"), "fp8, 1 concurrent requests of 8192 tokens."),
        (("--parameters", "8e9", "--precision", "Awq", "--context", "128K", "--batch", "1"), "awq, 1 concurrent requests of 131072 tokens."),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(
    arguments: tuple[str, ...], used: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, *arguments, "--region", "us-east-1")
    assert model_line(out).endswith(used)
    assert model_line(out).startswith("Model: 8 billion parameters")


@each(
    ("arguments", "message"),
    [
        (ASKED, "choose: --parameters: got '--parameters None, --model None'; allowed: one of --parameters, --model and --config; fix: a published model and a config.json include the number"),
        (("--parameters", 8e9, *ASKED[:-2]), "choose: --region: got None; allowed: the name of a region; fix: pass --region or set AWS_REGION"),
        (("--parameters", 8e9, *ASKED[:-1], "us-esat-1"), None),
        (("--parameters", 8e9, *ASKED[:2], "--context", 0, *ASKED[4:]), "Workload: context_tokens: got 0; allowed: a whole number from 1 to 1000000000; fix: write the tokens of prompt and answer together"),
        (("--parameters", 8e9, *ASKED[:2], "--context", "eight", *ASKED[4:]), "choose: --context: got 'eight'; allowed: a number, also with k, M, B or T for thousands, millions, billions or trillions: 8192 or 8k; fix: write it like this"),
        (("--parameters", "32 billions", *ASKED), "choose: --parameters: got '32 billions'; allowed: a number, also with k, M, B or T for thousands, millions, billions or trillions: 8e9 or 8B; fix: write it like this"),
        (("--parameters", "-8e9", *ASKED), "choose: --parameters: got '-8e9'; allowed: above 0, at most 1,000 trillion; fix: write the number of parameters, as in 8e9 or 8B"),
        (("--parameters", 0, *ASKED), "choose: --parameters: got '0'; allowed: above 0, at most 1,000 trillion; fix: write the number of parameters, as in 8e9 or 8B"),
        (("--parameters", 8e9, "--precision", "bf17", *ASKED[2:]), "choose: --precision: got 'bf17'; allowed: fp32, bf16, fp16, fp8, int8, int4, awq, gptq, mxfp4, nvfp4; fix: write bf16"),
        (("--parameters", 8e9, *ASKED[2:]), "choose: --precision: got None; allowed: fp32, bf16, fp16, fp8, int8, int4, awq, gptq, mxfp4, nvfp4; fix: write how the weights are stored; --model and --config include it"),
        (("--parameters", 8e9, "--config", "missing.json", *ASKED), "choose: --config: got 'missing.json'; allowed: a file that exists; fix: correct the path"),
        (("--parameters", 8e9, "--measured", "missing.toml", *ASKED), "choose: --measured: got 'missing.toml'; allowed: a file that exists; fix: correct the path"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(
    arguments: tuple[object, ...],
    message: str | None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    if message is None:
        assert err.startswith("cdk-inference: choose: region: got 'us-esat-1'; allowed: af-south-1, ")
        assert err.endswith("; fix: write us-east-1\n")
    else:
        assert err == f"cdk-inference: {message}\n"


@each(
    ("text", "message"),
    [
        ("[ml]\n", "m.toml, ml: ml: got {}; allowed: a table with requests_per_second or tokens_per_second; fix: https://github.com/your-organization/cdk-inference/blob/main/docs/choosing.md shows one"),
        ('["ml.g6.12xlarge"]\nrequests_per_second = 0', "m.toml, ml.g6.12xlarge: requests_per_second: got 0; allowed: a number above 0, at most 1e+09; fix: write what one instance does in a second"),
        ('["ml.g6.12xlarge"]\nrps = 1', "m.toml, ml.g6.12xlarge: rps: got 1; allowed: requests_per_second, tokens_per_second, prompt_tokens, output_tokens, region; fix: correct the name"),
        ('["ml.g6.12xlarge"]\nprompt_tokens = 1', "m.toml, ml.g6.12xlarge: ml.g6.12xlarge: got {'prompt_tokens': 1}; allowed: a table with requests_per_second or tokens_per_second; fix: https://github.com/your-organization/cdk-inference/blob/main/docs/choosing.md shows one"),
        ('["ml.g6.12xlarge"]\nrequests_per_second = 1\nregion = "us-esat-1"', "m.toml, ml.g6.12xlarge: region: got 'us-esat-1'; allowed: a region that hosts endpoints or serves models of Bedrock; fix: write us-east-1"),
    ],
)  # fmt: skip
def test_a_file_of_measurements_that_is_wrong(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        read_measured(tmp_path / "m.toml")
    assert str(caught.value) == f"{tmp_path}/{message}"
