"""The emulator's environment: apart from the project's own, since ministack pins an older botocore than the project."""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# A checkout, or the folder of packages that a wheel was installed in.
ROOT = Path(__file__).resolve().parents[1]
CHECKOUT = (ROOT / "constructs" / "cdk_inference").is_dir()  # site-packages has the package constructs
REQUIREMENTS = Path(__file__).parent / "requirements.txt"


def _folder() -> Path:
    """Beside what is installed: in the virtual environment, else in the user's cache."""
    if CHECKOUT:
        return ROOT / ".venv" / "rehearsal"
    if sys.prefix != sys.base_prefix:
        return Path(sys.prefix) / "rehearsal"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cdk-inference" / "rehearsal"


FOLDER = _folder()
PYTHON = FOLDER / "bin" / "python"
_STAMP = FOLDER / ".installed"


class CannotMakeError(Exception):
    """Why the environment cannot be made."""


def _wanted() -> str:
    """What the stamp holds when the environment fits: the packages, this Python and both folders."""
    return f"{sys.version_info[:2]}\n{FOLDER}\n{ROOT}\n{REQUIREMENTS.read_text()}"


def _fits() -> bool:
    return PYTHON.exists() and _STAMP.exists() and _STAMP.read_text() == _wanted()


def ensure() -> Path:
    """Returns the environment's Python; makes the environment when it is missing or of something else.

    Raises:
        CannotMakeError: pip does not succeed, or the folder cannot be written.
    """
    if _fits():
        return PYTHON
    try:
        FOLDER.parent.mkdir(parents=True, exist_ok=True)
        with _alone():
            if not _fits():  # a second run may have made it meanwhile
                _make()
    except OSError as problem:
        raise CannotMakeError(f"{FOLDER} cannot be made ({problem}); fix: make it writable") from None
    return PYTHON


@contextmanager
def _alone() -> Iterator[None]:
    """Lets one process at a time make the environment."""
    with FOLDER.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make() -> None:
    print(f"making {FOLDER}, once (about 210 MB)", flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    if importlib.util.find_spec("pip") is None:  # uv makes environments without it
        bare, pip = [], [str(PYTHON), "-m", "pip"]
    else:
        bare, pip = ["--without-pip"], [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    quiet = ["--disable-pip-version-check", "--quiet"]
    for command in (
        [sys.executable, "-m", "venv", *bare, str(FOLDER)],
        [*pip, *quiet, "install", "--no-deps", "--requirement", str(REQUIREMENTS)],
    ):
        if subprocess.run(command, check=False).returncode:
            shutil.rmtree(FOLDER, ignore_errors=True)
            raise CannotMakeError(f"{FOLDER} cannot be made; fix: see above")
    (packages,) = (FOLDER / "lib").glob("python3.*/site-packages")
    # Links, not a path: what else is installed beside them stays out of the emulator's environment.
    (packages / "rehearsal").symlink_to(ROOT / "rehearsal")
    (packages / "cdk_inference").symlink_to(
        ROOT / "constructs" / "cdk_inference" if CHECKOUT else ROOT / "cdk_inference"
    )
    _STAMP.write_text(_wanted())
