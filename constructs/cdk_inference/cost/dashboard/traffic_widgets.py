"""What callers see of a target: requests, how long they take, how many fail."""

from __future__ import annotations

from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_inference.cost.dashboard.kinds import FAILURES, FIRST_TOKEN, LATENCY_TITLE, REQUESTS_TITLE
from cdk_inference.cost.dashboard.section import Part
from cdk_inference.cost.dashboard.widget import MINUTE, Panel, graph

_COLOR = cloudwatch.Color
_PERCENTILES = (("p50", _COLOR.BLUE), ("p90", _COLOR.ORANGE), ("p99", _COLOR.RED))


def callers(part: Part) -> list[Panel]:
    """Three graphs; none of what answers no requests of its own."""
    if not part.has_requests:
        return []
    return [_requests(part), _latency(part), _errors(part)]


def server_error_share(
    metrics: Any, number: int, period: Duration, label: str, color: str | None = None
) -> cloudwatch.MathExpression:
    """Server errors in percent of the requests; no value where there are no requests. number: a part of the ids."""
    return cloudwatch.MathExpression(
        expression=f"100 * server{number} / requests{number}",
        using_metrics={
            f"server{number}": metrics.metric_server_errors(period=period),
            f"requests{number}": metrics.metric_requests(period=period),
        },
        period=period,
        label=label,
        color=color,
    )


def _requests(part: Part) -> Panel:
    requests = part.metrics.metric_requests(period=MINUTE, label="requests", color=_COLOR.BLUE)
    title = REQUESTS_TITLE.get(part.kind or "", "Requests")
    return Panel(make=graph(title, "requests per minute", [requests], region=part.region))


def _latency(part: Part) -> Panel:
    lines = [
        part.metrics.metric_latency_milliseconds(statistic=name, period=MINUTE, label=name, color=color)
        for name, color in _PERCENTILES
    ]
    first = FIRST_TOKEN.get(part.kind or "")
    if first is not None:
        lines.append(part.metrics.metric(first.metric, period=MINUTE, label=first.label, color=_COLOR.PURPLE))
    title = LATENCY_TITLE.get(part.kind or "", "Latency")
    return Panel(make=graph(title, "milliseconds", lines, region=part.region))


def _errors(part: Part) -> Panel:
    lines = [
        part.metrics.metric_client_errors(period=MINUTE, label="client errors", color=_COLOR.ORANGE),
        part.metrics.metric_server_errors(period=MINUTE, label="server errors", color=_COLOR.RED),
        *(
            part.metrics.metric(line.metric, period=MINUTE, label=line.label, color=color)
            for line, color in zip(FAILURES.get(part.kind or "", ()), (_COLOR.PURPLE, _COLOR.BROWN), strict=False)
        ),
    ]
    share = server_error_share(part.metrics, 0, MINUTE, "server errors, % (right)", color=_COLOR.PINK)
    return Panel(
        make=graph(
            "Errors",
            "errors per minute",
            lines,
            right=[share],
            right_unit="percent of requests",
            region=part.region,
        )
    )
