"""JSON; the schemas: docs/estimate.schema.json and docs/review.schema.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cdk_inference.cli.formatters import estimate_text, review_text
from cdk_inference.cli.formatters.base import EstimateFormatter, ReviewFormatter, clean
from cdk_inference.pricing.amounts import HOURS_PER_MONTH, Amount, Line, Total
from cdk_inference.pricing.estimates import Estimate
from cdk_inference.pricing.price import Price
from cdk_inference.pricing.template_budgets import TemplateBudget, day_reached
from cdk_inference.review.cost import CostChange, CostDifference
from cdk_inference.review.finding import LEVELS, Finding, NotCompared
from cdk_inference.review.reviewing import Review
from cdk_inference.template import Unknown

ESTIMATE_VERSION = 1
REVIEW_VERSION = 1


class JsonFormatter(EstimateFormatter, ReviewFormatter):
    """One object."""

    def estimate(self, estimate: Estimate) -> str:
        """All lines, prices and remarks."""
        return _object(estimate_text.headline(estimate), _estimate_members(estimate))

    def review(self, review: Review, folder: Path, docs: str = "") -> str:
        """All findings, costs and what was not compared."""
        del folder
        return _object(review_text.headline(review), _review_members(review, docs))


def _object(headline: str, members: dict[str, Any]) -> str:
    rest = json.dumps(members, indent=2)
    return f'{{ "headline": {json.dumps(headline)},{rest[1:]}'


def _estimate_members(estimate: Estimate) -> dict[str, Any]:
    return {
        "version": ESTIMATE_VERSION,
        "verdict": estimate.verdict,
        "date": estimate.date,
        "currency": "USD",
        "hours_per_month": HOURS_PER_MONTH,
        "budget_usd": estimate.budget_usd,
        "template_budgets": [_budget(one) for one in estimate.budgets],
        "prices_hold_until": estimate.holds_until,
        "endpoints": estimate.endpoints,
        "total": {
            "minimum": _total(estimate.minimum),
            "expected": _total(estimate.expected),
            "maximum": _total(estimate.maximum),
        },
        "lines": [_line(line) for line in estimate.lines],
        "look_up_order": list(estimate.order),
        "remarks": estimate_text.remarks(estimate),
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


def _budget(budget: TemplateBudget) -> dict[str, Any]:
    usd = None if isinstance(budget.usd, Unknown) else budget.usd
    return {
        "stack": clean(budget.stack),
        "logical_id": clean(budget.logical_id),
        "usd_per_month": usd,
        "reason": clean(budget.usd.reason) if isinstance(budget.usd, Unknown) else None,
        "minimum": _total(budget.minimum),
        "expected": _total(budget.expected),
        "maximum": _total(budget.maximum),
        "day_reached_at_maximum": day_reached(usd, budget.maximum.usd) if usd and budget.exceeded_at_maximum else None,
    }


def _line(line: Line) -> dict[str, Any]:
    month = line.monthly
    return {
        "stack": line.stack,
        "region": line.region,
        "resource": line.resource,
        "kind": line.kind,
        "what": clean(line.what),
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
    reason = clean(value.reason) if isinstance(value, Unknown) else "not given"
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
        "checked": price.checked or None,
        "discount": price.discount or None,
    }


def _review_members(review: Review, docs: str) -> dict[str, Any]:
    return {
        "version": REVIEW_VERSION,
        "verdict": review.verdict,
        "fail_on": review.fail_on,
        "fail_on_new_acknowledgements": review.fail_on_new_acknowledgements,
        "stacks": review.stacks,
        "counts": {level: review.count(level) for level in LEVELS},
        "findings": [_finding(finding, docs) for finding in review.findings],
        "acknowledged": [
            {
                **_finding(finding, docs),
                "reason": clean(by.reason),
                "expires": by.expires.isoformat() if by.expires is not None else None,
                "new": by.new,
            }
            for finding, by in review.acknowledged
        ],
        "not_compared": [_not_compared(one) for one in review.not_compared],
        "checks": review.checks,
        "cost": None if review.cost is None else _cost(review.cost),
    }


def _finding(finding: Finding, docs: str) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "level": finding.level,
        "stack": clean(finding.stack),
        "logical_id": clean(finding.logical_id),
        "type": clean(finding.type),
        "what": clean(finding.what),
        "means": clean(finding.means),
        "safe": clean(finding.safe),
        "path": clean(finding.path),
        "docs": f"{docs}#{finding.rule}" if docs else finding.docs,
    }


def _not_compared(one: NotCompared) -> dict[str, str]:
    return {
        "stack": clean(one.stack),
        "logical_id": clean(one.logical_id),
        "path": clean(one.path),
        "why": clean(one.why),
    }


def _cost(cost: CostDifference) -> dict[str, Any]:
    unknown = [change for change in cost.unknown if change not in cost.changes]
    return {
        "currency": "USD",
        "total": _change(cost.total),
        "changes": [_change(change) for change in (*cost.changes, *unknown)],
        "max_increase_usd": cost.gate.usd,
        "max_increase_percent": cost.gate.percent,
    }


def _change(change: CostChange) -> dict[str, Any]:
    return {
        "stack": clean(change.stack),
        "resource": clean(change.resource),
        "logical_id": clean(change.logical_id),
        "before": {"minimum": _end(change.before.minimum), "maximum": _end(change.before.maximum)},
        "after": {"minimum": _end(change.after.minimum), "maximum": _end(change.after.maximum)},
        "unknown": [clean(reason) for reason in change.unknown],
    }


def _end(total: Total) -> dict[str, Any]:
    return {"usd_per_month": round(total.usd, 6), "at_least": total.at_least}


FORMATTER = JsonFormatter()
