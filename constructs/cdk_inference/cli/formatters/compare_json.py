"""A comparison as JSON, for other programs. Seconds and dollars; what is unknown is an object with its reason."""

from __future__ import annotations

import json
from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.proof.agreement import Agreed
from cdk_inference.proof.folder import claim_line
from cdk_inference.proof.interval import Interval
from cdk_inference.proof.report import Point, Report
from cdk_inference.proof.result_file import price_line

VERSION = 1


def compare_json(found: Report) -> str:
    """The whole text."""
    content = {
        "version": VERSION,
        "headline": found.headline,
        "name": found.name,
        "run": found.run,
        "started": found.started,
        "ended": found.ended,
        "interrupted_blocks": found.interrupted,
        "verdicts": [
            {
                "verdict": one.word,
                "claim": claim_line(one.claim),
                "edge": one.claim.limit,
                "pairs": one.pairs,
                "ratio": _interval(one.ratio),
                "further_pairs": one.further,
                "reasons": list(one.reasons),
                "findings": [{"name": each.name, "refuses": each.refuses, "text": each.text} for each in one.findings],
                "answers": _answers(one.answers),
                "not_measured": list(one.unmeasured),
            }
            for one in found.verdicts
        ],
        "candidates": [
            {
                "name": row.candidate.name,
                "facts": row.candidate.facts,
                "price": price_line(row.candidate.price),
                "condition": str(row.condition),
                "blocks": row.blocks,
                "requests": row.requests,
                "failed": dict(row.failed),
                "metrics": {name: _interval(value) for name, value in row.metrics.items()},
            }
            for row in found.rows
        ],
        "curves": {name: [_point(one) for one in points] for name, points in found.curves.items()},
        "costs": {"metric": found.cost_metric, "points": [_point(one) for one in found.costs]},
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


def _interval(found: Interval | Unknown | None) -> dict[str, Any] | None:
    if found is None:
        return None
    if isinstance(found, Unknown):
        return {"unknown": found.reason}
    return {"estimate": found.estimate, "low": found.low, "high": found.high, "confidence": found.confidence}


def _answers(found: Agreed | Unknown | None) -> dict[str, Any] | None:
    if isinstance(found, Agreed):
        return {"by": found.by, "prompts": found.prompts, "agreement": _interval(found.interval)}
    return None if found is None else {"unknown": found.reason}


def _point(one: Point) -> dict[str, Any]:
    return {"candidate": one.candidate, "x": one.x, **(_interval(one.y) or {})}
