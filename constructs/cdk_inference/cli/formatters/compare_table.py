"""A comparison for the terminal, and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_inference.cli.formatters import compare_text as words
from cdk_inference.core.unknown import Unknown
from cdk_inference.proof.report import Report


def compare_table(found: Report) -> str:
    """The whole text. Its first line is the verdict."""
    parts = []
    for verdict in found.verdicts:
        first, *rest = words.verdict_lines(verdict)
        parts += [first, *(f"  {line}" for line in rest), ""]
    parts = parts or [found.headline, ""]
    for row in found.rows:
        parts += [
            f"{words.row_title(row)}: {row.blocks} blocks, {row.requests} requests, failed: {words.failures(row)}"
        ]
        parts += _aligned([(name, words.interval(value, name)) for name, value in row.metrics.items()])
        parts += [f"  {line}" for line in (words.traffic(row),) if line]
        parts += [f"  unknown: {reason}" for reason in _reasons(row.metrics.values())]
    candidates = list({row.candidate.name: row.candidate for row in found.rows}.values())
    parts += ["", "Candidates:"]
    for one in candidates:
        parts += [f"  {one.name}: {words.facts(one)}", f"    {words.price(one)}"]
    for title, lines in (("Notes", words.findings(found)), ("Not part of the verdict", words.unmeasured(found))):
        parts += ["", f"{title}:", *(f"  {line}" for line in lines)] if lines else []
    parts += ["", f"Measured {found.started} to {found.ended}, run {found.run}. Intervals of rows: 95 %."]
    return "\n".join(parts)


def compare_markdown(found: Report) -> str:
    """The same as Markdown."""
    parts = [f"**{_escaped(found.headline)}**", ""]
    for verdict in found.verdicts:
        first, *rest = words.verdict_lines(verdict)
        parts += [f"### {_escaped(first)}", "", *(f"- {_escaped(line)}" for line in rest), ""]
    if found.rows:
        names = list(found.rows[0].metrics)
        parts += [f"| candidate | {' | '.join(names)} | failed |", f"|---|{'--:|' * len(names)}---|"]
        for row in found.rows:
            cells = [words.interval(row.metrics.get(name, Unknown("")), name) for name in names]
            parts.append(f"| {words.row_title(row)} | {' | '.join(cells)} | {words.failures(row)} |")
        parts.append("")
        for row in found.rows:
            parts += [f"- {row.candidate.name}: {line}" for line in (words.traffic(row),) if line]
        for one in {row.candidate.name: row.candidate for row in found.rows}.values():
            parts.append(f"- {one.name}: {_escaped(words.facts(one))}; {_escaped(words.price(one))}")
    for title, lines in (("Notes", words.findings(found)), ("Not part of the verdict", words.unmeasured(found))):
        parts += ["", f"#### {title}", "", *(f"- {_escaped(line)}" for line in lines)] if lines else []
    parts += ["", f"Measured {found.started} to {found.ended}, run {found.run}. Intervals of rows: 95 %."]
    return "\n".join(parts)


def _aligned(cells: Sequence[tuple[str, str]]) -> list[str]:
    width = max((len(name) for name, _ in cells), default=0)
    return [f"  {name.ljust(width)}  {value}" for name, value in cells]


def _reasons(values: object) -> list[str]:
    listed = [value.reason for value in values if isinstance(value, Unknown)]  # type: ignore[attr-defined]
    return list(dict.fromkeys(listed))


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
