"""A dashboard's body against AWS's description of it, which no linter of templates reads: there it is a string.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html and
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html (read 2026-11-22). Of text, metric
and alarm widgets, and of charts of PromQL as AWS's own public code has them: others are a finding.
https://github.com/aws-devtools-labs/aws-blocks (read 2026-11-30)
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import promql_parser

from tests.judges.graph_maths import Row, rows_of

Properties = Mapping[str, Any]

_REQUIRED = {"text": {"markdown"}, "metric": {"region", "metrics"}, "alarm": {"alarms"}, "chart": {"region", "data"}}
_ALLOWED = {
    "text": {"markdown", "background"},
    "metric": {
        *("region", "metrics", "title", "view", "stacked", "stat", "period", "yAxis", "annotations", "start", "end"),
        *(
            "legend",
            "sparkline",
            "liveData",
            "timezone",
            "accountId",
            "setPeriodToTimeRange",
            "singleValueFullPrecision",
        ),
    },
    "alarm": {"alarms", "title", "sortBy", "states"},
    "chart": {"region", "data", "title", "view"},
}
_QUERY = {"id", "type", "language", "query", "step", "label"}
_VIEWS = {"timeSeries", "singleValue", "gauge", "bar", "pie", "table"}
_STATISTICS = re.compile(r"SampleCount|Average|Sum|Minimum|Maximum|(p|tm|wm|tc|ts)\d{1,2}(\.\d+)?|p100")
_RELATIVE = re.compile(r"-P(T\d+[HM]|\d+[DWM])")
# What an id may be called, and what expressions may call by.
_ID = re.compile(r"[a-z][a-zA-Z0-9_]*")
FUNCTIONS = {"RUNNING_SUM", "FILL", "IF", "SUM", "PERIOD"}


def body_of(properties: Properties, words: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The body of a dashboard of a template; what only CloudFormation knows is `words` of its logical id, or "known"."""
    body = properties["DashboardBody"]
    if not isinstance(body, str):
        body = "".join(
            part if isinstance(part, str) else (words or {}).get(next(iter(part.values()))[0], "known")
            for part in body["Fn::Join"][1]
        )
    found = json.loads(body)
    assert isinstance(found, dict)
    return found


def findings(body: Properties) -> list[str]:
    """What AWS would refuse, or draw otherwise than meant; empty if nothing."""
    widgets = body["widgets"]
    found = [] if len(widgets) <= 500 else [f"{len(widgets)} widgets"]
    if body.get("periodOverride", "auto") not in ("auto", "inherit"):
        found.append("periodOverride")
    for number, widget in enumerate(widgets):
        found += [f"widget {number}: {what}" for what in _widget(widget)]
    return found + list(_overlaps(widgets))


def _widget(widget: Properties) -> Iterator[str]:
    kind, properties = widget["type"], widget["properties"]
    if kind not in _REQUIRED:
        yield f"type {kind}"
        return
    yield from (f"lacks {name}" for name in sorted(_REQUIRED[kind] - set(properties)))
    yield from (f"has {name}" for name in sorted(set(properties) - _ALLOWED[kind]))
    x, y, width, height = (widget[name] for name in ("x", "y", "width", "height"))
    if not (0 <= x <= 23 and y >= 0 and 1 <= width <= 24 and 1 <= height <= 1000 and x + width <= 24):
        yield f"place {x}, {y}, {width}, {height}"
    if kind == "alarm" and not 1 <= len(properties.get("alarms", [])) <= 100:
        yield f"{len(properties.get('alarms', []))} alarms"
    if kind == "metric":
        yield from _metric(properties)
    if kind == "chart":
        yield from _chart(properties)


def _chart(properties: Properties) -> Iterator[str]:
    if properties.get("view") not in ("timeSeries", "number"):
        yield "view"
    for query in properties["data"]["queries"]:
        if set(query) != _QUERY or (query["type"], query["language"]) != ("cloudwatch-metrics", "PromQL"):
            yield f"query {query['id']}"
        promql_parser.parse(query["query"])


def _metric(properties: Properties) -> Iterator[str]:
    if properties.get("view", "timeSeries") not in _VIEWS:
        yield "view"
    if "period" in properties and not _whole_minutes(properties["period"]):
        yield "period"
    if "start" in properties and not _RELATIVE.fullmatch(properties["start"]):
        yield "start"
    if "end" in properties and "start" not in properties:
        yield "end without start"
    annotations = properties.get("annotations", {})
    if "alarms" in annotations and ("horizontal" in annotations or "vertical" in annotations):
        yield "an alarm beside other annotations"
    yield from ("an annotation without a value" for one in annotations.get("horizontal", []) if "value" not in one)
    for axis in properties.get("yAxis", {}).values():
        if "min" in axis and "max" in axis and axis["min"] >= axis["max"]:
            yield "an axis that ends before it begins"
    metrics = properties.get("metrics", [])
    if not 1 <= len(metrics) <= 500:
        yield f"{len(metrics)} metrics"
    yield from _rows(rows_of(metrics))


def _rows(rows: list[Row]) -> Iterator[str]:
    ids = [row.id for row in rows if row.id]
    yield from (f"id {id}" for id in ids if ids.count(id) > 1 or not _ID.fullmatch(id))
    if rows and not any(row.visible for row in rows):
        yield "nothing to see"
    for row in rows:
        if not _whole_minutes(row.options.get("period", 60)):
            yield f"period of {row.id or row.names}"
        if "expression" in row.options:
            yield from _expression(row, set(ids))
        elif len(row.names) < 2 or len(row.names) % 2:
            yield f"names {row.names}"
        elif not _STATISTICS.fullmatch(row.options.get("stat", "Average")):
            yield f"stat {row.options['stat']}"


def _expression(row: Row, ids: set[str]) -> Iterator[str]:
    if row.names:
        yield f"an expression beside {row.names}"
    tree = ast.parse(row.options["expression"], mode="eval")
    calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - calls
    yield from (f"function {name}" for name in sorted(calls - FUNCTIONS))
    yield from (f"no metric {name}" for name in sorted(names - ids))


def _whole_minutes(period: object) -> bool:
    return isinstance(period, int) and period >= 60 and period % 60 == 0


def _overlaps(widgets: list[Properties]) -> Iterator[str]:
    places: dict[tuple[int, int], int] = {}
    for number, widget in enumerate(widgets):
        for x in range(widget["x"], widget["x"] + widget["width"]):
            for y in range(widget["y"], widget["y"] + widget["height"]):
                other = places.setdefault((x, y), number)
                if other != number:
                    yield f"widget {number} over widget {other}"
                    return
