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
from rehearsal.workspace import CannotRehearseError

Template = dict[str, Any]
QUALIFIER = "hnb659fds"  # of the CDK's own bootstrap stack


@dataclass(frozen=True, kw_only=True)
class StackFile:
    """A stack of an assembly: its template's file, the id that the CLI selects it by, and where it goes."""

    file: Path
    selector: str
    account: str
    region: str
    artifact: str
    dependencies: tuple[str, ...]


_STACK, _NESTED = "aws:cloudformation:stack", "cdk:cloud-assembly"


@dataclass(frozen=True)
class Assembly:
    """A folder that `cdk synth` made."""

    folder: Path

    def stacks(self) -> dict[str, StackFile]:
        """Returns stack name -> stack, those of stages as well."""
        try:
            found = dict(_stacks(self.folder))
        except (OSError, ValueError, KeyError, AttributeError) as error:
            raise CannotRehearseError(
                f"APP: got {self.folder} ({error}); allowed: a folder that `cdk synth` made, with manifest.json"
            ) from None
        if not found:
            raise CannotRehearseError(f"{self.folder}: got no stack; allowed: a cloud assembly of `cdk synth`")
        return found

    def template(self, stack: str) -> Template:
        """Returns one stack's template."""
        file = self.stacks()[stack].file
        try:
            found: Template = json.loads(file.read_text())
        except (OSError, ValueError) as error:
            raise CannotRehearseError(f"{file}: got {error}; allowed: a template as JSON") from None
        resources = found.get("Resources") if isinstance(found, dict) else None
        if not isinstance(resources, dict) or not all(isinstance(one, dict) for one in resources.values()):
            raise CannotRehearseError(f"{file}: got no Resources; allowed: a CloudFormation template")
        return found

    def before_endpoints(self) -> list[str]:
        """Returns the selectors of the stacks that have no endpoint and need no stack that has one."""
        stacks = self.stacks()
        late = {
            one.artifact
            for name, one in stacks.items()
            if resources_of(self.template(name), "AWS::SageMaker::Endpoint")
        }
        while more := {one.artifact for one in stacks.values() if late & {*one.dependencies}} - late:
            late |= more
        return [one.selector for one in stacks.values() if one.artifact not in late]

    def qualifiers(self) -> set[str]:
        """Returns the bootstrap qualifiers that the templates name; the CDK's own where none does."""
        defaults = [
            str(self.template(stack).get("Parameters", {}).get("BootstrapVersion", {}).get("Default", ""))
            for stack in self.stacks()
        ]
        return {one.split("/")[2] for one in defaults if one.startswith("/cdk-bootstrap/")} or {QUALIFIER}

    def changed(self, folder: Path, change: Callable[[Template], bool]) -> Assembly:
        """Returns a copy whose templates `change` may edit; it returns whether it did."""
        shutil.copytree(self.folder, folder)
        copy = Assembly(folder)
        for one in copy.stacks().values():
            template = json.loads(one.file.read_text())
            if change(template):
                before = hashlib.sha256(one.file.read_bytes()).hexdigest()
                one.file.write_text(json.dumps(template, indent=1))
                _renamed(one.file.parent, before, hashlib.sha256(one.file.read_bytes()).hexdigest())
        return copy


def without_images(folder: Path) -> list[str]:
    """Takes the Docker images out of an assembly's assets, which a deployment would build; returns where they were."""
    found = []
    for file in sorted(folder.rglob("*.assets.json")):
        assets = json.loads(file.read_text())
        images = assets.get("dockerImages") if isinstance(assets, dict) else None
        if images:
            file.write_text(json.dumps({**assets, "dockerImages": {}}))
            found += [str(one.get("source", {}).get("directory", key)) for key, one in images.items()]
    return found


def functions(assembly: Assembly) -> list[str]:
    """Returns "stack: logical id" of every Lambda function."""
    return [
        f"{stack}: {key}"
        for stack in assembly.stacks()
        for key in resources_of(assembly.template(stack), "AWS::Lambda::Function")
    ]


def _stacks(folder: Path) -> Iterator[tuple[str, StackFile]]:
    for key, one in json.loads((folder / "manifest.json").read_text()).get("artifacts", {}).items():
        if one["type"] == _NESTED:
            yield from _stacks(folder / one["properties"]["directoryName"])
        if one["type"] == _STACK:
            account, _, region = one.get("environment", "aws://unknown-account/unknown-region")[6:].partition("/")
            file = folder / one["properties"]["templateFile"]
            selector = one.get("displayName", key).partition(" ")[0]
            needs = tuple(one.get("dependencies", ()))
            place = {"account": account, "region": region}
            made = StackFile(file=file, selector=selector, artifact=key, dependencies=needs, **place)
            yield one["properties"].get("stackName", key), made


def _renamed(folder: Path, before: str, after: str) -> None:
    """A template without an asset, as of a legacy synthesizer, is sent as it is."""
    manifest = folder / "manifest.json"
    if "stackTemplateAssetObjectUrl" in manifest.read_text() and before not in manifest.read_text():
        raise CannotRehearseError(f"{manifest}: does not name the hash of a template; fix: synthesize it anew")
    for file in (manifest, *folder.glob("*.assets.json")):
        file.write_text(file.read_text().replace(before, after))


def resources_of(template: Template, kind: str) -> Mapping[str, dict[str, Any]]:
    """Returns logical id -> resource of one type."""
    return {key: one for key, one in template.get("Resources", {}).items() if one.get("Type") == kind}


# A bucket's name, or (stack, output) that holds it; an empty stack is the template's own.
Source = str | tuple[str, str]


def model_sources(assembly: Assembly, account: str, region: str) -> Iterator[tuple[Source, str]]:
    """Yields (bucket, key or prefix) of the model data of every model, as far as the templates say it plainly.

    Args:
        account: That of stacks without an account of their own; `region` alike.
    """
    for stack, one in assembly.stacks().items():
        pseudo = {
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::Partition": "aws",
            "AWS::AccountId": account,
            "AWS::Region": region if one.region == "unknown-region" else one.region,
        }
        for model in resources_of(assembly.template(stack), "AWS::SageMaker::Model").values():
            containers = [model["Properties"].get("PrimaryContainer"), *model["Properties"].get("Containers", [])]
            for container in (one for one in containers if one):
                source = container.get("ModelDataSource", {}).get("S3DataSource", {})
                yield from _source(source.get("S3Uri") or container.get("ModelDataUrl"), pseudo)


def _source(uri: Any, pseudo: Mapping[str, str]) -> Iterator[tuple[Source, str]]:
    if isinstance(uri, str):
        yield place(uri)
    elif isinstance(uri, dict) and "Fn::Join" in uri:
        parts = [pseudo.get(one.get("Ref", ""), one) if isinstance(one, dict) else one for one in uri["Fn::Join"][1]]
        texts = [one for one in parts if isinstance(one, str)]
        if len(texts) == len(parts):
            yield place("".join(texts))
        elif len(parts) == 3 and parts[0] == "s3://" and isinstance(parts[2], str):
            output = parts[1].get("Fn::GetStackOutput", {}) if isinstance(parts[1], dict) else {}
            yield (output.get("StackName", ""), output.get("OutputName", "")), parts[2].removeprefix("/")
