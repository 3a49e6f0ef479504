"""`cdk-inference choose`: a model in, the types that hold it out, cheapest first."""

from __future__ import annotations

import argparse
import datetime
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from cdk_inference.cli.choose_model import asked_workload
from cdk_inference.cli.estimate import add_prices_option
from cdk_inference.cli.formatters.base import clean, money
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.fit import PRECISIONS, PUBLISHED
from cdk_inference.pricing.book import price_book
from cdk_inference.pricing.choices import Candidate, Choice, choose, settings_line
from cdk_inference.pricing.measured import Throughput, read_measured
from cdk_inference.proof.measured import measured_throughput
from cdk_inference.template import Unknown

FOUND, NONE_FITS = 0, 1
ABOUT = "the instance types that hold a model, cheapest first"
_COLUMNS = (
    *("type", "accelerators", "degree", "memory", "to spare", "$/hour", "kind", "date"),
    *("$/1000 requests", "$/million tokens", "image"),
)
_NOT_MEASURED = "not measured"


def add_choose(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command's arguments."""
    parser = commands.add_parser("choose", help=ABOUT, description=f"{ABOUT[0].upper()}{ABOUT[1:]}.")
    lends = "alone: with the shape of the published model of its size that has the largest cache"
    parser.add_argument("--parameters", metavar="N", help=f"of a dense model, as in 8e9 or 8B; {lends}")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--model", metavar="NAME", help=f"a published model: {', '.join(PUBLISHED)}")
    shape.add_argument("--config", type=Path, metavar="FILE", help="config.json of your model; suffices alone")
    stored = f"one of {', '.join(PRECISIONS)}; default: as the model or its config.json has it"
    parser.add_argument("--precision", metavar="NAME", help=stored)
    parser.add_argument("--context", required=True, metavar="TOKENS", help="of prompt and answer together: 8192 or 8k")
    parser.add_argument("--batch", required=True, metavar="N", help="requests at once")
    parser.add_argument("--region", help="default: AWS_REGION")
    about = "throughput of one instance: TOML, or the folder of a comparison"
    parser.add_argument("--measured", type=Path, metavar="FILE", help=about)
    add_prices_option(parser)


def run_choose(chosen: argparse.Namespace, today: datetime.date) -> tuple[str, int]:
    """(the text, the exit status)."""
    region = str(chosen.region or os.environ.get("AWS_REGION") or "")
    if not region:
        raise_problems("choose", Problem("--region", None, "the name of a region", "pass --region or set AWS_REGION"))
    asked = asked_workload(chosen)
    workload = asked.workload
    measured = {} if chosen.measured is None else _measured(chosen.measured)
    book = price_book(chosen.prices, today)
    found = choose(workload, region, book, measured)
    used = f"{workload.precision}, {workload.batch} requests at once of {workload.context_tokens} tokens"
    parts = [*_headline(found), "", f"Model: {asked.assumed}; {used}."]
    parts += ["", *_table([_COLUMNS, *(_cells(one) for one in found.candidates)])] if found.candidates else []
    for title, one in _to_paste(found):
        parts += ["", f"{title}:", f"  {settings_line(found, one)}"]
    parts += _section("Images", dict.fromkeys(_image(one) for one in found.candidates))
    unpriced = [one.price.reason for one in found.candidates if isinstance(one.price, Unknown)]
    parts += _section("Without a price", unpriced)
    parts += _section("Out", _out(found))
    days = [one.price.holds_until for one in found.candidates if not isinstance(one.price, Unknown)]
    if days:
        parts += ["", f"These prices are used until {min(days)}; `cdk-inference prices refresh` renews them."]
    parts += _section("Prices are looked up in this order", [clean(where) for where in book.order])
    return "\n".join(parts), FOUND if found.candidates else NONE_FITS


def _measured(path: Path) -> Mapping[str, Throughput]:
    return measured_throughput(path) if path.is_dir() else read_measured(path)


def _headline(found: Choice) -> list[str]:
    first = found.first
    if first is None:
        return [f"NONE: no type in {found.region} holds it; {len(found.refused)} are out"]
    fits = sum(one.fits for one in found.candidates)
    tight, unpriced = len(found.candidates) - fits, sum(isinstance(one.price, Unknown) for one in found.candidates)
    counted = f"{fits} type{'' if fits == 1 else 's'} in {found.region} hold{'s' if fits == 1 else ''} it"
    counted += f", {tight} more {'is' if tight == 1 else 'are'} tight" if tight else ""
    counted += f", {len(found.refused)} are out"
    if isinstance(first.price, Unknown):
        return [f"NO PRICE: {first.hardware.name} with {_image_words(first)}, {first.verdict}; {counted}"]
    counted += f"; {unpriced} have no price" if unpriced else ""
    cheapest = "CHEAPEST" if first.fits and first.maintained else "CHEAPEST, WITH A RESERVATION"
    lines = [f"{cheapest}: {_priced(first)}; {counted}"]
    return lines + [f"Cheaper, but {_reservation(one)}: {_priced(one)}" for one in found.cheaper]


def _priced(one: Candidate) -> str:
    assert not isinstance(one.price, Unknown)
    price = f"{money(one.price.usd)} an hour ({one.price.kind}, {one.price.date})"
    return f"{one.hardware.name} at {price} with {_image_words(one)}, {one.verdict}"


def _image_words(one: Candidate) -> str:
    status = one.server.aws_image.maintenance.status
    return one.server.__name__ if one.maintained else f"{one.server.__name__}, whose image is {status}"


def _reservation(one: Candidate) -> str:
    """Why a cheaper type is not the answer."""
    reasons = [] if one.maintained else [f"its image is {one.server.aws_image.maintenance.status}"]
    return " and ".join([*reasons, *([] if one.fits else ["memory is tight"])])


def _to_paste(found: Choice) -> list[tuple[str, Candidate]]:
    """The first choice, and what is cheaper with a reservation."""
    first = [] if found.first is None else [("To paste", found.first)]
    return first + [(f"Cheaper, but {_reservation(one)}", one) for one in found.cheaper]


def _cells(one: Candidate) -> tuple[str, ...]:
    known, price, measured = one.hardware, one.price, one.throughput
    requests = tokens = _NOT_MEASURED
    usd, kind, date = "unknown", "", ""
    if not isinstance(price, Unknown):
        usd, kind, date = money(price.usd), price.kind, price.date
        if measured is not None:
            requests = _small(measured.usd_per_1000_requests(price.usd))
            tokens = _small(measured.usd_per_million_tokens(price.usd))
    elif measured is not None:
        requests = tokens = "no price"
    devices = f"{known.accelerators} x {known.accelerator}"
    image = f"{one.server.__name__} ({one.server.aws_image.maintenance.status})"
    spare = f"{one.verdict.spare_gib:.1f} GiB"
    return (
        known.name,
        devices,
        str(one.degree),
        one.verdict.name,
        spare,
        usd,
        kind,
        date,
        requests,
        tokens,
        image,
    )


def _small(usd: float | None) -> str:
    return _NOT_MEASURED if usd is None else f"${usd:.4g}"


def _image(one: Candidate) -> str:
    image = one.server.aws_image
    known = image.maintenance
    return f"{one.server.__name__}: {image.reference}, {known.status} since {known.since}: {known.why}"


def _out(found: Choice) -> list[str]:
    """Types that are out for the same reason, together."""
    reasons: dict[str, list[str]] = {}
    for name, why in found.refused.items():
        reasons.setdefault(why, []).append(name)
    return [f"{', '.join(names)}: {why}" for why, names in reasons.items()]


def _section(title: str, lines: Iterable[str]) -> list[str]:
    listed = list(lines)
    return ["", f"{title}:", *(f"  {line}" for line in listed)] if listed else []


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
