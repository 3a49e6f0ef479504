"""A review as a comment on a pull request: money, what fails and errors first, the rest folded, 60 lines at most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cdk_inference.cli.formatters import review_text
from cdk_inference.cli.formatters.markdown_text import code, escaped
from cdk_inference.cli.formatters.review_groups import Entry, RuleGroup, by_rule
from cdk_inference.review.finding import LEVELS, Finding
from cdk_inference.review.reviewing import Review

LINES_MAX = 60
_ERROR_LINES = 22
_FOLDED_LINES = 14  # of warnings and notes, at least
_COSTS_MAX = 5
_FEW = 4
_TEXT_MAX = 900  # characters of one text
_PLACES_MAX = 900  # characters of the resources of one entry


def review_markdown(review: Review, docs: str) -> str:
    """Returns the comment. docs: the address of docs/review.md, or "" for no links."""
    errors = [finding for finding in review.findings if finding.level == "error"]
    others = [finding for finding in review.findings if finding.level != "error"]
    parts = [f"**{escaped(review_text.headline(review))}**", *_accepted(review)]
    if errors:
        parts += ["", *_groups(errors, docs, _ERROR_LINES)]
    parts += _costs(review)
    last = _last(review)
    if others:
        # A blank line, the fold with blank lines inside, and what comes after.
        room = max(_FOLDED_LINES, LINES_MAX - len(parts) - len(last) - 5)
        counts = [(sum(one.level == level for one in others), level) for level in LEVELS]
        title = ", ".join(review_text.counted(number, level) for number, level in counts if number)
        parts += _folded(title, _groups(others, docs, room))
    return "\n".join([*parts, *last])


def _accepted(review: Review) -> list[str]:
    """What is accepted in this change, all of it."""
    rows = [escaped(row) for row in review_text.accepted_now_rows(review)]
    if not rows:
        return []
    shown = [*rows[:_ERROR_LINES], *(["; ".join(rows[_ERROR_LINES:])] if len(rows) > _ERROR_LINES else [])]
    return ["", "**Acknowledged in this change, by its author:**", "", *(f"- {row}" for row in shown)]


def _groups(findings: Sequence[Finding], docs: str, room: int) -> list[str]:
    """Lines of a list, at most so many."""
    lines: list[str] = []
    shown = 0
    for group in by_rule(findings):
        single = len(group.entries) == 1
        left = room - len(lines) - 1
        if left < (1 if single else 2):
            break
        if single:
            lines.append(f"- {_rule(group.rule, docs)}: {_entry(group.entries[0], group)}{_shared(group)}")
            shown += len(group.entries[0].findings)
            continue
        fit = min(len(group.entries), left - 1)
        lines.append(f"- {_rule(group.rule, docs)}:{_shared(group)}")
        lines += [f"  - {_entry(entry, group)}" for entry in group.entries[:fit]]
        shown += sum(len(entry.findings) for entry in group.entries[:fit])
    if shown < len(findings):
        lines.append(f"- and {len(findings) - shown} more; `cdk-inference review` shows all")
    return lines


def _rule(rule: str, docs: str) -> str:
    return f"**[{rule}]({docs}#{rule})**" if docs else f"**{rule}**"


def _shared(group: RuleGroup) -> str:
    """What is the same of all entries, once."""
    return "".join(f" {_text(text)}" for text in (group.means, group.advice) if text)


def _entry(entry: Entry, group: RuleGroup) -> str:
    own = [entry.what]
    own += [entry.means] if not group.means else []
    own += [entry.advice] if not group.advice else []
    text = " ".join(map(_text, filter(None, own)))
    places = _places(entry.places)
    return f"{text} In all of {places}." if len(entry.places) > _FEW else f"{places}: {text}"


def _text(text: str) -> str:
    made = review_text.sentence(text)
    return escaped(made if len(made) <= _TEXT_MAX else f"{made[: _TEXT_MAX - 1]}…")


def _places(places: Sequence[str]) -> str:
    shown: list[str] = []
    for place in places:
        if sum(map(len, shown)) + len(place) > _PLACES_MAX and shown:
            break
        shown.append(code(place[:_PLACES_MAX]))
    more = len(places) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _folded(title: str, lines: Iterable[str]) -> list[str]:
    return ["", f"<details><summary>{title}</summary>", "", *lines, "", "</details>"]


def _costs(review: Review) -> list[str]:
    rows = review_text.cost_rows(review)
    if not rows:
        return []
    *changes, everything = rows
    more = len(changes) - _COSTS_MAX
    if more > 0:
        changes = [*changes[:_COSTS_MAX], (f"and {more} more", *("" for _ in review_text.COST_COLUMNS[1:]))]
    align = ("---", *("---:" for _ in review_text.COST_COLUMNS[1:]))
    lines = [review_text.COST_COLUMNS, *changes, everything]
    table = [f"| {' | '.join(map(escaped, line))} |" for line in lines]
    return ["", table[0], f"| {' | '.join(align)} |", *table[1:]]


def _last(review: Review) -> list[str]:
    """What was accepted before, what was not compared, and the checks, folded."""
    accepted = [row for row in review_text.acknowledged_rows(review) if not row.startswith("new in this change")]
    lists = [("Acknowledged before", accepted), ("Not compared", review_text.not_compared_rows(review))]
    titles = [f"{len(rows)} {title[0].lower()}{title[1:]}" for title, rows in lists if rows]
    checks = f"validation report: {escaped(review.checks)}"
    if not titles:
        return ["", f"{checks[0].upper()}{checks[1:]}."]
    lines = [line for title, rows in lists if rows for line in _short(title, rows)]
    return _folded("; ".join([*titles, checks]), lines)


def _short(title: str, rows: Sequence[str]) -> list[str]:
    more = len(rows) - _FEW
    shown = [f"- {title}: {_text(row)}" for row in rows[:_FEW]]
    return [*shown, *([f"- and {more} more"] if more > 0 else [])]
