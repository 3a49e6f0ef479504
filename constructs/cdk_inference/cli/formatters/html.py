"""One HTML file, with a chart of an estimate. Nothing is loaded from elsewhere."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from pathlib import Path

from cdk_inference.cli.formatters import estimate_text, review_text
from cdk_inference.cli.formatters.base import EstimateFormatter, ReviewFormatter, clean, money
from cdk_inference.pricing.amounts import Line
from cdk_inference.pricing.estimates import Estimate
from cdk_inference.review.finding import Finding
from cdk_inference.review.reviewing import Review

_ROWS_MAX = 250
_BARS_MAX = 20
_CELL_MAX = 160  # characters
_TEXT_MAX = 400
_ESTIMATE_LIST_MAX = 120
_WIDTH, _BAR, _LABEL = 800, 26, 310
_FINDINGS_MAX = 500
_REVIEW_LIST_MAX = 200
_REVIEW_TEXT_MAX = 1000  # characters

_ESTIMATE_STYLE = """\
body{font:15px/1.45 system-ui,sans-serif;color:#1b2430;background:#fff;max-width:1080px;margin:32px auto;padding:0 24px}
h1{font-size:20px;margin:0 0 4px}h2{font-size:15px;margin:28px 0 8px}p{margin:4px 0;color:#56606e}
h1.over{color:#a3201d}h1.within{color:#17663a}
table{border-collapse:collapse;width:100%;font-size:13px}td,th{padding:5px 8px;border-bottom:1px solid #dfe4ea}
th{text-align:left;font-weight:600}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
tr.total td{font-weight:600;border-top:2px solid #1b2430}li{margin:2px 0;font-size:13px;color:#3a4452}
ul{padding-left:18px}
"""
_REVIEW_STYLE = """\
body{font:15px/1.45 system-ui,sans-serif;color:#1b2430;background:#fff;max-width:960px;margin:32px auto;padding:0 24px}
h1{font-size:20px;margin:0 0 16px}h1.bad{color:#a3201d}h1.good{color:#17663a}h1.unsure{color:#8a5a00}
h2{font-size:15px;margin:28px 0 8px}p{margin:3px 0}li{margin:2px 0;font-size:13px;color:#3a4452}ul{padding-left:18px}
article{border-left:4px solid #7a8797;padding:6px 12px;margin:10px 0;background:#f6f8fa}
article.error{border-color:#a3201d}article.warning{border-color:#c98a00}
article h3{font-size:14px;margin:0 0 4px;overflow-wrap:anywhere}article b{text-transform:uppercase;font-size:12px}
article p{font-size:14px}
table{border-collapse:collapse;font-size:13px}td,th{padding:5px 10px;border-bottom:1px solid #dfe4ea;text-align:right}
td:first-child,th:first-child{text-align:left}tr:last-child td{font-weight:600}
"""
_TONES = {"OK": "good", "NOT OK": "bad"}


class HtmlFormatter(EstimateFormatter, ReviewFormatter):
    """The whole page."""

    def estimate(self, estimate: Estimate) -> str:
        """A chart, the table, prices."""
        title = _text(estimate_text.headline(estimate))
        tone = {"OVER BUDGET": "over", "MAY EXCEED BUDGET": "over", "WITHIN BUDGET": "within"}.get(estimate.verdict, "")
        parts = [
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>',
            f"<style>\n{_ESTIMATE_STYLE}</style></head><body>",
            f'<h1 class="{tone}">{title}</h1>',
            f"<p>US dollars, months of 730 hours, looked up on {estimate.date}.</p>",
            _chart(estimate),
            "<h2>Lines</h2>",
            _table(estimate),
            _list("Not known", estimate_text.reasons(estimate)),
            _list("Prices", estimate_text.price_words(estimate)),
            _list("Looked up in this order", estimate.order),
            _list("To know", estimate_text.remarks(estimate)),
            _list("Not in these sums", [estimate_text.outside(estimate)]),
            "</body></html>",
        ]
        return "\n".join(part for part in parts if part)

    def review(self, review: Review, folder: Path, docs: str = "") -> str:
        """Costs, each finding, and lists."""
        del folder, docs
        title = _review_cell(review_text.headline(review))
        findings = review.findings[:_FINDINGS_MAX]
        more = len(review.findings) - len(findings)
        parts = [
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>',
            f"<style>\n{_REVIEW_STYLE}</style></head><body>",
            f'<h1 class="{_TONES.get(review.verdict, "unsure")}">{title}</h1>',
            _review_list("Accepted in this change", review_text.accepted_now_rows(review)),
            _costs(review),
            *map(_article, findings),
            f"<p>and {more} more, the worst of which are above; JSON lists all</p>" if more > 0 else "",
            _review_list("Acknowledged", review_text.acknowledged_rows(review)),
            _review_list("Not compared", review_text.not_compared_rows(review)),
            _review_list("Validation report", [review.checks]),
            "</body></html>",
        ]
        return "\n".join(part for part in parts if part)


def escaped(text: str, most: int) -> str:
    """At most so many characters, without the scheme of addresses, so that nothing in the page leads elsewhere."""
    short = text if len(text) <= most else f"{text[: most - 1]}…"
    return html.escape(short.replace("https://", "").replace("http://", ""))


def listed(title: str, lines: Sequence[str], *, most: int, characters: int) -> str:
    """A heading with a list, and how many more there are; nothing where there is none."""
    if not lines:
        return ""
    items = [f"<li>{escaped(line, characters)}</li>" for line in lines[:most]]
    if len(lines) > most:
        items.append(f"<li>and {len(lines) - most} more</li>")
    return f"<h2>{title}</h2><ul>{''.join(items)}</ul>"


def _text(text: str, most: int = _TEXT_MAX) -> str:
    return escaped(text, most)


def _table(estimate: Estimate) -> str:
    rows = ["<table>", _row(estimate_text.COLUMNS, "th")]
    rows += [_row(estimate_text.cells(line), "td") for line in estimate.lines[:_ROWS_MAX]]
    if len(estimate.lines) > _ROWS_MAX:
        more = len(estimate.lines) - _ROWS_MAX
        rows.append(f'<tr><td colspan="7">and {more} more, which are in the total; JSON lists all</td></tr>')
    rows += [_row(estimate_text.total_cells(estimate), "td", "total"), "</table>"]
    return "\n".join(rows)


def _row(cells: Sequence[str], tag: str, kind: str = "") -> str:
    made = []
    for number, cell in enumerate(cells):
        css = ' class="n"' if 2 <= number <= 5 else ""
        made.append(f"<{tag}{css}>{_text(cell, _CELL_MAX)}</{tag}>")
    return f"<tr{f' class={chr(34)}{kind}{chr(34)}' if kind else ''}>{''.join(made)}</tr>"


def _list(title: str, lines: Sequence[str]) -> str:
    return listed(title, lines, most=_ESTIMATE_LIST_MAX, characters=_TEXT_MAX)


def _chart(estimate: Estimate) -> str:
    """A bar from minimum to maximum for each of the dearest lines, with a mark where the expected amount is."""
    known = [line for line in estimate.lines if isinstance(line.monthly.maximum, float) and line.monthly.maximum > 0]
    known.sort(key=_most, reverse=True)
    shown = known[:_BARS_MAX]
    if not shown:
        return ""
    scale = (_WIDTH - _LABEL - 110) / _most(shown[0])
    height = _BAR * len(shown) + 8
    bars = [bar for number, line in enumerate(shown) for bar in _bar(line, number * _BAR + 4, scale)]
    more = len(known) - len(shown)
    rest = f" The {more} cheaper lines are not drawn." if more else ""
    return (
        "<h2>US dollars a month, from minimum to maximum capacity</h2>"
        f'<svg viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" role="img" '
        f'aria-label="cost of each line" font-size="12" font-family="system-ui,sans-serif">{"".join(bars)}</svg>'
        f"<p>Dark: at minimum capacity. Light: up to maximum capacity. Line: expected, where it is given.{rest}</p>"
    )


def _bar(line: Line, top: int, scale: float) -> Iterable[str]:
    low = line.monthly.minimum if isinstance(line.monthly.minimum, float) else 0.0
    name = f"{clean(line.resource)}, {line.kind}"
    middle = top + _BAR * 0.6
    yield f'<text x="0" y="{middle:.0f}" fill="#1b2430">{_text(name, 46)}</text>'
    end = _LABEL + _most(line) * scale
    yield f'<rect x="{_LABEL}" y="{top}" width="{end - _LABEL:.1f}" height="{_BAR - 8}" fill="#b9cdea"/>'
    yield f'<rect x="{_LABEL}" y="{top}" width="{low * scale:.1f}" height="{_BAR - 8}" fill="#2f5fa8"/>'
    if isinstance(line.monthly.expected, float):
        at = _LABEL + line.monthly.expected * scale
        yield f'<rect x="{at - 1:.1f}" y="{top - 2}" width="2" height="{_BAR - 4}" fill="#1b2430"/>'
    yield f'<text x="{end + 6:.1f}" y="{middle:.0f}" fill="#56606e">{_text(money(_most(line)))}</text>'


def _most(line: Line) -> float:
    return line.monthly.maximum if isinstance(line.monthly.maximum, float) else 0.0


def _article(finding: Finding) -> str:
    head = f"<b>{finding.level}</b> {finding.rule}: {_review_cell(review_text.place(finding))}"
    told = "".join(f"<p>{_review_cell(sentence)}</p>" for sentence in review_text.sentences(finding))
    return f'<article class="{finding.level}"><h3>{head}</h3>{told}</article>'


def _costs(review: Review) -> str:
    rows = review_text.cost_rows(review)
    if not rows:
        return ""
    shown = rows if len(rows) <= _REVIEW_LIST_MAX else [*rows[:_REVIEW_LIST_MAX], rows[-1]]
    head = "".join(f"<th>{_review_cell(name)}</th>" for name in review_text.COST_COLUMNS)
    body = "".join(f"<tr>{''.join(f'<td>{_review_cell(cell)}</td>' for cell in row)}</tr>\n" for row in shown)
    return f"<h2>Costs, from before to after</h2>\n<table><tr>{head}</tr>\n{body}</table>"


def _review_list(title: str, lines: Sequence[str]) -> str:
    return listed(title, lines, most=_REVIEW_LIST_MAX, characters=_REVIEW_TEXT_MAX)


def _review_cell(text: str) -> str:
    return escaped(text, _REVIEW_TEXT_MAX)


FORMATTER = HtmlFormatter()
