"""What `cdk-inference rehearse` takes: apps, assemblies and templates of other people, and what it refuses."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cdk_inference.cli import main
from cdk_inference.cli.rehearse import add_arguments, command_line
from rehearsal import changes, sources, tools, workspace
from rehearsal.assembly import Assembly, functions, without_images
from rehearsal.sources import App
from rehearsal.synthesis import placed
from rehearsal.workspace import CannotRehearseError
from tests.each import each

TOPIC = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}


def _stack(folder: Path, name: str, place: str = "unknown-account/unknown-region", **more: Any) -> dict[str, Any]:
    (folder / f"{name}.json").write_text(json.dumps(TOPIC))
    properties = {"templateFile": f"{name}.json", "stackName": name}
    return {"type": "aws:cloudformation:stack", "environment": f"aws://{place}", "properties": properties, **more}


def _assembly(folder: Path, **artifacts: Any) -> Assembly:
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({"version": "36.0.0", "artifacts": artifacts}))
    return Assembly(folder)


def _place(folder: Path) -> workspace.Workspace:
    return workspace.Workspace(folder=folder, port=1)


def test_an_apps_context_is_copied_and_its_account_is_not(tmp_path: Path) -> None:
    """The CLI writes look-ups where its cdk.json is: into the copy."""
    app = tmp_path / "my app"
    app.mkdir()
    settings = {"app": "node app.js", "profile": "real", "roleArn": "arn:real", "output": "out", "context": {"a": 1}}
    (app / "cdk.json").write_text(json.dumps(settings))
    (app / "cdk.context.json").write_text('{"vpc": "vpc-1"}')
    found = sources.find(app)
    assert isinstance(found, App)
    found.prepare(tmp_path / "copy")
    copied = json.loads((tmp_path / "copy" / "cdk.json").read_text())
    assert copied.pop("app") == f"cd '{app}' && export HOME={Path.home()} && node app.js"
    assert copied == {"context": {"a": 1}}
    assert (tmp_path / "copy" / "cdk.context.json").read_text() == '{"vpc": "vpc-1"}'


def test_a_template_becomes_an_assembly_of_one_stack(tmp_path: Path) -> None:
    file = tmp_path / "2-models.template.yaml"
    file.write_text(
        "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties: {TopicName: !Ref AWS::StackName}\n"
    )
    assembly = Assembly(sources.wrapped(file, tmp_path / "out", "eu-west-1"))
    assert assembly.template("stack-2-models")["Resources"]["Topic"]["Properties"] == {
        "TopicName": {"Ref": "AWS::StackName"}
    }
    assert placed(_place(tmp_path), assembly).regions == ("eu-west-1",)


@each(
    ("name", "text", "message"),
    [
        ("nothing", None, "APP: got .*nothing; allowed: a folder with cdk.json, an app.py beside its cdk.json"),
        ("cdk.json", '{"context": {}}', 'got no "app"; allowed: the command that runs the app'),
        ("cdk.json", "{", "cdk.json: got Expecting property name"),
        ("cdk.json", "[]", "cdk.json: got list; allowed: a JSON object"),
    ],
)
def test_what_is_no_app_is_refused(tmp_path: Path, name: str, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(CannotRehearseError, match=message):
        sources.find(tmp_path if text is not None else tmp_path / name)


@each("text", ['{"Resources": ', "[1]", '{"Resources": []}'])
def test_a_broken_template_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.json").write_text(text)
    with pytest.raises(CannotRehearseError, match=re.escape(str(tmp_path / "mine.json"))):
        sources.wrapped(tmp_path / "mine.json", tmp_path / "out", None)
    assembly = _assembly(tmp_path, mine=_stack(tmp_path, "other"))
    (tmp_path / "other.json").write_text(text)
    with pytest.raises(CannotRehearseError, match=re.escape(str(tmp_path / "other.json"))):
        assembly.template("other")


def test_stacks_of_stages_and_of_several_regions_are_found(tmp_path: Path) -> None:
    inner = tmp_path / "assembly-Prod"
    inner.mkdir()
    late = _stack(inner, "Prod-App", "444455556666/eu-west-1", displayName="Prod/App (Prod-App)")
    _assembly(inner, App=late)
    nested = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
    assembly = _assembly(tmp_path, First=_stack(tmp_path, "First", "444455556666/unknown-region"), Prod=nested)
    assert {name: one.selector for name, one in assembly.stacks().items()} == {"First": "First", "Prod-App": "Prod/App"}
    place = placed(_place(tmp_path), assembly)
    assert (place.account, place.regions) == ("444455556666", ("us-east-1", "eu-west-1"))


def test_several_accounts_are_refused(tmp_path: Path) -> None:
    one, two = (_stack(tmp_path, name, f"{name * 12}/us-east-1") for name in "12")
    with pytest.raises(CannotRehearseError, match="got 111111111111, 222222222222; allowed: one account"):
        placed(_place(tmp_path), _assembly(tmp_path, one=one, two=two))


def test_a_stack_that_needs_an_endpoint_is_not_deployed_before_it(tmp_path: Path) -> None:
    artifacts = {
        "models": _stack(tmp_path, "models"),
        "endpoint": _stack(tmp_path, "endpoint", dependencies=["models"]),
        "board": _stack(tmp_path, "board", dependencies=["endpoint"]),
        "pager": _stack(tmp_path, "pager", dependencies=["board"]),
    }
    endpoint = {"Resources": {"Endpoint": {"Type": "AWS::SageMaker::Endpoint"}}}
    (tmp_path / "endpoint.json").write_text(json.dumps(endpoint))
    assert _assembly(tmp_path, **artifacts).before_endpoints() == ["models"]


def test_docker_images_are_taken_out_and_functions_are_named(tmp_path: Path) -> None:
    assembly = _assembly(tmp_path, mine=_stack(tmp_path, "mine"))
    (tmp_path / "mine.json").write_text(json.dumps({"Resources": {"Fn": {"Type": "AWS::Lambda::Function"}}}))
    file = tmp_path / "mine.assets.json"
    file.write_text(json.dumps({"files": {"a": 1}, "dockerImages": {"b": {"source": {"directory": "image"}}}}))
    assert (without_images(tmp_path), functions(assembly)) == (["image"], ["mine: Fn"])
    assert json.loads(file.read_text()) == {"files": {"a": 1}, "dockerImages": {}}


def test_a_fault_of_any_app_is_a_name_in_use_after_everything_else() -> None:
    template: dict[str, Any] = {"Resources": {"A": {"Type": "AWS::SNS::Topic"}, "B": {"Condition": "Never"}}}
    said: list[str] = []
    assert changes.name_in_use(said)(template)
    assert template["Resources"]["RehearsedFault"]["DependsOn"] == ["A"]
    assert said == ["one more log group, /rehearsal/taken; another has this name"]


def test_missing_tools_are_reported_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "ROOT", tmp_path)
    monkeypatch.setattr(tools, "version", lambda _: "1.0")
    monkeypatch.setattr(tools, "_CLI", Path("none"))  # whatever lies above the folder
    with pytest.raises(CannotRehearseError) as caught:
        tools.find(tmp_path, {"PATH": str(tmp_path)})
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == ["Node", "CDK CLI", "ministack"]
    assert "ministack: got 1.0; allowed: 1.5.33; fix: delete the environment" in str(caught.value)


def test_the_apps_own_cli_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "version", lambda _: tools.VERSION)
    mine = tmp_path / "node_modules" / "aws-cdk" / "bin"
    mine.mkdir(parents=True)
    (mine / "cdk").write_text("#!/usr/bin/env node\n")
    (tmp_path / "app").mkdir()
    assert tools.find(tmp_path / "app", {"JSII_NODE": sys.executable}).cli == mine / "cdk"


def test_the_command_line_goes_on_to_the_environment_as_it_was_written() -> None:
    written = ["my app", "--region=eu-west-1", "--quotas=q.csv", "--port=4566", "--context=a=b", "--run-lambda"]
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert command_line(parser.parse_args(written)) == written


def test_without_the_package_the_command_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "rehearsal.__main__", None)
    assert main(["rehearse"]) == 2
    assert capsys.readouterr().err == (
        "cdk-inference: rehearse: got no package `rehearsal` next to cdk_inference; allowed: the one in this project's "
        "wheel; fix: pip install --force-reinstall cdk-inference\n"
    )


_ELSEWHERE = """
import contextlib, socket, urllib.request
from rehearsal.only_local import only_local
only_local()
def tried(call):
    try:
        call()
    except OSError as error:
        print(error)
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
tried(lambda: socket.create_connection(("192.0.2.1", 443), 1))
tried(lambda: socket.socket().connect(("192.0.2.2", 443)))
tried(lambda: socket.socket().connect_ex(("192.0.2.3", 443)))
tried(lambda: one.sendto(b"x", ("192.0.2.4", 53)))
tried(lambda: socket.getaddrinfo("sts.amazonaws.com", 443))
tried(lambda: socket.socket(socket.AF_UNIX).connect("/var/run/docker.sock"))
tried(lambda: urllib.request.urlopen("http://192.0.2.5/", timeout=1))
with socket.socket() as here:
    here.bind(("127.0.0.1", 0))
    here.listen()
    socket.create_connection(here.getsockname(), 1).close()
    print("here")
"""


def test_every_other_address_is_refused() -> None:
    done = subprocess.run([sys.executable, "-c", _ELSEWHERE], capture_output=True, text=True, check=True)
    refused = re.findall(r"a rehearsal connects to 127\.0\.0\.1 only; got (\S+?)>?\n", done.stdout)
    places = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "sts.amazonaws.com", "/var/run/docker.sock"]
    assert (refused, done.stdout.splitlines()[-1]) == ([*places, "192.0.2.5"], "here")


def test_the_cli_is_refused_every_other_address(tmp_path: Path) -> None:
    node = workspace.ROOT / ".venv" / "nodejs" / "bin" / "node"
    script = tmp_path / "try.js"
    script.write_text(
        "try { require('node:https').get('https://cdk-cli-telemetry.us-east-1.api.aws/') } "
        "catch (error) { console.log(error.message) }"
    )
    command = tools.Tools(node, script).command()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    expected = "a rehearsal connects to 127.0.0.1 only; got cdk-cli-telemetry.us-east-1.api.aws\n"
    assert done.stdout == expected
