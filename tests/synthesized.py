"""Synthesized once per process and shared: the app per environment, and every example.

`python -m tests.synthesized FOLDER` writes every template there, for `diff -r` between two commits: a move changes none.
"""

from __future__ import annotations

import functools
import json
import runpy
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks

from app import build_app
from cdk_inference.hardware import table
from cdk_inference.template import Assembly, StackTemplate, load_assembly
from stacks.settings import ENVIRONMENTS
from tests.support import CONTEXT, ROOT

# Some examples are held to the rule packs, like the fleet; the others show one thing each, not all that packs ask.
CHECKED_BY_PACKS = ("serve_", "capture", "cost_")
PACKS = (AwsSolutionsChecks, NIST80053R5Checks, HIPAASecurityChecks, PCIDSS321Checks)

# The CDK acknowledges this by itself wherever a VPC asks for the zones of its stack.
OF_THE_CDK = ("CloudFormation-Validate::W3010", "Literal AZs in template are the result of accessing")

EXAMPLES = tuple(sorted(path.stem for path in (ROOT / "examples").glob("*.py")))


@dataclass(frozen=True)
class Synthesized:
    """An assembly and the folder that holds it."""

    folder: Path
    assembly: Assembly

    def acknowledgements(self) -> list[tuple[str, str, str]]:
        """(construct path, rule, reason) of everything that was acknowledged, whether a finding came or not."""
        return sorted(
            (path.strip("/"), rule, reason)
            for file in self.folder.glob("*.metadata.json")
            for path, entries in json.loads(file.read_text()).items()
            for entry in entries
            if entry["type"] == "aws:cdk:acknowledged-rules"
            for rule, reason in entry["data"].items()
            if not (rule == OF_THE_CDK[0] and reason.startswith(OF_THE_CDK[1]))
        )

    def report(self) -> dict[str, Any]:
        """The validation report."""
        found = json.loads((self.folder / "validation-report.json").read_text())
        assert isinstance(found, dict)
        return found


@functools.cache
def fleet(environment: str) -> Synthesized:
    """The app for `environment`."""
    folder = Path(tempfile.mkdtemp(prefix=f"fleet-{environment}-"))
    build_app({**CONTEXT, "environment": environment}, str(folder)).synth()
    return Synthesized(folder, load_assembly(folder))


@functools.cache
def example(name: str) -> Synthesized:
    """One of examples/, run as a script."""
    folder = Path(tempfile.mkdtemp(prefix=f"example-{name}-"))

    # Node reads CDK_OUTDIR and CDK_CONTEXT_JSON once, when the kernel starts: too late for a second app.
    def here() -> cdk.App:
        app = make_app(context=CONTEXT, outdir=str(folder))
        if name.startswith(CHECKED_BY_PACKS):
            cdk.Validations.of(app).add_plugins(*(pack(app) for pack in PACKS))
        return app

    make_app = cdk.App
    with mock.patch.object(cdk, "App", here), mock.patch.dict(table.registered):
        runpy.run_path(str(ROOT / "examples" / f"{name}.py"), run_name="__main__")
    return Synthesized(folder, load_assembly(folder))


HELD_TO_PACKS = (
    *(f"fleet-{name}" for name in ENVIRONMENTS),
    *(f"example-{name}" for name in EXAMPLES if name.startswith(CHECKED_BY_PACKS)),
)
SUBJECTS = (*(f"fleet-{name}" for name in ENVIRONMENTS), *(f"example-{name}" for name in EXAMPLES))


def subject(name: str) -> Synthesized:
    """One of `SUBJECTS`."""
    kind, _, rest = name.partition("-")
    return fleet(rest) if kind == "fleet" else example(rest)


def write(folder: Path) -> None:
    """Writes each template of `SUBJECTS` as the CDK wrote it, into a folder per subject."""
    for name in SUBJECTS:
        there = subject(name).folder
        for file in there.rglob("*.template.json"):
            copy = folder / name / file.relative_to(there)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)


def templates(name: str) -> tuple[StackTemplate, ...]:
    """The stacks of one of `SUBJECTS`."""
    return subject(name).assembly.stacks


if __name__ == "__main__":
    write(Path(sys.argv[1]))
