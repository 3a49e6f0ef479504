"""A cloud assembly (cdk.out): its stacks' templates and its validation report."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from cdk_inference.core.errors import InputError
from cdk_inference.template.folders import within
from cdk_inference.template.load import TemplateError, parse_json, read_text, too_many

MANIFEST = "manifest.json"
REPORT = "validation-report.json"

_Kind = TypeVar("_Kind", dict[str, Any], list[Any], str)
_WORDS = {dict: "an object", list: "a list", str: "a string"}
# Of what the CDK notes: construct path, type, the entry itself.
Entry = tuple[str, str, dict[str, Any]]
_LOGICAL_ID, _TEMPLATE_FILE, _ACKNOWLEDGED = "aws:cdk:logicalId", "aws:cdk:templateFile", "aws:cdk:acknowledged-rules"
_KINDS = frozenset((_LOGICAL_ID, _TEMPLATE_FILE, _ACKNOWLEDGED))


class AssemblyError(InputError):
    """The folder is not a readable cloud assembly; the message says what was looked for and what to do."""


@dataclass(frozen=True, kw_only=True)
class StackTemplate:
    """One stack of the assembly.

    region: None where it is known at deployment only.
    paths: logical id -> construct path.
    acknowledged: (construct path, rule's id) -> reason, as `Validations.of(construct).acknowledge(...)` of the CDK
    records it beside the template.
    file: where the template is; nested: whether it is a nested stack of one before it.
    protected: whether it has termination protection.
    """

    name: str
    region: str | None
    template: dict[str, Any]
    paths: dict[str, str]
    acknowledged: dict[tuple[str, str], str] = field(default_factory=dict)
    file: Path | None = field(default=None, compare=False)
    nested: bool = field(default=False, compare=False)
    protected: bool = field(default=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One entry of the validation report. reason: set where it was acknowledged. text: what the plugin says of it."""

    rule: str
    construct_path: str
    reason: str | None
    text: str = field(default="", compare=False)


@dataclass(frozen=True, kw_only=True)
class Assembly:
    """`findings` is None where the assembly has no validation report: then no check has run.

    checks: names of the plugins that the report says have run; one that failed and found nothing did not.
    """

    stacks: tuple[StackTemplate, ...]
    findings: tuple[Finding, ...] | None
    checks: frozenset[str] = frozenset()


def load_assembly(folder: Path, problems: list[str] | None = None) -> Assembly:
    """Reads `folder` and the assemblies nested in it. Raises AssemblyError.

    With `problems`, a stack or report that cannot be read is added to it and left out; the manifest has to be there.
    """
    stacks = tuple(_stacks(folder, folder.resolve(), (), problems))
    report = folder / REPORT
    with _listed_in(problems):
        if report.exists():
            plugins = _member(report, _read(report), "pluginReports", list, [])
            findings, checks = tuple(_findings(report, plugins)), frozenset(_checks(report, plugins))
            return Assembly(stacks=stacks, findings=findings, checks=checks)
    return Assembly(stacks=stacks, findings=None)


@contextlib.contextmanager
def _listed_in(problems: list[str] | None) -> Iterator[None]:
    try:
        yield
    except AssemblyError as error:
        if problems is None:
            raise
        problems.append(str(error))


def _stacks(folder: Path, root: Path, outer: tuple[Path, ...], problems: list[str] | None) -> Iterator[StackTemplate]:
    file = folder / MANIFEST
    manifest = _read(file)
    if folder.resolve() in outer:
        raise AssemblyError(f"{file} names its own assembly as nested in it; run `cdk synth` again")
    for name, artifact in _member(file, manifest, "artifacts", dict, {}).items():
        with _listed_in(problems):
            yield from list(_artifact(folder, root, outer, name, artifact, problems))


def _artifact(
    folder: Path, root: Path, outer: tuple[Path, ...], name: str, artifact: dict[str, Any], problems: list[str] | None
) -> Iterator[StackTemplate]:
    file = folder / MANIFEST
    kind = _member(file, artifact, "type", str, "")
    if kind == "aws:cloudformation:stack":
        properties = _member(file, artifact, "properties", dict)
        region = _member(file, artifact, "environment", str, "").rpartition("/")[2]
        metadata = _metadata(file, root, artifact)
        own = _member(file, properties, "templateFile", str)
        template = _template(_inside(root, file, own))
        entries = list(_entries(file, metadata))
        stack = StackTemplate(
            name=_member(file, properties, "stackName", str, name),
            region=None if region in ("", "unknown-region") else region,
            template=template,
            paths=_noted(file, entries, _LOGICAL_ID),
            acknowledged=dict(_acknowledged(file, entries)),
            file=folder / own,
            protected=properties.get("terminationProtection") is True,
        )
        yield stack
        for path, nested in _noted(file, entries, _TEMPLATE_FILE).items():
            if path != own:
                template = _template(_inside(root, file, path))
                yield replace(stack, name=nested, template=template, file=folder / path, nested=True)
    elif kind == "cdk:cloud-assembly":
        properties = _member(file, artifact, "properties", dict)
        inner = _inside(root, file, _member(file, properties, "directoryName", str))
        yield from _stacks(inner, root, (*outer, folder.resolve()), problems)


def _inside(root: Path, manifest: Path, name: str) -> Path:
    """The file that a manifest names, which has to lie in the assembly."""
    found = manifest.parent / name
    if within(found, root):
        return found
    raise AssemblyError(f"{manifest} names {name[:200]!r}, which lies outside of {root}; run `cdk synth` again")


def _metadata(file: Path, root: Path, artifact: dict[str, Any]) -> dict[str, Any]:
    """What the CDK notes of constructs, beside the template or in the manifest: path -> entries."""
    metadata = dict(_member(file, artifact, "metadata", dict, {}))
    if "additionalMetadataFile" in artifact:
        metadata |= _read(_inside(root, file, _member(file, artifact, "additionalMetadataFile", str)))
    return metadata


def _entries(file: Path, metadata: dict[str, Any]) -> Iterator[Entry]:
    """Yields the entries of all constructs that are of one of the kinds."""
    for path in metadata:
        for entry in _member(file, metadata, path, list):
            kind = entry.get("type", "") if isinstance(entry, dict) else None
            if not isinstance(kind, str):
                _member(file, entry, "type", str)  # says what is wrong
            elif kind in _KINDS:
                yield path.strip("/"), kind, entry


def _noted(file: Path, entries: Iterable[Entry], kind: str) -> dict[str, str]:
    """What the entries of one kind say -> construct path: logical ids, or the template files of (nested) stacks."""
    return {_member(file, entry, "data", str): path for path, type, entry in entries if type == kind}


def _acknowledged(file: Path, entries: Iterable[Entry]) -> Iterator[tuple[tuple[str, str], str]]:
    """https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.Validations.html (2.275.0, read 2026-11-30)"""
    for path, type, entry in entries:
        if type == _ACKNOWLEDGED:
            for rule, reason in _member(file, entry, "data", dict).items():
                yield (path, rule), str(reason)


def _findings(file: Path, plugins: list[dict[str, Any]]) -> Iterator[Finding]:
    for plugin in plugins:
        open_ones = _member(file, plugin, "violations", list, [])
        for violation in [*open_ones, *_member(file, plugin, "suppressedViolations", list, [])]:
            for construct in _member(file, violation, "violatingConstructs", list, []):
                yield Finding(
                    rule=_member(file, violation, "ruleName", str),
                    construct_path=_member(file, construct, "constructPath", str, ""),
                    reason=_member(file, violation, "reason", str) if "reason" in violation else None,
                    text=_text(violation),
                )


def _text(violation: dict[str, Any]) -> str:
    """Description and fix, each where it is there."""
    described, fix = (violation.get(key) for key in ("description", "suggestedFix"))
    parts = [described if isinstance(described, str) else "", f"Fix: {fix}" if isinstance(fix, str) and fix else ""]
    return " ".join(" ".join(part.split()) for part in parts if part)


def _checks(file: Path, plugins: list[dict[str, Any]]) -> Iterator[str]:
    for plugin in plugins:
        found = plugin.get("violations") or plugin.get("suppressedViolations")
        if plugin.get("conclusion") != "failure" or found:
            yield _member(file, plugin, "pluginName", str, "a plugin without a name")


def _member(file: Path, owner: object, key: str, kind: type[_Kind], default: _Kind | None = None) -> _Kind:
    """`owner[key]`, which must be of the type `kind`; AssemblyError where it is not, or where `owner` has no keys."""
    value = owner.get(key, default) if isinstance(owner, dict) else None
    if isinstance(value, kind):
        return value
    raise AssemblyError(f'{file} is not as the CDK writes it: "{key}" should be {_WORDS[kind]}; run `cdk synth` again')


def _template(file: Path) -> dict[str, Any]:
    template = _read(file)
    if fault := too_many(template):
        raise AssemblyError(f"{file} {fault}, and run `cdk synth` again")
    return template


def _read(file: Path) -> dict[str, Any]:
    if not os.path.lexists(file):
        raise AssemblyError(f"{file} is missing; run `cdk synth` first, or name the folder it wrote")
    try:
        value = parse_json(read_text(file))
    except TemplateError as error:
        raise AssemblyError(f"{str(error).partition(';')[0]}; run `cdk synth` again") from None
    except (ValueError, RecursionError) as error:
        raise AssemblyError(f"{file} cannot be read: {error}; run `cdk synth` again") from None
    if not isinstance(value, dict):
        raise AssemblyError(f"{file} holds no JSON object; run `cdk synth` again")
    return value
