"""docs/rules.md: every requirement, from the rows of cdk_inference/requirements/.

The words are in rules.md beside this file.
"""

from __future__ import annotations

from pathlib import Path

from cdk_inference.facts import table as facts
from cdk_inference.requirements import TOPICS, Requirement, by_topic, requirements
from cdk_inference.requirements.requirement import BOTOCORE
from scripts.docs._markdown import NOTE, table

HEADINGS = ("rule", "level", "of", "AWS's words", "where")
PROSE = Path(__file__).with_name("rules.md")


def page() -> str:
    """The whole page."""
    sentences = list(facts("requirements").rows())
    return PROSE.read_text(encoding="utf-8").format(
        note=NOTE,
        rules=len(requirements()),
        located=sum(bool(one.shape) for one in requirements()),
        botocore=BOTOCORE,
        sentences=len(sentences),
        judged=sum(bool(row["rule"]) for row in sentences),
        topics="\n".join(
            f"## {title}\n\n{table(HEADINGS, map(_row, by_topic()[topic]))}" for topic, title in TOPICS.items()
        ),
    )


def _row(one: Requirement) -> tuple[str, ...]:
    where = f"`{one.shape}{f'.{one.member}' if one.member else ''}` ({one.service})" if one.shape else one.page
    return f'<a id="{one.id}"></a>`{one.id}`', one.level, f"`{one.type}`", _safe(one.sentence), where


def _safe(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
