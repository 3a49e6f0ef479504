"""What a target runs on: how many there are, how loaded they are, how used."""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_inference.cost.dashboard.capacity import capacity
from cdk_inference.cost.dashboard.kinds import DEMAND, DEMAND_WORDS, MORE, USE, Graph, Line
from cdk_inference.cost.dashboard.section import Part
from cdk_inference.cost.dashboard.tracked_metrics import Held, held
from cdk_inference.cost.dashboard.widget import MINUTE, Make, Panel, graph, mark, written
from cdk_inference.metrics.fact import MONITORING

_COLOR = cloudwatch.Color
_COLORS = (_COLOR.BLUE, _COLOR.ORANGE, _COLOR.GREEN, _COLOR.PURPLE)
# Kind of hardware -> what of it has no metric.
_WITHOUT_METRIC = {"neuron": "NeuronCore use", "gaudi": "Gaudi use"}


def machines(part: Part) -> list[Panel]:
    """The graphs that its kind and hardware have metrics for."""
    return [
        *capacity(part),
        *_demand(part),
        *(Panel(make=found) for one in MORE.get(part.kind or "", ()) if (found := _graph(part, one))),
        *_use(part),
    ]


def _demand(part: Part) -> list[Panel]:
    """What scaling follows, with the value that it holds; of a fixed count what it would follow."""
    if not part.has_requests:
        return []
    found = held(part)
    name = DEMAND.get(part.kind or "")
    if not found and name is not None:
        found = [Held(metric=name, statistic="", value=None)]
    return [Panel(make=_load(part, one)) for one in found]


def _load(part: Part, one: Held) -> Make:
    title, unit = DEMAND_WORDS.get(one.metric, (f"Load: {one.metric}", one.metric))
    more = {"statistic": one.statistic} if one.statistic else {}
    line = part.metrics.metric(one.metric, period=MINUTE, label=unit, color=_COLOR.BLUE, **more)
    marks = [] if one.value is None else [mark(one.value, f"target {one.value:g}")]
    return graph(title, unit, [line], marks=marks, region=part.region)


def _graph(part: Part, one: Graph) -> Make | None:
    """The lines that are published; None where none is."""
    lines = [line for line in one.lines if part.publishes(line.metric)]
    if not lines:
        return None
    drawn = [_line(part, line, _COLORS[place % len(_COLORS)]) for place, line in enumerate(lines)]
    return graph(one.title, one.unit, drawn, most=one.most, region=part.region)


def _use(part: Part) -> list[Panel]:
    """How used the hardware is, 100 being all of it, where it is known over how much the metric sums."""
    lines = USE.get(part.kind or "", ())
    known = all(_divisor(part, line) is not None for line in lines if part.publishes(line.metric))
    if known:
        found = _graph(part, Graph(title="Utilization", unit="percent", lines=lines, most=100))
    else:
        title = "Utilization, 100 per vCPU and per GPU"
        found = _graph(part, Graph(title=title, unit="percent, summed", lines=tuple(_as_is(line) for line in lines)))
    return [] if found is None else [Panel(make=found, words=_words(part))]


def _as_is(line: Line) -> Line:
    return Line(metric=line.metric, label=line.label)


def _divisor(part: Part, line: Line) -> float | None:
    """By what the metric is divided; None where that is not known, or is not the same on all types."""
    if not line.per:
        return 1
    counts = {getattr(one, line.per) for one in part.types or ()}
    return counts.pop() if len(counts) == 1 else None


def _line(part: Part, line: Line, color: str) -> cloudwatch.IMetric:
    more = {"statistic": line.statistic} if line.statistic else {}
    factor = line.times / (_divisor(part, line) or 1)
    if factor == 1:
        as_it_is: cloudwatch.Metric = part.metrics.metric(
            line.metric, period=MINUTE, label=line.label, color=color, **more
        )
        return as_it_is
    id = line.label.lower().replace(" ", "_")
    sign, number = ("*", factor) if factor > 1 else ("/", 1 / factor)
    return cloudwatch.MathExpression(
        expression=f"{id} {sign} {written(number)}",
        using_metrics={id: part.metrics.metric(line.metric, period=MINUTE, **more)},
        period=MINUTE,
        label=line.label,
        color=color,
    )


def _words(part: Part) -> str:
    """What one misses in the graph, and why."""
    page, _, read = MONITORING.partition(" ")
    missing = [_WITHOUT_METRIC[one.kind] for one in part.types or () if one.kind in _WITHOUT_METRIC]
    if missing:
        return (
            f"SageMaker publishes no metric of {missing[0]} ([its list]({page}), {read.strip('()')}): watch the load."
        )
    if part.types is None and not part.serverless:
        return "The hardware is not known here, so GPU use is left out."
    return ""
