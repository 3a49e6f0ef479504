"""The files for CI against facts of this repository: targets, flags, inputs, permissions, pins."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from cdk_inference import __version__
from cdk_inference.cli import main
from tests.ci import (
    BUILDSPEC,
    COMMENT,
    EXAMPLES,
    FILES,
    GITLAB,
    PULL_REQUEST,
    REFRESH,
    REVIEW,
    ROOT,
    WORKFLOWS,
    jobs,
    load,
    review_script,
    step,
)
from tests.each import each

FLAGS = {
    *("--base", "--head", "--format", "--fail-on", "--fail-on-new-acknowledgements"),
    *("--max-increase-usd", "--max-increase-percent"),
}
# Only GitHub's workflow knows where the docs of the reviewer are.
OF_GITHUB = {"--docs-url"}
READ = {"contents": "read"}
SCANNING = {"actions": "read", "contents": "read", "security-events": "write"}
COMMENTING = {"actions": "read", "pull-requests": "write"}


@each("file", [*FILES, ROOT / "docs" / "review-in-ci.md"])
def test_every_target_exists(file: Path) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    commands = [line for line in file.read_text("utf-8").splitlines() if not line.lstrip().startswith("#")]
    used = re.findall(r"(?:run: |synth-command: |REVIEW_SYNTH: |`)make ([a-z-]+)", "\n".join(commands))
    assert set(used) <= set(targets)


def test_this_repository_is_checked_by_its_own_targets() -> None:
    assert step(PULL_REQUEST, "check", "Check")["run"] == "make check"
    assert jobs(PULL_REQUEST)["review"]["with"] == {"synth-command": "make synth ENVIRONMENT=prod"}


@each("file", [REVIEW, GITLAB, BUILDSPEC])
def test_every_flag_of_the_review_is_used_and_no_other(file: Path) -> None:
    assert (
        set(re.findall(r"--[a-z][a-z-]+", review_script(file).partition("cdk-inference review")[2])) - OF_GITHUB
        == FLAGS
    )


def test_the_command_has_these_flags() -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out), pytest.raises(SystemExit) as stopped:
        main(["review", "--help"])
    assert stopped.value.code == 0
    assert set(re.findall(r"--[a-z][a-z-]+", out.getvalue())) >= FLAGS | OF_GITHUB
    for value in ("markdown", "json", "html", "sarif", "error", "warning", "note", "never"):
        assert value in out.getvalue()


def test_every_input_is_used_and_told() -> None:
    inputs = load(REVIEW)["on"]["workflow_call"]["inputs"]
    assert set(re.findall(r"inputs\.([a-z-]+)", REVIEW.read_text("utf-8"))) == set(inputs)
    told = (ROOT / "docs" / "review-in-ci.md").read_text("utf-8")
    for name, declared in inputs.items():
        assert declared.keys() == {"description", "type", "default"}
        default = str(declared["default"]).lower() if declared["type"] == "boolean" else declared["default"]
        assert f"| `{name}` | {f'`{default}`' if default else 'none'} |" in told


@each("file", [PULL_REQUEST, EXAMPLES[0]])
def test_callers_give_inputs_that_there_are(file: Path) -> None:
    assert set(jobs(file)["review"]["with"]) <= set(load(REVIEW)["on"]["workflow_call"]["inputs"])


def test_examples_call_workflows_that_there_are() -> None:
    called = [
        job["uses"].partition("@")[0].partition("/cdk-inference/")[2]
        for each in EXAMPLES
        for job in jobs(each).values()
    ]
    assert [ROOT / path for path in called] == [REVIEW, COMMENT]


@each("file", [COMMENT, EXAMPLES[1]])
def test_the_comment_waits_for_the_workflow_by_its_name(file: Path) -> None:
    name = load(PULL_REQUEST)["name"]
    assert load(EXAMPLES[0])["name"] == name
    assert load(file)["on"]["workflow_run"] == {"workflows": [name], "types": ["completed"]}


@each(
    ("file", "permissions"),
    [
        (PULL_REQUEST, {"check": READ, "review": SCANNING}),
        (REVIEW, {"synth": READ, "review": READ, "code-scanning": SCANNING}),
        (COMMENT, {"comment": COMMENTING}),
        (REFRESH, {"refresh": READ, "pull-request": {"contents": "write", "pull-requests": "write"}}),
        (EXAMPLES[0], {"review": SCANNING}),
        (EXAMPLES[1], {"comment": COMMENTING}),
    ],
)
def test_permissions(file: Path, permissions: dict[str, dict[str, str]]) -> None:
    assert load(file)["permissions"] == {}
    assert load(file)["cache-mode"] == "none"
    assert {name: job["permissions"] for name, job in jobs(file).items()} == permissions


@each("file", WORKFLOWS)
def test_what_may_write_runs_nothing_of_the_pull_request(file: Path) -> None:
    assert "pull_request_target" not in file.read_text("utf-8")
    assert "secrets" not in file.read_text("utf-8")
    for job in jobs(file).values():
        if "write" in job["permissions"].values() and "uses" not in job:
            for each in job["steps"]:
                # The refresh has no pull request yet: it starts from the default branch.
                assert file == REFRESH or "checkout" not in each.get("uses", "")
                assert not re.search(r"\b(make|pip|python|npm|node) ", each.get("run", ""))


def test_the_refresh_starts_by_the_clock_or_by_hand() -> None:
    assert set(load(REFRESH)["on"]) == {"schedule", "workflow_dispatch"}
    assert "make refresh" in step(REFRESH, "refresh", "Refresh")["run"]


def test_one_action_has_one_pin_with_its_version() -> None:
    pins: dict[str, set[str]] = {}
    for file in WORKFLOWS:
        for action, pin in re.findall(r"uses: ([\w/-]+)@(.+)", file.read_text("utf-8")):
            pins.setdefault(action, set()).add(pin)
            assert re.fullmatch(r"[0-9a-f]{40} # v\d+\.\d+\.\d+", pin)
    assert {action for action, pinned in pins.items() if len(pinned) > 1} == set()


@each("file", [GITLAB, BUILDSPEC])
def test_examples_elsewhere_name_this_version(file: Path) -> None:
    spec = load(file)
    variables = spec["env"]["variables"] if file == BUILDSPEC else spec["variables"]
    assert variables["REVIEW_TOOL"] == f"cdk-inference-cli=={__version__}"
    text = file.read_text("utf-8")
    assert set(re.findall(r"\$\{?(REVIEW_[A-Z_]+)", text)) - {"REVIEW_TOKEN"} == set(variables)


@each("file", [*WORKFLOWS, *EXAMPLES])
def test_scripts_take_nothing_from_expressions(file: Path) -> None:
    """What the event or a caller says reaches a script through its environment only."""
    for job in jobs(file).values():
        assert [each["run"] for each in job.get("steps", []) if "${{" in each.get("run", "")] == []
