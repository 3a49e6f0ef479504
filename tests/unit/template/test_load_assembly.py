"""Reading a cloud assembly: stacks, paths, findings, and folders that are none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cdk_inference.template import AssemblyError, Finding, StackTemplate, load_assembly
from tests.each import each

AGAIN = "run `cdk synth` again"
STACK = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "fleet.json"}}
LOGICAL_ID = {"type": "aws:cdk:logicalId", "data": "ChatEndpoint"}
WHERE = {"/fleet/Chat/Endpoint": [LOGICAL_ID, {"type": "aws:cdk:creationStack", "data": ["line"]}]}


def write(folder: Path, **files: Any) -> Path:
    """`folder` with these JSON files: manifest, report, or any other name."""
    folder.mkdir(exist_ok=True)
    for name, value in files.items():
        path = folder / ("validation-report.json" if name == "report" else f"{name}.json")
        path.write_text(json.dumps(value), encoding="utf-8")
    return folder


def assembly(folder: Path, **artifact: Any) -> Path:
    return write(folder, manifest={"artifacts": {"fleet": STACK | artifact}}, fleet={"Resources": {}})


def refusal(folder: Path) -> str:
    with pytest.raises(AssemblyError) as caught:
        load_assembly(folder)
    return str(caught.value)


def test_a_stack_is_read_with_its_template(tmp_path: Path) -> None:
    (stack,) = load_assembly(assembly(tmp_path)).stacks
    assert stack == StackTemplate(name="fleet", region=None, template={"Resources": {}}, paths={})


def test_a_stack_has_the_name_that_it_is_deployed_with(tmp_path: Path) -> None:
    properties = {"templateFile": "fleet.json", "stackName": "fleet-prod"}
    assert load_assembly(assembly(tmp_path, properties=properties)).stacks[0].name == "fleet-prod"


@each(
    ("environment", "region"),
    [
        ("aws://123456789012/eu-west-1", "eu-west-1"),
        ("aws://unknown-account/us-east-1", "us-east-1"),
        ("aws://unknown-account/unknown-region", None),
        ("", None),
    ],
)
def test_the_region_is_that_of_the_environment(environment: str, region: str | None, tmp_path: Path) -> None:
    assert load_assembly(assembly(tmp_path, environment=environment)).stacks[0].region == region


def test_construct_paths_are_read_from_the_manifest(tmp_path: Path) -> None:
    (stack,) = load_assembly(assembly(tmp_path, metadata=WHERE)).stacks
    assert stack.paths == {"ChatEndpoint": "fleet/Chat/Endpoint"}


def test_construct_paths_are_read_from_the_file_beside_the_template(tmp_path: Path) -> None:
    folder = write(assembly(tmp_path, additionalMetadataFile="metadata.json"), metadata=WHERE)
    assert load_assembly(folder).stacks[0].paths == {"ChatEndpoint": "fleet/Chat/Endpoint"}


def test_other_artifacts_are_passed_over(tmp_path: Path) -> None:
    others = {"tree": {"type": "cdk:tree", "properties": 5}, "assets": {"type": "cdk:asset-manifest"}, "new": {}}
    assert load_assembly(write(tmp_path, manifest={"artifacts": others})).stacks == ()


def test_an_assembly_without_artifacts_has_no_stacks(tmp_path: Path) -> None:
    assert load_assembly(write(tmp_path, manifest={"version": "55.0.0"})).stacks == ()


def test_nested_assemblies_are_read_in_their_place(tmp_path: Path) -> None:
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-prod"}}
    first = STACK | {"properties": {"templateFile": "fleet.json", "stackName": "first"}}
    write(tmp_path, manifest={"artifacts": {"a": first, "stage": stage, "fleet": STACK}}, fleet={})
    assembly(tmp_path / "assembly-prod", properties={"templateFile": "fleet.json", "stackName": "prod"})
    assert [stack.name for stack in load_assembly(tmp_path).stacks] == ["first", "prod", "fleet"]


def test_an_assembly_nested_in_itself_is_refused(tmp_path: Path) -> None:
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "../loop"}}
    folder = write(tmp_path / "loop", manifest={"artifacts": {"stage": stage}})
    file = folder / "../loop/manifest.json"
    assert refusal(folder) == f"{file} names its own assembly as nested in it; {AGAIN}"


def test_without_a_report_nothing_was_checked(tmp_path: Path) -> None:
    assert load_assembly(assembly(tmp_path)).findings is None


def test_an_empty_report_has_no_findings(tmp_path: Path) -> None:
    assert load_assembly(write(assembly(tmp_path), report={})).findings == ()


def test_findings_are_open_or_acknowledged_one_for_each_construct(tmp_path: Path) -> None:
    places = [{"constructPath": "fleet/Chat/Role"}, {}]
    suppressed = {"ruleName": "B", "reason": "why", "violatingConstructs": [{"constructPath": "fleet/Chat"}]}
    plugins = [
        {"violations": [{"ruleName": "A", "violatingConstructs": places}], "suppressedViolations": [suppressed]},
        {"violations": [{"ruleName": "C"}]},
    ]
    assert load_assembly(write(assembly(tmp_path), report={"pluginReports": plugins})).findings == (
        Finding(rule="A", construct_path="fleet/Chat/Role", reason=None),
        Finding(rule="A", construct_path="", reason=None),
        Finding(rule="B", construct_path="fleet/Chat", reason="why"),
    )


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    assert refusal(tmp_path / "cdk.out") == (
        f"{tmp_path}/cdk.out/manifest.json is missing; run `cdk synth` first, or name the folder it wrote"
    )


def test_a_template_that_is_missing(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, manifest={"artifacts": {"fleet": STACK}})) == (
        f"{tmp_path}/fleet.json is missing; run `cdk synth` first, or name the folder it wrote"
    )


@each("name", ["manifest", "fleet", "validation-report"])
@each(
    ("content", "why"),
    [
        (b'{"artifacts": {', "Expecting property name enclosed in double quotes: line 1 column 16 (char 15)"),
        (b"", "Expecting value: line 1 column 1 (char 0)"),
        (b"\xff{}", "byte 1 is 0xff, which no text in UTF-8 has there"),
    ],
)
def test_a_file_that_is_no_json(name: str, content: bytes, why: str, tmp_path: Path) -> None:
    file = assembly(tmp_path) / f"{name}.json"
    file.write_bytes(content)
    assert refusal(tmp_path) == f"{file} cannot be read: {why}; {AGAIN}"


def test_a_file_that_is_nested_too_deep(tmp_path: Path) -> None:
    content = "[" * 100_000
    with pytest.raises(RecursionError) as caught:
        json.loads(content)
    file = assembly(tmp_path) / "fleet.json"
    file.write_text(content)
    assert refusal(tmp_path) == f"{file} cannot be read: {caught.value}; {AGAIN}"


@each("name", ["manifest", "fleet", "validation-report"])
@each("content", ["[]", "null", "5", '"text"', "true"])
def test_a_file_that_is_no_json_object(name: str, content: str, tmp_path: Path) -> None:
    file = assembly(tmp_path) / f"{name}.json"
    file.write_text(content)
    assert refusal(tmp_path) == f"{file} holds no JSON object; {AGAIN}"


def test_a_template_that_is_a_folder(tmp_path: Path) -> None:
    folder = assembly(tmp_path, properties={"templateFile": ""})
    assert refusal(folder) == f"{folder} is not a regular file; {AGAIN}"


@each(
    ("plugins", "ran"),
    [
        ([{"pluginName": "A", "conclusion": "success", "violations": []}], {"A"}),
        ([{"pluginName": "A", "conclusion": "failure", "violations": []}], set()),
        ([{"violations": []}], {"a plugin without a name"}),
        ([], set()),
    ],
)
def test_the_plugins_that_ran(plugins: list[dict[str, object]], ran: set[str], tmp_path: Path) -> None:
    assert load_assembly(write(assembly(tmp_path), report={"pluginReports": plugins})).checks == ran
