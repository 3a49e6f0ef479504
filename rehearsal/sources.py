"""What is rehearsed: a CDK app, a cloud assembly, or a template by itself."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdk_inference.template import TemplateError, load_template
from rehearsal.workspace import REGION, CannotRehearseError

_ALLOWED = "a folder with cdk.json, an app.py beside its cdk.json, a folder that `cdk synth` made, or a template"
# Settings of cdk.json that choose an account, a place of the output or code of the CLI's own process.
_LEFT_OUT = ("app", "build", "output", "profile", "plugin", "roleArn", "role-arn", "toolkitStackName", "context-file")


@dataclass(frozen=True)
class App:
    """A CDK app: its folder, its command and the rest of its cdk.json."""

    folder: Path
    command: str
    settings: dict[str, Any]

    def prepare(self, folder: Path) -> None:
        """Writes cdk.json and cdk.context.json into another folder: there the CLI runs, and writes its look-ups.

        The app itself runs in its own folder, with the HOME of the user, which version managers need.
        """
        folder.mkdir()
        there = f"cd {shlex.quote(str(self.folder))} && export HOME={shlex.quote(str(Path.home()))} && "
        settings = {key: value for key, value in self.settings.items() if key not in _LEFT_OUT}
        settings["app"] = there + self.command
        if "build" in self.settings:
            settings["build"] = there + str(self.settings["build"])
        (folder / "cdk.json").write_text(json.dumps(settings))
        context = self.folder / "cdk.context.json"
        if context.exists():
            (folder / "cdk.context.json").write_bytes(context.read_bytes())


def find(given: Path) -> App | Path:
    """Returns an app, or the place of an assembly or of a template.

    Raises:
        CannotRehearseError: It is none of them.
    """
    place = given.resolve()
    if (place / "manifest.json").is_file() or (place.is_file() and place.suffix in (".json", ".yaml", ".yml")):
        return place
    if place.is_file() and place.suffix == ".py":
        settings = _settings(place.parent / "cdk.json") if (place.parent / "cdk.json").exists() else {}
        return App(place.parent, f"python3 {shlex.quote(place.name)}", settings)
    if (place / "cdk.json").is_file():
        settings = _settings(place / "cdk.json")
        if isinstance(settings.get("app"), str):
            return App(place, settings["app"], settings)
        raise CannotRehearseError(f'{place / "cdk.json"}: got no "app"; allowed: the command that runs the app')
    raise CannotRehearseError(f"APP: got {given}; allowed: {_ALLOWED}; fix: run it where cdk.json is, or name one")


def _settings(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text())
    except (OSError, ValueError) as problem:
        raise CannotRehearseError(f"{file}: got {problem}; allowed: a JSON object") from None
    if not isinstance(found, dict):
        raise CannotRehearseError(f"{file}: got {type(found).__name__}; allowed: a JSON object")
    return found


def wrapped(template: Path, folder: Path, region: str | None) -> Path:
    """Returns a cloud assembly with one stack, named as the template's file, in a new folder.

    Raises:
        CannotRehearseError: The file is no template.
    """
    try:
        body = load_template(template)
    except TemplateError as problem:
        raise CannotRehearseError(str(problem)) from None
    name = "".join(one if one.isalnum() else "-" for one in template.name.partition(".")[0]).strip("-")
    name = name if name[:1].isalpha() else f"stack-{name}".rstrip("-")
    folder.mkdir()
    (folder / "template.json").write_text(json.dumps(body))
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": f"aws://unknown-account/{region or REGION}",
        "properties": {"templateFile": "template.json", "stackName": name},
    }
    # Any version that the CLI reads: https://www.npmjs.com/package/@aws-cdk/cloud-assembly-schema
    (folder / "manifest.json").write_text(json.dumps({"version": "36.0.0", "artifacts": {name: stack}}))
    return folder
