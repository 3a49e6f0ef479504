"""What a refresh prints and writes: rows added, removed and changed, worked out by hand."""

from __future__ import annotations

import datetime
import hashlib
import sys
import zipfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import pytest

from cdk_inference.facts import FOLDER
from scripts.refresh import __main__ as command
from scripts.refresh._fresh import Fresh
from scripts.refresh._newest import installed_versions, raised, with_release
from scripts.refresh._packages import from_wheel

OLD = (("a", "us-east-1", "1.5", "x y"), ("b", "", "2", "x"), ("c", "", "3", "x"))


def prices(rows: Sequence[Sequence[str]], date: str = "2026-10-20") -> Fresh:
    return Fresh(
        about="prices",
        source="AWS",
        version="1",
        date=date,
        licence="MIT",
        columns=("item", "region", "usd", "regions"),
        key=("item", "region"),
        rows=rows,
        lists=frozenset({"regions"}),
    )


def test_the_same_table_has_no_difference() -> None:
    assert prices(OLD).difference("prices", prices(OLD).text("prices")) == []


def test_rows_are_added_removed_and_changed() -> None:
    new = (("a", "us-east-1", "1.25", "y z"), ("c", "", "3", "x"), ("d", "eu-west-1", "4", ""))
    assert prices(new, date="2026-11-20").difference("prices", prices(OLD).text("prices")) == [
        "  # date: 2026-10-20 -> 2026-11-20",
        "  + d eu-west-1: usd 4",
        "  - b: usd 2, regions x",
        "  ~ a us-east-1: usd 1.5 -> 1.25; regions +z -x",
    ]


def test_a_change_of_many_rows_is_one_line() -> None:
    old, new = ([(name, "", usd, "x") for name in "abcdef"] for usd in ("1", "2"))
    assert prices(new).difference("prices", prices(old).text("prices")) == ["  ~ 6 rows: usd 1 -> 2"]


def test_another_order_is_a_difference() -> None:
    assert prices(OLD[::-1]).difference("prices", prices(OLD).text("prices")) == [
        "  the order of the rows or the spelling of the file"
    ]


def test_two_rows_of_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="several rows of a, us-east-1"):
        prices((OLD[0], OLD[0])).difference("prices", "")


def test_check_writes_nothing_and_a_second_refresh_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    file = tmp_path / "images.csv"
    stale = (FOLDER / "images.csv").read_text().replace("djl-lmi,0.38.0,", "djl-lmi,0.37.0,")
    file.write_text(stale)
    assert command.main(["--check", "images"]) == 1
    assert file.read_text() == stale
    out = "images:\n  ~ djl-lmi: version 0.37.0 -> 0.38.0\n0 tables as before, 1 changed\n"
    assert capsys.readouterr().out == f"{out}out of date; run: make refresh\n"
    assert command.main(["images"]) == 0
    assert capsys.readouterr().out == out
    assert command.main(["images"]) == 0
    assert capsys.readouterr().out == "1 tables as before, 0 changed\n"
    assert command.main(["--check", "images"]) == 0


def test_a_table_that_cannot_be_made_fails_and_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    assert command.main(["tokens"]) == 1
    assert capsys.readouterr().out == (
        "tokens: not compared: litellm 1.110.2 cannot be downloaded: "
        "ERROR: No matching distribution found for litellm==1.110.2\n"
        "0 tables as before, 0 changed\n"
    )
    assert not (tmp_path / "tokens.csv").exists()


def test_a_file_of_a_wheel_has_to_be_the_pinned_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    (tmp_path / "wheels").mkdir()
    with zipfile.ZipFile(tmp_path / "wheels/some_package-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("inside.json", "{}")
    assert from_wheel("some-package", "1.0", "inside.json", hashlib.sha256(b"{}").hexdigest()) == b"{}"
    with pytest.raises(ValueError, match=r"inside\.json of some-package 1\.0 is not the file with the SHA-256 00"):
        from_wheel("some-package", "1.0", "inside.json", "00")


def test_pins_are_raised_to_what_is_installed() -> None:
    text = (
        "# moto==5.2.5 is named in a comment.\n-r requirements.txt\nmoto==5.2.5\nsagemaker_core==2.27.0\nruff==0.17.6\n"
    )
    assert raised(text, {"moto": "5.3.0", "sagemaker-core": "2.28.1"}) == (
        "# moto==5.2.5 is named in a comment.\n-r requirements.txt\nmoto==5.3.0\nsagemaker_core==2.28.1\nruff==0.17.6\n"
    )


def test_what_is_installed_is_read_from_pip() -> None:
    found = installed_versions()
    assert (found["moto"], found["sagemaker-core"]) == (version("moto"), version("sagemaker-core"))


def test_a_newer_release_of_the_price_file_is_written_once() -> None:
    text = "# version: litellm 1.110.2\n# date: 2026-11-29\n# sha256: ab\nmodel,region\n"
    newer = with_release(text, "1.111.0", "cd", datetime.date(2026, 12, 7))
    assert newer == "# version: litellm 1.111.0\n# date: 2026-12-07\n# sha256: cd\nmodel,region\n"
    assert with_release(newer, "1.111.0", "cd", datetime.date(2026, 12, 14)) == newer


def test_newest_releases_that_cannot_be_had_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(today: datetime.date) -> None:
        del today
        raise OSError("pip install: no network")

    monkeypatch.setattr(command, "take_newest", refuse)
    assert command.main(["--newest"]) == 1
    assert capsys.readouterr().out == "newest releases: not taken: pip install: no network\n"


def test_tables_kept_by_hand_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--check", "ec2_prices"]) == 0
    assert capsys.readouterr().out == (
        "kept by hand: ec2_prices (2026-01-21 to 2026-07-20, by row)\n1 tables as before, 0 changed\n"
    )


def test_an_unknown_table_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["no_such"])
    assert "no table of this name: no_such; allowed: bedrock_models, " in capsys.readouterr().err
