"""`cdk-inference review`: two deployments in, what a deployment of the second over the first does."""

from __future__ import annotations

import argparse
import datetime
import os
from pathlib import Path

from cdk_inference.review.load import load_side
from cdk_inference.review.pairing import pair_up
from cdk_inference.review.reviewing import FAIL_ON, review

FORMATS = ("table", "markdown", "json", "html", "sarif")
ABOUT = "what a change of templates replaces, breaks, loosens and costs"


def add_review(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command's arguments."""
    parser = commands.add_parser("review", help=ABOUT, description=f"{ABOUT[0].upper()}{ABOUT[1:]}.")
    folder = "a folder of `cdk synth`, a folder with templates, or a template"
    parser.add_argument("--base", type=Path, required=True, metavar="DIR", help=f"what is deployed: {folder}")
    parser.add_argument("--head", type=Path, default=Path("cdk.out"), metavar="DIR", help="what will be; cdk.out")
    parser.add_argument("--region", help="of stacks that name none; default: AWS_REGION")
    parser.add_argument("--format", choices=FORMATS, default="table", help="default: table")
    told = "the worst level that still is fine is the one below it; default: error"
    parser.add_argument("--fail-on", choices=FAIL_ON, default="error", help=told)


def run_review(chosen: argparse.Namespace, today: datetime.date) -> tuple[str, int]:
    """(the text, the exit status)."""
    del today
    region = chosen.region or os.environ.get("AWS_REGION") or None
    base, head = load_side("--base", chosen.base, region), load_side("--head", chosen.head, region)
    found = review(pair_up(base, head, files=chosen.base.is_file() and chosen.head.is_file()))
    from cdk_inference.cli.review_table import review_table as show

    return show(found), found.status(chosen.fail_on)
