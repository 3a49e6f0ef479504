"""docs/choosing.md shows what the command answers."""

from __future__ import annotations

import re
import shlex

import pytest

from cdk_inference.cli import main
from scripts.docs.choosing import day
from tests.each import each
from tests.support import ROOT

PAGE = (ROOT / "docs/choosing.md").read_text()
BLOCKS = [block.splitlines() for block in re.findall(r"^```text\n(\$ .*?)^```$", PAGE, re.DOTALL | re.MULTILINE)]


def test_two_regions_with_and_without_measurements() -> None:
    asked = ["".join(line.rstrip("\\") for line in block if line.startswith(("$", "    --"))) for block in BLOCKS]
    assert [(("eu-central-1" in one), ("--measured" in one)) for one in asked] == [
        (False, False),
        (True, False),
        (False, True),
        (True, True),
    ]
    assert all("--requests-per-second 50 --prompt-tokens 2000 --output-tokens 400 --against" in one for one in asked)


@each("block", BLOCKS)
def test_every_line_of_the_answer_is_the_commands(
    block: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    size = next(number for number, line in enumerate(block) if not line.endswith("\\")) + 1
    command = shlex.split(" ".join(line.removesuffix("\\") for line in block[:size]))
    assert main(command[2:], day()) == 0
    answer = iter(capsys.readouterr().out.splitlines())
    # In the order of the answer: each line is looked for behind the one before.
    assert [line for line in block[size:] if line != "..." and line not in answer] == []


def test_examples_are_marked() -> None:
    assert "by hand as an example. Nothing was measured on AWS" in " ".join(PAGE.split())
    for block in BLOCKS:
        assert any("--measured examples/measured.toml" in line for line in block) or not any(
            " as measured, " in line for line in block
        )
