"""An estimate as one HTML file: a chart, the table, prices. Nothing is loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cdk_inference.cli import estimate_words as words
from cdk_inference.cli.html_parts import escaped, listed
from cdk_inference.pricing.amounts import Line
from cdk_inference.pricing.estimates import Estimate

_ROWS_MAX = 250
_BARS_MAX = 20
_CELL_MAX = 160  # characters
_TEXT_MAX = 400
_LIST_MAX = 120
_WIDTH, _BAR, _LABEL = 800, 26, 310

_STYLE = """\
body{font:15px/1.45 system-ui,sans-serif;color:#1b2430;background:#fff;max-width:1080px;margin:32px auto;padding:0 24px}
h1{font-size:20px;margin:0 0 4px}h2{font-size:15px;margin:28px 0 8px}p{margin:4px 0;color:#56606e}
h1.over{color:#a3201d}h1.within{color:#17663a}
table{border-collapse:collapse;width:100%;font-size:13px}td,th{padding:5px 8px;border-bottom:1px solid #dfe4ea}
th{text-align:left;font-weight:600}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
tr.total td{font-weight:600;border-top:2px solid #1b2430}li{margin:2px 0;font-size:13px;color:#3a4452}
ul{padding-left:18px}
"""


def estimate_html(estimate: Estimate) -> str:
    """The whole page. Its first line holds the headline."""
    title = _text(words.headline(estimate))
    tone = {"OVER BUDGET": "over", "WITHIN BUDGET": "within"}.get(estimate.verdict, "")
    parts = [
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>',
        f"<style>\n{_STYLE}</style></head><body>",
        f'<h1 class="{tone}">{title}</h1>',
        f"<p>US dollars, months of 730 hours, looked up on {estimate.date}.</p>",
        _chart(estimate),
        "<h2>Lines</h2>",
        _table(estimate),
        _list("Not known", words.reasons(estimate)),
        _list("Prices", words.price_words(estimate)),
        _list("Looked up in this order", estimate.order),
        _list("To know", words.remarks(estimate)),
        _list("Not in these sums", [words.outside(estimate)]),
        "</body></html>",
    ]
    return "\n".join(part for part in parts if part)


def _text(text: str, most: int = _TEXT_MAX) -> str:
    return escaped(text, most)


def _table(estimate: Estimate) -> str:
    rows = ["<table>", _row(words.COLUMNS, "th")]
    rows += [_row(words.cells(line), "td") for line in estimate.lines[:_ROWS_MAX]]
    if len(estimate.lines) > _ROWS_MAX:
        more = len(estimate.lines) - _ROWS_MAX
        rows.append(f'<tr><td colspan="7">and {more} more, which are in the total; JSON lists all</td></tr>')
    rows += [_row(words.total_cells(estimate), "td", "total"), "</table>"]
    return "\n".join(rows)


def _row(cells: Sequence[str], tag: str, kind: str = "") -> str:
    made = []
    for number, cell in enumerate(cells):
        css = ' class="n"' if 2 <= number <= 5 else ""
        made.append(f"<{tag}{css}>{_text(cell, _CELL_MAX)}</{tag}>")
    return f"<tr{f' class={chr(34)}{kind}{chr(34)}' if kind else ''}>{''.join(made)}</tr>"


def _list(title: str, lines: Sequence[str]) -> str:
    return listed(title, lines, most=_LIST_MAX, characters=_TEXT_MAX)


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
    name = f"{words.clean(line.resource)}, {line.kind}"
    middle = top + _BAR * 0.6
    yield f'<text x="0" y="{middle:.0f}" fill="#1b2430">{_text(name, 46)}</text>'
    end = _LABEL + _most(line) * scale
    yield f'<rect x="{_LABEL}" y="{top}" width="{end - _LABEL:.1f}" height="{_BAR - 8}" fill="#b9cdea"/>'
    yield f'<rect x="{_LABEL}" y="{top}" width="{low * scale:.1f}" height="{_BAR - 8}" fill="#2f5fa8"/>'
    if isinstance(line.monthly.expected, float):
        at = _LABEL + line.monthly.expected * scale
        yield f'<rect x="{at - 1:.1f}" y="{top - 2}" width="2" height="{_BAR - 4}" fill="#1b2430"/>'
    yield f'<text x="{end + 6:.1f}" y="{middle:.0f}" fill="#56606e">{_text(words.money(_most(line)))}</text>'


def _most(line: Line) -> float:
    return line.monthly.maximum if isinstance(line.monthly.maximum, float) else 0.0
