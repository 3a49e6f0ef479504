"""`cdk-inference estimate`: templates in, prices out."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path

from cdk_inference.cli.arguments import add_parameters_option, given_parameters, given_region, missing_files
from cdk_inference.cli.formatters import ESTIMATE_FORMATS, estimate_formatter
from cdk_inference.cli.numbers import us_dollars
from cdk_inference.cli.progress import step
from cdk_inference.core.errors import raise_problems
from cdk_inference.pricing.book import price_book
from cdk_inference.pricing.estimates import estimate
from cdk_inference.pricing.usage import Usage, read_usage
from cdk_inference.template import load_deployment
from cdk_inference.template.parameters import check_parameters


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        help="folders or templates; default: cdk.out",
    )
    parser.add_argument("--region", help="for stacks without a region; default: AWS_REGION")
    add_parameters_option(parser)
    parser.add_argument("--usage", type=Path, metavar="FILE", help="monthly usage (TOML, JSON or YAML)")
    parser.add_argument("--budget", metavar="USD", help="US dollars a month; above it the exit status is 1")
    parser.add_argument("--format", choices=ESTIMATE_FORMATS, default="table", help="default: table")
    add_prices_option(parser)


def add_prices_option(parser: argparse.ArgumentParser) -> None:
    """Adds --prices."""
    about = "your own prices (.toml) or a table of `prices refresh` (.csv); may be repeated, the first file wins"
    parser.add_argument("--prices", type=Path, action="append", default=[], metavar="FILE", help=about)


def run(chosen: argparse.Namespace, today: datetime.date) -> tuple[str, int]:
    """(the text, the exit status)."""
    region = given_region("estimate", chosen)
    raise_problems("estimate", *missing_files("--usage", [chosen.usage]), *missing_files("--prices", chosen.prices))
    budget = None if chosen.budget is None else us_dollars("estimate", "--budget", chosen.budget)
    book = price_book(chosen.prices, today)
    usage = Usage() if chosen.usage is None else read_usage(chosen.usage)
    parameters = given_parameters(chosen)
    paths = chosen.paths or [Path("cdk.out")]
    step(f"reading {', '.join(map(str, paths))}")
    deployment = load_deployment(paths, region, parameters=parameters)
    check_parameters(parameters, deployment)
    step("pricing")
    found = estimate(deployment, book, usage, budget, region)
    return estimate_formatter(chosen.format).estimate(found), found.status
