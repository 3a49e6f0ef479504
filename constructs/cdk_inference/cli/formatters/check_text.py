"""Texts of a check, the same in every format."""

from __future__ import annotations

from cdk_inference.cli.formatters.base import clean
from cdk_inference.cli.formatters.review_text import counted
from cdk_inference.requirements.report import Report
from cdk_inference.requirements.requirement import LEVELS, NotChecked, Violation

_ALONE_MAX = 3


def headline(report: Report) -> str:
    """The verdict, on one line."""
    counts = [counted(number, level) for level in LEVELS if (number := report.count(level))]
    parts = [", ".join(counts) or "no findings"]
    if report.not_checked:
        parts.append(f"{len(report.not_checked)} not checked")
    if report.accepted:
        parts.append(f"{len(report.accepted)} acknowledged")
    if report.unread:
        parts.append(f"{counted(len(report.unread), 'file')} not read")
    judged = counted(report.judgement.judged, "resource")
    parts.append(f"{judged} in {counted(report.stacks, 'stack')} against {counted(len(report.rules), 'rule')}")
    return f"{report.verdict}: {'; '.join(parts)}"


def place(found: Violation) -> str:
    """Construct path, or stack and logical id, and the property."""
    return clean(found.place)


def sentences(found: Violation) -> list[str]:
    """What was found, what to do, and AWS's words with their place."""
    one = found.requirement
    return [
        clean(f"Got {found.finding.removeprefix('got ')}."),
        clean(f"Fix: {found.problem.fix}."),
        clean(f"AWS: {one.sentence} {one.source}"),
    ]


def accepted_rows(report: Report) -> list[str]:
    """Each result that is accepted, with the reason."""
    rows = []
    for one in report.accepted:
        until = "" if one.expires is None else f" (until {one.expires})"
        what = "" if isinstance(one.result, Violation) else "not checked, "
        where = one.result.place if isinstance(one.result, Violation) else _where(one.result)
        rows.append(clean(f"{one.result.rule}: {what}{where}: {one.reason}{until}"))
    return rows


def not_checked_rows(report: Report) -> list[str]:
    """Each resource with what is not known of it and the rules that need it; resources with one reason together."""
    by_reason: dict[str, dict[str, list[str]]] = {}
    for one in report.not_checked:
        by_reason.setdefault(one.why, {}).setdefault(_where(one), []).append(one.rule)
    rows = []
    for why, places in by_reason.items():
        rules = list(dict.fromkeys(rule for listed in places.values() for rule in listed))
        first, *others = places
        where = first if not others else f"{first} and {len(others)} more"
        named = ", ".join(rules[:_ALONE_MAX]) + (f" and {len(rules) - _ALONE_MAX} more" if rules[_ALONE_MAX:] else "")
        rows.append(clean(f"{where}: {why} ({named})"))
    return rows


def _where(one: NotChecked) -> str:
    return " ".join(filter(None, (f"{one.stack}/{one.logical_id}", one.where)))
