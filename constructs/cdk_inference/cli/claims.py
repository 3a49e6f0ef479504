"""`cdk-inference claims check`: fails where a document states a comparative number that no result backs."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path

from cdk_inference.cli.arguments import missing_files
from cdk_inference.cli.parser import add_actions
from cdk_inference.core.checks import whole_number
from cdk_inference.core.errors import ExitStatus, raise_problems
from cdk_inference.proof.backing import MAX_AGE_DAYS, check_document, read_backings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    actions = add_actions(parser)
    about = "fail where a document states a comparative number that no result backs"
    check = actions.add_parser("check", help=about, description=f"{about[0].upper()}{about[1:]}.")
    check.add_argument("documents", nargs="+", type=Path, help="Markdown files")
    check.add_argument("--claims", type=Path, default=Path("claims"), metavar="FOLDER", help="default: claims")
    about = f"days after which a result no longer backs anything; default: {MAX_AGE_DAYS}"
    check.add_argument("--max-age", type=int, default=MAX_AGE_DAYS, metavar="DAYS", help=about)


def run(chosen: argparse.Namespace, today: datetime.date) -> tuple[str, int]:
    """(the text, the exit status)."""
    raise_problems(
        "claims check",
        *missing_files("--claims", [chosen.claims]),
        *missing_files("documents", chosen.documents),
        whole_number("--max-age", chosen.max_age, 1, None, "write days, as in 365"),
    )
    backings = read_backings(chosen.claims)
    stated = [one for path in chosen.documents for one in check_document(path, backings, today, chosen.max_age)]
    faults = [one for one in stated if one.fault]
    counted = f"{len(stated)} comparative numbers in {len(chosen.documents)} documents, {len(backings)} claims"
    if not faults:
        return f"BACKED: {counted}", ExitStatus.OK
    lines = [f"{one.path}:{one.line}: {one.text!r}: {one.fault}" for one in faults]
    return "\n".join([f"UNBACKED: {len(faults)} of {counted}", "", *lines]), ExitStatus.NOT_OK
