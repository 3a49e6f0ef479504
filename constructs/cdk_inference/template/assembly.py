"""A cloud assembly (cdk.out): its stacks' templates and its validation report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
REPORT = "validation-report.json"


class AssemblyError(ValueError):
    """The folder is not a readable cloud assembly; the message says what was looked for and what to do."""


@dataclass(frozen=True, kw_only=True)
class StackTemplate:
    """One stack of the assembly.

    region: None where it is known at deployment only.
    paths: logical id -> construct path.
    """

    name: str
    region: str | None
    template: dict[str, Any]
    paths: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One entry of the validation report. `reason` is set where it was acknowledged."""

    rule: str
    construct_path: str
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class Assembly:
    """`findings` is None where the assembly has no validation report: then no check has run."""

    stacks: tuple[StackTemplate, ...]
    findings: tuple[Finding, ...] | None


def load_assembly(folder: Path) -> Assembly:
    """Reads `folder` and the assemblies nested in it. Raises AssemblyError."""
    stacks = tuple(_stacks(folder))
    report = folder / REPORT
    findings = tuple(_findings(_read(report))) if report.exists() else None
    return Assembly(stacks=stacks, findings=findings)


def _stacks(folder: Path) -> Iterator[StackTemplate]:
    manifest = _read(folder / MANIFEST)
    for name, artifact in manifest.get("artifacts", {}).items():
        properties = artifact.get("properties", {})
        if artifact.get("type") == "aws:cloudformation:stack":
            region = artifact.get("environment", "").rpartition("/")[2]
            yield StackTemplate(
                name=properties.get("stackName", name),
                region=None if region in ("", "unknown-region") else region,
                template=_read(folder / properties["templateFile"]),
                paths=_paths(folder, artifact),
            )
        elif artifact.get("type") == "cdk:cloud-assembly":
            yield from _stacks(folder / properties["directoryName"])


def _paths(folder: Path, artifact: dict[str, Any]) -> dict[str, str]:
    """From the metadata that the CDK writes beside the template, or into the manifest."""
    metadata = dict(artifact.get("metadata", {}))
    if "additionalMetadataFile" in artifact:
        metadata |= _read(folder / artifact["additionalMetadataFile"])
    return {
        entry["data"]: path.strip("/")
        for path, entries in metadata.items()
        for entry in entries
        if entry.get("type") == "aws:cdk:logicalId"
    }


def _findings(report: dict[str, Any]) -> Iterator[Finding]:
    for plugin in report.get("pluginReports", []):
        for violation in [*plugin.get("violations", []), *plugin.get("suppressedViolations", [])]:
            for construct in violation.get("violatingConstructs", []):
                yield Finding(
                    rule=violation["ruleName"],
                    construct_path=construct.get("constructPath", ""),
                    reason=violation.get("reason"),
                )


def _read(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AssemblyError(f"{file} is missing; run `cdk synth` first, or name the folder it wrote") from None
    except (OSError, ValueError) as error:
        raise AssemblyError(f"{file} cannot be read: {error}; run `cdk synth` again") from None
    if not isinstance(value, dict):
        raise AssemblyError(f"{file} holds no JSON object; run `cdk synth` again")
    return value
