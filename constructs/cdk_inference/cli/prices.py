"""`cdk-inference prices refresh`: a table of prices from AWS, in a file that `--prices` takes."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from cdk_inference.cli.parser import add_actions
from cdk_inference.cli.progress import step
from cdk_inference.core.errors import CommandError, ConfigurationError, Problem, raise_problems
from cdk_inference.pricing.price import Price
from cdk_inference.pricing.region_names import region_problem
from cdk_inference.pricing.table import read_table, table_text

# Of cdk_inference.aws, which needs boto3.
_RATES = ("before-discounts", "after-discounts", "after-discounts-and-commitments")
ACCOUNT_HELP = (
    "the account's own prices, by a workload estimate of AWS Billing's pricing calculator, which is deleted afterwards"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    actions = add_actions(parser)
    purpose = "request prices from AWS (pricing:GetProducts; needs boto3 and credentials)"
    refresh = actions.add_parser("refresh", help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
    refresh.add_argument("--region", action="append", required=True, help="may be repeated")
    refresh.add_argument("--account", action="store_true", help=ACCOUNT_HELP)
    refresh.add_argument("--rates", choices=_RATES, default=_RATES[1], help=f"with --account; default: {_RATES[1]}")
    refresh.add_argument("--output", type=Path, default=Path("prices.csv"), metavar="FILE", help="default: prices.csv")


def run(chosen: argparse.Namespace, today: datetime.date) -> tuple[str, int]:
    """(the text, the exit status). Rows of other regions, which the file has, stay."""
    try:
        from cdk_inference.aws import PriceListError, account_clients, account_prices, hosting_prices, pricing_client
    except ImportError:
        fix = "python -m pip install boto3"
        raise ConfigurationError(
            "prices refresh", [Problem("boto3", "no such package", "boto3, installed", fix)]
        ) from None
    raise_problems("prices refresh", *(region_problem("--region", region) for region in dict.fromkeys(chosen.region)))
    output = chosen.output
    rows: dict[tuple[str, str], Price] = {}
    try:
        if output.exists():
            rows |= read_table(output)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{output} exists and cannot be read: {error}; name another file") from None
    lines = []
    for region in dict.fromkeys(chosen.region):
        try:
            step(f"reading the price list of {region}")
            found = hosting_prices(pricing_client(), region, today)
            if chosen.account:
                _progress(f"{region}: {len(found.prices)} prices in the price list")
                found = account_prices(*account_clients(), found, region, chosen.rates, today, _progress)
        except PriceListError as error:
            raise CommandError(f"{error}; nothing was written") from None
        rows |= {(price.item, region): price for price in found.prices}
        lines += [f"{len(found.prices)} prices of {region}", *(f"  left out: {why}" for why in found.left_out)]
    comments = ["Written by cdk-inference prices refresh. US dollars per unit."]
    kept = sorted(rows.values(), key=lambda price: (price.region, price.item))
    try:
        output.write_text(table_text(comments, kept), encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror}") from None
    return "\n".join([f"WROTE {output}: {len(kept)} prices; use it with --prices {output}", *lines]), 0


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
