"""Arguments in, exit status out: see exit_statuses.py."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from cdk_inference.cli.commands import load
from cdk_inference.cli.parser import make_parser, with_negative_values
from cdk_inference.cli.terminal import Terminal, columns, terminal_of
from cdk_inference.core.errors import CommandError, ConfigurationError, ExitStatus, InputError


def main(arguments: Sequence[str] | None = None, today: datetime.date | None = None) -> int:
    """Runs the command with `arguments` (default: those of the process), on the day `today` (default: today)."""
    try:
        given = with_negative_values(sys.argv[1:] if arguments is None else arguments)
        chosen = make_parser(given).parse_args(given)
        return _run(chosen, today or datetime.date.today())
    except KeyboardInterrupt as interrupt:
        text = str(interrupt)
        _print(f"cdk-inference: interrupted{f'; {text}' if text else ''}", sys.stderr, terminal_of(sys.stderr))
        return ExitStatus.INTERRUPTED


def _run(chosen: argparse.Namespace, today: datetime.date) -> int:
    from cdk_inference.cli.formatters.base import clean
    from cdk_inference.cli.progress import progress
    from cdk_inference.cli.standard_input import standard_input

    report = getattr(chosen, "report", None)
    terminal = Terminal() if report else terminal_of(sys.stdout, chosen.color)
    token = columns.set(terminal.columns)
    with standard_input() as given:
        try:
            _check_report(report)
            given.replace_in(chosen)
            with progress(chosen.command):
                text, status = load(chosen.command).run(chosen, today)
            text = given.in_words(text)
            if report:
                _write(report, text)
            else:
                plain = getattr(chosen, "format", "table") != "table" or chosen.command == "completion"
                _print(text, sys.stdout, Terminal() if plain else terminal)
        except (InputError, ConfigurationError, CommandError) as error:
            text = "\n".join(map(clean, f"cdk-inference: {given.in_words(str(error))}".split("\n")))
            _print(text, sys.stderr, terminal_of(sys.stderr, chosen.color))
            return ExitStatus.UNABLE
        finally:
            columns.reset(token)
    return int(status)


def _check_report(name: str | None) -> None:
    """Before a command runs for long: its report has a place."""
    if name is None:
        return
    path = Path(name)
    if not name or path.is_dir() or not path.absolute().parent.is_dir():
        allowed = "a file in a folder that exists"
        raise CommandError(f"--output: got {name!r}; allowed: {allowed}; fix: make the folder, or name another file")


def _write(name: str, text: str) -> None:
    from cdk_inference.cli.formatters.base import no_commands

    try:
        Path(name).write_text(f"{no_commands(text)}\n", encoding="utf-8", errors="replace")
    except OSError as error:
        raise CommandError(f"--output: {name} cannot be written: {error.strerror}; name another file") from None


def _print(text: str, stream: TextIO, terminal: Terminal) -> None:
    """Whatever the stream's encoding, for a template may hold any text; and whether or not the reader stays."""
    from cdk_inference.cli.formatters.base import no_commands

    encoding = stream.encoding or "utf-8"
    text = terminal.shown(no_commands(text))
    try:
        print(text.encode(encoding, "replace").decode(encoding), file=stream, flush=True)
    except BrokenPipeError:
        # `| head` has read enough; the rest goes nowhere, also what Python flushes when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
