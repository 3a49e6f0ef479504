"""`cdk-inference check`: what it prints, its exit status, and bad input."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cdk_inference.cli import main
from cdk_inference.core.pages import page
from cdk_inference.template.load import load_object
from tests.each import each
from tests.unit.review.sarif import LOG

DATA = Path(__file__).parents[2] / "data"
PEERS = ("alpha.template.json", "generative.template.json")
INCOMPLETE = """\
Parameters: {Type: {Type: String}}
Resources:
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - VariantName: v
          ModelName: llama
          InstanceType: !Ref Type
          RoutingConfig: {RoutingStrategy: PREFIX_AWARE, PrefixAwareRoutingConfig: {PrefixLength: 4096}}
"""
SAYS = [
    "ERROR prefix-concurrency: incomplete/Config "
    "ProductionVariants[0].RoutingConfig.PrefixAwareRoutingConfig.ConcurrencyThreshold",
    "  Got nothing; allowed: a value, where RoutingStrategy is PREFIX_AWARE.",
    "  Fix: add it: the requests in flight (1 to 1024) at which an instance's requests go to another one.",
    "  AWS: Required when RoutingStrategy is PREFIX_AWARE. https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
    "API_PrefixAwareRoutingConfig.html (botocore 1.44.5, sagemaker, PrefixAwareRoutingConfig.ConcurrencyThreshold)",
]
# The rules that read the instance type; its parameter has no default.
UNKNOWN = (
    "  incomplete/Config ProductionVariants[0]: InstanceType: the parameter Type has no default "
    "(region-lists-type, host-image-unset)"
)


@pytest.fixture(autouse=True)
def no_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)


@pytest.fixture
def incomplete(tmp_path: Path) -> str:
    file = tmp_path / "incomplete.yaml"
    file.write_text(INCOMPLETE)
    return str(file)


@pytest.fixture
def complete(incomplete: str) -> str:
    """The same without a violation."""
    Path(incomplete).write_text(INCOMPLETE.replace("Length: 4096", "Length: 4096, ConcurrencyThreshold: 8"))
    return incomplete


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main(["check", *map(str, arguments)])
    out, err = capsys.readouterr()
    return status, out, err


def test_a_violation_has_place_fix_words_and_source(capsys: pytest.CaptureFixture[str], incomplete: str) -> None:
    status, out, _ = run(capsys, incomplete, "--region", "us-east-1")
    assert status == 1
    first, *lines = out.splitlines()
    assert first.startswith("NOT OK: 1 error; 2 not checked; 1 resource in 1 stack against ")
    assert lines == [
        "",
        *SAYS,
        "",
        "Not checked:",
        UNKNOWN,
        "",
        "Rules: https://github.com/your-organization/cdk-inference/blob/main/docs/rules.md",
    ]


def test_a_parameter_that_is_given_is_checked(capsys: pytest.CaptureFixture[str], incomplete: str) -> None:
    _, out, _ = run(
        capsys, incomplete, "--region", "us-east-1", "--parameters", "Type=ml.trn2.48xlarge", "--format", "json"
    )
    found = json.loads(out)
    assert [one["rule"] for one in found["violations"]] == ["prefix-concurrency", "region-lists-type"]
    assert [(one["rule"], one["why"]) for one in found["not_checked"]] == [
        ("host-image-unset", "its model llama is not among what was read")
    ]


def test_one_rule_alone(capsys: pytest.CaptureFixture[str], incomplete: str) -> None:
    status, out, _ = run(capsys, incomplete, "--rule", "prefix-length")
    assert (status, out.splitlines()[0]) == (0, "OK: no findings; 1 resource in 1 stack against 1 rule")


@pytest.mark.parametrize(
    ("arguments", "status", "verdict"),
    [
        (["--region", "us-east-1"], 3, "NOT ALL CHECKED: no findings; 2 not checked; 1 resource"),
        (["--region", "us-east-1", "--fail-on", "never"], 0, "NOT ALL CHECKED: no findings; 2 not checked; "),
        (["--parameters", "Type=ml.g5.xlarge"], 3, "NOT ALL CHECKED: no findings; 2 not checked; 1 resource"),
        (["--parameters", "Type=ml.g5.xlarge", "--region", "us-east-1"], 3, "NOT ALL CHECKED: no findings; 1 not "),
    ],
    ids=["a parameter", "never to fail", "a region", "a model of another stack"],
)
def test_what_is_not_known_is_not_passed(
    capsys: pytest.CaptureFixture[str], complete: str, arguments: list[str], status: int, verdict: str
) -> None:
    found, out, _ = run(capsys, complete, *arguments)
    assert found == status
    assert out.startswith(verdict)


ACKNOWLEDGED = """\
Metadata:
  CdkInference:
    acknowledge:
      - {rule: prefix-concurrency, logical_id: Config, reason: the default is tried in June%s}
      - {rule: region-lists-type, logical_id: Config, reason: the pipeline sets Type}
      - {rule: host-image-unset, logical_id: Config, reason: the model is made elsewhere}
"""


def test_what_is_acknowledged_is_listed_and_does_not_fail(capsys: pytest.CaptureFixture[str], incomplete: str) -> None:
    Path(incomplete).write_text(ACKNOWLEDGED % ', expires: "2026-11-29"' + INCOMPLETE)
    for format in ("table", "json", "sarif"):
        assert main(["check", incomplete, "--format", format], today=datetime.date(2026, 11, 29)) == 0
        out = capsys.readouterr().out
        if format == "table":
            first, *lines = out.splitlines()
            assert first.startswith("OK: no findings; 3 acknowledged; 1 resource in 1 stack against ")
            place = "incomplete/Config ProductionVariants[0]"
            assert lines == [
                "",
                "Acknowledged:",
                f"  prefix-concurrency: {place}.RoutingConfig.PrefixAwareRoutingConfig.ConcurrencyThreshold: the default "
                "is tried in June (until 2026-11-29)",
                f"  region-lists-type: not checked, {place}: the pipeline sets Type",
                f"  host-image-unset: not checked, {place}: the model is made elsewhere",
                "",
                f"Rules: {page('rules')}",
            ]
        elif format == "json":
            found = json.loads(out)["acknowledged"]
            assert [(one["rule"], one["checked"], one["expires"]) for one in found] == [
                ("prefix-concurrency", True, "2026-11-29"),
                ("region-lists-type", False, None),
                ("host-image-unset", False, None),
            ]
        else:
            jsonschema.validate(json.loads(out), LOG)
            (result,) = json.loads(out)["runs"][0]["results"]
            assert result["suppressions"][0]["justification"] == "the default is tried in June"


def test_an_expired_acknowledgement_fails(capsys: pytest.CaptureFixture[str], incomplete: str) -> None:
    Path(incomplete).write_text(ACKNOWLEDGED % ', expires: "2026-11-29"' + INCOMPLETE)
    assert main(["check", incomplete], today=datetime.date(2026, 11, 30)) == 1
    out = capsys.readouterr().out
    assert out.startswith("NOT OK: 1 error; 2 acknowledged; ")
    assert (
        "Acknowledgements without effect:\n  incomplete: that of prefix-concurrency for Config expired on 2026-11-29; "
        "its reason: the default is tried in June\n"
    ) in out


@pytest.mark.parametrize(
    ("entry", "useless"),
    [
        ("{rule: prefix-concurrency, reason: why}", "prefix-concurrency for no logical id matches nothing"),
        ("{rule: prefix-concurrency, logical_id: Other, reason: why}", "prefix-concurrency for Other matches nothing"),
        ("{rule: prefix-length, logical_id: Config, reason: why}", "prefix-length for Config matches nothing"),
        ("{rule: prefix-concurrency, logical_id: Config}", "an invalid acknowledgement: entry 1 has no reason"),
        ("{rule: data-removed, logical_id: Config, reason: a rule of the review}", ""),
    ],
)
def test_an_acknowledgement_of_something_else(
    capsys: pytest.CaptureFixture[str], incomplete: str, entry: str, useless: str
) -> None:
    Path(incomplete).write_text(f"Metadata: {{CdkInference: {{acknowledge: [{entry}]}}}}\n{INCOMPLETE}")
    status, out, _ = run(capsys, incomplete)
    assert status == 1
    assert useless in out
    assert ("without effect" in out) == bool(useless)


def test_a_nested_stack_that_was_not_read_is_acknowledged(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    template = """\
Metadata: {CdkInference: {acknowledge: [{rule: every-rule, logical_id: %s, reason: its own pipeline checks it}]}}
Resources: {Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: https://s3.amazonaws.com/b/i.yaml}}}
"""
    for logical_id, expected in (("Inner", 0), ("Outer", 3)):
        (tmp_path / "outer.yaml").write_text(template % logical_id)
        status, out, _ = run(capsys, tmp_path / "outer.yaml")
        assert status == expected
        assert ("every-rule for Outer matches nothing" in out) == (logical_id == "Outer")


@pytest.mark.parametrize(
    ("path", "id", "status"),
    [
        ("/Plain/Config", "InferenceRules::prefix-concurrency", 3),
        ("/Plain", "InferenceRules::prefix-concurrency", 3),
        ("/Plain/Conf", "InferenceRules::prefix-concurrency", 1),
        ("/Plain/Config", "InferenceRules::prefix-length", 1),
        ("/Plain/Config", "AwsSolutions::prefix-concurrency", 1),
    ],
)
def test_what_the_cdk_recorded_as_acknowledged(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, incomplete: str, path: str, id: str, status: int
) -> None:
    metadata = {
        path: [{"type": "aws:cdk:acknowledged-rules", "data": {id: "tried in June"}}],
        "/Plain/Other": [{"type": "aws:cdk:logicalId", "data": "Other"}],
    }
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "t.json"}, "metadata": metadata}
    (tmp_path / "cdk").mkdir()
    (tmp_path / "cdk/manifest.json").write_text(json.dumps({"artifacts": {"Plain": stack}}))
    template = load_object(Path(incomplete), "a template")
    template["Resources"]["Config"]["Metadata"] = {"aws:cdk:path": "Plain/Config"}
    (tmp_path / "cdk/t.json").write_text(json.dumps(template))
    found, out, _ = run(capsys, tmp_path / "cdk")
    assert found == status
    assert ("ConcurrencyThreshold: tried in June" in out) == (status == 3)


@each(("level", "expected"), [("error", 0), ("warning", 1), ("never", 0)])
def test_warnings_fail_where_they_are_to(capsys: pytest.CaptureFixture[str], level: str, expected: int) -> None:
    status, out, _ = run(capsys, DATA / PEERS[0], "--region", "us-east-1", "--fail-on", level)
    assert status == expected
    assert "WARNING host-image-unset: alpha/ConfigEndpointConfigAC70824B ProductionVariants[0]" in out


def test_peers_and_yaml_by_hand_in_one_run(capsys: pytest.CaptureFixture[str]) -> None:
    files = [DATA / name for name in (*PEERS, "by_hand.yaml")]
    status, out, _ = run(capsys, *files, "--region", "us-east-1", "--format", "json")
    found = json.loads(out)
    assert (status, found["verdict"], found["stacks"]) == (3, "NOT ALL CHECKED", 3)
    assert [(one["rule"], one["logical_id"]) for one in found["violations"]] == [
        ("host-image-unset", "ConfigEndpointConfigAC70824B")
    ]
    # The models of the template by hand are made elsewhere.
    assert [(one["rule"], one["logical_id"], one["why"]) for one in found["not_checked"]] == [
        ("host-image-unset", "ChatConfig", "its model llama is not among what was read"),
        ("host-image-unset", "EmbedConfig", "its model embed is not among what was read"),
    ]


def test_names_are_compared_across_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for name in ("a", "b"):
        endpoint = {"Type": "AWS::SageMaker::Endpoint", "Properties": {"EndpointName": "x", "EndpointConfigName": "c"}}
        (tmp_path / f"{name}.json").write_text(json.dumps({"Resources": {"Endpoint": endpoint}}))
    files = [tmp_path / "a.json", tmp_path / "b.json"]
    for paths in (files, [tmp_path]):
        status, out, _ = run(capsys, *paths, "--region", "us-east-1", "--rule", "endpoint-name")
        assert status == 1
        assert "Got x, which b/Endpoint has too; allowed: a name of its own in the region." in out


def test_sarif_is_what_the_standard_demands(capsys: pytest.CaptureFixture[str], incomplete: str) -> None:
    _, out, _ = run(capsys, incomplete, "--format", "sarif")
    log: dict[str, Any] = json.loads(out)
    jsonschema.validate(log, LOG)
    (found,) = log["runs"]
    (result,) = found["results"]
    assert found["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "prefix-concurrency"
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}
    left = [one["message"]["text"] for one in found["invocations"][0]["toolExecutionNotifications"]]
    # Brackets make links in SARIF unless they are escaped.
    assert left == ["Not checked: " + UNKNOWN.strip().replace("[0]", "\\[0\\]")]


def test_a_template_in_a_folder_that_cannot_be_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, incomplete: str
) -> None:
    Path(incomplete).write_text(INCOMPLETE.replace("Length: 4096", "Length: 4096, ConcurrencyThreshold: 8"))
    (tmp_path / "broken.yaml").write_text("Resources: {")
    status, out, _ = run(capsys, tmp_path)
    assert status == 2
    assert out.startswith("NOT READ: no findings; ")
    (line,) = (line for line in out.splitlines() if "broken.yaml" in line)
    assert line.startswith(f"  {tmp_path / 'broken.yaml'} is neither JSON nor YAML: ")


@each(
    ("make", "arguments", "message"),
    [
        ("", ["nowhere.yaml"], "nowhere.yaml is missing; name a file or a folder that exists"),
        (
            "empty/",
            ["empty"],
            "empty has neither manifest.json nor a template; run `cdk synth` first, or name another folder",
        ),
        (
            "good.yaml",
            ["good.yaml", "--parameters", "Typ=ml.g5.xlarge"],
            "--parameters: Typ: got 'ml.g5.xlarge'; allowed: Type; fix: write Type",
        ),
        ("broken.json", ["broken.json"], "broken.json is neither JSON nor YAML: "),
        ("good.yaml", ["good.yaml", "broken.json"], "broken.json is missing; name a file or a folder that exists"),
        (
            "good.yaml",
            ["good.yaml", "--rule", "prefix-lenght"],
            "check: --rule: got 'prefix-lenght'; allowed: a rule of https://github.com/your-organization/cdk-inference/blob/main/docs/rules.md; fix: write prefix-length",
        ),
        (
            "good.yaml",
            ["good.yaml", "--rule", "x"],
            "check: --rule: got 'x'; allowed: a rule of https://github.com/your-organization/cdk-inference/blob/main/docs/rules.md; fix: copy the id from that page",
        ),
    ],
)
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make: str,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    if make.endswith("/"):
        (tmp_path / make).mkdir()
    elif make:
        (tmp_path / make).write_text('{"Resources": ' if make == "broken.json" else INCOMPLETE)
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith(f"cdk-inference: {message}")
    assert err.count("\n") == 1
