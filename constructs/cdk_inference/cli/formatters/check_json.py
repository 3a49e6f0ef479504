"""A check as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cdk_inference.cli.formatters import check_text as text
from cdk_inference.cli.formatters.base import CheckFormatter, clean
from cdk_inference.requirements.report import Report
from cdk_inference.requirements.requirement import LEVELS, Violation

VERSION = 1


class CheckJson(CheckFormatter):
    """One object."""

    def check(self, report: Report, folder: Path) -> str:
        """All violations, and what was not checked and not read."""
        del folder
        found = {
            "headline": text.headline(report),
            "version": VERSION,
            "verdict": report.verdict,
            "fail_on": report.fail_on,
            "stacks": report.stacks,
            "resources": report.judgement.judged,
            "rules": len(report.rules),
            "counts": {level: report.count(level) for level in LEVELS},
            "violations": [_violation(one) for one in report.violations],
            "not_checked": [
                {
                    "rule": one.rule,
                    "stack": one.stack,
                    "logical_id": clean(one.logical_id),
                    "property": clean(one.where),
                    "why": clean(one.why),
                }
                for one in report.not_checked
            ],
            "not_read": [clean(one) for one in report.unread],
            "acknowledged": [
                {
                    "rule": one.result.rule,
                    "checked": isinstance(one.result, Violation),
                    "stack": one.result.stack,
                    "logical_id": clean(one.result.logical_id),
                    "property": clean(one.result.where),
                    "reason": clean(one.reason),
                    "expires": None if one.expires is None else one.expires.isoformat(),
                }
                for one in report.accepted
            ],
            "useless_acknowledgements": [clean(one) for one in report.useless],
        }
        return json.dumps(found, indent=2)


def _violation(found: Violation) -> dict[str, Any]:
    one, problem = found.requirement, found.problem
    return {
        "rule": one.id,
        "level": one.level,
        "stack": found.stack,
        "logical_id": clean(found.logical_id),
        "construct_path": found.construct_path,
        "type": one.type,
        "property": clean(found.where),
        "got": None if problem.got is None else clean(str(problem.got)),
        "allowed": clean(problem.allowed),
        "fix": clean(problem.fix),
        "sentence": one.sentence,
        "source": one.source,
        "file": None if found.file is None else str(found.file),
    }


FORMATTER = CheckJson()
