"""docs/review.md: its rules and cases come from the modules of the rules and from tests/data/review/.

The words are in review.md beside this file.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from cdk_inference.review.create_only import known_types, schema_day
from cdk_inference.review.finding import LEVELS
from cdk_inference.review.rule import Rule
from cdk_inference.review.rules import all_rules
from cdk_inference.template.load import load_object
from scripts.docs import _comments
from scripts.docs._markdown import NOTE, table

PROSE = Path(__file__).with_name("review.md")
CASES = Path(__file__).parents[2] / "tests/data/review"


def page() -> str:
    """The whole page."""
    ordered = sorted(all_rules(), key=lambda rule: (LEVELS.index(rule.level), rule.id))
    listed = table(
        ("rule", "level", "finds"), ((f"[{rule.id}](#{rule.id})", rule.level, rule.title) for rule in ordered)
    )
    return PROSE.read_text(encoding="utf-8").format(
        note=NOTE,
        day=schema_day(),
        types=known_types(),
        one=_quoted(_comments.one_endpoint()),
        many=_quoted(_comments.many_endpoints()),
        harmless=_quoted(_comments.harmless()),
        rules=listed,
        sections="\n".join(_section(rule) for rule in ordered),
    )


def _quoted(comment: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in comment.splitlines())


def _section(rule: Rule) -> str:
    cases = load_object(CASES / f"{rule.id}.yaml", "cases")["cases"]
    rows = ((case["about"], case["kind"], _found(case)) for case in cases)
    told = (f"{rule.title}. Level: {rule.level}.", rule.why, f"Source: {rule.source}.")
    paragraphs = "\n\n".join(textwrap.fill(text, 120, break_on_hyphens=False, break_long_words=False) for text in told)
    return f"### {rule.id}\n\n{paragraphs}\n\n{table(('case', 'kind', 'finds'), rows)}"


def _found(case: dict[str, Any]) -> str:
    """Levels and rules, without the places."""
    named = dict.fromkeys(" ".join(line.split()[:2]) for line in case["expected"])
    return ", ".join(named) or "nothing"
