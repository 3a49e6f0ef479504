"""Arguments in, exit status out. 0: fine; 1: the answer is no; 2: could not do it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from cdk_inference import __version__
from cdk_inference.cli.summary import summary
from cdk_inference.template import AssemblyError, load_assembly


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command with `arguments` (default: those of the process)."""
    parser = argparse.ArgumentParser(prog="cdk-inference", description="Reads what `cdk synth` wrote.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    about = "a table: endpoint, hardware, instances, alarms, findings"
    summarize = commands.add_parser("summary", help=about, description=about)
    summarize.add_argument("folder", nargs="?", type=Path, default=Path("cdk.out"), help="default: cdk.out")
    chosen = parser.parse_args(arguments)
    try:
        text, status = summary(load_assembly(chosen.folder))
    except AssemblyError as error:
        print(f"cdk-inference: {error}", file=sys.stderr)
        return 2
    print(text)
    return status
