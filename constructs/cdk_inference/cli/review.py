"""`cdk-inference review`: two deployments in, what a deployment of the second over the first does."""

from __future__ import annotations

import argparse
import datetime
from dataclasses import replace
from pathlib import Path

from cdk_inference.cli.arguments import add_parameters_option, given_parameters, given_region, missing_files
from cdk_inference.cli.estimate import add_prices_option
from cdk_inference.cli.formatters import REVIEW_FORMATS, review_formatter
from cdk_inference.cli.numbers import percent, us_dollars
from cdk_inference.cli.progress import step
from cdk_inference.core.errors import raise_problems
from cdk_inference.pricing import price_book
from cdk_inference.review.cost import Gate, cost_difference
from cdk_inference.review.load import load_side
from cdk_inference.review.pairing import pair_up
from cdk_inference.review.reviewing import FAIL_ON, Review, review
from cdk_inference.template.parameters import check_parameters


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    folder = "a folder of `cdk synth`, one with templates, or a template"
    parser.add_argument("--base", type=Path, required=True, metavar="DIR", help=f"what is deployed: {folder}")
    head = "what will be deployed; default: cdk.out"
    parser.add_argument("--head", type=Path, default=Path("cdk.out"), metavar="DIR", help=head)
    parser.add_argument("--region", help="for stacks without a region; default: AWS_REGION")
    add_parameters_option(parser)
    parser.add_argument("--format", choices=REVIEW_FORMATS, default="table", help="default: table")
    about = "lowest level that makes the exit status 1; default: error"
    parser.add_argument("--fail-on", choices=FAIL_ON, default="error", help=about)
    about = "error if the monthly cost rises by more than this, at minimum or maximum capacity"
    parser.add_argument("--max-increase-usd", metavar="USD", help=about)
    about = "the same, in percent of the cost before"
    parser.add_argument("--max-increase-percent", metavar="PERCENT", help=about)
    new = "findings that are acknowledged in the change itself count for --fail-on"
    parser.add_argument("--fail-on-new-acknowledgements", action="store_true", help=new)
    services = "also check services other than inference, for more than replacement and removal"
    parser.add_argument("--all-services", action="store_true", help=services)
    docs = "address of the page about rules, for links from findings; default: no links"
    parser.add_argument("--docs-url", default="", metavar="URL", help=docs)
    parser.add_argument("--commit", default="", metavar="SHA", help="of the head, for the HTML page")
    add_prices_option(parser)


def run(chosen: argparse.Namespace, today: datetime.date) -> tuple[str, int]:
    """(the text, the exit status)."""
    region = given_region("review", chosen)
    raise_problems("review", *missing_files("--prices", chosen.prices))
    gate = _gate(chosen)
    book = price_book(chosen.prices, today)
    parameters = given_parameters(chosen)
    step(f"reading {chosen.base}")
    base = load_side("--base", chosen.base, region, parameters)
    step(f"reading {chosen.head}")
    head = load_side("--head", chosen.head, region, parameters)
    check_parameters(parameters, base.deployment, head.deployment)
    step("comparing")
    deployments = pair_up(base, head, files=chosen.base.is_file() and chosen.head.is_file(), today=today)
    cost = cost_difference(deployments.before, deployments.after, book, gate, deployments.compared)
    found = review(
        replace(deployments, cost=cost),
        fail_on=chosen.fail_on,
        all_services=chosen.all_services,
        fail_on_new_acknowledgements=chosen.fail_on_new_acknowledgements,
    )
    if chosen.format == "html":
        return _page(chosen, found, today), found.status
    folder = chosen.head if chosen.head.is_dir() else chosen.head.parent
    return review_formatter(chosen.format).review(found, folder, chosen.docs_url), found.status


def _page(chosen: argparse.Namespace, found: Review, today: datetime.date) -> str:
    from cdk_inference.cli.pages.review_page import Sides, review_page  # the template engine, for a page only

    sides = Sides(base=str(chosen.base), head=str(chosen.head), commit=chosen.commit, date=today)
    return review_page(found, chosen.docs_url, sides)


def _gate(chosen: argparse.Namespace) -> Gate:
    usd, share = chosen.max_increase_usd, chosen.max_increase_percent
    return Gate(
        usd=None if usd is None else us_dollars("review", "--max-increase-usd", usd),
        percent=None if share is None else percent("review", "--max-increase-percent", share),
    )
