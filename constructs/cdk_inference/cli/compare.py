"""`cdk-inference compare`: run a comparison from its specification, and report on what was measured."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

from cdk_inference.cli.arguments import missing_files
from cdk_inference.cli.estimate import add_prices_option
from cdk_inference.cli.parser import add_actions
from cdk_inference.cli.progress import step
from cdk_inference.core.errors import CommandError, ExitStatus, raise_problems
from cdk_inference.core.pages import page
from cdk_inference.pricing.book import price_book
from cdk_inference.proof.agreement import Scorer
from cdk_inference.proof.folder import read_folder
from cdk_inference.proof.report import Report, report
from cdk_inference.proof.spec import read_spec

FORMATS = ("table", "json", "markdown", "html")
_SCORER_SECONDS = 3600


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    actions = add_actions(parser)
    about = "send the requests of a specification; resumes where an earlier run ended"
    run = actions.add_parser("run", help=about, description=f"{about[0].upper()}{about[1:]}.")
    run.add_argument("spec", type=Path, metavar="SPEC.toml", help=f"candidates, load and claims; see {page('proof')}")
    run.add_argument("--out", type=Path, metavar="FOLDER", help="default: comparisons/<name> next to the specification")
    add_prices_option(run)
    about = "verdicts, costs and latencies of a comparison"
    shown = actions.add_parser("report", help=about, description=f"{about[0].upper()}{about[1:]}.")
    shown.add_argument("folder", type=Path, help="what `compare run` wrote")
    shown.add_argument("--format", choices=FORMATS, default="table", help="default: table")
    shown.add_argument("--no-scorer", action="store_true", help="do not run the scorer of the specification")


def run(chosen: argparse.Namespace, today: datetime.date) -> tuple[str, int]:
    """(the text, the exit status): 0 where every claim is supported, 1 where one is not."""
    if chosen.action == "run":
        return _run(chosen, today)
    step(f"reading {chosen.folder}")
    results = read_folder(chosen.folder)
    step("computing intervals")
    scorer = None if chosen.no_scorer or not results.scorer else _scorer(results.scorer)
    found = report(results, scorer)
    return _shown(found, chosen.format), _status(found)


def _run(chosen: argparse.Namespace, today: datetime.date) -> tuple[str, int]:
    try:
        from cdk_inference.sender.run import RunError, run
    except ImportError as error:
        text = f"compare run needs {error.name}, which is not installed: python -m pip install aiohttp botocore"
        raise CommandError(text) from None
    raise_problems("compare run", *missing_files("SPEC.toml", [chosen.spec]), *missing_files("--prices", chosen.prices))
    spec = read_spec(chosen.spec, price_book(chosen.prices, today))
    folder = chosen.out or chosen.spec.parent / "comparisons" / spec.name
    try:
        outcome = run(spec, folder, lambda line: print(line, file=sys.stderr, flush=True))
    except RunError as error:
        raise CommandError(str(error)) from None
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"run it again to resume; the finished blocks are in {folder}") from None
    spent = "unknown cost" if outcome.usd is None else f"${outcome.usd:.4g}"
    text = f"{outcome.blocks} of {outcome.wanted} blocks, {spent}: {outcome.ended}"
    if not spec.claims:
        return f"NO CLAIM: {text}", ExitStatus.OK
    found = report(read_folder(folder))
    return f"{_shown(found, 'table')}\n\n{text}\nReport: cdk-inference compare report {folder} --format html", _status(
        found
    )


def _status(found: Report) -> int:
    return ExitStatus.OK if all(one.word == "supported" for one in found.verdicts) else ExitStatus.NOT_OK


def _shown(found: Report, form: str) -> str:
    # Only the one that is wanted is loaded.
    if form == "json":
        from cdk_inference.cli.formatters.compare_json import compare_json as show
    elif form == "html":
        from cdk_inference.cli.pages.comparison_page import comparison_page as show
    elif form == "markdown":
        from cdk_inference.cli.formatters.compare_table import compare_markdown as show
    else:
        from cdk_inference.cli.formatters.compare_table import compare_table as show
    return show(found)


def _scorer(command: str) -> Scorer:
    """Runs the user's own command once: JSON lines in, one number a line out."""

    def scores(common: list[tuple[str, str, str]]) -> list[float]:
        lines = (json.dumps({"prompt": prompt, "candidate": one, "baseline": other}) for prompt, one, other in common)
        try:
            done = subprocess.run(
                shlex.split(command),
                input="\n".join(lines) + "\n",
                capture_output=True,
                text=True,
                timeout=_SCORER_SECONDS,
                check=True,
                env=dict(os.environ),
            )
            found = [float(line) for line in done.stdout.split()]
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise CommandError(f"the scorer {command!r} failed: {error}") from None
        if len(found) != len(common):
            raise CommandError(f"the scorer {command!r} printed {len(found)} numbers for {len(common)} answers")
        return found

    return scores
