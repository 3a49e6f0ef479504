"""docs/images/dashboard.svg: the dashboard of examples/fleet_dashboard.py, drawn over made-up samples.

Everything but the samples and the alarms' states comes from the dashboard's body in the synthesized template.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from scripts.docs import dashboard_svg as svg
from scripts.docs.dashboard_samples import NOW_MINUTE_OF_DAY, STATES, made_up
from tests.judges.graph_maths import Row, Series, lines

EXAMPLE = Path(__file__).parents[2] / "examples/fleet_dashboard.py"
# What the samples call a target whose dimension says something longer.
_SHORT = {"us.anthropic.claude-haiku-5-5": "haiku"}
_DAYS = {"-PT3H": 3 / 24, "-P30D": 30}


def template(folder: Path) -> dict[str, Any]:
    """The resources of the example's one stack."""
    (file,) = folder.glob("*.template.json")
    found: dict[str, Any] = json.loads(file.read_text())["Resources"]
    return found


def body_of(resources: dict[str, Any]) -> dict[str, Any]:
    """The dashboard's body; alarms stand in it by their names."""
    (board,) = (one["Properties"] for one in resources.values() if one["Type"] == "AWS::CloudWatch::Dashboard")
    parts = board["DashboardBody"]["Fn::Join"][1]
    found: dict[str, Any] = json.loads("".join(one if isinstance(one, str) else _name(one, resources) for one in parts))
    return found


def _name(reference: dict[str, Any], resources: dict[str, Any]) -> str:
    properties = resources[reference["Fn::GetAtt"][0]]["Properties"]
    found: str = properties["AlarmName"]
    return found


def points(row: Row, minutes: int, default_seconds: int) -> Series:
    """The made-up points of a metric over the last `minutes`, oldest first."""
    seconds = row.options.get("period", default_seconds)
    statistic = row.options.get("stat", "Average")
    target = _SHORT.get(row.names[3], row.names[3])
    step = seconds // 60
    return [made_up(target, row.names[1], statistic, seconds, minute) for minute in range(-minutes + step, 1, step)]


def picture(resources: dict[str, Any]) -> str:
    """The whole dashboard."""
    body = body_of(resources)
    parts = [part for widget in body["widgets"] for part in _drawn(widget, body["start"])]
    rows = max(widget["y"] + widget["height"] for widget in body["widgets"])
    return svg.page(parts, 24, rows)


def _drawn(widget: dict[str, Any], start: str) -> list[str]:
    box, properties = svg.box_of(widget), widget["properties"]
    if widget["type"] == "text":
        return svg.text(box, properties["markdown"], plain=properties.get("background") == "transparent")
    if widget["type"] == "alarm":
        states = [(name, STATES.get(name, "OK")) for name in properties["alarms"]]
        return svg.alarms(box, properties["title"], sorted(states, key=lambda one: (one[1] != "ALARM", one[0])))
    days = _DAYS[properties.get("start", start)]
    minutes = round(days * 1440)
    found = lines(properties["metrics"], lambda row: points(row, minutes, properties.get("period", 300)))
    labelled = [(row, row.options.get("label", row.names[1] if row.names else row.id), series) for row, series in found]
    colors = [row.options.get("color", svg.PALETTE[place % len(svg.PALETTE)]) for place, (row, _) in enumerate(found)]
    if properties["view"] == "singleValue":
        newest = [
            (label, color, next((one for one in reversed(series) if one is not None), None))
            for (_, label, series), color in zip(labelled, colors, strict=True)
        ]
        return svg.values(box, properties["title"], newest)
    drawn = [
        svg.Drawn(
            label=label,
            color=color,
            points=_thinned([((place + 1) / len(series), value) for place, value in enumerate(series)]),
            right=row.options.get("yAxis") == "right",
        )
        for (row, label, series), color in zip(labelled, colors, strict=True)
    ]
    axes = tuple(
        svg.Axis(unit=axis.get("label", ""), least=axis.get("min"), most=axis.get("max"))
        for axis in (properties["yAxis"].get(side, {}) for side in ("left", "right"))
    )
    marks = properties.get("annotations", {}).get("horizontal", [])
    return svg.graph(box, properties["title"], drawn, (axes[0], axes[1]), marks, _hours(days))


def _thinned(points: list[tuple[float, float | None]]) -> list[tuple[float, float | None]]:
    """Every 24th of very many: no more can be seen."""
    return points if len(points) < 500 else points[23::24]


def _hours(days: float) -> list[tuple[float, str]]:
    """(share from the left, words) below the graph."""
    if days > 1:
        return [((days - ago) / days, f"{ago} days ago" if ago else "now") for ago in (28, 21, 14, 7)]
    minutes = round(days * 1440)
    first = -(-(NOW_MINUTE_OF_DAY - minutes) // 30) * 30
    return [
        ((minute - NOW_MINUTE_OF_DAY + minutes) / minutes, f"{minute // 60:02}:{minute % 60:02}")
        for minute in range(first, NOW_MINUTE_OF_DAY + 1, 30)
        if 0.03 < (minute - NOW_MINUTE_OF_DAY + minutes) / minutes < 0.97
    ]


def page(folder: Path | None = None) -> str:
    """The picture; `folder` is the example's cloud assembly, which is made where it is missing."""
    if folder is not None:
        return picture(template(folder))
    with tempfile.TemporaryDirectory() as made:
        subprocess.run([sys.executable, str(EXAMPLE)], env={**os.environ, "CDK_OUTDIR": made}, check=True)
        return picture(template(Path(made)))
