"""The scripts that review, with a `cdk-inference` that only notes what it is asked."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.ci import BUILDSPEC, GITLAB, REVIEW, load, program, review_script, run, step

FOLDERS = {
    REVIEW: "--base base --head head --docs-url=https://example.com/review.md",
    GITLAB: "--base review-base --head review-head",
    BUILDSPEC: "--base /tmp/base/./cdk.out --head ./cdk.out",
}
COMMAND = """
echo "$*" >> calls
echo verdict
case "$*" in *"--fail-on never") exit 0;; esac
exit "$STATUS"
"""


@pytest.fixture(params=FOLDERS, ids=lambda file: file.name)
def file(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def review(
    folder: Path, file: Path, status: int, limits: tuple[str, str] = ("", ""), accepting: str = "false"
) -> tuple[int, str, list[str]]:
    """Exit status, output, and what the command was asked; it exits with `status` where a finding may fail it."""
    variables = {"STATUS": str(status), "GITHUB_OUTPUT": "output", "GITHUB_STEP_SUMMARY": "summary"}
    if file == REVIEW:
        variables |= {"FAIL_ON_NEW_ACKNOWLEDGEMENTS": accepting, "DOCS_URL": "https://example.com/review.md"}
        variables |= {"FAIL_ON": "error", "MAX_INCREASE_USD": limits[0], "MAX_INCREASE_PERCENT": limits[1]}
    else:
        variables |= load(file)["variables"] if file == GITLAB else load(file)["env"]["variables"]
        variables |= {"REVIEW_FAIL_ON_NEW_ACKNOWLEDGEMENTS": accepting}
        variables |= {"REVIEW_MAX_INCREASE_USD": limits[0], "REVIEW_MAX_INCREASE_PERCENT": limits[1]}
    program(folder, "cdk-inference", COMMAND)
    program(folder, "python", "exit 0\n")
    # There the command is in an environment that the job makes; here it is on the path.
    script = review_script(file).replace("/tmp/review/bin/", "")
    return *run(script, folder, variables), (folder / "calls").read_text().splitlines()


def asked(file: Path, limits: str = "") -> list[str]:
    start = f"review {FOLDERS[file]}{limits} --format"
    others = (f"{start} {each} --fail-on never" for each in ("json", "html", "sarif"))
    return [f"{start} markdown --fail-on=error", *others]


@pytest.mark.parametrize("status", [0, 1])
def test_every_report_is_made_whatever_the_verdict(tmp_path: Path, file: Path, status: int) -> None:
    exit_status, output, calls = review(tmp_path, file, status)
    assert calls == asked(file)
    reports = sorted(each.name for each in (tmp_path / "report").iterdir())
    assert reports == ["review.html", "review.json", "review.md", "review.sarif"]
    if file == REVIEW:  # a later step gives the verdict, when the report is kept
        assert (exit_status, (tmp_path / "output").read_text()) == (0, f"status={status}\n")
        assert (tmp_path / "summary").read_text() == "verdict\n"
        verdict = step(REVIEW, "review", "Verdict")["run"]
        assert run(verdict, tmp_path, {"STATUS": str(status)}) == (status, "verdict\n")
    else:
        assert (exit_status, output) == (status, "verdict\n")


def test_a_review_that_could_not_be_done_ends_there(tmp_path: Path, file: Path) -> None:
    assert review(tmp_path, file, 2) == (2, "", asked(file)[:1])
    assert not (tmp_path / "output").exists()


def test_limits_are_given_where_there_are_any_zero_too(tmp_path: Path, file: Path) -> None:
    _, _, calls = review(tmp_path, file, 0, ("0", "$(id) 10"))
    assert calls == asked(file, " --max-increase-usd=0 --max-increase-percent=$(id) 10")


def test_what_a_change_acknowledges_may_fail_the_run(tmp_path: Path, file: Path) -> None:
    _, _, calls = review(tmp_path, file, 0, accepting="true")
    assert calls == asked(file, " --fail-on-new-acknowledgements")


def test_the_base_is_where_the_branch_left(tmp_path: Path) -> None:
    def git(*command: str) -> str:
        author = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
        done = subprocess.run(["git", *author, *command], cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    git("init", "-b", "main")
    git("commit", "--allow-empty", "-m", "left from here")
    left = git("rev-parse", "HEAD")
    git("checkout", "-b", "branch")
    git("commit", "--allow-empty", "-m", "changed")
    git("checkout", "main")
    git("commit", "--allow-empty", "-m", "moved on")
    base = git("rev-parse", "HEAD")
    git("checkout", "--detach", "branch")
    script = step(REVIEW, "synth", "Go to the merge base")["run"]
    assert run(script, tmp_path, {"BASE_SHA": base}) == (0, "")
    assert git("rev-parse", "HEAD") == left
    assert run(script, tmp_path, {"BASE_SHA": "a" * 40})[0] != 0
