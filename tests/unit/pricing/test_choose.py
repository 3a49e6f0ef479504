"""Which types hold a model and what they cost; every other type says why it is out."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path

import pytest

import cdk_inference.serving as serving
from cdk_inference.cli import main
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.fit import PUBLISHED, Workload, problems
from cdk_inference.hardware import instance_types, lookup
from cdk_inference.pricing import Price, PriceBook
from cdk_inference.pricing.choices import Choice, choose, settings_line, shape_from_config, shape_like
from cdk_inference.pricing.measured import Throughput, read_measured
from cdk_inference.template import Unknown

TODAY = datetime.date(2026, 11, 24)
BOOK = PriceBook(today=TODAY)
ACCELERATED = {known.name for known in instance_types() if known.kind != "cpu"}
SIZES = {1e9: "meta-llama/Llama-3.2-1B", 8e9: "meta-llama/Llama-3.1-8B"}
SIZES |= {70e9: "meta-llama/Llama-3.1-70B", 405e9: "meta-llama/Llama-3.1-405B"}


def choice(
    parameters: float = 8e9, precision: str = "bf16", region: str = "us-east-1", **measured: Throughput
) -> Choice:
    _, shape = shape_like(parameters)
    workload = Workload(architecture=shape, precision=precision, context_tokens=8192, batch=16)
    return choose(workload, region, BOOK, {f"ml.{name.replace('_', '.')}": one for name, one in measured.items()})


GRID = list(itertools.product(SIZES, ("bf16", "fp8", "awq"), ("us-east-1", "eu-west-1")))


@pytest.mark.parametrize(("parameters", "precision", "region"), GRID)
def test_every_type_is_chosen_or_says_why_not(parameters: float, precision: str, region: str) -> None:
    found = choice(parameters, precision, region)
    chosen = [one.hardware.name for one in found.candidates]
    assert len(set(chosen)) == len(chosen)
    assert set(chosen) | set(found.refused) == ACCELERATED
    assert set(chosen) & set(found.refused) == set()
    assert all(len(why) > 20 for why in found.refused.values())
    for one in found.candidates:
        assert problems(found.workload, one.hardware, one.degree) == []
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
    # 1.2 GB in bf16 (with 1e9 parameters: 2.0) and 4.3 GB of cache: any GPU that knows bf16 holds it; Inf2 is cheapest.
    (1e9, "bf16", "us-east-1", "ml.inf2.xlarge", 0.99),
    # 30.96 GiB in all: two NeuronCores of 16 hold 15.5 each.
    (8e9, "bf16", "us-east-1", "ml.inf2.xlarge", 0.99),
    # 4.15 bits, no Neuron: about 5.7 GB, with 17.2 GB of cache 21.3 GiB; four T4 hold 5.3 each of 14.4.
    (8e9, "awq", "us-east-1", "ml.g6e.xlarge", 2.61),
    # Derived from the price in us-east-2.
    (405e9, "bf16", "us-east-1", "ml.p5en.48xlarge", 72.795),
]


@pytest.mark.parametrize(("parameters", "precision", "region", "name", "usd"), BY_HAND)
def test_the_cheapest_by_hand(parameters: float, precision: str, region: str, name: str, usd: float) -> None:
    first = choice(parameters, precision, region).candidates[0]
    assert isinstance(first.price, Price)
    assert (first.hardware.name, first.price.usd) == (name, usd)


@pytest.mark.parametrize(
    ("parameters", "precision", "name", "why"),
    [
        # docs/fit.md: 14.96 + 16.00 = 30.96 GiB; here with 8e9 parameters instead of 8.03e9.
        (8e9, "bf16", "ml.g6.xlarge", "with degree 1, each GPU would hold 30.9 GiB (weights 14.9, KV cache 16.0) and has 20.2 to use"),
        (8e9, "bf16", "ml.g4dn.12xlarge", "NVIDIA T4 does not run bf16"),
        (8e9, "awq", "ml.inf2.48xlarge", "Inferentia2 does not run awq"),
        (8e9, "bf16", "ml.inf1.xlarge", "no LLM server here runs on Inferentia, or the number of its devices is not known"),
        (8e9, "bf16", "ml.trn2.48xlarge", "no region lists it for hosting"),
        (8e9, "bf16", "ml.p5.4xlarge", "us-east-1 does not list it for hosting"),
        # 40 key-value heads on 8 cores: no matter; 140 GB of weights in bf16 and 42.9 GB of cache on 8 x 24 GB.
        (70e9, "bf16", "ml.g6.48xlarge", "with degree 8, each GPU would hold 21.3 GiB (weights 16.3, KV cache 5.0) and has 20.2 to use"),
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


@pytest.mark.parametrize("parameters", SIZES)
def test_a_size_lends_the_shape_of_the_nearest_published_model(parameters: float) -> None:
    name, shape = shape_like(parameters)
    assert name == SIZES[parameters]
    assert (shape.parameters, shape.layers) == (parameters, PUBLISHED[name].layers)


@pytest.mark.parametrize("parameters", [8, 1e-300, 2.5e9, 2e12])
def test_a_size_without_a_near_model_is_refused(parameters: float) -> None:
    with pytest.raises(
        ConfigurationError, match=r"--parameters: got .*; allowed: within a factor of 1.5 of a published"
    ):
        shape_like(parameters)


@pytest.mark.parametrize("parameters", [0, -8e9, float("nan"), float("inf"), 1e300])
def test_a_size_that_is_none_is_refused(parameters: float) -> None:
    with pytest.raises(ConfigurationError) as caught:
        shape_like(parameters)
    assert str(caught.value) == (
        f"choose: --parameters: got {parameters!r}; allowed: a number above 0, at most 1e+15; "
        "fix: write the number of parameters, as in 8e9"
    )


CONFIG = {
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "hidden_size": 4096,
    "vocab_size": 128256,
}


def test_a_config_gives_the_shape() -> None:
    expected = PUBLISHED["meta-llama/Llama-3.1-8B"]
    assert shape_from_config(CONFIG, expected.parameters) == expected
    assert shape_from_config({**CONFIG, "tie_word_embeddings": True, "head_dim": 64}, 8e9).head_dimension == 64


@pytest.mark.parametrize("key", CONFIG)
def test_a_config_that_lacks_something_is_refused(key: str) -> None:
    changed = {**CONFIG, key: "many"}
    with pytest.raises(ConfigurationError) as caught:
        shape_from_config(changed, 8e9)
    assert str(caught.value) == (
        f"config.json: {key}: got 'many'; allowed: a whole number; fix: name the config.json of a transformer's model page"
    )


@pytest.mark.parametrize(("parameters", "precision", "region"), GRID)
def test_the_line_to_paste_is_accepted(parameters: float, precision: str, region: str) -> None:
    found = choice(parameters, precision, region)
    for one in found.candidates:
        line = settings_line(found, one).replace("the day on which you look again", "2027-01-01")
        given = eval(f"dict({line})", vars(serving).copy())
        assert given["hardware"] == one.hardware.name
        assert given["server"].problems_on(lookup(given["hardware"])) == []


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main(["choose", *map(str, arguments)], today=TODAY)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


ASKED = ("--precision", "bf16", "--context", 8192, "--batch", 16, "--region", "us-east-1")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "m.toml").write_text('["ml.g6.12xlarge"]\nrequests_per_second = 4\ntokens_per_second = 1900\n')
    status, out, _ = run(capsys, "--parameters", 8e9, *ASKED, "--measured", tmp_path / "m.toml")
    lines = out.splitlines()
    assert status == 0
    assert lines[:6] == [
        "CHEAPEST WITH A PRICE: ml.inf2.xlarge at $0.99 an hour (listed, 2026-09-27); 36 types in us-east-1 hold it, 34 are out, 6 of the first have no price",
        "",
        "Model: 8e+09 parameters; layers and heads are those of meta-llama/Llama-3.1-8B, the published model nearest in size; bf16, 16 requests at once of 8192 tokens.",
        "",
        "type                 accelerators                    degree  $/hour   kind         date        $/1000 requests  $/million tokens  image",
        "ml.inf2.xlarge       1 x Inferentia2                 2       $0.99    listed       2026-09-27  not measured     not measured      VllmNeuron (frozen)",
    ]
    assert (
        "ml.g6.12xlarge       4 x NVIDIA L4                   4       $5.75    listed       2026-09-27  $0.3994          $0.8409           Lmi (current)"
        in lines
    )
    assert lines[lines.index("To paste; its image is frozen:") + 1].startswith("  server=VllmNeuron(")
    assert lines[lines.index("With an image that AWS maintains:") + 1] == (
        '  server=Lmi(model=S3Model(prefix="your-model/", size_gb=16), tensor_parallel_degree=1, max_model_len=8192, max_concurrent_requests=16), hardware="ml.g6e.xlarge"'
    )


def test_nothing_that_fits_is_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "--parameters", 405e9, *ASKED[:-1], "eu-central-1")
    assert (status, out.splitlines()[0]) == (1, "NONE: no type in eu-central-1 holds it; 70 are out")


def test_a_published_model_and_a_config(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--model", "meta-llama/Llama-3.1-8B", *ASKED)
    assert out.splitlines()[2].startswith("Model: meta-llama/Llama-3.1-8B, 8.03e+09 parameters; bf16")
    (tmp_path / "config.json").write_text(str(CONFIG).replace("'", '"'))
    _, out, _ = run(capsys, "--parameters", 8e9, "--config", tmp_path / "config.json", *ASKED)
    assert out.splitlines()[2].startswith(
        f"Model: 8e+09 parameters; layers and heads are those of {tmp_path}/config.json"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (ASKED, "choose: --parameters: got '--parameters None, --model None'; allowed: either --parameters or --model; fix: a published model brings its own number"),
        (("--parameters", 8e9, *ASKED[:-2]), "choose: --region: got None; allowed: the name of a region; fix: pass --region or set AWS_REGION"),
        (("--parameters", 8e9, *ASKED[:-1], "mars"), None),
        (("--parameters", 8e9, *ASKED[:2], "--context", 0, *ASKED[4:]), "Workload: context_tokens: got 0; allowed: a whole number from 1 to 1000000000; fix: write the tokens of prompt and answer together"),
        (("--parameters", 8e9, "--config", "missing.json", *ASKED), "choose: --config: got 'missing.json is missing; name a file or a folder that exists'; allowed: a model's config.json; fix: correct the path"),
        (("--parameters", 8e9, "--measured", "missing.toml", *ASKED), "missing.toml: file: got 'No such file or directory'; allowed: TOML; fix: docs/choosing.md shows one"),
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
        assert err.startswith("cdk-inference: choose: region: got 'mars'; allowed: af-south-1, ")
    else:
        assert err == f"cdk-inference: {message}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[ml]\n", "m.toml, ml: ml: got {}; allowed: a table with requests_per_second or tokens_per_second; fix: docs/choosing.md shows one"),
        ('["ml.g6.12xlarge"]\nrequests_per_second = 0', "m.toml, ml.g6.12xlarge: requests_per_second: got 0; allowed: a number above 0, at most 1e+09; fix: write what one instance does in a second"),
        ('["ml.g6.12xlarge"]\nrps = 1', "m.toml, ml.g6.12xlarge: rps: got 1; allowed: requests_per_second, tokens_per_second; fix: correct the name"),
    ],
)  # fmt: skip
def test_a_file_of_measurements_that_is_wrong(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        read_measured(tmp_path / "m.toml")
    assert str(caught.value) == f"{tmp_path}/{message}"
