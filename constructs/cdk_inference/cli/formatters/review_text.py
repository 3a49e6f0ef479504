"""Texts of a review, the same in every format."""

from __future__ import annotations

import re

from cdk_inference.cli.formatters.base import clean, money
from cdk_inference.review.cost import CostChange
from cdk_inference.review.finding import LEVELS, Finding, NotCompared
from cdk_inference.review.reviewing import Review

# A word of ours, and no name of somebody else's.
_WORD = re.compile(r"[a-z]+(?:/[a-z]+)?[:,]?(?: |$)")
_ALONE_MAX = 3
_CENT = 0.005  # US dollars; smaller differences round to $0.00
COST_COLUMNS = ("resource", "$/month at minimum", "at maximum", "change at minimum", "at maximum")


def headline(review: Review) -> str:
    """The verdict, money, what fails and how many findings there are, on one line."""
    counts = [counted(number, level) for level in LEVELS if (number := review.count(level))]
    parts = [cost_headline(review), _failing(review), ", ".join(counts) or "no findings"]
    if review.acknowledged:
        parts.append(f"{len(review.acknowledged)} acknowledged")
    if review.not_compared:
        parts.append(f"{len(review.not_compared)} not compared")
    parts.append(counted(review.stacks, "stack"))
    return f"{_verdict(review)}: {'; '.join(filter(None, parts))}"


def _verdict(review: Review) -> str:
    """ "OK" is not said of an increase that no limit judges, and never without what was accepted for it."""
    if review.verdict != "OK":
        return review.verdict
    accepted = [finding.level for finding, _ in review.accepted_now]
    worst = next((level for level in LEVELS if level in accepted), None)
    if worst is not None and worst != "note":
        return f"OK, with {counted(accepted.count(worst), worst)} acknowledged in this change"
    costs_more = review.cost is not None and not review.cost.gate and max(review.cost.total.usd) >= _CENT
    return "NO ERRORS" if costs_more else "OK"


def _failing(review: Review) -> str:
    findings = (*review.findings, *(finding for finding, _ in review.acknowledged))
    failing = {one.where for one in findings if one.rule == "endpoint-update-fails" and one.level == "error"}
    return f"{counted(len(failing), 'endpoint update')} will fail" if failing else ""


def cost_headline(review: Review) -> str:
    """By how much the total changes, in US dollars and percent, and what the limit says; "" where it does not."""
    cost = review.cost
    if cost is None:
        return ""
    unknown = " plus unpriced changes" if cost.unknown else ""
    if not cost.changes:
        return "monthly cost: unpriced changes only" if unknown else ""
    compared, _ = cost.total.compared
    before = (compared.minimum.usd, compared.maximum.usd)
    shown = dict.fromkeys(map(signed, cost.total.usd))
    percents = dict.fromkeys(percent(usd, was) for usd, was in zip(cost.total.usd, before, strict=True))
    share = f" ({' to '.join(percents)})" if all(percents) else ""
    limit = ""
    if max(cost.total.usd) >= _CENT:
        beyond = cost.beyond()
        limit = f", above the limit of {beyond}" if beyond else ", within the limit" if cost.gate else ", no limit set"
    return f"monthly cost {' to '.join(shown)}{share}{unknown}{limit}"


def percent(usd: float, before: float) -> str:
    """ "+12 %"; "" where it cost nothing before."""
    return f"{usd / before * 100:+,.0f} %" if before >= _CENT else ""


def signed(usd: float) -> str:
    """+$1.00, -$1.00, or $0.00."""
    shown = money(abs(usd)) if abs(usd) >= 0.005 else "$0.00"
    return shown if shown == "$0.00" else f"{'-' if usd < 0 else '+'}{shown}"


def counted(number: int, thing: str) -> str:
    """ "1 thing", "2 things"."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def sentence(text: str) -> str:
    """With a capital letter, unless it begins with a name, and a full stop."""
    start = f"{text[:1].upper()}{text[1:]}" if _WORD.match(text) else text
    return clean(f"{start}{'' if text.endswith('.') else '.'}")


def place(finding: Finding) -> str:
    """Where it is: construct path or stack, logical id and type."""
    known = [finding.logical_id if finding.path else "", finding.type]
    beside = ", ".join(filter(None, known))
    return clean(f"{finding.place}{f' ({beside})' if beside else ''}")


def advice(finding: Finding) -> str:
    """What to do instead; of a note, what to know. "" where there is nothing."""
    return finding.safe if finding.level == "note" or not finding.safe else f"Instead: {finding.safe}"


def sentences(finding: Finding) -> list[str]:
    """What happens, what that means, what to do."""
    return [sentence(one) for one in (finding.what, finding.means, advice(finding)) if one]


def cost_rows(review: Review) -> list[tuple[str, ...]]:
    """Under `COST_COLUMNS`: what differs, what has no price, and the total; [] where nothing differs."""
    cost = review.cost
    if cost is None or not (cost.changes or cost.unknown):
        return []
    rows = [_row(change, clean(change.resource)) for change in cost.changes]
    for change in cost.unknown:
        if change not in cost.changes:
            rows.append(_row(change, clean(change.resource)))
    return [*rows, _row(cost.total, "total, including unchanged")]


def _row(change: CostChange, name: str) -> tuple[str, ...]:
    before, after = change.before, change.after
    spans = []
    for was, becomes in ((before.minimum, after.minimum), (before.maximum, after.maximum)):
        spans.append(f"{_end(was.usd, was.at_least)} to {_end(becomes.usd, becomes.at_least)}")
    known = change.known or (not change.resource and (change.differs or not change.unknown))
    changes = [signed(usd) if known else "unknown" for usd in change.usd]
    return name, *spans, *changes


def _end(usd: float, at_least: bool) -> str:
    return ("unknown" if usd == 0 else f"at least {money(usd)}") if at_least else money(usd)


def acknowledged_rows(review: Review) -> list[str]:
    """Each acknowledged finding with its reason: first those that are accepted in this change."""
    return [
        clean(
            f"{'new in this change: ' if by.new else ''}{finding.level} {finding.rule}: {finding.where}: {by.reason}"
            + (f" (until {by.expires})" if by.expires else "")
        )
        for finding, by in sorted(review.acknowledged, key=lambda one: not one[1].new)
    ]


def accepted_now_rows(review: Review) -> list[str]:
    """What is accepted in this change, errors first, with what the finding is: of one reason and cause together."""
    groups: dict[tuple[str, str, str, str, str], list[str]] = {}
    for finding, by in review.accepted_now:
        until = f" (until {by.expires})" if by.expires else ""
        key = (finding.level, finding.rule, sentence(without_name(finding)), by.reason, until)
        groups.setdefault(key, []).append(finding.place)
    return [
        clean(f"{level} {rule}: {', '.join(places)}: {what} Reason: {reason}{until}")
        for (level, rule, what, reason, until), places in groups.items()
    ]


def without_name(finding: Finding) -> str:
    """What happens, without the name of the resource, so that the same of several resources is the same."""
    if not finding.logical_id or finding.logical_id not in finding.what:
        return finding.what
    return re.sub(rf"(?<!\w){re.escape(finding.logical_id)}(?!\w)", "it", finding.what)


def not_compared_rows(review: Review) -> list[str]:
    """Each thing that was not compared, and why; many with one reason together."""
    by_reason: dict[str, list[NotCompared]] = {}
    for one in review.not_compared:
        by_reason.setdefault(one.why, []).append(one)
    rows = []
    for why, those in by_reason.items():
        if len(those) <= _ALONE_MAX:
            rows += [clean(str(one)) for one in those]
        else:
            rows.append(clean(f"{those[0].where} and {len(those) - 1} more: {why}"))
    return rows
