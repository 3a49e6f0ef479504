"""docs/review.md: its rules come from the modules of the rules, its comments from reviews.

The words are in review.md beside this file.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

from cdk_inference.review.create_only import known_types, schema_day
from cdk_inference.review.finding import LEVELS
from cdk_inference.review.rule import Rule
from cdk_inference.review.rules import all_rules
from scripts.docs import _comments
from scripts.docs._markdown import NOTE, table

PROSE = Path(__file__).with_name("review.md")


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
    text = f"{rule.why} [Source]({address})." if (address := _address(rule)) else f"{rule.why} Source: {rule.source}."
    paragraph = textwrap.fill(text, 120, break_on_hyphens=False, break_long_words=False)
    return f"### {rule.id}\n\n{paragraph}\n"


def _address(rule: Rule) -> str:
    """The address of a source, without the day on which it was read, which the rule's module has."""
    return rule.source.partition(" ")[0] if rule.source.startswith("https://") else ""
