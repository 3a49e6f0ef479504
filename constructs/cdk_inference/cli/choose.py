"""`cdk-inference choose`: a model in, the types that hold it out, cheapest first."""

from __future__ import annotations

import argparse
import datetime
import os
from collections.abc import Mapping
from pathlib import Path

from cdk_inference.cli.arguments import Errors, missing_files
from cdk_inference.cli.choose_model import asked_workload
from cdk_inference.cli.choose_rate import add_rate_options, asked_bedrock, asked_rate
from cdk_inference.cli.estimate import add_prices_option
from cdk_inference.cli.formatters.choose_text import Answer
from cdk_inference.cli.progress import step
from cdk_inference.core.errors import ExitStatus, Problem, raise_problems
from cdk_inference.fit import PRECISIONS, PUBLISHED
from cdk_inference.pricing.book import PriceBook, price_book
from cdk_inference.pricing.choices import choose, hosting_region_problem
from cdk_inference.pricing.measured import Throughput, read_measured
from cdk_inference.pricing.request_rate import at_rate, usable
from cdk_inference.proof.measured import measured_throughput

FORMATS = ("table", "json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    lends = "alone: the shape of the published model of that size with the largest cache is used"
    parser.add_argument("--parameters", metavar="N", help=f"of a dense model, as in 8e9 or 8B; {lends}")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--model", metavar="NAME", help=f"a published model: {', '.join(PUBLISHED)}")
    shape.add_argument("--config", type=Path, metavar="FILE", help="config.json of your model; enough by itself")
    stored = f"one of {', '.join(PRECISIONS)}; default: as the model or its config.json has it"
    parser.add_argument("--precision", metavar="NAME", help=stored)
    about = "prompt and answer together, as in 8192 or 8k; default: the lengths of a rate"
    parser.add_argument("--context", metavar="TOKENS", help=about)
    parser.add_argument("--batch", metavar="N", help="concurrent requests")
    parser.add_argument("--region", help="default: AWS_REGION")
    about = "throughput of one instance: TOML, or the folder of a comparison"
    parser.add_argument("--measured", type=Path, metavar="FILE", help=about)
    add_rate_options(parser)
    add_prices_option(parser)
    parser.add_argument("--format", choices=FORMATS, default="table", help="default: table")


def run(chosen: argparse.Namespace, today: datetime.date) -> tuple[str, int]:
    """(the text, the exit status)."""
    step("reading the tables")
    errors = Errors("choose")
    region = _region(chosen, errors)
    given = asked_workload(chosen, errors)
    rate = asked_rate(chosen, errors)
    measured = {} if chosen.measured is None else errors.of(_measured, chosen.measured)
    book = errors.of(_prices, chosen.prices, today)
    bedrock = None if book is None or region is None else asked_bedrock(chosen, rate, region, book, errors)
    errors.raise_all()
    assert region is not None
    assert given is not None
    assert measured is not None
    assert book is not None
    step("choosing")
    found = choose(given.workload, region, book, measured if rate is None else usable(measured, rate, region))
    answer = Answer(
        choice=found,
        assumed=given.assumed,
        order=book.order,
        at_rate=None if rate is None else at_rate(found, rate, measured, bedrock),
    )
    return _shown(answer, chosen.format), ExitStatus.OK if found.candidates else ExitStatus.NOT_OK


def _region(chosen: argparse.Namespace, errors: Errors) -> str | None:
    region = str(chosen.region or os.environ.get("AWS_REGION") or "")
    if not region:
        errors.add(Problem("--region", None, "the name of a region", "pass --region or set AWS_REGION"))
        return None
    problem = hosting_region_problem("region", region)
    errors.add(problem)
    return None if problem else region


def _prices(paths: list[Path], today: datetime.date) -> PriceBook:
    raise_problems("choose", *missing_files("--prices", paths))
    return price_book(paths, today)


def _measured(path: Path) -> Mapping[str, Throughput]:
    raise_problems("choose", *missing_files("--measured", [path]))
    return measured_throughput(path) if path.is_dir() else read_measured(path)


def _shown(answer: Answer, form: str) -> str:
    # Only the one that is wanted is loaded.
    if form == "json":
        from cdk_inference.cli.formatters.choose_json import choose_json as show
    else:
        from cdk_inference.cli.formatters.choose_table import choose_table as show
    return show(answer)
