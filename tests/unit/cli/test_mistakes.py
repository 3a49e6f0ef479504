"""Mistakes on the command line: each is refused with what was got, what is allowed and what to write; no stack trace.

Each row is (arguments, words of the message in their order). Files are those of `FILES`.
"""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from cdk_inference.cli import main
from tests.each import each


def template(**resources: Any) -> str:
    variants = [{"VariantName": "A", "InstanceType": "ml.g5.xlarge", "InitialInstanceCount": 1}]
    config = {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {"ProductionVariants": variants}}
    name = {"Fn::GetAtt": ["Config", "EndpointConfigName"]}
    endpoint = {"Type": "AWS::SageMaker::Endpoint", "Properties": {"EndpointConfigName": name}}
    return json.dumps({"Resources": {"Config": config, "Endpoint": endpoint, **resources}})


PROFILE = {
    "Type": "AWS::Bedrock::ApplicationInferenceProfile",
    "Properties": {
        "InferenceProfileName": "qwen",
        "ModelSource": {"CopyFrom": "arn:aws:bedrock:us-east-1::foundation-model/qwen.qwen3-32b-v1:0"},
    },
}
FILES: dict[str, str | bytes] = {
    "t.json": template(),
    "profile.json": template(Qwen37876A02=PROFILE),
    "tabs.yaml": "Resources:\n\tA:\n\t\tType: AWS::S3::Bucket\n",
    "tabs_inside.yaml": "Resources:\n  A:\n  \tType: AWS::S3::Bucket\n",
    "unclosed.yaml": "Resources:\n  A: [1\n  B: }\n",
    "broken.json": '{"Resources": {"A": }}',
    "list.json": "[]",
    "text.txt": "hello",
    "number.json": "42",
    "empty.yaml": "",
    "app.py": "import aws_cdk as cdk\n\napp = cdk.App()\n",
    "binary.json": b"\x80\x81\x82",
    "zip.json": b"PK\x03\x04\xff\xfe",
    "utf16.json": '{"Resources": {}}'.encode("utf-16"),
    "no_resources.json": "{}",
    "twice.yaml": "Resources: {}\nResources: {}\n",
    "usage.json": "{",
    "notes.txt": "just words",
    "qwen.toml": '[tokens."Qwen"]\ninput_tokens_per_month = 5\n',
    "typo.toml": "[endpoints.Endpoit]\naverage_instances = 1\n",
    "unread.yaml": "Resources: {}",
    "plain/t.json": template(),
    "empty/notes.md": "nothing here",
}
REGION = ("--region", "us-east-1")
MODEL = ("--precision", "bf16", "--context", "8k", "--batch", "16", *REGION)

ROWS: list[tuple[str, tuple[str, ...]]] = [
    # No command, wrong commands, wrong options
    ("", ("arguments are required: COMMAND", "Help: cdk-inference --help")),
    ("bad", ("invalid choice: 'bad'", "'summary', 'check', 'estimate'")),
    ("sumary", ("invalid choice: 'sumary'", "did you mean summary?")),
    ("estimate t.json --formt json", ("cdk-inference estimate: unrecognized arguments: --formt", "did you mean --format?")),
    ("estimate t.json --form json", ("unrecognized arguments: --form", "did you mean --format?")),
    ("estimate t.json --format jsn", ("--format: invalid choice: 'jsn'", "did you mean json?")),
    ("estimate --region", ("cdk-inference estimate: argument --region: expected one argument",)),
    ("prices refersh --region us-east-1", ("invalid choice: 'refersh'", "did you mean refresh?")),
    ("summary a b", ("cdk-inference summary: unrecognized arguments: b",)),
    ("review --head t.json", ("arguments are required: --base",)),
    ("completion tcsh", ("invalid choice: 'tcsh'", "'bash', 'zsh', 'fish'")),
    # Files that are no templates
    ("estimate tabs.yaml", ("tabs.yaml", "line 2: a tab, with which YAML cannot be indented; write spaces")),
    ("check tabs_inside.yaml", ("tabs_inside.yaml", "line 3: a tab, with which YAML cannot be indented; write spaces")),
    ("check unclosed.yaml", ("unclosed.yaml", "line 3, column 4: ", "expected ',' or ']'")),
    ("estimate broken.json", ("broken.json is neither JSON nor YAML", "line 1 column 21")),
    ("estimate list.json", ("list.json is not a template: it holds a list",)),
    ("check text.txt", ("text.txt is not a template: it holds text",)),
    ("estimate number.json", ("number.json is not a template: it holds a single value",)),
    ("estimate empty.yaml", ("empty.yaml is not a template: it holds nothing",)),
    ("estimate app.py", ("app.py is not a template: it holds text",)),
    ("estimate binary.json", ("binary.json cannot be read: byte 1 is 0x80, which no text in UTF-8 has there",)),
    ("check zip.json", ("zip.json cannot be read: byte 5 is 0xff",)),
    ("estimate utf16.json", ("utf16.json cannot be read: it is UTF-16; save it as UTF-8",)),
    ("estimate no_resources.json", ('no_resources.json is not a CloudFormation template: "Resources" should be an object',)),
    ("check twice.yaml", ("twice.yaml, line 2: the key 'Resources' occurs twice in one object",)),
    ("estimate missing.json", ("missing.json is missing; name a file or a folder that exists",)),
    ("check empty", ("empty has neither manifest.json nor a template",)),
    ("estimate empty", ("empty has neither manifest.json nor a template",)),
    ("review --base empty --head t.json", ("--base: got 'empty'; allowed: a folder with templates (.json, ",)),
    ("review --base text.txt --head t.json", ("text.txt is not a template",)),
    ("summary list.json", ("list.json is not a template: it holds a list",)),
    ("summary missing", ("missing/manifest.json is missing; run `cdk synth` first",)),
    ("summary t.json --region us-esat-1", ("--region: got 'us-esat-1'", "fix: write us-east-1")),
    ("estimate t.json -- -", ("standard input", "holds nothing")),
    # Regions
    ("estimate t.json --region us-esat-1", ("--region: got 'us-esat-1'", "fix: write us-east-1")),
    ("check t.json --region us-esat-1", ("--region: got 'us-esat-1'", "fix: write us-east-1")),
    ("review --base t.json --head t.json --region us-east-1a", ("--region: got 'us-east-1a'", "fix: write us-east-1")),
    ("check t.json --region eu_west_1", ("--region: got 'eu_west_1'", "fix: write eu-west-1")),
    ("check t.json --region Frankfurt", ("--region: got 'Frankfurt'", "fix: write it as in 'us-east-1'")),
    ("prices refresh --region us-esat-1", ("--region: got 'us-esat-1'", "fix: write us-east-1")),
    ("choose --parameters 8B --precision bf16 --context 8k --batch 1 --region us-esat-1", ("got 'us-esat-1'", "fix: write us-east-1")),
    ("choose --parameters 8B --precision bf16 --context 8k --batch 1", ("--region: got None", "fix: pass --region or set AWS_REGION")),
    # Numbers
    ("estimate t.json --region us-east-1 --budget abc", ("--budget: got 'abc'; allowed: a number", "3000 or 3k")),
    ("estimate t.json --region us-east-1 --budget 3.000,50", ("--budget: got '3.000,50'; allowed: a number",)),
    ("estimate t.json --region us-east-1 --budget -5", ("--budget: usd: got -5.0; allowed: a number above 0",)),
    ("estimate t.json --region us-east-1 --budget nan", ("--budget: got 'nan'; allowed: a number",)),
    ("review --base t.json --head t.json --max-increase-usd ten", ("--max-increase-usd: got 'ten'; allowed: a number",)),
    ("review --base t.json --head t.json --max-increase-percent -1", ("got -1", "allowed: a number")),
    ("choose --parameters -8e9 MODEL", ("--parameters: got '-8e9'; allowed: above 0",)),
    ("choose --parameters 32.8 MODEL", ("--parameters: got '32.8'", "8.03 billion", "fix: write the number, as in 8e9 or 8B")),
    ("choose --parameters 1,5e9 MODEL", ("--parameters: got '1,5e9'; allowed: a number",)),
    ("choose --parameters 8B --precision bf17 --context 8k --batch 1 --region us-east-1", ("--precision: got 'bf17'", "fix: write bf16")),
    ("choose --parameters 8B --precision bf16 --context eightk --batch 1 --region us-east-1", ("--context: got 'eightk'", "8192 or 8k")),
    ("choose --parameters 8B --precision bf16 --context 8k --batch 0 --region us-east-1", ("batch: got 0; allowed: a whole number from 1",)),
    ("choose --parameters 8B --precision bf16 --context 8k --batch 1.5 --region us-east-1", ("--batch: got '1.5'; allowed: a whole number",)),
    ("choose --model Llama-3.1-8B MODEL", ("--model: got 'Llama-3.1-8B'", "fix: write meta-llama/Llama-3.1-8B")),
    ("claims check text.txt --max-age 0 --claims plain", ("--max-age: got 0; allowed: a whole number from 1",)),
    # Other files
    ("estimate t.json --region us-east-1 --usage missing.toml", ("--usage: got 'missing.toml'; allowed: a file that exists",)),
    ("estimate t.json --region us-east-1 --usage usage.json", ("usage.json is neither JSON nor YAML", "name a usage file")),
    ("estimate t.json --region us-east-1 --usage typo.toml", ("got 'Endpoit'", "fix: write Endpoint")),
    ("estimate profile.json --region us-east-1 --usage qwen.toml", ("got 'Qwen'", "fix: write Qwen37876A02")),
    ("estimate t.json --region us-east-1 --prices notes.txt", ("--prices: file: got 'notes.txt'; allowed: .toml", ".csv")),
    ("estimate t.json --region us-east-1 --prices a.toml --prices b.csv", ("1. --prices: got 'a.toml'", "2. --prices: got 'b.csv'")),
    ("estimate t.json --region us-east-1 --parameters Count", ("--parameters Count: ", "allowed: KEY=VALUE")),
    ("choose --config missing.json MODEL", ("--config: got 'missing.json'; allowed: a file that exists",)),
    ("choose --config list.json MODEL", ("list.json is not a model's config.json: it holds a list",)),
    ("compare run missing.toml", ("SPEC.toml: got 'missing.toml'; allowed: a file that exists",)),
    ("claims check missing.md --claims plain", ("documents: got 'missing.md'; allowed: a file that exists",)),
    ("estimate t.json --output missing/report.txt", ("--output: got 'missing/report.txt'; allowed: a file in a folder that exists",)),
    ("review --base - --head -", ("- is given twice",)),
    # The line to paste of `choose` for a model of one's own has places to fill in.
    ("choose --model your-model/ MODEL", ("--model: got 'your-model/'",)),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AWS_REGION", raising=False)
    return tmp_path


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "unread.yaml").chmod(0)
    refused("estimate unread.yaml", ("unread.yaml cannot be read: Permission denied",), monkeypatch, capsys)


@pytest.mark.usefixtures("folder")
@each(("line", "words"), ROWS)
def test_a_mistake_is_refused(
    line: str, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(line, words, monkeypatch, capsys)


def refused(
    line: str, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))
    try:
        status: object = main(" ".join(line.split()).replace("MODEL", " ".join(MODEL)).split())
    except SystemExit as stopped:
        status = stopped.code
    out, err = capsys.readouterr()
    assert status == 2
    message = out + err  # a review lists in its report what it cannot compare
    assert re.search(".*".join(map(re.escape, words)), message, re.DOTALL), message
    assert "Traceback" not in message
    assert "<unicode string>" not in message
    assert "codec" not in message
