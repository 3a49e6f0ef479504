"""The answer of `choose` as JSON, for other programs. What is not known is null, or an object with its reason."""

from __future__ import annotations

import json
from typing import Any

from cdk_inference.cli.formatters import choose_text as text
from cdk_inference.cli.formatters.base import clean
from cdk_inference.cli.formatters.choose_text import Answer
from cdk_inference.pricing.amounts import HOURS_PER_MONTH
from cdk_inference.pricing.choices import Candidate, settings_line
from cdk_inference.pricing.price import Price
from cdk_inference.pricing.request_rate import AtRate, BreakEven, RateRow
from cdk_inference.template import Unknown

VERSION = 1


def choose_json(answer: Answer) -> str:
    """The whole text."""
    found, at = answer.choice, answer.at_rate
    rows = {} if at is None else {row.candidate.hardware.name: row for row in at.rows}
    days = [one.price.holds_until for one in found.candidates if not isinstance(one.price, Unknown)]
    content = {
        "version": VERSION,
        "headline": text.headline(found) + ([] if at is None else [text.rate_headline(found, at)]),
        "region": found.region,
        "model": clean(answer.assumed),
        "workload": {
            "parameters": found.workload.architecture.parameters,
            "precision": found.workload.precision,
            "context_tokens": found.workload.context_tokens,
            "batch": found.workload.batch,
        },
        "first": None if found.first is None else found.first.hardware.name,
        "candidates": [
            _candidate(one) | {"paste": settings_line(found, one)} | _rate_of(rows.get(one.hardware.name))
            for one in found.candidates
        ],
        "rate": None if at is None else _rate(at),
        "refused": dict(found.refused),
        "prices_used_until": min(days).isoformat() if days else None,
        "looked_up_in_this_order": [clean(where) for where in answer.order],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


def _candidate(one: Candidate) -> dict[str, Any]:
    measured, usd = one.throughput, None if isinstance(one.price, Unknown) else one.price.usd
    return {
        "type": one.hardware.name,
        "accelerators": one.hardware.accelerators,
        "accelerator": one.hardware.accelerator,
        "degree": one.degree,
        "memory": one.verdict.name,
        "spare_gib": round(one.verdict.spare_gib, 3),
        "price": _price(one.price),
        "usd_per_1000_requests": None if measured is None or usd is None else measured.usd_per_1000_requests(usd),
        "usd_per_million_tokens": None if measured is None or usd is None else measured.usd_per_million_tokens(usd),
        "preset": one.server.__name__,
        "image": one.server.aws_image.reference,
        "maintenance": one.server.aws_image.maintenance.status,
    }


def _price(price: Price | Unknown) -> dict[str, Any]:
    if isinstance(price, Unknown):
        return _unknown(price)
    return {
        "usd_per_hour": price.usd,
        "kind": price.kind,
        "date": price.date,
        "source": clean(price.source),
        "discount": clean(price.discount),
    }


def _rate(at: AtRate) -> dict[str, Any]:
    bedrock = at.bedrock
    return {
        "requests_per_second": at.rate.requests_per_second,
        "prompt_tokens": at.rate.prompt_tokens,
        "output_tokens": at.rate.output_tokens,
        "hours_per_month": HOURS_PER_MONTH,
        "bedrock": None
        if bedrock is None
        else {
            "model": clean(bedrock.model),
            "region": bedrock.region,
            "usd_per_request": bedrock.usd_per_request,
            "usd_per_month": bedrock.usd_per_month(at.rate.requests_per_second),
            "date": bedrock.date,
            "source": clean(bedrock.source),
        },
        "measurements_not_used": [clean(why) for why in at.unused],
        "notes": text.rate_notes(at),
    }


def _rate_of(row: RateRow | None) -> dict[str, Any]:
    if row is None:
        return {}
    measured, count = row.candidate.throughput, row.instances
    ends = None if measured is None else measured.requests_interval
    return {
        "at_rate": {
            "measured": None
            if measured is None
            else {
                "requests_per_second": measured.requests_per_second,
                "interval": None if ends is None else list(ends),
                "prompt_tokens": measured.prompt_tokens,
                "output_tokens": measured.output_tokens,
                "region": measured.region,
                "what": clean(measured.what),
            },
            "instances": _unknown(count)
            if isinstance(count, Unknown)
            else {name: _count(row, getattr(count, name)) for name in ("estimate", "low", "high")},
            "equal_to_other_type": _break_even(row.other),
            "equal_to_bedrock": _break_even(row.bedrock),
        }
    }


def _count(row: RateRow, instances: int) -> dict[str, Any]:
    usd = row.usd_per_month(instances)
    return {"instances": instances, "usd_per_month": None if isinstance(usd, Unknown) else round(usd, 6)}


def _break_even(found: BreakEven | Unknown | None) -> dict[str, Any] | None:
    if found is None or isinstance(found, Unknown):
        return None if found is None else _unknown(found)
    wanted = found.requests_per_second
    return {
        "than": clean(found.than),
        "requests_per_second": _unknown(wanted) if isinstance(wanted, Unknown) else wanted,
        "times": found.times,
        "instances_at_most": found.instances,
    }


def _unknown(found: Unknown) -> dict[str, str]:
    return {"unknown": clean(found.reason)}
