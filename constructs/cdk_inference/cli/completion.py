"""`cdk-inference completion`: a script that completes commands and options in bash, zsh or fish."""

from __future__ import annotations

import argparse
import datetime

from cdk_inference.cli.parser import make_parser
from cdk_inference.core.errors import ExitStatus

SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))


def run(chosen: argparse.Namespace, today: datetime.date) -> tuple[str, int]:
    """(the script, the exit status)."""
    import shtab

    del today
    return shtab.complete(make_parser(["completion"]), shell=chosen.shell), ExitStatus.OK
