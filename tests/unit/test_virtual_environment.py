"""When scripts/virtual_environment.py makes .venv again, and when it refuses to."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "virtual_environment.py"


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module of the checkout tmp_path, with a `python -m venv` that makes two files, or fails."""
    spec = importlib.util.spec_from_file_location("virtual_environment", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def venv(command: list[str]) -> int:
        assert command[1:] == ["-m", "venv", str(tmp_path / ".venv")]
        (tmp_path / ".venv" / "bin").mkdir(parents=True)
        (tmp_path / ".venv" / "bin" / "python").write_text("")
        return int((tmp_path / "fails").exists())

    monkeypatch.setattr(module, "ROOT", str(tmp_path))
    monkeypatch.setattr(subprocess, "call", venv)
    return module


@pytest.fixture
def used(script: ModuleType, tmp_path: Path) -> Path:
    """A file that `pip` wrote into .venv: it stays as long as .venv does."""
    script.main()
    (tmp_path / ".venv" / "package").write_text("")
    return tmp_path / ".venv" / "package"


def test_one_that_fits_stays(script: ModuleType, used: Path) -> None:
    before = (used.parent / ".python").stat().st_mtime_ns
    script.main()
    assert (used.exists(), (used.parent / ".python").stat().st_mtime_ns) == (True, before)


def test_the_stamp_holds_python_and_folder(used: Path, tmp_path: Path) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert (used.parent / ".python").read_text() == f"{version}\n{tmp_path / '.venv'}\n"


def test_another_python_makes_it_again(script: ModuleType, used: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 99, 1))
    script.main()
    assert (used.exists(), (used.parent / ".python").read_text().splitlines()[0]) == (False, "3.99")


def test_a_copied_or_moved_checkout_makes_it_again(
    script: ModuleType, used: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "ROOT", str(tmp_path))
    (used.parent / ".python").write_text((used.parent / ".python").read_text().replace("/.venv", "/old/.venv"))
    script.main()
    assert not used.exists()


@pytest.mark.parametrize("lost", [".python", "bin/python"])
def test_one_that_is_not_whole_is_made_again(script: ModuleType, used: Path, lost: str) -> None:
    """Its making was interrupted, or the Python that it links to was uninstalled."""
    (used.parent / lost).unlink()
    script.main()
    assert not used.exists()
    assert (used.parent / lost).exists()


def test_nothing_stays_when_it_cannot_be_made(script: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "fails").write_text("")
    with pytest.raises(SystemExit) as caught:
        script.main()
    assert (caught.value.code, os.listdir(tmp_path)) == (1, ["fails"])


def test_links_out_of_the_checkout_and_an_old_python_are_refused_at_once(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".venv").symlink_to("/elsewhere/.venv")
    (tmp_path / "cdk.out").symlink_to("/elsewhere")
    monkeypatch.setattr(sys, "version_info", (3, 6, 9))
    monkeypatch.setattr(sys, "executable", "/usr/bin/python3")
    with pytest.raises(SystemExit) as caught:
        script.main()
    assert caught.value.code == (
        "Python: got 3.6.9 (/usr/bin/python3); allowed: 3.11 and newer;"
        " fix: name one that is installed: make PYTHON=python3.11\n"
        ".venv: got a link to /elsewhere/.venv; allowed: a folder of this checkout; fix: rm .venv\n"
        "cdk.out: got a link to /elsewhere; allowed: a folder of this checkout; fix: rm cdk.out"
    )


def test_the_oldest_python_is_the_projects(script: ModuleType) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == f">={script.dotted(script.OLDEST)}"
