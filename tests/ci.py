"""The files for CI, taken apart; their scripts, run as their shells run them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from tests.judges.workflows import BUILDSPEC, EXAMPLES, GITLAB, ROOT, WORKFLOWS, load

PULL_REQUEST, REFRESH, COMMENT, REVIEW = WORKFLOWS
FILES = (*WORKFLOWS, *EXAMPLES, GITLAB, BUILDSPEC)

_BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")  # GitHub's `shell: bash`; GitLab sets the same


def jobs(file: Path) -> dict[str, Any]:
    """Name -> job of a workflow."""
    return dict(load(file)["jobs"])


def step(file: Path, job: str, name: str) -> dict[str, Any]:
    """The one step of that name."""
    (found,) = (each for each in jobs(file)[job]["steps"] if each["name"] == name)
    return dict(found)


def review_script(file: Path) -> str:
    """The script that calls `cdk-inference review`."""
    if file == GITLAB:
        return "\n".join(load(file)["review"]["script"])
    if file == BUILDSPEC:
        return "\n".join(load(file)["phases"]["build"]["commands"])
    return str(step(file, "review", "Review")["run"])


def program(folder: Path, name: str, text: str) -> None:
    """A program of that name that `run` finds before any other: a script of bash."""
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin" / name).write_text(f"#!/bin/bash\n{text}")
    (folder / "bin" / name).chmod(0o755)


def run(script: str, folder: Path, variables: dict[str, str]) -> tuple[int, str]:
    """Exit status and output of a script that runs in `folder` with these variables besides the environment's."""
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "RUNNER_TEMP": str(folder)}
    done = subprocess.run(
        [*_BASH, script],
        cwd=folder,
        env={**environment, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


__all__ = [
    "BUILDSPEC",
    "COMMENT",
    "EXAMPLES",
    "FILES",
    "GITLAB",
    "PULL_REQUEST",
    "REFRESH",
    "REVIEW",
    "ROOT",
    "WORKFLOWS",
]
__all__ += ["jobs", "load", "program", "review_script", "run", "step"]
