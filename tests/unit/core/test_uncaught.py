"""How an app ends at an error that nothing catches: in a process of its own, as a user's app does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.each import each

APP = """\
import {imported}
from cdk_inference.core.errors import ConfigurationError, Problem
{before}

def make():
    from cdk_inference.scaling import TargetConcurrency
    TargetConcurrency(per_instance=0, min_instances=1, max_instances=4)

{call}
"""
LINE = APP.splitlines().index("    TargetConcurrency(per_instance=0, min_instances=1, max_instances=4)") + 1
MESSAGE = "TargetConcurrency: per_instance: got 0; allowed: "


def run(
    folder: Path, call: str, imported: str = "cdk_inference", before: str = "", **variables: str
) -> tuple[int, str]:
    (folder / "app.py").write_text(APP.format(call=call, imported=imported, before=before))
    environment = {name: value for name, value in os.environ.items() if name != "CDK_INFERENCE_TRACEBACK"}
    done = subprocess.run(
        [sys.executable, "app.py"], cwd=folder, env=environment | variables, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


@each("imported", ["cdk_inference", "cdk_inference.scaling"])
def test_a_configuration_error_is_one_line(imported: str, tmp_path: Path) -> None:
    status, err = run(tmp_path, "make()", imported)
    assert (status, err.count("\n")) == (1, 1)
    assert err.startswith(f"app.py, line {LINE}: {MESSAGE}")


def test_the_stack_trace_is_there_if_it_is_wanted(tmp_path: Path) -> None:
    status, err = run(tmp_path, "make()", CDK_INFERENCE_TRACEBACK="1")
    assert status == 1
    assert err.startswith("Traceback (most recent call last):")
    assert MESSAGE in err


@each("call", ["1 / 0", "raise ValueError('other')", "raise RuntimeError('ValidationFailed: x')"])
def test_other_errors_have_their_stack_trace(call: str, tmp_path: Path) -> None:
    status, err = run(tmp_path, call)
    assert (status, err.splitlines()[0]) == (1, "Traceback (most recent call last):")


OWN_HOOK = "import sys; sys.excepthook = lambda kind, error, trace: print('mine:', kind.__name__, file=sys.stderr)"


@each("first", [True, False])
def test_a_hook_of_somebody_else_stays(first: bool, tmp_path: Path) -> None:
    if first:
        (tmp_path / "hooked.py").write_text(OWN_HOOK)
    imported, before = ("hooked, cdk_inference", "") if first else ("cdk_inference", OWN_HOOK)
    assert run(tmp_path, "make()", imported, before) == (1, "mine: ConfigurationError\n")


def test_notes_are_kept(tmp_path: Path) -> None:
    call = "error = ConfigurationError('A', [Problem('b', 1, '2', 'write 2')])\nerror.add_note('in eu-west-1')\nraise error"
    assert run(tmp_path, call)[1].splitlines()[1:] == ["in eu-west-1"]
