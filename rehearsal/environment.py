"""The emulator's environment, .venv/rehearsal: apart, since ministack pins an older botocore than the project does."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".venv" / "rehearsal"
PYTHON = FOLDER / "bin" / "python"
PATHS = (str(ROOT), str(ROOT / "constructs"))
REQUIREMENTS = Path(__file__).parent / "requirements.txt"
_STAMP = FOLDER / ".installed"


class CannotMakeError(Exception):
    """Why the environment cannot be made."""


def _wanted() -> str:
    """What the stamp holds when the environment fits: the packages, this Python and this folder."""
    return f"{sys.version_info[:2]}\n{FOLDER}\n{REQUIREMENTS.read_text()}"


def ensure() -> Path:
    """Returns the environment's Python; makes the environment when it is missing or of something else.

    Raises:
        CannotMakeError: pip does not succeed.
    """
    wanted = _wanted()
    if PYTHON.exists() and _STAMP.exists() and _STAMP.read_text() == wanted:
        return PYTHON
    print(f"making {FOLDER.relative_to(ROOT)}, once (about 210 MB)", flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--python", str(PYTHON)]
    for command in (
        [sys.executable, "-m", "venv", "--without-pip", str(FOLDER)],
        [*pip, "install", "--no-deps", "--requirement", str(REQUIREMENTS)],
    ):
        if subprocess.run(command, check=False).returncode:
            shutil.rmtree(FOLDER, ignore_errors=True)
            raise CannotMakeError(f"{FOLDER.relative_to(ROOT)} cannot be made; fix: see above")
    _STAMP.write_text(wanted)
    return PYTHON
