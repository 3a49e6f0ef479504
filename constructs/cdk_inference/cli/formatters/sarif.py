"""A review as SARIF 2.1.0, which code hosts show at the lines of a pull request.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html (read 2026-11-24)
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cdk_inference import __version__
from cdk_inference.cli.formatters import review_text
from cdk_inference.cli.formatters.base import ReviewFormatter, clean
from cdk_inference.core.pages import page
from cdk_inference.review.finding import Finding
from cdk_inference.review.reviewing import Review
from cdk_inference.review.rules import all_rules
from cdk_inference.template.acknowledgements import Acknowledgement
from cdk_inference.template.assembly import MANIFEST
from cdk_inference.template.lines import line_of

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


class SarifFormatter(ReviewFormatter):
    """One log with one run."""

    def review(self, review: Review, folder: Path, docs: str = "") -> str:
        """The log. Files outside of the working directory are named from `folder` on."""
        ids = [rule.id for rule in all_rules()]
        results = [_result(finding, ids, folder, None) for finding in review.findings]
        results += [_result(finding, ids, folder, by) for finding, by in review.acknowledged]
        log = {
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {"driver": {"name": "cdk-inference review", "version": __version__, "rules": _rules(docs)}},
                    "columnKind": "unicodeCodePoints",
                    "invocations": [
                        {
                            "executionSuccessful": review.complete,
                            "toolExecutionNotifications": [
                                {"level": "warning", "message": {"text": plain(f"Not compared: {line}")}}
                                for line in review_text.not_compared_rows(review)
                            ],
                        }
                    ],
                    "results": results,
                    "properties": {"headline": review_text.headline(review), "checks": review.checks},
                }
            ],
        }
        return json.dumps(log, indent=2)


def _rules(docs: str) -> list[dict[str, Any]]:
    return [
        {
            "id": rule.id,
            "name": "".join(part.capitalize() for part in rule.id.split("-")),
            "shortDescription": {"text": f"{rule.title}."},
            "fullDescription": {"text": rule.why},
            "help": {"text": f"{rule.why} Source: {rule.source}. More: {docs or page('review')}#{rule.id}"},
            **({"helpUri": f"{docs}#{rule.id}"} if docs else {}),
            "defaultConfiguration": {"level": rule.level},
        }
        for rule in all_rules()
    ]


def _result(finding: Finding, ids: list[str], folder: Path, by: Acknowledgement | None) -> dict[str, Any]:
    whole = "\0".join((finding.rule, finding.stack, finding.logical_id, finding.what))
    made: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": ids.index(finding.rule),
        "level": finding.level,
        "message": {"text": plain(f"{review_text.place(finding)}: {' '.join(review_text.sentences(finding))}")},
        "locations": [location(finding.file, finding.logical_id, finding.where, folder)],
        "partialFingerprints": {"cdkInference/v1": hashlib.sha256(whole.encode(errors="replace")).hexdigest()},
    }
    if by is not None:
        made["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": clean(by.reason)}]
    return made


def plain(text: str) -> str:
    """Brackets make links of the standard (3.11.6) unless they are escaped."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def location(file: Path | None, logical_id: str, where: str, folder: Path) -> dict[str, Any]:
    """Returns the place of a resource: its file and line, and its name (`where` with the stack's)."""
    # What is about all stacks is shown at the assembly's manifest, for a result without a place is not shown at all.
    line = line_of(file, logical_id) if file is not None else 1
    found: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(file or folder / MANIFEST, folder), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": line},
        }
    }
    if logical_id:
        found["logicalLocations"] = [
            {"name": clean(logical_id), "fullyQualifiedName": clean(where), "kind": "resource"},
        ]
    return found


def _uri(file: Path, folder: Path) -> str:
    """Relative: to the working directory, or from the folder on where that is not in it."""
    path = file.resolve()
    for start in (Path.cwd(), folder.resolve().parent):
        if path.is_relative_to(start):
            return quote(path.relative_to(start).as_posix())
    return quote(os.path.basename(path))


FORMATTER = SarifFormatter()
