"""What a terminal gets: its width, colours, progress; and what a pipe or a file gets in place of it."""

from __future__ import annotations

import contextlib
import io
import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from cdk_inference.cli import main
from cdk_inference.cli.exit_statuses import EXIT_STATUSES
from cdk_inference.cli.terminal import coloured, wrapped
from tests.each import each
from tests.support import ROOT

BY_HAND = ("estimate", str(ROOT / "tests/data/by_hand.yaml"), "--region", "us-east-1")
CHOOSE = [
    "choose",
    "--parameters",
    "8B",
    "--precision",
    "bf16",
    "--context",
    "8k",
    "--batch",
    "16",
    "--region",
    "us-east-1",
]
RATE = [
    *CHOOSE,
    *[
        "--requests-per-second",
        "50",
        "--prompt-tokens",
        "2000",
        "--output-tokens",
        "400",
        "--against",
        "amazon.nova-lite-v1:0",
    ],
]
REVIEW = [
    "review",
    "--base",
    "examples/review/deployed.yaml",
    "--head",
    "examples/review/changed.yaml",
    "--region",
    "us-east-1",
]
CHECK = ["check", "tests/data/alpha.template.json", "--region", "us-east-1"]
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def plain_environment() -> dict[str, str]:
    """The variables without those that decide about width and colours."""
    return {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR")}


def on_a_real_terminal(arguments: list[str], width: int) -> list[str]:
    """Returns the lines that a terminal of so many columns gets of a process."""
    outer, inner = pty.openpty()
    termios.tcsetwinsize(inner, (24, width))
    command = [sys.executable, "-m", "cdk_inference", *arguments]
    environment = {**plain_environment(), "TERM": "xterm"}
    with subprocess.Popen(command, cwd=ROOT, stdout=inner, stderr=inner, env=environment) as process:
        os.close(inner)
        text = b""
        while True:
            try:
                part = os.read(outer, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            text += part
    os.close(outer)
    del process
    return re.sub(r"\r\x1b\[K(?:[a-z]+: [^\r]*\(\d+ s\)(?=\r))?", "", text.decode()).replace("\r\n", "\n").splitlines()


class Screen(io.StringIO):
    """A terminal's side of standard output."""

    def isatty(self) -> bool:
        return True


def on_a_terminal(arguments: list[str], width: int, **variables: str) -> list[str]:
    """Returns the lines that a terminal gets in this process; COLUMNS wins over what a terminal reports."""
    environment = {**plain_environment(), "TERM": "xterm", "COLUMNS": str(width), **variables}
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        contextlib.chdir(ROOT),
        contextlib.redirect_stdout(Screen()) as screen,
    ):
        main(arguments)
    return screen.getvalue().splitlines()


def too_wide(lines: list[str], width: int) -> list[str]:
    """Lines that do not fit; code to paste, and addresses, are whole."""
    plain = [COLOUR.sub("", line) for line in lines]
    wide = [line for line in plain if len(line) > width and not line.startswith("    ")]
    return [line for line in wide if not re.fullmatch(r" *\S+", line)]


@each("width", [80, 120])
@each("arguments", [list(BY_HAND), CHOOSE, RATE, REVIEW, CHECK])
def test_every_line_fits_the_terminal(arguments: list[str], width: int) -> None:
    lines = on_a_terminal(arguments, width)
    assert len(lines) > 5
    assert too_wide(lines, width) == []


def test_a_terminals_own_width_and_colours() -> None:
    lines = on_a_real_terminal(REVIEW, 80)
    assert lines == on_a_terminal(REVIEW, 80)
    assert lines != on_a_terminal(REVIEW, 120)


def test_a_terminal_has_colours_unless_they_are_not_wanted() -> None:
    assert on_a_terminal(REVIEW, 80)[0].startswith("\x1b[31;1mNOT OK\x1b[0m: ")
    for variables in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert on_a_terminal(REVIEW, 80, **variables)[0].startswith("NOT OK: ")
    assert on_a_terminal([*REVIEW, "--color", "never"], 80)[0].startswith("NOT OK: ")
    assert on_a_terminal([*REVIEW, "--format", "json"], 80)[0].startswith('{ "headline": "NOT OK: ')


@each(
    ("variables", "options", "has"),
    [
        ({}, [], False),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({}, ["--color", "always"], True),
        ({"NO_COLOR": "1"}, ["--color", "always"], True),
        ({"FORCE_COLOR": "1"}, ["--color", "never"], False),
    ],
)  # fmt: skip
def test_a_pipe_has_colours_if_they_are_wanted(
    variables: dict[str, str],
    options: list[str],
    has: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    main([*BY_HAND, *options])
    assert bool(COLOUR.search(capsys.readouterr().out)) is has


def test_a_pipe_has_the_same_width_everywhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main([*BY_HAND])
    wide = capsys.readouterr().out
    monkeypatch.setenv("COLUMNS", "50")
    main([*BY_HAND])
    assert capsys.readouterr().out == wide


def test_what_is_coloured() -> None:
    assert coloured("OK: fine\n\nWARNING replaced: a\n  Text: b\nNotes:\n  x") == (
        "\x1b[32;1mOK\x1b[0m: fine\n\n\x1b[33;1mWARNING\x1b[0m replaced: a\n  Text: b\n\x1b[1mNotes:\x1b[0m\n  x"
    )
    assert coloured("MAY EXCEED BUDGET: x").startswith("\x1b[33;1mMAY EXCEED BUDGET\x1b[0m: ")


def test_long_lines_are_broken_between_words_and_code_is_not() -> None:
    assert wrapped("  one two three\n    one two three", 9) == "  one two\n    three\n    one two three"


def test_a_file_has_what_a_pipe_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main([*BY_HAND])
    piped = capsys.readouterr()
    file = tmp_path / "estimate.txt"
    assert main([*BY_HAND, "--output", str(file)]) == status
    assert capsys.readouterr() == ("", "")
    assert (file.read_text(), "") == piped


@each("name", ["", ".", "missing/report.txt"])
def test_a_report_without_a_place_is_refused_before_anything_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["estimate", "nothing", "--output", name]) == 2
    assert capsys.readouterr() == (
        "",
        f"cdk-inference: --output: got {name!r}; allowed: a file in a folder that exists; fix: make the folder, or name "
        "another file\n",
    )


def test_standard_input_is_a_template(capsys: pytest.CaptureFixture[str]) -> None:
    status = main([*BY_HAND, "--format", "json"])
    named = capsys.readouterr().out.replace("by_hand", "standard-input")  # the stack is named after the file
    text = (ROOT / "tests/data/by_hand.yaml").read_text()
    command = [sys.executable, "-m", "cdk_inference", "estimate", "-", "--region", "us-east-1", "--format", "json"]
    done = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (status, named, "")


def given(arguments: list[str], text: bytes) -> int:
    """The status of a command in this process, with a standard input."""
    with mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(text))):
        return main(arguments)


def test_standard_input_is_usage(capsys: pytest.CaptureFixture[str]) -> None:
    usage = ROOT / "tests/data/usage.toml"
    main([*BY_HAND, "--usage", str(usage)])
    named = capsys.readouterr().out
    given([*BY_HAND, "--usage", "-"], usage.read_bytes())
    assert capsys.readouterr().out == named


def test_standard_input_is_read_once_and_named_in_messages(capsys: pytest.CaptureFixture[str]) -> None:
    assert given(["review", "--base", "-", "--head", "-"], b"{}") == 2
    assert capsys.readouterr().err == (
        "cdk-inference: - is given twice; standard input is read only once: name a file for one\n"
    )
    given(["estimate", "-"], b"\x80abc")
    assert capsys.readouterr().err.startswith("cdk-inference: standard input ")


@each("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands_and_options(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    for word in ("estimate", "refresh", "max-increase-usd", "requests-per-second"):
        assert word in out


def test_bash_accepts_its_script(capsys: pytest.CaptureFixture[str]) -> None:
    main(["completion", "bash"])
    script = capsys.readouterr().out
    done = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


COMMANDS = ("summary", "check", "estimate", "choose", "claims", "compare", "prices", "rehearse", "review", "completion")


@each("command", [(), *((name,) for name in COMMANDS)])
def test_help_has_an_example_the_exit_statuses_and_a_link(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*command, "--help"])
    assert stopped.value.code == 0
    out = capsys.readouterr().out
    assert re.search(r"(?m)^Example:\n  .*cdk-inference ", out)
    for status, (short, _) in EXIT_STATUSES.items():
        assert re.search(rf"(?m)^  {status} +{short}: ", out)
    page = re.search(r"(?m)^More: \S+/docs/(\S+)\.md$", out)
    assert page is not None
    assert (ROOT / f"docs/{page[1]}.md").is_file()


def test_the_page_has_the_same_exit_statuses() -> None:
    page = " ".join((ROOT / "docs/commands.md").read_text().split())
    for status, (short, long) in EXIT_STATUSES.items():
        assert f"| {status} | {short} | {long} |" in page


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Lets a child be interrupted: what a shell runs in the background ignores the signal, and so do its children."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_ends_with_130_and_without_a_trace() -> None:
    """While the command reads its standard input."""
    command = [sys.executable, "-m", "cdk_inference", "estimate", "-"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdin is not None
        process.stdin.write(" " * 1_000_000)  # more than a pipe holds: returns once the command reads
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)  # ends the input too, after the signal
    assert process.returncode == 130
    assert (out, err) == ("", "cdk-inference: interrupted\n")


def test_progress_is_shown_on_a_terminal_after_two_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from cdk_inference.cli import progress

    monkeypatch.setattr(progress, "AFTER_SECONDS", 0.2)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with progress.progress("estimate"):
        progress.step("reading cdk.out")
        time.sleep(0.4)
    assert capsys.readouterr().err == "\r\x1b[Kestimate: reading cdk.out (0 s)\r\x1b[K"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    with progress.progress("estimate"):
        time.sleep(0.1)
    assert capsys.readouterr().err == ""


def test_the_start_loads_no_command() -> None:
    """By modules and not by time, which depends on the machine: 0.1 s of CPU time on two slow cores."""
    code = (
        "import sys; from cdk_inference.cli import main\n"
        "for option in ('--help', '--version'):\n"
        "  try: main([option])\n"
        "  except SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if m.startswith('cdk_inference')), 'json' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found: Any = done.stdout.splitlines()[-1]
    assert (
        found
        == str(
            [
                "cdk_inference",
                "cdk_inference.cli",
                "cdk_inference.cli.commands",
                "cdk_inference.cli.exit_statuses",
                "cdk_inference.cli.main",
                "cdk_inference.cli.parser",
                "cdk_inference.cli.terminal",
                "cdk_inference.core",
                "cdk_inference.core.errors",
                "cdk_inference.core.pages",
                "cdk_inference.core.uncaught",
                "cdk_inference.core.unknown",
            ]
        )
        + " False"
    )
