"""A comparison as one HTML page: the verdict, the interval against the claim, two charts. Nothing is loaded."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cdk_inference.cli.formatters import compare_text as words
from cdk_inference.cli.formatters.html import escaped, listed
from cdk_inference.core.unknown import Unknown
from cdk_inference.proof.report import Point, Report
from cdk_inference.proof.verdict import Verdict

_MAX = 400
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 720, 300, 64, 40, 16
# Two colours that differ in lightness too, so that they do without colour vision; the third is for more candidates.
_STYLE = """\
:root{color-scheme:light dark;--ink:#1b2430;--soft:#56606e;--line:#dfe4ea;--paper:#fff;--c0:#1f5fae;--c1:#c2571a;
--c2:#4d8a3a;--c3:#7a4fa3;--yes:#17663a;--no:#a3201d;--open:#7a5b00}
@media(prefers-color-scheme:dark){:root{--ink:#e8edf3;--soft:#a9b4c0;--line:#39424d;--paper:#14191f;--c0:#7db4f5;
--c1:#f0a05f;--c2:#8fce79;--c3:#c3a0e8;--yes:#6fd39a;--no:#ff9089;--open:#e6c45a}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:860px;margin:0 auto;
padding:20px 16px 48px}
h1{font-size:22px;line-height:1.3;margin:0 0 6px}h2{font-size:17px;margin:32px 0 8px}p{margin:4px 0;color:var(--soft)}
.supported{color:var(--yes)}.refuted,.refused{color:var(--no)}.undecided{color:var(--open)}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:14px;min-width:100%}
td,th{padding:6px 12px 6px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
td{font-variant-numeric:tabular-nums}ul{padding-left:20px;margin:4px 0}li{margin:3px 0;font-size:15px}
svg{width:100%;height:auto;display:block}svg text{fill:var(--soft);font:13px system-ui,sans-serif}
.axis{stroke:var(--line)}.edge{stroke:var(--ink);stroke-dasharray:5 4}.key{font-size:14px;margin:4px 0}
.key b{display:inline-block;width:12px;height:12px;border-radius:6px;margin:0 6px 0 14px}
@media(max-width:520px){h1{font-size:19px}svg text{font-size:20px}}
"""


def compare_html(found: Report) -> str:
    """The whole page. Its first line of text is the verdict."""
    names = list(dict.fromkeys(row.candidate.name for row in found.rows))
    parts = [
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{_text(found.headline)}</title>',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<style>\n{_STYLE}</style></head><body>",
        *(_verdict(one, first=number == 0) for number, one in enumerate(found.verdicts)),
        "" if found.verdicts else f"<h1>{_text(found.headline)}</h1>",
    ]
    for name, points in found.curves.items():
        if name in ("ttft p95", "latency p95"):
            parts.append(_chart(f"{name} against rate", "requests per second", "ms", points, names, y_factor=1000))
            if points:
                break
    if found.costs:
        title = f"{found.cost_metric} against the latency target"
        parts.append(_chart(title, "latency target, ms", "$", found.costs, names, x_factor=1000))
    parts += [_table(found), listed("Notes", words.findings(found), most=60, characters=_MAX)]
    parts.append(listed("Not part of the verdict", words.unmeasured(found), most=60, characters=_MAX))
    ran = f"Measured {found.started} to {found.ended}, run {found.run}. Whiskers and rows: 95 % intervals."
    parts += [f"<p>{_text(ran)}</p>", "</body></html>"]
    return "\n".join(part for part in parts if part)


def _text(text: str) -> str:
    return escaped(text, _MAX)


def _verdict(verdict: Verdict, first: bool) -> str:
    title, *lines = words.verdict_lines(verdict)
    tag = "h1" if first else "h2"
    items = "".join(f"<p>{_text(line)}</p>" for line in lines)
    return f'<{tag} class="{verdict.word}">{_text(title)}</{tag}>{items}{_bar(verdict)}'


def _bar(verdict: Verdict) -> str:
    """The interval of the ratio, and the edge of the claim, on a logarithmic line."""
    ratio = verdict.ratio
    if ratio is None:
        return ""
    values = [ratio.low, ratio.high, verdict.claim.limit, 1.0]
    low, high = min(values) / 1.15, max(values) * 1.15

    def at(value: float) -> float:
        return 40 + (_WIDTH - 80) * math.log(value / low) / math.log(high / low)

    edge, one = at(verdict.claim.limit), at(1.0)
    middle = (at(ratio.low) + at(ratio.high)) / 2
    return (
        f'<svg viewBox="0 0 {_WIDTH} 112" role="img" aria-label="interval of the ratio {_text(str(ratio))}">'
        f'<line class="axis" x1="40" x2="{_WIDTH - 40}" y1="56" y2="56"/>'
        f'<line class="axis" x1="{one:.1f}" x2="{one:.1f}" y1="40" y2="72"/>'
        f'<text x="{one:.1f}" y="100" text-anchor="middle">1 (equal)</text>'
        f'<line class="edge" x1="{edge:.1f}" x2="{edge:.1f}" y1="26" y2="80"/>'
        f'<text x="{edge:.1f}" y="100" text-anchor="middle">claim {verdict.claim.limit:.3g}</text>'
        f'<rect x="{at(ratio.low):.1f}" y="48" width="{at(ratio.high) - at(ratio.low):.1f}" height="16" rx="4" '
        f'fill="var(--c0)" opacity=".45"/><circle cx="{at(ratio.estimate):.1f}" cy="56" r="7" fill="var(--c0)"/>'
        f'<text x="{middle:.1f}" y="20" text-anchor="middle">{ratio.low:.3g} to {ratio.high:.3g}</text></svg>'
    )


def _chart(
    title: str,
    x_name: str,
    y_name: str,
    points: Sequence[Point],
    names: Sequence[str],
    *,
    x_factor: float = 1.0,
    y_factor: float = 1.0,
) -> str:
    """Lines with whiskers; both axes logarithmic."""
    if not points:
        return ""
    xs = [point.x * x_factor for point in points]
    ys = [value * y_factor for point in points for value in (point.y.estimate, point.y.low, point.y.high)]
    # A whisker of very few blocks would leave no room for the lines.
    middle = [point.y.estimate * y_factor for point in points]
    low_y, high_y = max(min(ys), min(middle) / 3), min(max(ys), max(middle) * 3)
    across = _Scale(min(xs), max(xs), _LEFT, _WIDTH - 20)
    down = _Scale(low_y, high_y, _HEIGHT - _BOTTOM, _TOP)
    drawn = []
    for value in _ticks(min(xs), max(xs)):
        drawn.append(
            f'<text x="{across(value):.1f}" y="{_HEIGHT - 14}" text-anchor="middle">{words.digits(value)}</text>'
        )
    for value in _ticks(low_y, high_y):
        y = down(value)
        drawn.append(f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH - 20}" y1="{y:.1f}" y2="{y:.1f}"/>')
        drawn.append(f'<text x="{_LEFT - 8}" y="{y + 5:.1f}" text-anchor="end">{words.digits(value)}</text>')
    for number, name in enumerate(names):
        colour = f"var(--c{number % 4})"
        own = sorted((point for point in points if point.candidate == name), key=lambda point: point.x)
        places = [(across(point.x * x_factor), down(point.y.estimate * y_factor)) for point in own]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        drawn.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        for point, (x, y) in zip(own, places, strict=True):
            ends = [down(min(max(end * y_factor, low_y), high_y)) for end in (point.y.low, point.y.high)]
            drawn.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{ends[0]:.1f}" y2="{ends[1]:.1f}" stroke="{colour}"/>')
            drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>')
    key = "".join(f'<b style="background:var(--c{number % 4})"></b>{_text(name)}' for number, name in enumerate(names))
    return (
        f"<h2>{_text(title)}</h2>"
        f'<p class="key">{_text(y_name)}, by {_text(x_name)}{key}</p>'
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{_text(title)}">{"".join(drawn)}</svg>'
    )


class _Scale:
    """A logarithmic scale; one value alone lies in the middle."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self._low, self._span = math.log(low), math.log(high) - math.log(low)
        self._start, self._end = start, end

    def __call__(self, value: float) -> float:
        share = 0.5 if self._span == 0 else (math.log(value) - self._low) / self._span
        return self._start + share * (self._end - self._start)


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers from 1, 1.5, 2, 3, 5 and 7 times a power of ten, at most seven."""
    found = []
    for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        found += [step * 10.0**power for step in (1, 1.5, 2, 3, 5, 7)]
    inside = [value for value in found if low * 0.999 <= value <= high * 1.001] or [low, high]
    return inside[:: math.ceil(len(inside) / 7)]


def _table(found: Report) -> str:
    if not found.rows:
        return ""
    names = list(dict.fromkeys(name for row in found.rows for name in row.metrics))
    parts = ['<h2>Candidates</h2><div class="scroll"><table><tr><th></th>']
    parts += [f"<th>{_text(words.row_title(row))}</th>" for row in found.rows]
    parts.append("</tr>")
    for name in names:
        cells = [words.interval(row.metrics.get(name, Unknown("")), name) for row in found.rows]
        parts.append(f"<tr><th>{_text(name)}</th>{''.join(f'<td>{_text(cell)}</td>' for cell in cells)}</tr>")
    others = {
        "failed": [words.failures(row) for row in found.rows],
        "blocks, requests": [f"{row.blocks}, {row.requests}" for row in found.rows],
        "at your traffic": [(words.traffic(row) or "").removeprefix("at your traffic: ") for row in found.rows],
        "price": [words.price(row.candidate) for row in found.rows],
        "facts": [words.facts(row.candidate) for row in found.rows],
    }
    for name, cells in others.items():
        if any(cells):
            parts.append(f"<tr><th>{name}</th>{''.join(f'<td>{_text(cell)}</td>' for cell in cells)}</tr>")
    return "".join(parts) + "</table></div>"
