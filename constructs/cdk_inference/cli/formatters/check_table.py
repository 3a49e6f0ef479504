"""A check for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cdk_inference.cli.formatters import check_text as text
from cdk_inference.cli.formatters.base import CheckFormatter, clean
from cdk_inference.core.pages import page
from cdk_inference.requirements.report import Report


class CheckTable(CheckFormatter):
    """The headline, then each violation in a block, errors first."""

    def check(self, report: Report, folder: Path) -> str:
        """Ends with what was not checked, not read and acknowledged."""
        del folder
        parts = [text.headline(report)]
        for one in report.violations:
            parts += ["", f"{one.requirement.level.upper()} {one.requirement.id}: {text.place(one)}"]
            parts += [f"  {sentence}" for sentence in text.sentences(one)]
        parts += _section("Not checked", text.not_checked_rows(report))
        parts += _section("Not read", report.unread)
        parts += _section("Acknowledged", text.accepted_rows(report))
        parts += _section("Acknowledgements without effect", [clean(line) for line in report.useless])
        return "\n".join([*parts, "", f"Rules: {page('rules')}"])


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", f"{title}:", *(f"  {line}" for line in lines)] if lines else []


FORMATTER = CheckTable()
