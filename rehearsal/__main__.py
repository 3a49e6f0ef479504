"""`python -m rehearsal`: makes the emulator's environment at first use, and rehearses in it."""

from __future__ import annotations

import os
import sys

from rehearsal import environment


def main() -> None:
    """Becomes the command, run by the Python of the emulator's environment."""
    try:
        python = environment.ensure()
    except environment.CannotMakeError as problem:
        sys.exit(str(problem))
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(environment.PATHS), "PYTHONDONTWRITEBYTECODE": "1"}
    os.execve(python, [str(python), "-m", "rehearsal.command", *sys.argv[1:]], variables)


if __name__ == "__main__":
    main()
