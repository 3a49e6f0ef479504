"""The driver: its folder, its children, its quotas, the changes that it derives."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from rehearsal import changes, processes, tables, workspace
from rehearsal.assembly import Assembly, model_sources
from rehearsal.s3_place import place
from rehearsal.state import moved
from tests.each import each
from tests.rehearsal.base import base

SLEEP = [sys.executable, "-c", "import time; print('begun', flush=True); time.sleep(60)"]


def _sleeper() -> subprocess.Popen[str]:
    return subprocess.Popen(SLEEP, text=True, stdout=subprocess.DEVNULL, start_new_session=True)


def test_nothing_of_the_shells_account_reaches_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID", "HTTPS_PROXY", "AWS_CA_BUNDLE"):
        monkeypatch.setenv(name, "of the shell")
    place = workspace.make()
    variables = place.variables()
    assert "of the shell" not in variables.values()
    assert (variables["AWS_ENDPOINT_URL"], variables["AWS_ACCESS_KEY_ID"]) == (
        f"http://127.0.0.1:{place.port}",
        "111122223333",
    )
    place.remove()
    assert not place.folder.exists()


def test_the_driver_itself_forgets_the_shells_account() -> None:
    variables = {"AWS_PROFILE": "real", "AWS_SECRET_ACCESS_KEY": "real", "https_proxy": "http://real", "PATH": "/bin"}
    workspace.forget_account(variables)
    assert variables == {
        "PATH": "/bin",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def test_a_taken_port_is_refused_with_a_sentence() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(workspace.CannotRehearseError) as caught:
            workspace.make(port)
    assert str(caught.value) == (
        f"--port: got {port}, which is in use on 127.0.0.1; fix: leave --port out, then a free one is taken"
    )


def test_the_command_ends_when_the_emulator_dies(tmp_path: Path) -> None:
    """Killed once the command has begun: without the watch this would last a minute."""
    emulator = _sleeper()
    with pytest.raises(workspace.CannotRehearseError) as caught:
        processes.run(SLEEP, folder=tmp_path, variables={}, line=lambda _: emulator.kill(), beside=emulator)
    assert str(caught.value) == "the emulator died (exit code -9); the command was ended"


def test_an_interrupted_command_leaves_no_process(tmp_path: Path) -> None:
    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        processes.run(SLEEP, folder=tmp_path, variables={}, line=interrupt)
    deadline = time.monotonic() + 10
    while any(one.name.startswith("watch") for one in threading.enumerate()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not [one for one in threading.enumerate() if one.name.startswith("watch")]


def _assembly(folder: Path, template: dict[str, Any]) -> Assembly:
    folder.mkdir()
    text = json.dumps(template)
    (folder / "app.template.json").write_text(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    stack = {"templateFile": "app.template.json", "stackTemplateAssetObjectUrl": f"s3://assets/{digest}.json"}
    artifact = {"type": "aws:cloudformation:stack", "properties": stack}
    (folder / "manifest.json").write_text(json.dumps({"artifacts": {"app": artifact}}))
    (folder / "app.assets.json").write_text(json.dumps({"files": {digest: {}}}))
    return Assembly(folder)


def test_a_changed_template_gets_another_hash(tmp_path: Path) -> None:
    """The CLI knows a template by its hash: an edit in place is not deployed."""
    said: list[str] = []
    copy = _assembly(tmp_path / "a", base()).changed(tmp_path / "b", changes.refused(said))
    assert said == ["the autoscaled endpoint chat moves from ml.g6.2xlarge to ml.g6.xlarge"]
    digest = hashlib.sha256((copy.folder / "app.template.json").read_bytes()).hexdigest()
    assert digest in (copy.folder / "manifest.json").read_text()
    assert digest in (copy.folder / "app.assets.json").read_text()


def test_a_folder_without_stacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        workspace.CannotRehearseError, match=r"No such file .*; allowed: a folder that `cdk synth` made"
    ):
        Assembly(tmp_path).stacks()
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(workspace.CannotRehearseError, match="got no stack; allowed: a cloud assembly of `cdk synth`"):
        Assembly(tmp_path).stacks()


@each(("most", "after"), [(4, 5), ({"Ref": "Most"}, {"Ref": "Most"}), ("4", "4")])
def test_a_rehearsed_change_raises_numbers_only(most: Any, after: Any) -> None:
    target = {"Type": "AWS::ApplicationAutoScaling::ScalableTarget", "Properties": {"MaxCapacity": most}}
    model = {"Type": "AWS::SageMaker::Model", "Properties": {"PrimaryContainer": {}}}
    said: list[str] = []
    assert changes.harmless(said)({"Resources": {"Model": model, "Target": target}})
    assert target["Properties"] == {"MaxCapacity": after}
    assert ("Target: MaxCapacity + 1" in said) == (most != after)


def test_a_table_is_aligned() -> None:
    assert tables.table(["a", "bb"], [["ccc", "d"]]) == ["a    bb", "---  --", "ccc  d"]


def test_what_moved_leaves_out_what_two_names_share() -> None:
    before = {("endpoint", "chat"): {"EndpointConfigName": "fleet-ChatConfig-0083A4", "Count": "1"}, ("model", "a"): {}}
    after = {("endpoint", "chat"): {"EndpointConfigName": "fleet-ChatConfig-BA34C4", "Count": "2"}, ("model", "b"): {}}
    assert moved(before, after) == [
        ("model", "b", "made"),
        ("model", "a", "deleted"),
        ("endpoint", "chat", "Count: 1 -> 2"),
        ("endpoint", "chat", "EndpointConfigName: ...-0083A4 -> ...-BA34C4"),
    ]


def test_model_sources_are_names_or_outputs_of_other_stacks(tmp_path: Path) -> None:
    template = base()
    output = {"Fn::GetStackOutput": {"StackName": "models", "OutputName": "Bucket", "Region": "us-east-1"}}
    joined = {"Fn::Join": ["", ["s3://", output, "/llama/"]]}
    own = {"Fn::Join": ["", ["s3://", {"Ref": "Bucket"}, "/model.tar.gz"]]}
    template["Resources"]["Second"] = {"Type": "AWS::SageMaker::Model", "Properties": {"Containers": []}}
    containers = template["Resources"]["Second"]["Properties"]["Containers"]
    containers += [{"ModelDataSource": {"S3DataSource": {"S3Uri": joined}}}, {"ModelDataUrl": own}, {"Image": "i"}]
    assert list(model_sources(_assembly(tmp_path / "a", template), "111122223333", "us-east-1")) == [
        ("models-of-the-rehearsal", "llama/"),
        (("models", "Bucket"), "llama/"),
        (("", ""), "model.tar.gz"),
    ]


@each(
    "uri",
    [
        "s3://models/llama/",
        "https://s3.us-east-1.amazonaws.com/models/llama/",
        "https://models.s3.us-east-1.amazonaws.com/llama/",
        "https://s3-us-west-2.amazonaws.com/models/llama/",
    ],
)
def test_each_form_of_an_s3_uri_is_read(uri: str) -> None:
    assert place(uri) == ("models", "llama/")
