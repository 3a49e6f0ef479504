"""What an earlier synthesis left in cdk.out goes; locks of the CDK CLI, other folders and targets of links stay."""

from __future__ import annotations

from pathlib import Path

import pytest

import app as app_module
from app import clear_output

GENERATED = ("manifest.json", "prod.template.json", "asset.1/index.py", "assembly-stage/manifest.json")
LOCKS = ("synth.lock", "read.4711.1.lock")


def written(folder: Path) -> Path:
    for name in (*GENERATED, *LOCKS):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    return folder


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The checkout's cdk.out."""
    monkeypatch.setattr(app_module, "OUTPUT", tmp_path / "checkout" / "cdk.out")
    return tmp_path / "checkout" / "cdk.out"


def test_only_the_locks_stay(output: Path) -> None:
    clear_output(str(written(output)))
    assert files(output) == sorted(LOCKS)


def test_a_folder_that_is_not_there_yet(output: Path) -> None:
    clear_output(str(output))
    assert not output.exists()


def test_nothing_is_cleared_without_the_cli(output: Path) -> None:
    clear_output(None)
    assert files(written(output)) == sorted((*GENERATED, *LOCKS))


def test_another_folder_stays_as_it_is(output: Path, tmp_path: Path) -> None:
    written(output)
    clear_output(str(written(tmp_path / "elsewhere" / "cdk.out")))
    assert files(tmp_path / "elsewhere" / "cdk.out") == files(output) == sorted((*GENERATED, *LOCKS))


def test_the_target_of_a_link_stays_as_it_is(output: Path, tmp_path: Path) -> None:
    target = written(tmp_path / "elsewhere")
    output.parent.mkdir()
    output.symlink_to(target)
    clear_output(str(output))
    assert files(target) == sorted((*GENERATED, *LOCKS))


def test_a_link_inside_goes_without_its_target(output: Path, tmp_path: Path) -> None:
    target = written(tmp_path / "elsewhere")
    output.mkdir(parents=True)
    (output / "asset.2").symlink_to(target)
    clear_output(str(output))
    assert (files(output), files(target)) == ([], sorted((*GENERATED, *LOCKS)))
