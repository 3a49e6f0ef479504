"""Numbers in documents: which are found, and what backs them."""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path

import pytest

from cdk_inference.cli import main
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.proof.backing import NUMBER, read_backings
from tests.each import each

ROOT = Path(__file__).parents[3]
TODAY = datetime.date(2026, 11, 29)


@each(
    "text",
    [
        "20 % lower cost",
        "up to 50% cheaper",
        "30 to 40 % better price performance",
        "half the cost",
        "twice as fast",
        "2.3 times the throughput",
        "3x faster",
        "two times faster",
        "reduces latency by up to 20 %",
        "costs by 50% on average",
    ],
)
def test_comparative_numbers_are_found(text: str) -> None:
    assert NUMBER.search(f"It has {text}, they say.") is not None


@each(
    "text",
    ["at 80 % of the budget", "24 or 168 numbers", "a target of 70 percent", "within 5 minutes", "ml.g6.2xlarge"],
)
def test_other_numbers_are_not(text: str) -> None:
    assert NUMBER.search(text) is None


def check(folder: Path, text: str, capsys: pytest.CaptureFixture[str], day: datetime.date = TODAY) -> tuple[int, str]:
    """The command on a document with `text`, and this repository's claims."""
    document = folder / "page.md"
    document.write_text(text)
    claims = folder / "claims"
    if not claims.exists():
        shutil.copytree(ROOT / "claims", claims)
    status = main(["claims", "check", str(document), "--claims", str(claims)], day)
    return status, capsys.readouterr().out.replace(str(folder), ".")


def test_a_planted_number_in_the_readme_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    readme = (ROOT / "README.md").read_text()
    assert check(tmp_path, readme, capsys)[0] == 0
    status, text = check(tmp_path, readme + "\nIt is 40 % cheaper.\n", capsys)
    line = readme.count("\n") + 2
    assert status == 1
    assert f"./page.md:{line}: '40 % cheaper': no claim has these words as its quote" in text


def test_code_is_no_claim_and_a_row_of_a_table_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, text = check(tmp_path, "Words.\n\n```\n40 % cheaper\n```\n\n| a | 40 % cheaper |\n", capsys)
    assert (status, text.splitlines()[2]) == (1, "./page.md:7: '40 % cheaper': no claim has these words as its quote")


def test_what_is_not_measured_must_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path, "It cuts costs by 50% on\naverage: not measured here.\n", capsys)[0] == 0
    status, text = check(tmp_path, "It cuts costs by 50% on average.\n", capsys)
    assert (status, "the document must contain 'not measured here'" in text) == (1, True)


def test_a_result_grows_old_goes_missing_and_must_support(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "It has 20 % lower cost.\n"
    assert check(tmp_path, text, capsys)[0] == 0
    later = check(tmp_path, text, capsys, datetime.date(2027, 11, 30))
    assert (later[0], "the result is 366 days old, 365 are allowed" in later[1]) == (1, True)
    result = tmp_path / "claims" / "results" / "local_example.json"
    content = json.loads(result.read_text())
    content["verdicts"][0]["verdict"] = "undecided"
    result.write_text(json.dumps(content))
    assert "the result has undecided" in check(tmp_path, text, capsys)[1]
    result.unlink()
    assert "there is no results/local_example.json" in check(tmp_path, text, capsys)[1]


def test_every_problem_of_a_claim_file_at_once(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(
        'quote = ""\nsays = "x"\nsource = "x"\nconditions = "x"\nstatus = "sure"\nby = 1\n'
    )
    with pytest.raises(ConfigurationError) as caught:
        read_backings(tmp_path)
    assert [one.argument for one in caught.value.problems] == ["by", "quote", "date", "status"]
