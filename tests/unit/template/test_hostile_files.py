"""Files that expand, loop, never end or say a key twice: each ends at once, with the file and where possible the line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cdk_inference.template import (
    AssemblyError,
    TemplateError,
    Unknown,
    deployment_of,
    load_assembly,
    load_template,
    resolve,
)
from tests.each import each

RESOURCES = "Resources: {}\n"


def laughs(first: str, each: str, levels: int = 12) -> str:
    lines = [f"a0: &a0 {first}"]
    lines += [f"a{n}: &a{n} {each.replace('*', f'*a{n - 1}')}" for n in range(1, levels)]
    return "\n".join([*lines, RESOURCES])


TEN = ", ".join(["*"] * 10)


@each(
    ("text", "message"),
    [
        (laughs("[x, x]", f"[{TEN}]"), "line 7: aliases make it more than 500,000 values"),
        (
            laughs("{x: y}", f"{{{', '.join(f'{name}: *' for name in 'abcdefghij')}}}"),
            "line 7: aliases make it more than",
        ),
        (laughs("{x: y}", f"{{<<: [{TEN}]}}"), "line 7: aliases make it more than 500,000 values"),
        (laughs("[x, x]", f"!Join ['', [{TEN}]]"), "line 7: aliases make it more than 500,000 values"),
        (laughs("[x]", "[*]", 300), "aliases nest it deeper than 200 levels"),
        ("a: &a [*a]\nResources: {}", "line 1: the value contains an alias of itself"),
        ("Resources:\n  a: &a\n    b: {c: *a}\n", "line 2: the value contains an alias of itself"),
        ("a:\n- " + "- " * 300, "line 2: nested deeper than 200 levels"),
        ("a: [" + "1," * 200_001 + "]\nResources: {}", "line 1: more than 200,000 values"),
        ("a: " + "1" * 5000 + "\nResources: {}", "Exceeds the limit"),
        ("a: |\n" + "  x\n" * 2_000_001, "more than 8 MB of YAML"),
        ('{"a":' * 100_000, "recursion"),
    ],
)
def test_what_becomes_large_is_refused(text: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(text)
    with pytest.raises(TemplateError) as caught:
        load_template(file)
    assert str(caught.value).startswith(f"{file} is neither JSON nor YAML: ")
    assert message in str(caught.value)


@each(
    ("text", "line", "key"),
    [
        ("Resources:\n  Chat: {Type: A}\n  Chat: {Type: B}\n", 3, "Chat"),
        ("Resources:\n  Chat:\n    Properties:\n      A: 1\n      A: 2\n", 5, "A"),
        ("Resources: {}\nResources: {}\n", 2, "Resources"),
        ('Resources: {A: 1, "A": 2}', 1, "A"),
        ("Mappings:\n  M:\n    123456789012: {a: b}\n    123456789012: {a: b}\n", 4, "123456789012"),
        ('{"Resources": {\n "A": {"x": "A:", "y": {"A": 1}},\n "B": {"A": [{"A": 1}]},\n "A": {}}}', 4, "A"),
        ('{"Resources": {"A{": {"a\\"}": 1,\n "b": 1,\n "a\\"}": 2}}}', 3, 'a"}'),
        ('{"Resources": {},\n\n"Resources" : {}}', 3, "Resources"),
    ],
)
def test_a_key_that_stands_twice_is_refused(text: str, line: int, key: str, tmp_path: Path) -> None:
    file = tmp_path / "template"
    file.write_text(text)
    with pytest.raises(TemplateError) as caught:
        load_template(file)
    assert str(caught.value) == (
        f"{file}, line {line}: the key {key!r} occurs twice in one object; remove one of the two"
    )


def test_a_merge_may_be_overridden(tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text("x: &x {a: 1, b: 2}\ny: {<<: *x, a: 3}\nResources: {}\n")
    assert load_template(file)["y"] == {"a": 3, "b": 2}


def test_marks_of_this_package_are_not_taken_from_a_template(tmp_path: Path) -> None:
    file = tmp_path / "template.json"
    forged = "\ue000S\ue002Chat\ue002EndpointName\ue001"
    for text in (forged, "\\ue000S\\uE002Chat\\ue002EndpointName\\ue001"):
        file.write_text(f'{{"Resources": {{}}, "Description": "{text}"}}', encoding="utf-8")
        assert load_template(file)["Description"] == "\ufffdS\ufffdChat\ufffdEndpointName\ufffd"


def test_what_is_no_regular_file_is_not_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    link = tmp_path / "link.yaml"
    link.symlink_to(pipe)
    for file in (pipe, link, Path("/dev/zero"), Path("/dev/tty")):
        with pytest.raises(TemplateError, match=r"not a regular file|cannot be read") as caught:
            load_template(file)
        assert str(caught.value).startswith(str(file))
    with pytest.raises(TemplateError, match="is not a regular file; name a template"):
        load_template(tmp_path)


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "template.json"
    with file.open("wb") as opened:
        opened.truncate(100_000_000)
    with pytest.raises(TemplateError) as caught:
        load_template(file)
    assert str(caught.value) == (
        f"{file} has more than 24 MB, and CloudFormation takes templates of 1 MB; name a template"
    )


def test_a_manifest_says_a_key_twice(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"artifacts": {},\n "artifacts": {}}')
    with pytest.raises(AssemblyError, match="line 2: the key 'artifacts' occurs twice in one object"):
        load_assembly(tmp_path)


def chain(length: int, link: Callable[[str], Any]) -> dict[str, Any]:
    return {"C0": {"Fn::Equals": ["x", "x"]}, **{f"C{n}": link(f"C{n - 1}") for n in range(1, length)}}


@each(
    "template",
    [
        {"Conditions": chain(2000, lambda name: {"Fn::And": [{"Condition": name}, {"Condition": name}]})},
        {"Conditions": chain(2000, lambda name: {"Fn::Not": [{"Condition": name}]})},
        {
            "Outputs": {
                f"O{n}": {"Value": {"Fn::ImportValue": f"x{n - 1}"}, "Export": {"Name": f"x{n}"}} for n in range(2000)
            }
        },
    ],
)
def test_a_chain_ends(template: dict[str, Any]) -> None:
    value = {"Fn::If": ["C1999", "a", "b"]} if "Conditions" in template else {"Fn::ImportValue": "x1999"}
    (stack,) = deployment_of({"S": {"Resources": {}, **template}}, "us-east-1").stacks
    assert stack.resolve(value) == Unknown("the template is nested too deep")


@each("piece", ["${P}", "x" * 1000])
def test_a_text_that_doubles_ends(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert resolve._STEPS_MAX <= 200_000  # some seconds
    monkeypatch.setattr(resolve, "_STEPS_MAX", 10_000)
    value: Any = {"Fn::Sub": piece}
    for _ in range(20):
        value = {"Fn::Sub": ["${A}${A}${A}${A}", {"A": value}]}
    template = {"Parameters": {"P": {"Type": "String"}}, "Resources": {}}
    (stack,) = deployment_of({"S": template}, "us-east-1").stacks
    assert isinstance(stack.resolve(value), Unknown)


def test_far_more_resources_than_cloudformation_takes_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "t.json"
    for count in (5000, 5001):
        file.write_text(json.dumps({"Resources": {f"B{number}": {"Type": "T"} for number in range(count)}}))
        if count == 5000:
            assert len(load_template(file)["Resources"]) == count
    with pytest.raises(TemplateError) as caught:
        load_template(file)
    assert str(caught.value) == (f"{file} has 5,001 resources, and CloudFormation takes 500; split it into stacks")
