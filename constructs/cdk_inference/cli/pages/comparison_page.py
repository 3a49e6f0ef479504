"""A comparison as a page: the verdict, the interval against the claim, two graphs, the candidates."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cdk_inference.cli.formatters import compare_text as words
from cdk_inference.cli.pages.engine import Names, render, sections
from cdk_inference.core.unknown import Unknown
from cdk_inference.proof.report import Point, Report
from cdk_inference.proof.verdict import Verdict

# Of the drawings in comparison.html, which scale with the page.
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _BOTTOM, _TOP = 720, 300, 88, 20, 40, 16
_EDGE = 110  # from here on a label does not stand in the middle of its place
_COLOURS = 4
_TONES = {"supported": "good", "refuted": "bad", "refused": "bad", "undecided": "unsure"}


def comparison_page(found: Report) -> str:
    """Returns the whole page."""
    candidates = list(dict.fromkeys(row.candidate.name for row in found.rows))
    names = Names(candidates, 24)
    ran = f"Measured {found.started} to {found.ended}, run {found.run}. Whiskers and rows: 95 % intervals"
    return render(
        "comparison.html",
        headline=found.headline,
        verdicts=list(map(_verdict, found.verdicts)),
        graphs=_graphs(found, candidates),
        names=list(map(names, candidates)),
        columns=[words.row_title(row) for row in found.rows],
        rows=_rows(found),
        sections=sections(("Notes", words.findings(found)), ("Not part of the verdict", words.unmeasured(found))),
        about=[ran],
    )


def _verdict(verdict: Verdict) -> dict[str, object]:
    title, *lines = words.verdict_lines(verdict)
    tone = _TONES.get(verdict.word, "unsure")
    return {"title": title, "lines": lines, "tone": tone, "interval": _interval(verdict)}


def _interval(verdict: Verdict) -> dict[str, str] | None:
    """The interval of the ratio, and the edge of the claim, on a logarithmic line."""
    ratio = verdict.ratio
    if ratio is None:
        return None
    values = [ratio.low, ratio.high, verdict.claim.limit, 1.0]
    low, high = min(values) / 1.15, max(values) * 1.15

    def at(value: float) -> float:
        return 40 + (_WIDTH - 80) * math.log(value / low) / math.log(high / low)

    middle = min(max((at(ratio.low) + at(ratio.high)) / 2, _EDGE), _WIDTH - _EDGE)
    numbers = {
        "one": at(1.0),
        "edge": at(verdict.claim.limit),
        "low": at(ratio.low),
        "width": at(ratio.high) - at(ratio.low),
        "estimate": at(ratio.estimate),
        "middle": middle,
    }
    return {
        **{name: f"{number:.1f}" for name, number in numbers.items()},
        "one_anchor": _anchor(numbers["one"]),
        "edge_anchor": _anchor(numbers["edge"]),
        "limit": f"{verdict.claim.limit:.3g}",
        "words": f"{ratio.low:.3g} to {ratio.high:.3g}",
        "label": f"interval of the ratio {ratio}",
    }


def _anchor(x: float) -> str:
    return "start" if x < _EDGE else "end" if x > _WIDTH - _EDGE else "middle"


def _graphs(found: Report, names: Sequence[str]) -> list[dict[str, object]]:
    made = []
    curves = ((name, points) for name, points in found.curves.items() if name in ("ttft p95", "latency p95") and points)
    for name, points in list(curves)[:1]:
        made.append(_graph(f"{name} against rate", "ms, by requests per second", points, names, (1.0, 1000.0)))
    if found.costs:
        title = f"{found.cost_metric} against the latency target"
        made.append(_graph(title, "$, by latency target, ms", found.costs, names, (1000.0, 1.0)))
    return made


def _graph(
    title: str, axes: str, points: Sequence[Point], names: Sequence[str], factors: tuple[float, float]
) -> dict[str, object]:
    """Lines with whiskers; both axes logarithmic. factors: of the values along and up."""
    x_factor, y_factor = factors
    xs = [point.x * x_factor for point in points]
    ys = [value * y_factor for point in points for value in (point.y.estimate, point.y.low, point.y.high)]
    # A whisker of very few blocks would leave no room for the lines.
    middle = [point.y.estimate * y_factor for point in points]
    low_y, high_y = max(min(ys), min(middle) / 3), min(max(ys), max(middle) * 3)
    across = _Scale(min(xs), max(xs), _LEFT, _WIDTH - _RIGHT)
    down = _Scale(low_y, high_y, _HEIGHT - _BOTTOM, _TOP)
    curves = []
    for number, name in enumerate(names):
        marks = []
        for point in sorted((point for point in points if point.candidate == name), key=lambda point: point.x):
            ends = [down(min(max(end * y_factor, low_y), high_y)) for end in (point.y.low, point.y.high)]
            x, y = across(point.x * x_factor), down(point.y.estimate * y_factor)
            marks.append({"x": f"{x:.1f}", "y": f"{y:.1f}", "low": f"{ends[0]:.1f}", "high": f"{ends[1]:.1f}"})
        line = " ".join(f"{mark['x']},{mark['y']}" for mark in marks)
        curves.append({"colour": number % _COLOURS, "points": line, "marks": marks})
    return {
        "title": title,
        "axes": axes,
        "height": _HEIGHT,
        "across": [{"at": f"{across(one):.1f}", "words": f"{one:,.10g}"} for one in _ticks(min(xs), max(xs))],
        "down": [
            {"at": f"{down(one):.1f}", "at_text": f"{down(one) + 5:.1f}", "words": f"{one:,.10g}"}
            for one in _ticks(low_y, high_y)
        ],
        "curves": curves,
    }


class _Scale:
    """A logarithmic scale; one value alone lies in the middle."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self._low, self._span = math.log(low), math.log(high) - math.log(low)
        self._start, self._end = start, end

    def __call__(self, value: float) -> float:
        share = 0.5 if self._span == 0 else (math.log(value) - self._low) / self._span
        return self._start + share * (self._end - self._start)


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers from 1, 1.5, 2, 3, 5 and 7 times a power of ten, at most six."""
    found = []
    for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        found += [step * 10.0**power for step in (1, 1.5, 2, 3, 5, 7)]
    inside = [value for value in found if low * 0.999 <= value <= high * 1.001] or [low, high]
    return inside[:: math.ceil(len(inside) / 6)]


def _rows(found: Report) -> list[list[str]]:
    names = list(dict.fromkeys(name for row in found.rows for name in row.metrics))
    rows = [[name, *(words.interval(row.metrics.get(name, Unknown("")), name) for row in found.rows)] for name in names]
    others = {
        "failed": [words.failures(row) for row in found.rows],
        "blocks, requests": [f"{row.blocks}, {row.requests}" for row in found.rows],
        "at your traffic": [(words.traffic(row) or "").removeprefix("at your traffic: ") for row in found.rows],
        "price": [words.price(row.candidate) for row in found.rows],
        "facts": [words.facts(row.candidate) for row in found.rows],
    }
    return rows + [[name, *cells] for name, cells in others.items() if any(cells)]
