"""A cloud assembly, and changed copies of it: a template's hash is renamed, else the CLI sees no change."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.s3_place import place
from rehearsal.workspace import ACCOUNT, REGION, CannotRehearseError

Template = dict[str, Any]


@dataclass(frozen=True)
class Assembly:
    """A folder that `cdk synth` made."""

    folder: Path

    def stacks(self) -> dict[str, Path]:
        """Returns stack name -> template file."""
        try:
            manifest = json.loads((self.folder / "manifest.json").read_text())
        except (OSError, ValueError) as error:
            raise CannotRehearseError(
                f"--assembly: got {self.folder} ({error}); allowed: a folder that `cdk synth` made, with manifest.json"
            ) from None
        found = {}
        for key, one in manifest.get("artifacts", {}).items():
            if one["type"] == "aws:cloudformation:stack":
                found[one["properties"].get("stackName", key)] = self.folder / one["properties"]["templateFile"]
        if not found:
            raise CannotRehearseError(f"{self.folder}: got no stack; allowed: a cloud assembly of `cdk synth`")
        return found

    def template(self, stack: str) -> Template:
        """Returns one stack's template."""
        found: Template = json.loads(self.stacks()[stack].read_text())
        return found

    def changed(self, folder: Path, change: Callable[[Template], bool]) -> Assembly:
        """Returns a copy whose templates `change` may edit; it returns whether it did."""
        shutil.copytree(self.folder, folder)
        copy = Assembly(folder)
        for file in copy.stacks().values():
            template = json.loads(file.read_text())
            if change(template):
                before = hashlib.sha256(file.read_bytes()).hexdigest()
                file.write_text(json.dumps(template, indent=1))
                _renamed(folder, before, hashlib.sha256(file.read_bytes()).hexdigest())
        return copy


def _renamed(folder: Path, before: str, after: str) -> None:
    seen = 0
    for file in (folder / "manifest.json", *folder.glob("*.assets.json")):
        text = file.read_text()
        seen += text.count(before)
        file.write_text(text.replace(before, after))
    if not seen:
        raise CannotRehearseError(f"{folder}: the hash of a template stands in no file of assets")


def resources_of(template: Template, kind: str) -> Mapping[str, dict[str, Any]]:
    """Returns logical id -> resource of one type."""
    return {key: one for key, one in template.get("Resources", {}).items() if one["Type"] == kind}


_PSEUDO = {"AWS::URLSuffix": "amazonaws.com", "AWS::Partition": "aws", "AWS::Region": REGION, "AWS::AccountId": ACCOUNT}
# A bucket's name, or (stack, output) that holds it; an empty stack is the template's own.
Source = str | tuple[str, str]


def model_sources(assembly: Assembly) -> Iterator[tuple[Source, str]]:
    """Yields (bucket, key or prefix) of the model data of every model, as far as the templates say it plainly."""
    for stack in assembly.stacks():
        for model in resources_of(assembly.template(stack), "AWS::SageMaker::Model").values():
            containers = [model["Properties"].get("PrimaryContainer"), *model["Properties"].get("Containers", [])]
            for container in (one for one in containers if one):
                source = container.get("ModelDataSource", {}).get("S3DataSource", {})
                yield from _source(source.get("S3Uri") or container.get("ModelDataUrl"))


def _source(uri: Any) -> Iterator[tuple[Source, str]]:
    if isinstance(uri, str):
        yield place(uri)
    elif isinstance(uri, dict) and "Fn::Join" in uri:
        parts = [_PSEUDO.get(one.get("Ref", ""), one) if isinstance(one, dict) else one for one in uri["Fn::Join"][1]]
        texts = [one for one in parts if isinstance(one, str)]
        if len(texts) == len(parts):
            yield place("".join(texts))
        elif len(parts) == 3 and parts[0] == "s3://" and isinstance(parts[2], str):
            output = parts[1].get("Fn::GetStackOutput", {}) if isinstance(parts[1], dict) else {}
            yield (output.get("StackName", ""), output.get("OutputName", "")), parts[2].removeprefix("/")
