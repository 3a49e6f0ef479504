"""CHANGELOG.md keeps the form that it names, and knows the package's version."""

from __future__ import annotations

import re
from pathlib import Path

from cdk_inference import __version__

LINES = (Path(__file__).parents[2] / "CHANGELOG.md").read_text().splitlines()
VERSIONS = [line.removeprefix("## ") for line in LINES if line.startswith("## ")]


def test_unreleased_comes_first_then_the_packages_version() -> None:
    assert VERSIONS[0] == "[Unreleased]"
    assert VERSIONS[1].partition(" - ")[0] == f"[{__version__}]"


def test_versions_have_a_day_and_go_down() -> None:
    released = [re.fullmatch(r"\[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d\d-\d\d)", version) for version in VERSIONS[1:]]
    keys = [([int(part) for part in match.groups()[:3]], match[4]) for match in released if match]
    assert len(keys) == len(VERSIONS) - 1
    assert keys == sorted(keys, reverse=True)


def test_the_kinds_of_changes_are_keep_a_changelogs() -> None:
    kinds = {line.removeprefix("### ") for line in LINES if line.startswith("### ")}
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
