"""A review as JSON; its schema: docs/review.schema.json."""

from __future__ import annotations

import json
from typing import Any

from cdk_inference.cli import review_words as words
from cdk_inference.cli.estimate_words import clean
from cdk_inference.pricing import Total
from cdk_inference.review.cost import CostChange, CostDifference
from cdk_inference.review.finding import LEVELS, Finding, NotCompared
from cdk_inference.review.reviewing import Review

VERSION = 1


def review_json(review: Review) -> str:
    """One object. Its first line holds the headline."""
    rest = json.dumps(_members(review), indent=2)
    return f'{{ "headline": {json.dumps(words.headline(review))},{rest[1:]}'


def _members(review: Review) -> dict[str, Any]:
    return {
        "version": VERSION,
        "verdict": review.verdict,
        "fail_on": review.fail_on,
        "stacks": review.stacks,
        "counts": {level: review.count(level) for level in LEVELS},
        "findings": [_finding(finding) for finding in review.findings],
        "acknowledged": [
            {
                **_finding(finding),
                "reason": clean(by.reason),
                "expires": by.expires.isoformat() if by.expires is not None else None,
            }
            for finding, by in review.acknowledged
        ],
        "not_compared": [_not_compared(one) for one in review.not_compared],
        "checks": review.checks,
        "cost": None if review.cost is None else _cost(review.cost),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "level": finding.level,
        "stack": clean(finding.stack),
        "logical_id": clean(finding.logical_id),
        "type": clean(finding.type),
        "what": clean(finding.what),
        "means": clean(finding.means),
        "safe": clean(finding.safe),
        "docs": finding.docs,
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
