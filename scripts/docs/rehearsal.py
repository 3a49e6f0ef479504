"""docs/rehearsal.md: its rules, types and operations come from the code of the rehearsal.

The words are in rehearsal.md beside this file.
"""

from __future__ import annotations

from pathlib import Path

from rehearsal import sagemaker, scaling
from rehearsal.cfn_types import CREATE_ONLY
from rehearsal.rules import RULES
from rehearsal.scaling_sources import STATED
from scripts.docs._markdown import NOTE, table

PROSE = Path(__file__).with_name("rehearsal.md")
_EFFECTS = {"refused": "the call is refused", "fails": "the endpoint fails", "later": "reported: breaks later"}


def page() -> str:
    """The whole page."""
    return PROSE.read_text(encoding="utf-8").format(
        note=NOTE,
        count=len(RULES),
        rules=table(
            ("rule", "what AWS requires", "in a rehearsal", "confidence", "source"),
            ((rule.id, rule.title, _EFFECTS[rule.effect], rule.confidence, rule.source) for rule in RULES),
        ),
        decisions=table(("subject", "decided", "not decided", "source"), STATED),
        types=", ".join(f"`{kind}`" for kind in sorted(CREATE_ONLY)),
        operations=", ".join(f"`{name}`" for name in sorted((*sagemaker.OPERATIONS, *scaling.OPERATIONS))),
    )
