"""`cdk-inference rehearse`: deploys an app on this machine, by the package `rehearsal` that the wheel carries."""

from __future__ import annotations

import argparse
import datetime
import importlib
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

from cdk_inference.core.errors import CommandError

_ALLOWED = "a folder with cdk.json, an app.py, a cdk.out, or a template; default: the current folder"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes; it runs in an environment of its own, which reads the same."""
    parser.add_argument("app", nargs="?", type=Path, default=Path(), metavar="APP", help=_ALLOWED)
    repeated: dict[str, Any] = {"action": "append", "default": [], "metavar": "KEY=VALUE"}
    parser.add_argument("--context", **repeated, help="context of the app, as `cdk synth` takes it; may be repeated")
    parser.add_argument("--parameters", **repeated, help="as `cdk deploy` takes them; may be repeated")
    parser.add_argument("--region", help="for stacks without a region; default: us-east-1")
    parser.add_argument(
        "--quotas", type=Path, metavar="FILE", help="instance type,instances; default: an assumed account"
    )
    parser.add_argument("--port", type=int, help="on 127.0.0.1; default: a free one")
    parser.add_argument("--run-lambda", action="store_true", help="run the code of Lambda functions here, unconfined")


def command_line(chosen: argparse.Namespace) -> list[str]:
    """Returns the arguments that `add_arguments` read."""
    words = [str(chosen.app)]
    for name in ("region", "quotas", "port"):
        if (value := getattr(chosen, name)) is not None:
            words.append(f"--{name}={value}")
    for name in ("context", "parameters"):
        words += [f"--{name}={value}" for value in getattr(chosen, name)]
    return [*words, *(["--run-lambda"] if chosen.run_lambda else [])]


def run(chosen: argparse.Namespace, today: datetime.date) -> NoReturn:
    """Becomes the rehearsal, so it does not return. Raises CommandError where it is not installed."""
    del today
    try:
        start = importlib.import_module("rehearsal.__main__")
    except ImportError:
        raise CommandError(
            "rehearse: got no package `rehearsal` next to cdk_inference; allowed: the one in this project's wheel; "
            "fix: pip install --force-reinstall cdk-inference"
        ) from None
    if chosen.report:
        with open(chosen.report, "wb") as file:
            os.dup2(file.fileno(), sys.stdout.fileno())
    start.become(command_line(chosen))
    raise AssertionError("become() replaces this process")
