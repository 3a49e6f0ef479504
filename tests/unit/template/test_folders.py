"""Folders and files that `estimate` and `review` take, and nested templates that loop, grow or lie elsewhere."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path
from typing import Any

import pytest

from cdk_inference.pricing import estimate, price_book
from cdk_inference.review.load import load_side
from cdk_inference.template import AssemblyError, Deployment, Unknown, deployments, load_assembly, load_deployment
from tests.each import each
from tests.unit.template.test_hosting import ONE, config, endpoint

BOOK = price_book([], datetime.date(2026, 11, 24))
CHAT = {"Resources": {"Config": config(ONE | {"VolumeSizeInGB": 30}), "Chat": endpoint(None)}}
# 2 of ml.g5.xlarge at 1.41 an hour, and 2 volumes of 30 GB at 0.14, in a month of 730 hours.
ONCE = 2 * 1.41 * 730 + 2 * 30 * 0.14
TOPIC = {"Type": "AWS::SNS::Topic"}


def nesting(*urls: str) -> dict[str, Any]:
    """A template with a nested stack of each URL."""
    stack = "AWS::CloudFormation::Stack"
    return {"Resources": {f"N{n}": {"Type": stack, "Properties": {"TemplateURL": url}} for n, url in enumerate(urls)}}


def write(folder: Path, **files: Any) -> Path:
    for name, content in files.items():
        file = folder / f"{name.replace('__', '/')}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content))
    return folder


def names(deployment: Deployment) -> list[str]:
    return [stack.name for stack in deployment.stacks]


def month(deployment: Deployment) -> float:
    return round(estimate(deployment, BOOK).maximum.usd, 2)


@each("given", [["."], ["outer.json"], ["outer.json", "inner.json"], ["inner.json", "outer.json"], [".", "inner.json"]])
def test_a_nested_template_is_read_once(given: list[str], tmp_path: Path) -> None:
    write(tmp_path, outer=nesting("./inner.json"), inner=CHAT)
    deployment = load_deployment([tmp_path / one for one in given], "us-east-1")
    assert set(names(deployment)) == {"outer", "outer/N0"}
    assert month(deployment) == pytest.approx(ONCE, abs=0.01)


@each("given", [["a.json", "a.json"], ["a.json", "sub/../a.json"], [".", "a.json"], ["a.json", "."], [".", "."]])
def test_what_is_named_twice_is_read_once(given: list[str], tmp_path: Path) -> None:
    write(tmp_path, a=CHAT, sub__package={"name": "none"})
    assert month(load_deployment([tmp_path / one for one in given], "us-east-1")) == pytest.approx(ONCE, abs=0.01)


def test_a_template_and_a_link_to_it_are_two_stacks(tmp_path: Path) -> None:
    write(tmp_path, dev=CHAT)
    (tmp_path / "prod.json").symlink_to("dev.json")
    assert names(load_deployment([tmp_path], "us-east-1")) == ["dev", "prod"]


@each("given", [[".", "chat.template.json"], ["chat.template.json", "."], ["manifest.json", "."], [".", "."]])
def test_a_template_of_an_assembly_is_read_once(given: list[str], tmp_path: Path) -> None:
    artifact = {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/us-east-1"}
    chat = artifact | {"properties": {"templateFile": "chat.template.json"}}
    write(tmp_path, manifest={"version": "38.0.0", "artifacts": {"chat": chat}}, **{"chat.template": CHAT})
    assert names(load_deployment([tmp_path / one for one in given], None)) == ["chat"]


def test_a_folder_is_read_as_review_reads_it(tmp_path: Path) -> None:
    write(tmp_path, outer=nesting("sub/inner.json"), sub__inner=CHAT, sub__alone=CHAT, package={"name": "none"})
    write(tmp_path, **{"node_modules__x": CHAT, ".git__x": CHAT}, broken='{"Resources": ')
    deployment = load_deployment([tmp_path], "us-east-1")
    assert names(deployment) == ["outer", "outer/N0", "sub/alone"]
    reviewed = load_side("--base", tmp_path, "us-east-1")
    assert names(reviewed.deployment) == names(deployment)
    ((stack, why),) = [(one.stack, one.why) for one in deployment.unread]
    assert stack == "broken"
    assert why.startswith(f"{tmp_path}/broken.json is neither JSON nor YAML: ")
    assert [(one.stack, one.why) for one in reviewed.unread] == [(stack, why)]
    found = estimate(deployment, BOOK, budget_usd=1e6)
    assert [(line.resource, line.what) for line in found.lines if line.unknown] == [("broken", "a file")]
    assert found.verdict == "PARTLY UNKNOWN"


def test_a_folder_without_a_template_is_refused(tmp_path: Path) -> None:
    write(tmp_path, package={"name": "none"})
    with pytest.raises(AssemblyError) as caught:
        load_deployment([tmp_path], None)
    assert str(caught.value) == (
        f"{tmp_path} has neither manifest.json nor a template; run `cdk synth` first, or name another folder"
    )


def test_links_and_pipes_in_a_folder(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", chat=CHAT, sub__other=CHAT)
    write(tmp_path / "out", chat=CHAT)
    (folder / "file.json").symlink_to(tmp_path / "out/chat.json")
    (folder / "folder").symlink_to(tmp_path / "out")
    (folder / "again").symlink_to(folder / "sub")
    (folder / "loop").symlink_to(folder)
    (folder / "itself.json").symlink_to(folder / "itself.json")
    os.mkfifo(folder / "pipe.yaml")
    deployment = load_deployment([folder], None)
    assert names(deployment) == ["chat", "sub/other"]
    told = {one.stack: one.why for one in deployment.unread}
    leads_out = f"is a link that leads out of {folder}, which is not followed"
    assert told["file"] == f"{folder}/file.json {leads_out}"
    assert told["folder"] == f"{folder}/folder {leads_out}"
    assert told["pipe"] == f"{folder}/pipe.yaml is not a regular file; name a template"
    assert told.keys() == {"file", "folder", "pipe", "itself"}


def test_a_nested_template_lies_in_what_was_named(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "in",
        outer=nesting(
            "../out/chat.json", str(tmp_path / "out/chat.json"), "link.json", "/dev/zero", "sub/../sub/chat.json"
        ),
        sub__chat=CHAT,
    )
    write(tmp_path / "out", chat=CHAT)
    (folder / "link.json").symlink_to(tmp_path / "out/chat.json")
    outer = load_deployment([folder / "outer.json"], None).stacks[0]
    told = [one.reason if isinstance(one, Unknown) else one.name for one in outer.nested.values()]
    lies = f"lies outside of {folder}; name a folder that holds both"
    assert told == [
        f"its template ../out/chat.json {lies}",
        f"its template {tmp_path}/out/chat.json {lies}",
        f"its template link.json {lies}",
        f"its template /dev/zero {lies}",
        "outer/N4",
    ]
    wider = load_deployment([tmp_path], None)
    assert "in/outer/N0" in names(wider)


def test_templates_that_nest_one_another_end(tmp_path: Path) -> None:
    write(tmp_path, a=nesting("b.json"), b=nesting("c.json", "a.json"), c=nesting("a.json", "c.json"))
    deployment = load_deployment([tmp_path], None)
    assert names(deployment) == ["a", "a/N0", "a/N0/N0"]
    last = deployment.stacks[-1]
    assert last.nested == {
        "N0": Unknown("its template a.json nests itself"),
        "N1": Unknown("its template c.json nests itself"),
    }


@each(("branches", "levels"), [(2, 16), (30, 5), (1, 30)])
def test_templates_that_nest_more_and_more_end(
    branches: int, levels: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a tenth of the resources that are read."""
    monkeypatch.setattr(deployments, "_NESTED_MAX", deployments._NESTED_MAX // 10)
    files = {f"t{n}": nesting(*[f"t{n + 1}.json"] * branches) for n in range(levels)}
    write(tmp_path, **files, **{f"t{levels}": {"Resources": {f"T{n}": TOPIC for n in range(100)}}})
    deployment = load_deployment([tmp_path / "t0.json"], None)
    given_up = [one for stack in deployment.stacks for one in stack.nested.values() if isinstance(one, Unknown)]
    assert set(given_up) == {Unknown("there are more nested stacks than are read")}
    assert len(deployment.stacks) <= 201
    assert estimate(deployment, BOOK).verdict == "UNKNOWN"


ARTIFACT = {
    "type": "aws:cloudformation:stack",
    "properties": {"templateFile": "s.json"},
    "environment": "aws://1/us-east-1",
}


@each(
    ("artifact", "name"),
    [
        ({**ARTIFACT, "properties": {"templateFile": "../s.json"}}, "../s.json"),
        ({**ARTIFACT, "properties": {"templateFile": "/etc/hostname"}}, "/etc/hostname"),
        ({**ARTIFACT, "properties": {"templateFile": "link.json"}}, "link.json"),
        ({**ARTIFACT, "additionalMetadataFile": "../s.json"}, "../s.json"),
        ({"type": "cdk:cloud-assembly", "properties": {"directoryName": ".."}}, ".."),
        ({**ARTIFACT, "metadata": {"/x": [{"type": "aws:cdk:templateFile", "data": "../s.json"}]}}, "../s.json"),
    ],
)
def test_a_manifest_names_nothing_outside_of_its_assembly(artifact: Any, name: str, tmp_path: Path) -> None:
    write(tmp_path, s=CHAT)
    folder = write(tmp_path / "cdk", s=CHAT, manifest={"artifacts": {"a": artifact}})
    (folder / "link.json").symlink_to(tmp_path / "s.json")
    with pytest.raises(AssemblyError) as caught:
        load_assembly(folder)
    assert str(caught.value) == (
        f"{folder}/manifest.json names {name!r}, which lies outside of {folder}; run `cdk synth` again"
    )
