"""Arguments in, exit status out. 0: fine; 1: the answer is no; 2: could not do it; 3: not known."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from collections.abc import Sequence
from typing import TextIO

from cdk_inference import __version__
from cdk_inference.cli.check import add_check, run_check
from cdk_inference.cli.choose import add_choose, run_choose
from cdk_inference.cli.claims import add_claims, run_claims
from cdk_inference.cli.compare import add_compare, run_compare
from cdk_inference.cli.estimate import add_estimate, run_estimate
from cdk_inference.cli.formatters.base import clean, no_commands
from cdk_inference.cli.prices import add_prices, run_prices
from cdk_inference.cli.review import add_review, run_review
from cdk_inference.cli.summary import add_summary, run_summary
from cdk_inference.core.errors import CommandError, ConfigurationError, ExitStatus
from cdk_inference.template import AssemblyError, TemplateError


def main(arguments: Sequence[str] | None = None, today: datetime.date | None = None) -> int:
    """Runs the command with `arguments` (default: those of the process), on the day `today` (default: today)."""
    parser = argparse.ArgumentParser(prog="cdk-inference", description="Reads what `cdk synth` wrote.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    add_summary(commands)
    add_check(commands)
    add_estimate(commands)
    add_choose(commands)
    add_claims(commands)
    add_compare(commands)
    add_prices(commands)
    add_review(commands)
    chosen = parser.parse_args(arguments)
    try:
        text, status = _run(chosen, today or datetime.date.today())
    except (AssemblyError, TemplateError, ConfigurationError, CommandError) as error:
        _print("\n".join(map(clean, f"cdk-inference: {error}".split("\n"))), sys.stderr)
        return ExitStatus.UNABLE
    _print(text, sys.stdout)
    return status


def _run(chosen: argparse.Namespace, today: datetime.date) -> tuple[str, int]:
    if chosen.command == "check":
        return run_check(chosen, today)
    if chosen.command == "estimate":
        return run_estimate(chosen, today)
    if chosen.command == "choose":
        return run_choose(chosen, today)
    if chosen.command == "claims":
        return run_claims(chosen, today)
    if chosen.command == "compare":
        return run_compare(chosen, today)
    if chosen.command == "prices":
        return run_prices(chosen, today)
    if chosen.command == "review":
        return run_review(chosen, today)
    return run_summary(chosen)


def _print(text: str, stream: TextIO) -> None:
    """Whatever the stream's encoding, for a template may hold any text; and whether or not the reader stays."""
    encoding = stream.encoding or "utf-8"
    text = no_commands(text)
    try:
        print(text.encode(encoding, "replace").decode(encoding), file=stream, flush=True)
    except BrokenPipeError:
        # `| head` has read enough; the rest goes nowhere, also what Python flushes when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
