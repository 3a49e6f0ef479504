"""The answer of `choose` for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from cdk_inference.cli.formatters import choose_text as text
from cdk_inference.cli.formatters.base import clean, money
from cdk_inference.cli.formatters.choose_text import Answer
from cdk_inference.cli.formatters.columns import Column, table
from cdk_inference.pricing.choices import Candidate
from cdk_inference.pricing.request_rate import AtRate
from cdk_inference.template import Unknown

_COLUMNS = (
    Column("type", whole=True),
    Column("accelerators"),
    Column("degree", number=True),
    Column("memory"),
    Column("to spare", number=True),
    Column("$/hour", number=True),
    Column("kind", shared=True, optional=True),
    Column("date", shared=True, optional=True),
    Column("$/1000 requests", number=True),
    Column("$/million tokens", number=True),
    Column("image", optional=True),
)
_RATE_COLUMNS = (
    Column("type", whole=True),
    Column("$/hour", number=True),
    Column("per instance", number=True),
    Column("instances", number=True),
    Column("$/month", number=True),
    Column("equals another type at", optional=True),
    Column("equals Bedrock at"),
)


def choose_table(answer: Answer) -> str:
    """The whole text."""
    found, at = answer.choice, answer.at_rate
    parts = text.headline(found)
    if at is not None:
        parts.append(text.rate_headline(found, at))
    parts += ["", text.model_line(answer)]
    if at is not None:
        parts += ["", f"At {text.rate_words(at)}, in a month of 730 hours:", *table(_RATE_COLUMNS, _rate_rows(at))]
        parts += text.rate_notes(at)
        parts += _section("Measured", text.measured_words(at))
        parts += _section("Measured, but not used", [clean(why) for why in at.unused])
    parts += ["", *table(_COLUMNS, map(_cells, found.candidates))] if found.candidates else []
    for title, line in text.to_paste(found):
        parts += ["", f"{title}:", f"    {line}"]
    parts += _section("Images", dict.fromkeys(map(text.image, found.candidates)))
    unpriced = [one.price.reason for one in found.candidates if isinstance(one.price, Unknown)]
    parts += _section("Without a price", unpriced)
    parts += _section("Excluded", text.out(found))
    days = [one.price.holds_until for one in found.candidates if not isinstance(one.price, Unknown)]
    if days:
        parts += ["", f"These prices expire after {min(days)}; `cdk-inference prices refresh` updates them."]
    parts += _section("Price sources", [clean(where) for where in answer.order])
    return "\n".join(parts)


def _rate_rows(at: AtRate) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for row in at.rows:
        price = row.candidate.price
        usd = "unknown" if isinstance(price, Unknown) else money(price.usd)
        name = row.candidate.hardware.name
        bedrock = "" if at.bedrock is None else text.as_bedrock(row)
        rows.append((name, usd, text.served(row), text.instances(row), text.month(row), text.as_other(row), bedrock))
    if at.bedrock is None:
        return rows
    usd = money(at.bedrock.usd_per_month(at.rate.requests_per_second))
    return [(f"Bedrock: {clean(at.bedrock.model)}", "", "", "", usd, "", ""), *rows]


def _cells(one: Candidate) -> tuple[str, ...]:
    known, price, measured = one.hardware, one.price, one.throughput
    requests = tokens = text.NOT_MEASURED
    usd, kind, date = "unknown", "", ""
    if not isinstance(price, Unknown):
        usd, kind, date = money(price.usd), price.kind, price.date
        if measured is not None:
            requests = text.small(measured.usd_per_1000_requests(price.usd))
            tokens = text.small(measured.usd_per_million_tokens(price.usd))
    elif measured is not None:
        requests = tokens = "no price"
    return (
        known.name,
        f"{known.accelerators} x {known.accelerator}",
        str(one.degree),
        one.verdict.name,
        f"{one.verdict.spare_gib:.1f} GiB",
        usd,
        kind,
        date,
        requests,
        tokens,
        f"{one.server.__name__} ({one.server.aws_image.maintenance.status})",
    )


def _section(title: str, lines: Iterable[str]) -> list[str]:
    listed = list(lines)
    return ["", f"{title}:", *(f"  {line}" for line in listed)] if listed else []
