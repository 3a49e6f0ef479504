"""A check as SARIF 2.1.0, which code hosts show at the lines of a pull request."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from cdk_inference import __version__
from cdk_inference.cli.formatters import check_text as text
from cdk_inference.cli.formatters.base import CheckFormatter, clean
from cdk_inference.cli.formatters.sarif import SCHEMA, location, plain
from cdk_inference.core.pages import page
from cdk_inference.requirements.report import Report
from cdk_inference.requirements.requirement import Requirement, Violation


class CheckSarif(CheckFormatter):
    """One log with one run."""

    def check(self, report: Report, folder: Path) -> str:
        """The log. Files outside of the working directory are named from `folder` on."""
        left = [f"Not checked: {line}" for line in text.not_checked_rows(report)]
        left += [f"Not read: {clean(line)}" for line in report.unread]
        left += [f"Acknowledgement without effect: {clean(line)}" for line in report.useless]
        ids = [one.id for one in report.rules]
        log = {
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {
                            "name": "cdk-inference check",
                            "version": __version__,
                            "rules": [_rule(one) for one in report.rules],
                        }
                    },
                    "columnKind": "unicodeCodePoints",
                    "invocations": [
                        {
                            "executionSuccessful": not report.unread,
                            "toolExecutionNotifications": [
                                {"level": "warning", "message": {"text": plain(line)}} for line in left
                            ],
                        }
                    ],
                    "results": [
                        *(_result(one, ids, folder) for one in report.violations),
                        *(
                            _result(one.result, ids, folder, one.reason)
                            for one in report.accepted
                            if isinstance(one.result, Violation)
                        ),
                    ],
                    "properties": {"headline": text.headline(report)},
                }
            ],
        }
        return json.dumps(log, indent=2)


def _rule(one: Requirement) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": "".join(part.capitalize() for part in one.id.split("-")),
        "shortDescription": {"text": one.sentence},
        "fullDescription": {"text": one.sentence},
        "help": {"text": f"Source: {one.source}. More: {page('rules', one.id)}"},
        "defaultConfiguration": {"level": one.level},
    }


def _result(found: Violation, ids: list[str], folder: Path, reason: str | None = None) -> dict[str, Any]:
    """reason: what accepts it."""
    one = found.requirement
    whole = "\0".join((one.id, found.stack, found.logical_id, found.where))
    made: dict[str, Any] = {
        "ruleId": one.id,
        "ruleIndex": ids.index(one.id),
        "level": one.level,
        "message": {"text": plain(f"{text.place(found)}: {' '.join(text.sentences(found))}")},
        "locations": [location(found.file, found.logical_id, f"{found.stack}/{found.logical_id}", folder)],
        "partialFingerprints": {"cdkInference/v1": hashlib.sha256(whole.encode(errors="replace")).hexdigest()},
    }
    if reason is not None:
        made["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": clean(reason)}]
    return made


FORMATTER = CheckSarif()
