"""Arguments in, exit status out. 0: fine; 1: the answer is no; 2: could not do it; 3: not known."""

from __future__ import annotations

import argparse
import datetime
import importlib
import os
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import TextIO

from cdk_inference import __version__
from cdk_inference.cli.formatters.base import clean, no_commands
from cdk_inference.core.errors import CommandError, ConfigurationError, ExitStatus
from cdk_inference.template import AssemblyError, TemplateError

# Each is a module of this room with `add_<name>` and `run_<name>`.
COMMANDS = ("summary", "check", "estimate", "choose", "claims", "compare", "prices", "rehearse", "review")


def main(arguments: Sequence[str] | None = None, today: datetime.date | None = None) -> int:
    """Runs the command with `arguments` (default: those of the process), on the day `today` (default: today)."""
    parser = argparse.ArgumentParser(prog="cdk-inference", description="Reads what `cdk synth` wrote.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    # The first argument that is a command is the only one loaded: the others take longer to load than a small review.
    named = COMMANDS if not arguments or arguments[0] not in COMMANDS else arguments[:1]
    metavar = f"{{{','.join(COMMANDS)}}}"
    commands = parser.add_subparsers(dest="command", required=True, metavar=metavar)
    for name in named:
        getattr(_module(name), f"add_{name}")(commands)
    chosen = parser.parse_args(arguments)
    try:
        text, status = _run(chosen, today or datetime.date.today())
    except (AssemblyError, TemplateError, ConfigurationError, CommandError) as error:
        _print("\n".join(map(clean, f"cdk-inference: {error}".split("\n"))), sys.stderr)
        return ExitStatus.UNABLE
    _print(text, sys.stdout)
    return status


def _run(chosen: argparse.Namespace, today: datetime.date) -> tuple[str, int]:
    text, status = getattr(_module(chosen.command), f"run_{chosen.command}")(chosen, today)
    return text, status


def _module(command: str) -> ModuleType:
    return importlib.import_module(f"cdk_inference.cli.{command}")


def _print(text: str, stream: TextIO) -> None:
    """Whatever the stream's encoding, for a template may hold any text; and whether or not the reader stays."""
    encoding = stream.encoding or "utf-8"
    text = no_commands(text)
    try:
        print(text.encode(encoding, "replace").decode(encoding), file=stream, flush=True)
    except BrokenPipeError:
        # `| head` has read enough; the rest goes nowhere, also what Python flushes when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
