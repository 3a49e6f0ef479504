"""An estimate as JSON; its schema: docs/estimate.schema.json."""

from __future__ import annotations

import json
from typing import Any

from cdk_inference.cli import estimate_words as words
from cdk_inference.pricing.amounts import HOURS_PER_MONTH, Amount, Line, Total
from cdk_inference.pricing.estimates import Estimate
from cdk_inference.pricing.price import Price
from cdk_inference.template import Unknown

VERSION = 1


def estimate_json(estimate: Estimate) -> str:
    """One object. Its first line holds the headline."""
    rest = json.dumps(_members(estimate), indent=2)
    return f'{{ "headline": {json.dumps(words.headline(estimate))},{rest[1:]}'


def _members(estimate: Estimate) -> dict[str, Any]:
    return {
        "version": VERSION,
        "verdict": estimate.verdict,
        "date": estimate.date,
        "currency": "USD",
        "hours_per_month": HOURS_PER_MONTH,
        "budget_usd": estimate.budget_usd,
        "endpoints": estimate.endpoints,
        "total": {
            "minimum": _total(estimate.minimum),
            "expected": _total(estimate.expected),
            "maximum": _total(estimate.maximum),
        },
        "lines": [_line(line) for line in estimate.lines],
        "look_up_order": list(estimate.order),
        "remarks": words.remarks(estimate),
        "outside": dict(estimate.outside),
    }


def _total(total: Total | None) -> dict[str, Any] | None:
    if total is None:
        return None
    return {
        "usd_per_month": round(total.usd, 6),
        "usd_per_hour": round(total.usd / HOURS_PER_MONTH, 6),
        "at_least": total.at_least,
    }


def _line(line: Line) -> dict[str, Any]:
    month = line.monthly
    return {
        "stack": line.stack,
        "region": line.region,
        "resource": line.resource,
        "kind": line.kind,
        "what": words.clean(line.what),
        "minimum": _amount(month.minimum),
        "expected": _amount(month.expected),
        "maximum": _amount(month.maximum),
        "prices": [_price(price) for price in line.prices],
        "token_prices": line.source or None,
        "notes": list(line.notes),
    }


def _amount(value: Amount) -> dict[str, Any]:
    """Either a number, or why there is none."""
    if isinstance(value, float):
        return {"usd_per_month": round(value, 6), "usd_per_hour": round(value / HOURS_PER_MONTH, 6), "reason": None}
    reason = words.clean(value.reason) if isinstance(value, Unknown) else "not given"
    return {"usd_per_month": None, "usd_per_hour": None, "reason": reason}


def _price(price: Price) -> dict[str, Any]:
    return {
        "item": price.item,
        "region": price.region,
        "usd": price.usd,
        "unit": price.unit,
        "kind": price.kind,
        "date": price.date,
        "source": price.source,
        "discount": price.discount or None,
    }
