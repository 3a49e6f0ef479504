"""`cdk-inference choose`: a model in, the types that hold it out, cheapest first."""

from __future__ import annotations

import argparse
import datetime
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from cdk_inference.cli.estimate import add_prices_option
from cdk_inference.cli.formatters.base import clean, money
from cdk_inference.core.errors import ConfigurationError, Problem, raise_problems
from cdk_inference.fit import PRECISIONS, PUBLISHED, Architecture, Workload
from cdk_inference.pricing.book import price_book
from cdk_inference.pricing.choices import Candidate, Choice, choose, settings_line, shape_from_config, shape_like
from cdk_inference.pricing.measured import read_measured
from cdk_inference.template import TemplateError, Unknown
from cdk_inference.template.load import load_object

FOUND, NONE_FITS = 0, 1
ABOUT = "the instance types that hold a model, cheapest first"
_COLUMNS = ("type", "accelerators", "degree", "$/hour", "kind", "date", "$/1000 requests", "$/million tokens", "image")
_NOT_MEASURED = "not measured"


def add_choose(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command's arguments."""
    parser = commands.add_parser("choose", help=ABOUT, description=f"{ABOUT[0].upper()}{ABOUT[1:]}.")
    parser.add_argument("--parameters", type=float, metavar="N", help="of the model, as in 8e9")
    shape = parser.add_mutually_exclusive_group()
    names = ", ".join(PUBLISHED)
    nearest = "default: the shape of the published model nearest in size"
    shape.add_argument("--model", choices=sorted(PUBLISHED), metavar="NAME", help=f"a published model: {names}")
    shape.add_argument("--config", type=Path, metavar="FILE", help=f"config.json of your model; {nearest}")
    parser.add_argument("--precision", choices=tuple(PRECISIONS), required=True)
    parser.add_argument("--context", type=int, required=True, metavar="TOKENS", help="of prompt and answer together")
    parser.add_argument("--batch", type=int, required=True, metavar="N", help="requests at once")
    parser.add_argument("--region", help="default: AWS_REGION")
    parser.add_argument("--measured", type=Path, metavar="FILE", help="throughput of one instance (TOML)")
    add_prices_option(parser)


def run_choose(chosen: argparse.Namespace, today: datetime.date) -> tuple[str, int]:
    """(the text, the exit status)."""
    region = str(chosen.region or os.environ.get("AWS_REGION") or "")
    if not region:
        raise_problems("choose", Problem("--region", None, "the name of a region", "pass --region or set AWS_REGION"))
    assumed, architecture = _architecture(chosen)
    workload = Workload(
        architecture=architecture,
        precision=chosen.precision,
        context_tokens=chosen.context,
        batch=chosen.batch,
    )
    measured = {} if chosen.measured is None else read_measured(chosen.measured)
    book = price_book(chosen.prices, today)
    found = choose(workload, region, book, measured)
    used = f"{chosen.precision}, {chosen.batch} requests at once of {chosen.context} tokens"
    parts = [_headline(found), "", f"Model: {assumed}; {used}."]
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


def _architecture(chosen: argparse.Namespace) -> tuple[str, Architecture]:
    """(what is assumed, the shape)."""
    parameters, model = chosen.parameters, chosen.model
    if (parameters is None) == (model is None):
        got = f"--parameters {parameters}, --model {model}"
        fix = "a published model brings its own number"
        raise_problems("choose", Problem("--parameters", got, "either --parameters or --model", fix))
    if model is not None:
        return f"{model}, {PUBLISHED[model].parameters:.4g} parameters", PUBLISHED[model]
    told = f"{parameters:.4g} parameters"
    if chosen.config is None:
        name, shape = shape_like(parameters)
        return f"{told}; layers and heads are those of {name}, the published model nearest in size", shape
    try:
        config = load_object(chosen.config, "a model's config.json")
    except TemplateError as error:
        problem = Problem("--config", str(error), "a model's config.json", "correct the path")
        raise ConfigurationError("choose", [problem]) from None
    return f"{told}; layers and heads are those of {chosen.config}", shape_from_config(config, parameters)


def _headline(found: Choice) -> str:
    fits, out = len(found.candidates), len(found.refused)
    counted = f"{fits} type{'' if fits == 1 else 's'} in {found.region} hold it, {out} are out"
    if fits == 1:
        counted = f"1 type in {found.region} holds it, {out} are out"
    if not found.candidates:
        return f"NONE: no type in {found.region} holds it; {out} are out"
    first = found.candidates[0]
    if isinstance(first.price, Unknown):
        return f"NO PRICE: {counted}, and none of them has a price"
    unpriced = sum(isinstance(one.price, Unknown) for one in found.candidates)
    cheapest = "CHEAPEST WITH A PRICE" if unpriced else "CHEAPEST"
    counted += f", {unpriced} of the first have no price" if unpriced else ""
    price = f"{money(first.price.usd)} an hour ({first.price.kind}, {first.price.date})"
    return f"{cheapest}: {first.hardware.name} at {price}; {counted}"


def _to_paste(found: Choice) -> list[tuple[str, Candidate]]:
    """The cheapest, and the cheapest with an image that AWS maintains where that is another."""
    shown = [("To paste", one) for one in found.candidates[:1]]
    if shown and not shown[0][1].maintained:
        status = shown[0][1].server.aws_image.maintenance.status
        shown = [(f"To paste; its image is {status}", shown[0][1])]
        shown += [("With an image that AWS maintains", one) for one in found.candidates if one.maintained][:1]
    return shown


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
    return known.name, devices, str(one.degree), usd, kind, date, requests, tokens, image


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
