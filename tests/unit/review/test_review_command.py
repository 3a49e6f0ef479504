"""`cdk-inference review`: whole outputs, exit statuses, every format, and input that is none."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.cli import main
from cdk_inference.core.pages import page
from cdk_inference.template.lines import line_of
from tests.each import each
from tests.support import ROOT
from tests.synthesized import fleet
from tests.unit.pricing.test_estimate_command import YAML_PARTS
from tests.unit.review.sarif import LOG
from tests.unit.review.transitions import cases, stacks
from tests.unit.template.test_hosting import WHOLE
from tests.unit.template.test_wrong_shapes import JSON, wounded

DATA = ROOT / "tests/data"
TODAY = datetime.date(2026, 11, 24)
SCHEMA = json.loads((ROOT / "docs/review.schema.json").read_text())
FORMATS = ("table", "markdown", "json", "html", "sarif")


@pytest.fixture(autouse=True)
def no_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """(status, stdout, stderr)"""
    status = main(["review", *map(str, arguments)], today=TODAY)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


BASE = """\
Parameters:
  Password: {Type: String}
Resources:
  Uploads: {Type: AWS::S3::Bucket}
  Done: {Type: AWS::SNS::Topic, Properties: {DisplayName: done}}
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants: [{VariantName: main, ModelName: m, InstanceType: ml.g6.xlarge, InitialInstanceCount: 1}]
  Chat:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointName: chat, EndpointConfigName: !GetAtt Config.EndpointConfigName}
"""
HEAD = """\
Parameters:
  Password: {Type: String}
Metadata:
  CdkInference:
    acknowledge:
      - {rule: replaced, logical_id: Done, reason: "nobody | *listens*, @team", expires: "2026-12-31"}
Resources:
  Done: {Type: AWS::SNS::Topic, Properties: {TopicName: done, DisplayName: !Ref Password}}
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants: [{VariantName: main, ModelName: m, InstanceType: ml.g6.xlarge, InitialInstanceCount: 3}]
  Chat:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointName: chat, EndpointConfigName: !GetAtt Config.EndpointConfigName}
"""
# ml.g6.xlarge: 1.127 US dollars an hour, by 730 hours 822.71 a month; three of them 2468.13.
TABLE = """\
NOT OK: monthly cost +$1,645.42 (+200 %), no limit set; 1 error, 1 note; 1 acknowledged; 1 not compared; 1 stack

Acknowledged in this change:
  warning replaced: main/Done: It is replaced, since TopicName (nothing to done) cannot be changed. Reason: nobody | *listens*, @team (until 2026-12-31)

ERROR data-removed: main/Uploads (AWS::S3::Bucket)
  The bucket is removed, and its DeletionPolicy is Delete.
  Data lost: its objects, if auto-delete empties it; CloudFormation cannot delete a bucket that is not empty, which then stays outside the stack.
  Instead: first deploy DeletionPolicy: Retain by itself; then remove it, and it stays outside the stack.

NOTE endpoint-updated: main/Chat (AWS::SageMaker::Endpoint)
  InitialInstanceCount of the variant main changes from 1 to 3.
  Blue/green: a new endpoint config; SageMaker replaces the instances as DeploymentConfig defines, by a second fleet or, rolling, in batches; the endpoint keeps serving.
  The count is in the endpoint config, so the fleet is replaced, not grown.

Costs before and after:
  resource                      $/month at minimum            at maximum  change at minimum  at maximum
  chat                        $822.71 to $2,468.13  $822.71 to $2,468.13         +$1,645.42  +$1,645.42
  total, including unchanged  $822.71 to $2,468.13  $822.71 to $2,468.13         +$1,645.42  +$1,645.42

Acknowledged:
  new in this change: warning replaced: main/Done: nobody | *listens*, @team (until 2026-12-31)

Not compared:
  main/Done, DisplayName: the parameter Password has no default

Validation report: none found (cdk synth writes one)
Rules: https://github.com/your-organization/cdk-inference/blob/main/docs/review.md
"""


@pytest.fixture
def sides(tmp_path: Path) -> tuple[object, ...]:
    """--base and --head, two folders with a template each."""
    for name, text in (("base", BASE), ("head", HEAD)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.yaml").write_text(text)
    return ("--base", tmp_path / "base", "--head", tmp_path / "head", "--region", "us-east-1")


def test_the_whole_table(sides: tuple[object, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, *sides) == (1, TABLE, "")


@each(
    ("arguments", "status", "verdict"),
    [
        ((), 1, "NOT OK"),
        (("--fail-on", "note"), 1, "NOT OK"),
        (("--fail-on", "never"), 0, "NOT OK"),
    ],
)
def test_what_to_fail_on(
    sides: tuple[object, ...],
    arguments: tuple[str, ...],
    status: int,
    verdict: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found, out, _ = run(capsys, *sides, *arguments)
    assert (found, out.partition(":")[0]) == (status, verdict)


@pytest.mark.parametrize(
    ("fail_on", "status", "verdict"),
    [("error", 0, "NO ERRORS"), ("warning", 0, "NO ERRORS"), ("note", 1, "NOT OK"), ("never", 0, "NO ERRORS")],
)
def test_a_note_is_fine_unless_it_is_to_fail_on(
    fail_on: str,
    status: int,
    verdict: str,
    sides: tuple[object, ...],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "base/main.yaml").write_text(HEAD)
    (tmp_path / "head/main.yaml").write_text(HEAD.replace("InitialInstanceCount: 3", "InitialInstanceCount: 4"))
    found, out, _ = run(capsys, *sides, "--fail-on", fail_on)
    assert (found, out.partition(":")[0]) == (status, verdict)


@each("kind", FORMATS)
def test_every_format_begins_with_or_holds_the_headline(
    kind: str, sides: tuple[object, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, *sides, "--format", kind)
    text = out if kind == "sarif" else out.splitlines()[0]
    assert TABLE.splitlines()[0] in text.replace("\\$", "$")


def test_json_is_what_the_schema_says(sides: tuple[object, ...], capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, *sides, "--format", "json", "--max-increase-usd", "2000", "--max-increase-percent", "10")
    found = json.loads(out)
    jsonschema.validate(found, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert found["cost"]["total"]["after"]["maximum"] == {"usd_per_month": 2468.13, "at_least": False}
    assert [(one["rule"], one["logical_id"]) for one in found["findings"]] == [
        ("cost-increase", ""),
        ("data-removed", "Uploads"),
        ("endpoint-updated", "Chat"),
    ]
    assert found["findings"][0]["means"] == "above the limit of 10 %"


def test_sarif_is_what_the_standard_demands(sides: tuple[object, ...], capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, *sides, "--format", "sarif")
    log = json.loads(out)
    jsonschema.validate(log, LOG, cls=jsonschema.Draft202012Validator)
    (only,) = log["runs"]
    names = [rule["id"] for rule in only["tool"]["driver"]["rules"]]
    assert all(names[result["ruleIndex"]] == result["ruleId"] for result in only["results"])
    places = [
        (
            result["ruleId"],
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            result["locations"][0]["physicalLocation"]["region"]["startLine"],
            result.get("suppressions", [{}])[0].get("justification"),
        )
        for result in only["results"]
    ]
    assert places == [
        ("data-removed", "head/main.yaml", 1, None),
        ("endpoint-updated", "head/main.yaml", 13, None),
        ("replaced", "head/main.yaml", 8, "nobody | *listens*, @team"),
    ]
    assert only["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == (
        "Not compared: main/Done, DisplayName: the parameter Password has no default"
    )


@pytest.mark.usefixtures("sides")
def test_sarif_names_files_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a b").mkdir()
    shutil.move(tmp_path / "head", tmp_path / "a b/head")
    _, out, _ = run(capsys, "--base", "base", "--head", "a b/head", "--format", "sarif", "--region", "us-east-1")
    (only,) = json.loads(out)["runs"]
    uris = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in only["results"]}
    assert uris == {"a%20b/head/main.yaml"}


@each(
    ("text", "logical_id", "line"),
    [
        ("Resources:\n  A:\n    Type: x\n  B: {Type: x}\n", "B", 4),
        ('Resources:\n  "A":\n    Properties:\n      B: 1\n', "B", 1),
        ('{\n "Outputs": {\n  "A": {}\n },\n "Resources": {\n  "B": {},\n  "A": {}\n }\n}', "A", 7),
        ('{\n "Resources": {\n  "B": {}\n },\n "Outputs": {\n  "A": {}\n }\n}', "A", 1),
        ('{"Resources": {"A": {}}}', "A", 1),
        ("Resources:\n\n  # A:\n  A:\n", "A", 4),
        ('{"Resources": {"A": {"Type": "T"},\n"B": {"Properties": {"A": 1}}}}', "B", 2),
        ('{"Outputs": {"A": 1},\n "Resources": {"A": {}}}', "A", 2),
        ('{"Resources":\n{"Fn::ForEach::X": ["L", ["a"],\n{"A${L}": {}}]}}', "Aa", 3),
        ("Resources: {A: {Type: T},\n  B: {Type: T}}", "B", 2),
        ("Resources:\n  Fn::ForEach::X:\n    - L\n    - [a]\n    - A${L}: {Type: T}\n", "Aa", 5),
        ("Resources:\n  Ask:\n    Type: AWS::Serverless::Function\n  As: {}\n", "AskRole", 2),
    ],
)
def test_the_line_of_a_logical_id(text: str, logical_id: str, line: int, tmp_path: Path) -> None:
    (tmp_path / "t").write_text(text)
    assert line_of(tmp_path / "t", logical_id) == line


def test_a_stack_that_is_gone_is_no_saving(
    sides: tuple[object, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(tmp_path / "base/main.yaml", tmp_path / "base/other.yaml")
    (tmp_path / "head/main.yaml").write_text(BASE)
    _, out, _ = run(capsys, *sides)
    assert out.splitlines()[0] == "OK: 1 warning; 2 stacks"


def test_markdown_calls_nobody_and_has_no_markup_of_others(
    sides: tuple[object, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, *sides, "--format", "markdown")
    (line,) = [line for line in out.splitlines() if line.startswith("- warning replaced")]
    assert line.endswith("Reason: nobody \\| \\*listens\\*, @\u200bteam (until 2026-12-31)")


def many(count: int, size: int) -> str:
    rows = "".join(
        f"  B{number}: {{Type: AWS::Logs::LogGroup, Properties: {{RetentionInDays: {size}}}}}\n"
        for number in range(count)
    )
    return f"Resources:\n{rows}"


def test_markdown_is_short_whatever_was_found(
    sides: tuple[object, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unknown = "".join(
        f"  U{n}: {{Type: AWS::SNS::Topic, Properties: {{DisplayName: !Ref P{{}}}}}}\n" for n in range(40)
    )
    parameters = "Parameters: {P1: {Type: String}, P2: {Type: String}}\n"
    (tmp_path / "base/main.yaml").write_text(parameters + many(200, 30) + unknown.replace("P{}", "P1"))
    (tmp_path / "head/main.yaml").write_text(parameters + many(200, 7) + unknown.replace("P{}", "P2"))
    _, out, _ = run(capsys, *sides, "--format", "markdown")
    assert len(out.splitlines()) <= 60
    assert sum("retention-shortened" in line for line in out.splitlines()) == 1
    assert "- Not compared: main/U0, DisplayName and 39 more: the parameter P1 has no default." in out.splitlines()


def test_html_holds_nothing_of_others_as_markup(
    sides: tuple[object, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "<script>alert(1)</script>"
    (tmp_path / "base/main.yaml").write_text(f'Resources: {{"{name}": {{Type: AWS::S3::Bucket}}}}')
    (tmp_path / "head/main.yaml").write_text("Resources: {}")
    _, out, _ = run(capsys, *sides, "--format", "html")
    assert "<script" not in out
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in out
    assert set(re.findall(r"""(?:src|href)=|https?://[^"]+|@import|url\(""", out)) == {
        "href=",
        page("review", "data-removed"),
    }


@each(
    ("make", "message"),
    [
        (
            lambda at: ("--base", at / "none"),
            "review: --base: got '{at}/none'; allowed: a folder or file that exists; "
            "fix: name a folder that `cdk synth` wrote, or one with templates",
        ),
        (
            lambda at: ("--base", at),
            "review: --base: got '{at}'; allowed: a folder with templates (.json, .yaml, .yml, .template); "
            "fix: name a folder that `cdk synth` wrote, or one with templates",
        ),
        (
            lambda at: ("--base", at / "text.json"),
            """review: --base: got '{at}/text.json'; allowed: a template: an object with "Resources"; """
            "fix: name a folder that `cdk synth` wrote, or one with templates",
        ),
        (
            lambda _: ("--base", DATA / "by_hand.yaml", "--max-increase-usd", "-1"),
            "review: --max-increase-usd: got -1.0; allowed: a number above 0, at most 1e+12; "
            "fix: write 0 or US dollars for a month",
        ),
    ],
)
def test_what_cannot_be_done_is_said(
    make: Any, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = make(tmp_path)
    if "text.json" in str(arguments):
        (tmp_path / "text.json").write_text("{}")
    told = f"cdk-inference: {message.replace('{at}', str(tmp_path))}\n"
    assert run(capsys, *arguments, "--head", DATA / "by_hand.yaml") == (2, "", told)


SECRET = """\
Parameters:
  Token: {Type: String, NoEcho: true}
Resources:
  Model: {Type: AWS::SageMaker::Model, Properties: {PrimaryContainer: {Image: i, Environment: {TOKEN: !Ref Token}}}}
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants: [{VariantName: main, ModelName: !GetAtt Model.ModelName, InstanceType: ml.g6.xlarge, InitialInstanceCount: 1}]
  Chat: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointName: chat, EndpointConfigName: !GetAtt Config.EndpointConfigName}}
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Ref Token}}
  Topic: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: https, Endpoint: !Sub "https://pager.example.com/${Token}"}]}}
  Alarm: {Type: AWS::CloudWatch::Alarm, Properties: {MetricName: m, AlarmActions: [!Ref Topic]}}
"""


@each("form", FORMATS)
def test_a_value_that_is_not_to_be_shown_stands_in_no_format(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base, head = tmp_path / "base.yaml", tmp_path / "head.yaml"
    base.write_text(SECRET)
    head.write_text(SECRET.replace("TOKEN: !Ref Token", "OTHER: x").replace("!Ref Token", '!Sub "${Token}x"'))
    head.write_text(head.read_text().replace("example.com/", "example.org/"))
    sides = ("--base", base, "--head", head, "--region", "us-east-1")
    status, out, err = run(capsys, *sides, "--format", form, "--parameters", "Token=hunter2hunter2")
    assert status == 1
    assert "endpoint-updated" in out
    assert "hunter2" not in out + err


def test_single_files_are_compared_whatever_they_are_called(
    sides: tuple[object, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del sides
    deployed = tmp_path / "deployed.yaml"
    shutil.copy(tmp_path / "base/main.yaml", deployed)
    status, out, _ = run(capsys, "--base", deployed, "--head", tmp_path / "head/main.yaml", "--region", "us-east-1")
    assert (status, out) == (1, TABLE)


@pytest.mark.xdist_group("synthesized")
@each("environment", ["dev", "prod"])
def test_the_example_fleet_against_itself(environment: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = fleet(environment).folder
    status, out, _ = run(capsys, "--base", folder, "--head", folder)
    assert (status, out.splitlines()[0].partition(";")[0]) == (0, "OK: no findings")


@each("kind", FORMATS)
@each("name", ["alpha.template.json", "generative.template.json", "by_hand.yaml"])
def test_templates_of_others_against_themselves_and_nothing(
    name: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.json").write_text('{"Resources": {}}')
    file, empty = DATA / name, tmp_path / "empty.json"
    for base, head in ((file, file), (empty, file), (file, empty)):
        status, out, err = run(capsys, "--base", base, "--head", head, "--region", "us-east-1", "--format", kind)
        assert (status in (0, 1), bool(out), err) == (True, True, "")


@each(
    ("name", "was", "becomes", "expected"),
    [
        # Autoscaled by the library, on the first of two variants.
        ("alpha.template.json", "ml.g5.xlarge", "ml.g6.xlarge", ["error endpoint-update-fails Endpoint8024A810"]),
        (
            "generative.template.json",
            '"EndpointName": "mistral"',
            '"EndpointName": "other"',
            ["error endpoint-gone mistralaiMistral7BInstructv01endpointChat"],
        ),
        (
            "by_hand.yaml",
            "EndpointName: !Sub ${AWS::StackName}-embed",
            "EndpointName: !Sub ${AWS::StackName}-encode",
            ["error endpoint-gone Embed"],
        ),
    ],
)
def test_changes_of_templates_of_others(
    name: str, was: str, becomes: str, expected: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (DATA / name).read_text()
    assert was in text
    (tmp_path / name).write_text(text.replace(was, becomes))
    _, out, _ = run(
        capsys, "--base", DATA / name, "--head", tmp_path / name, "--region", "us-east-1", "--format", "json"
    )
    found = json.loads(out)["findings"]
    assert [f"{one['level']} {one['rule']} {one['logical_id']}" for one in found if one["level"] == "error"] == expected


@pytest.mark.xdist_group("synthesized")
def test_a_half_written_assembly_is_not_compared_in_silence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = tmp_path / "head"
    shutil.copytree(fleet("dev").folder, head)
    (head / "inference-dev-models.template.json").unlink()
    status, out, _ = run(capsys, "--base", fleet("dev").folder, "--head", head)
    assert (status, out.partition(":")[0]) == (2, "NOT COMPARED")
    never, told, _ = run(capsys, "--base", fleet("dev").folder, "--head", head, "--fail-on", "never")
    assert (never, told) == (0, out)
    told = [line.strip() for line in out.splitlines() if "inference-dev-models" in line]
    assert told == [
        f"{head}/inference-dev-models.template.json is missing; run `cdk synth` first, or name the folder it wrote",
        "inference-dev-fleet/Alarms04B5A0BF, KmsMasterKeyId and 17 more: the stack inference-dev-models is not among what was read",
        "inference-dev-models: it is not among the resources that could be read of head",
    ]


def test_a_broken_manifest_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "manifest.json").write_text("{")
    status, out, err = run(capsys, "--base", DATA / "by_hand.yaml", "--head", tmp_path)
    assert (status, out) == (2, "")
    assert err.startswith(f"cdk-inference: {tmp_path}/manifest.json cannot be read: ")


def test_a_broken_template_is_said(
    sides: tuple[object, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "head/other.yaml").write_text("Resources: [")
    (tmp_path / "base/package.json").write_text('{"name": "no template"}')
    status, out, _ = run(capsys, *sides)
    assert status == 1
    assert any(
        line.startswith(f"  other: {tmp_path}/head/other.yaml is neither JSON nor YAML") for line in out.splitlines()
    )


@given(st.sampled_from(FORMATS), wounded(WHOLE) | JSON, wounded(WHOLE) | JSON)
def test_any_two_templates_are_reviewed_or_refused(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str], kind: str, one: Any, other: Any
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name, value in (("base", one), ("head", other)):
        (folder / name).mkdir()
        (folder / name / "t.json").write_text(json.dumps(value))
    arguments = ("--base", folder / "base", "--head", folder / "head", "--region", "us-east-1", "--format", kind)
    status, out, err = run(capsys, *arguments)
    assert status in (0, 1, 2)
    assert bool(out) != bool(err)
    if out and kind == "json":
        jsonschema.validate(json.loads(out), SCHEMA, cls=jsonschema.Draft202012Validator)
    if out and kind == "sarif":
        jsonschema.validate(json.loads(out), LOG, cls=jsonschema.Draft202012Validator)
    if out and kind == "markdown":
        assert len(out.splitlines()) <= 60


TEMPLATES = st.deferred(
    lambda: st.sampled_from([template for case in cases() for side in case.sides for template in stacks(side).values()])
)


@given(TEMPLATES.flatmap(wounded), TEMPLATES.flatmap(wounded))
def test_any_two_wounded_transitions_are_reviewed(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str], one: Any, other: Any
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name, value in (("base.json", one), ("head.json", other)):
        (folder / name).write_text(json.dumps(value))
    status, out, err = run(
        capsys, "--base", folder / "base.json", "--head", folder / "head.json", "--region", "us-east-1"
    )
    assert status in (0, 1, 2)
    assert bool(out) != bool(err)


@given(*(st.lists(st.sampled_from(YAML_PARTS), max_size=14).map("".join) for _ in range(2)))
def test_any_two_yaml_texts_are_reviewed_or_refused(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str], one: str, other: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name, text in (("base.yaml", one), ("head.yaml", other)):
        (folder / name).write_text("Resources:\n  A: " + text)
    status, out, err = run(capsys, "--base", folder / "base.yaml", "--head", folder / "head.yaml")
    assert status in (0, 1, 2)
    assert bool(out) != bool(err)


RECURSIVE = """\
Resources:
  Data: &data
    Type: AWS::S3::Bucket
    Metadata: *data
    Properties: &properties {BucketName: one, Tags: [*properties]}
"""


def test_a_template_that_holds_itself_is_said(
    sides: tuple[object, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "base/main.yaml").write_text(RECURSIVE)
    (tmp_path / "head/main.yaml").write_text(RECURSIVE.replace("one", "two"))
    _, out, _ = run(capsys, *sides)
    why = "is neither JSON nor YAML: line 2: the value contains an alias of itself; name a template"
    assert f"  main: {tmp_path}/head/main.yaml {why}" in out.splitlines()


def test_the_command_loads_neither_the_cdk_nor_boto3_nor_yaml_nor_cfn_lint() -> None:
    file = DATA / "alpha.template.json"
    code = (
        "import sys; from cdk_inference.cli import main; "
        f"main(['review', '--base', {str(file)!r}, '--head', {str(file)!r}]); "
        "print(sorted({'aws_cdk', 'jsii', 'boto3', 'botocore', 'yaml', 'cfnlint', 'cdk_inference.cli.formatters.html'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
