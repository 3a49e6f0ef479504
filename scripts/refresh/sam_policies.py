"""The policy templates of AWS SAM, from the package that `sam deploy`'s transform is made of."""

from __future__ import annotations

import json

from scripts.refresh._fresh import Fresh
from scripts.refresh._packages import from_wheel

PACKAGE, RELEASE, DAY = "aws-sam-translator", "1.115.0", "2026-11-30"
INSIDE = "samtranslator/policy_templates_data/policy_templates.json"
DIGEST = "3da6e0e839d44360b0f68d0d15f5962e709099e7b398f035a062e82c9f27ed89"


def fresh() -> Fresh:
    """One row per policy template."""
    found = json.loads(from_wheel(PACKAGE, RELEASE, INSIDE, DIGEST))["Templates"]
    return Fresh(
        about="policy templates of AWS SAM; statements: as the transform writes them, with Ref for a parameter",
        source=f"{PACKAGE}, {INSIDE}",
        version=f"{PACKAGE} {RELEASE}",
        date=DAY,
        licence="Apache-2.0",
        columns=("template", "statements"),
        key=("template",),
        rows=sorted((name, _text(one["Definition"]["Statement"])) for name, one in found.items()),
    )


def _text(statements: object) -> str:
    return json.dumps(statements, separators=(",", ":"), sort_keys=True)
