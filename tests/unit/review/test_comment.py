"""The comment on a pull request: what stands where, what is accepted in the change itself, and hostile texts."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest

from cdk_inference.cli import main
from cdk_inference.cli.formatters.base import clean, no_commands
from cdk_inference.cli.formatters.markdown_text import code, escaped
from cdk_inference.core.pages import page
from scripts.docs import _comments
from tests.each import each

TODAY = datetime.date(2026, 11, 24)
FORMATS = ("table", "markdown", "json", "html", "sarif")


def run(folder: Path, capsys: pytest.CaptureFixture[str], base: Any, head: Any, *options: str) -> tuple[int, str, str]:
    """(status, stdout, stderr) of the review of two templates."""
    files = [folder / f"{side}/main.json" for side in ("base", "head")]
    for file, template in zip(files, (base, head), strict=True):
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(template), encoding="utf-8")
    sides = [f"--base={files[0].parent}", f"--head={files[1].parent}", "--region=us-east-1"]
    status = main(["review", *sides, *options], today=TODAY)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_45_endpoints_are_told_in_60_lines_and_errors_come_first() -> None:
    lines = _comments.many_endpoints().splitlines()
    assert len(lines) <= 60
    # ml.g6.2xlarge 1.222 and ml.g6.4xlarge 1.654 US dollars an hour: 45 x 0.432 x 730 = 14191.20 of 40142.70 is 35 %.
    assert lines[0] == (
        "**NOT OK: monthly cost +\\$14,191.20 to +\\$115,018.80 (+35 % to +96 %), no limit set; 30 endpoint updates "
        "will fail; 30 errors, 45 notes; 1 stack**"
    )
    assert lines[2].startswith("- **[endpoint-update-fails](review.md#endpoint-update-fails)**: InstanceType of")
    folded = lines.index("<details><summary>45 notes</summary>")
    assert lines.index("| resource | \\$/month at minimum | at maximum | change at minimum | at maximum |") < folded
    # The advice once, and resources by their numbers.
    assert sum("Instead:" in line for line in lines) == 1
    assert "`fleet/Endpoint8`, `fleet/Endpoint10`" in lines[2]


def test_a_harmless_change_is_ok_and_folded() -> None:
    lines = _comments.harmless().splitlines()
    assert lines[:3] == ["**OK: 1 note; 1 stack**", "", "<details><summary>1 note</summary>"]


def config(count: int) -> dict[str, Any]:
    variant = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.g6.xlarge", "InitialInstanceCount": count}
    return {
        "C": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {"ProductionVariants": [variant]}},
        "E": {"Type": "AWS::SageMaker::Endpoint", "Properties": {"EndpointConfigName": {"Ref": "C"}}},
    }


@each(
    ("counts", "options", "start"),
    [
        ((1, 1000), (), "NO ERRORS: monthly cost +$821,887.29 (+99,900 %), no limit set; 1 note"),
        ((1, 2), ("--max-increase-usd=1000",), "OK: monthly cost +$822.71 (+100 %), within the limit; 1 note"),
        ((1, 2), ("--max-increase-usd=100",), "NOT OK: monthly cost +$822.71 (+100 %), above the limit of 100.00"),
        ((2, 1), (), "OK: monthly cost -$822.71 (-50 %); 1 note"),
    ],
)
def test_the_first_line_states_or_judges_what_it_costs(
    counts: tuple[int, int],
    options: tuple[str, ...],
    start: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """ml.g6.xlarge: 1.127 US dollars an hour, by 730 hours 822.71 a month."""
    before, after = ({"Resources": config(count)} for count in counts)
    _, out, _ = run(tmp_path, capsys, before, after, *options)
    assert out.startswith(start)


BUCKETS = {f"B{number}": {"Type": "AWS::S3::Bucket"} for number in range(1, 41)}
TOPIC = {"T": {"Type": "AWS::SNS::Topic"}}


def accepting(*buckets: str, reason: str = "empty", resources: Any = TOPIC) -> dict[str, Any]:
    entries = [{"rule": "data-removed", "logical_id": one, "reason": reason} for one in buckets]
    return {"Metadata": {"CdkInference": {"acknowledge": entries}}, "Resources": resources}


def test_what_a_change_accepts_for_itself_stands_first_and_in_full(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = {"Resources": {**TOPIC, **BUCKETS}}
    reasons = [accepting(name, reason=f"why {name}")["Metadata"]["CdkInference"]["acknowledge"][0] for name in BUCKETS]
    head = accepting()
    head["Metadata"]["CdkInference"]["acknowledge"] = reasons
    status, out, _ = run(tmp_path, capsys, base, head, "--format=markdown")
    lines = out.splitlines()
    assert (status, len(lines) <= 60) == (0, True)
    assert lines[0] == "**OK, with 40 errors acknowledged in this change: no findings; 40 acknowledged; 1 stack**"
    assert lines[2] == "**Acknowledged in this change, by its author:**"
    assert all(f"Reason: why {name}" in out for name in BUCKETS)


def test_one_reason_for_many_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(tmp_path, capsys, {"Resources": {**TOPIC, **BUCKETS}}, accepting(*BUCKETS), "--format=markdown")
    assert sum("Reason: empty" in line for line in out.splitlines()) == 1
    assert "main/B39, main/B40" in out


def test_what_was_accepted_before_is_not_new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = accepting("B1", resources={**TOPIC, "B1": BUCKETS["B1"]})
    status, out, _ = run(tmp_path, capsys, base, accepting("B1"), "--fail-on-new-acknowledgements")
    assert (status, out.splitlines()[0]) == (0, "OK: no findings; 1 acknowledged; 1 stack")


@each(
    ("options", "status", "verdict"),
    [
        ((), 0, "OK, with 1 error acknowledged in this change"),
        (("--fail-on-new-acknowledgements",), 1, "NOT OK"),
        (("--fail-on-new-acknowledgements", "--fail-on=never"), 0, "NOT OK"),
    ],
)
def test_a_team_can_have_new_acknowledgements_fail(
    options: tuple[str, ...], status: int, verdict: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = {"Resources": {**TOPIC, "B1": BUCKETS["B1"]}}
    found, out, _ = run(tmp_path, capsys, base, accepting("B1"), *options)
    assert (found, out.partition(":")[0]) == (status, verdict)


def test_a_reason_that_changes_is_new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = accepting("B1", reason="once", resources={**TOPIC, "B1": BUCKETS["B1"]})
    _, out, _ = run(tmp_path, capsys, base, accepting("B1", reason="again"), "--format=json")
    assert [(one["reason"], one["new"]) for one in json.loads(out)["acknowledged"]] == [("again", True)]


# Texts that call, lead away, mark, colour, command or turn around.
HOSTILE = (
    "@octo-org/security",
    "&#64;octo &commat;octo",
    "#1 octo/repo#2 GH-3 !4 octo@0123456789abcdef0123456789abcdef01234567",
    "https://evil.example www.evil.example mailto:a@b.example",
    "[c](javascript:alert(1)) ![i](x) <img src=x> <!-- -->",
    "a | b | c",
    "`code` ```",
    "**b** _i_ ~s~ $x$",
    "::set-output name=a::b",
    "##vso[task.complete result=Succeeded;]",
    "##[set-env name=A]b",
    "##teamcity[buildStop]",
    "\x1b[31mred\x1b]8;;https://evil\x07",
    "a\r\n::error::b\n/merge",
    "a\u202eb\u2066c\u200fd\u061ce",
    "a\u200bb\ufeffc\U000e0041d",
)


def hostile(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two templates with `text` wherever a template has text that a review shows."""
    entries = [{"rule": "data-removed", "logical_id": text, "reason": text}, {"rule": text, "reason": text}]
    variant = {"VariantName": text, "ModelName": text, "InstanceType": "ml.g6.xlarge", "InitialInstanceCount": 1}
    endpoint = {
        "C": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {"ProductionVariants": [variant]}},
        "E": {
            "Type": "AWS::SageMaker::Endpoint",
            "Properties": {"EndpointName": text, "EndpointConfigName": {"Ref": "C"}},
        },
    }
    base = {
        "Parameters": {text: {"Type": "String"}},
        "Resources": {
            text: {"Type": "AWS::S3::Bucket", "Metadata": {"aws:cdk:path": text}},
            f"{text}2": {"Type": "AWS::S3::Bucket", "Metadata": {"aws:cdk:path": text}},
            "Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": text}},
            "U": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "a"}},
            "R": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": text}},
            **endpoint,
        },
    }
    head = json.loads(json.dumps(base))
    del head["Resources"][text], head["Resources"][f"{text}2"]
    head["Metadata"] = {"CdkInference": {"acknowledge": entries}}
    head["Resources"]["Q"]["Properties"]["QueueName"] = f"{text}3"
    head["Resources"]["U"]["Properties"]["DisplayName"] = {"Ref": text}
    statement = {"Effect": "Allow", "Action": text, "Resource": text, "Condition": {"StringLike": {text: text}}}
    head["Resources"]["R"]["Properties"]["Policies"] = [
        {"PolicyName": text, "PolicyDocument": {"Statement": statement}}
    ]
    head["Resources"]["C"]["Properties"]["ProductionVariants"][0]["InitialInstanceCount"] = 2
    return base, head


UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff\U000e0000-\U000e007f]"
)


def check_any(out: str) -> None:
    """What holds of every format and message."""
    assert not UNSEEN.search(out)
    assert not [line for line in out.splitlines() if line.lstrip().startswith("::")]
    assert not re.search(r"##[a-zA-Z]*\[", out)


@each("text", HOSTILE)
def test_hostile_texts_do_nothing_in_any_format(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base, head = hostile(text)
    for name in FORMATS:
        _, out, err = run(tmp_path, capsys, base, head, f"--format={name}")
        assert err == ""
        check_any(out)
        if name == "markdown":
            check_markdown(out)
        if name == "html":
            own = re.sub(rf'<a href="{re.escape(page("review"))}#[a-z-]+">', "", out)  # links to rules
            assert not re.search(r"<(img|script|a)\b|https?://", own)
        if name == "sarif":
            messages = [one["message"]["text"] for one in json.loads(out)["runs"][0]["results"]]
            assert not [one for one in messages if re.search(r"(?<!\\)\[", one)]


def check_markdown(out: str) -> None:
    plain = re.sub(r"`[^`\n]*`", "code", out)
    assert not re.search(r"@\w", plain)
    assert not re.search(r"(?i)(https?|ftp|mailto):[^\u200b]|www\.", plain)
    assert not re.search(r"(#|GH-|!)\d", plain)
    assert not re.search(r"&(?!amp;|lt;|gt;)", plain)
    assert not re.search(r"<(?!/?details>|/?summary>)", plain)
    assert not [line for line in out.splitlines() if line.startswith("/")]
    tables = [line for line in plain.splitlines() if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} <= {6}


@each("text", HOSTILE)
def test_hostile_texts_do_nothing_in_messages(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = text.replace("/", "_").replace("\x00", "")
    assert main(["review", f"--base={tmp_path / name}", f"--head={tmp_path}"], today=TODAY) == 2
    check_any(capsys.readouterr().err)


def test_nothing_is_lost_but_what_harms() -> None:
    assert clean("Zürich 日本 naïve") == "Zürich 日本 naïve"
    assert no_commands("AWS::S3::Bucket\n  a::b") == "AWS::S3::Bucket\n  a::b"
    assert escaped("s3:GetObject on arn:aws:s3:::models") == "s3:GetObject on arn:aws:s3:::models"
    assert escaped("account 111122223333") == "account 111122223333"
    assert code("a`b") == "`a'b`"


STAGED = {
    "Parameters": {"Stage": {"Type": "String", "Default": "dev"}},
    "Conditions": {"Production": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
    "Resources": {**TOPIC, "B": {"Type": "AWS::S3::Bucket", "Condition": "Production"}},
}


@each(
    ("options", "start"),
    [
        ((), "OK: no findings; 1 not compared; 1 stack"),
        (("--parameters=Stage=prod",), "NOT OK: 1 error; 1 stack"),
    ],
)
def test_values_of_parameters_hold_for_both_sides(
    options: tuple[str, ...], start: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(tmp_path, capsys, STAGED, {**STAGED, "Resources": TOPIC}, *options)
    assert out.splitlines()[0] == start
