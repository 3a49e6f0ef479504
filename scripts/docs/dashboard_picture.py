"""docs/images/dashboard.svg: the dashboard of examples/fleet_dashboard.py, drawn over made-up samples.

Widgets, places, titles, lines, maths and limits are those of the synthesized template.
"""

from __future__ import annotations

import functools
import io
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from scripts.docs._dashboard_samples import NOW_MINUTE_OF_DAY, STATES, made_up
from tests.judges.dashboard_body import body_of
from tests.judges.graph_maths import Row, Series, lines

EXAMPLE = Path(__file__).parents[2] / "examples/fleet_dashboard.py"
# Pixels of a unit of the dashboard's grid, and between two widgets.
COLUMN, ROW, GAP = 44, 42, 6
INK, QUIET, RULE = "#16191f", "#5f6b7a", "#e3e7eb"
PALETTE = ("#1f77b4", "#ff7f0e", "#2ca02c", "#9467bd", "#8c564b")
STATE_COLORS = {"ALARM": ("#d91515", "#fff0f0"), "OK": ("#037f0c", "#f4fff5")}
DAYS = {"-PT3H": 3 / 24, "-P30D": 30}
STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "cdk-inference", "font.sans-serif": ["DejaVu Sans", "Verdana"]}
NOTE = "Drawn from the template, over made-up series"


def page() -> str:
    """The whole dashboard."""
    return picture(example())


def picture(body: Mapping[str, Any], rows: int | None = None) -> str:
    """Draws a dashboard's body, or its first `rows` in units of the grid."""
    rows = rows or max(one["y"] + one["height"] for one in body["widgets"])
    height = rows * ROW
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(24 * COLUMN / 72, height / 72), dpi=72, facecolor="#f4f5f7")
        FigureCanvasAgg(figure)  # keeps the renderer by which words are measured; without it each word makes one
        canvas = figure.add_axes((0, 0, 1, 1), xlim=(0, 24 * COLUMN), ylim=(height, 0))
        canvas.set_axis_off()
        canvas.text(24 * COLUMN - 8, 26, NOTE, size=9, color=QUIET, ha="right")
        for widget in body["widgets"]:
            if widget["y"] < rows:
                Card(canvas, widget, body["start"]).draw()
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    # A tenth of a pixel is enough.
    rounded = re.sub(r'="[^"]*"', lambda value: re.sub(r"(\d\.\d)\d+", r"\1", value[0]), out.getvalue())
    return re.sub("[ \t]+$", "", rounded, flags=re.MULTILINE)


@functools.cache
def example() -> dict[str, Any]:
    """The body of the example's dashboard."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, str(EXAMPLE)], env={**os.environ, "CDK_OUTDIR": folder}, check=True)
        (file,) = Path(folder).glob("*.template.json")
        return named_body(json.loads(file.read_text())["Resources"])


def named_body(resources: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a template's one dashboard; alarms stand in it by their names."""
    (board,) = (one["Properties"] for one in resources.values() if one["Type"] == "AWS::CloudWatch::Dashboard")
    return body_of(board, {name: one["Properties"].get("AlarmName", name) for name, one in resources.items()})


def same(one: str, other: str) -> bool:
    """Whether two pictures have the same words, and lines that differ by less than a pixel."""
    words = [re.findall(r"<text[^>]*>([^<]*)", svg) for svg in (one, other)]
    numbers = [re.findall(r"-?[\d.]+", " ".join(re.findall(r' d="([^"]*)"', svg))) for svg in (one, other)]
    return (words[0], len(numbers[0])) == (words[1], len(numbers[1])) and all(
        abs(float(left) - float(right)) < 1 for left, right in zip(*numbers, strict=True)
    )


class Card:
    """A widget at its place on the page, whose unit is a pixel."""

    def __init__(self, canvas: Axes, widget: Mapping[str, Any], start: str) -> None:
        self.canvas, self.kind, self.properties = canvas, widget["type"], widget["properties"]
        self.x, self.y = widget["x"] * COLUMN + GAP / 2, widget["y"] * ROW + GAP / 2
        self.width, self.height = widget["width"] * COLUMN - GAP, widget["height"] * ROW - GAP
        self.minutes = round(DAYS[self.properties.get("start", start)] * 1440)

    def draw(self) -> None:
        """Draws the frame, the title and what the widget shows."""
        markdown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", self.properties.get("markdown", ""))
        if markdown.startswith("#"):
            marks, _, heading = markdown.partition(" ")
            return self.write(6, 27, heading, 17 if marks == "##" else 13.5, weight="bold")
        self.box(self.x, self.y, self.width, self.height, "#ffffff", "#d1d7dd")
        self.write(10, 19, self.properties.get("title", ""), 11.5, weight="bold")
        for place, line in enumerate(textwrap.wrap(markdown, int(self.width / 5.2))):
            self.write(10, 18 + 13 * place, line, 9)
        shows = {"alarm": self.alarms, "singleValue": self.values, "timeSeries": self.graph}
        return shows.get(self.properties.get("view", self.kind), lambda: None)()

    def write(self, x: float, y: float, words: str, size: float, color: str = INK, **more: Any) -> None:
        """Writes one line, smaller where it is too long for the card."""
        drawn = self.canvas.text(self.x + x, self.y + y, words, size=size, color=color, **more)
        width, room = drawn.get_window_extent().width, self.width - x - 8
        if width > room and more.get("ha") != "right":
            drawn.set_fontsize(size * room / width)

    def box(self, x: float, y: float, width: float, height: float, face: str, edge: str) -> None:
        style = f"round,pad=0,rounding_size={min(5, height / 6)}"
        self.canvas.add_patch(FancyBboxPatch((x, y), width, height, boxstyle=style, fc=face, ec=edge, lw=0.8))

    def alarms(self) -> None:
        names = sorted(self.properties["alarms"], key=lambda name: (STATES.get(name, "OK") != "ALARM", name))
        height, letters = min(40, (self.height - 34) / len(names)), int((self.width - 40) / 5.5)
        long = [set(name.split("-")) for name in names if len(name) > letters]
        # The long names get shorter by a word that all of them have, which tells none from another.
        shared = max(set.intersection(*long), key=len) if long else ""
        for place, name in enumerate(names):
            ink, paper = STATE_COLORS[STATES.get(name, "OK")]
            y = 29 + place * height
            self.box(self.x + 8, self.y + y, self.width - 16, height - 4, paper, ink)
            self.canvas.plot([self.x + 19], [self.y + y + height / 2 - 2], "o", ms=6, color=ink)
            words = name.replace(shared, "…") if shared else name
            self.write(28, y + height / 2 + 1.5, words, 9, weight="bold" if name in STATES else "normal")

    def lines(self) -> list[tuple[Row, str, str, Series]]:
        """The visible lines: row, label, colour, points."""

        def read(row: Row) -> Series:
            seconds = row.options.get("period", self.properties.get("period", 300))
            ends = range(seconds // 60 - self.minutes, 1, seconds // 60)
            return [
                made_up(row.names[3], row.names[1], row.options.get("stat", "Average"), seconds, end) for end in ends
            ]

        found = zip(PALETTE, lines(self.properties["metrics"], read), strict=False)
        return [(row, row.options["label"], row.options.get("color", color), points) for color, (row, points) in found]

    def values(self) -> None:
        found = self.lines()
        abreast = min(2, len(found))
        width, height = self.width / abreast, (self.height - 30) / math.ceil(len(found) / abreast)
        for place, (_, label, color, points) in enumerate(found):
            x, y = 12 + place % abreast * width, 26 + (place // abreast + 0.52) * height
            newest = [one for one in points if one is not None][-1:]
            self.write(x, y, short(newest[0]) if newest else "--", min(32, height * 0.42))
            self.canvas.plot([self.x + x + 4], [self.y + y + 14], "s", ms=7, color=color)
            self.write(x + 13, y + 18, label, min(10, (width - 34) / len(label) / 0.58), QUIET)

    def graph(self) -> None:
        found, figure = self.lines(), self.canvas.figure
        wide, height, right = figure.bbox.width, figure.bbox.height, any(map(on_the_right, (row for row, *_ in found)))
        across = len(found) if sum(len(label) + 5 for _, label, _, _ in found) * 5.6 < self.width else 2
        below = 30 + 15 * math.ceil(len(found) / across)
        left, bottom = self.x + 46, height - self.y - self.height + below
        place = (left, bottom, self.width - (86 if right else 60), self.height - 48 - below)
        axes = figure.add_axes((place[0] / wide, place[1] / height, place[2] / wide, place[3] / height))
        axes.set(zorder=2, facecolor="none")  # Counts lie before the shares that are made of them.
        levels = self.properties.get("annotations", {}).get("horizontal", [])
        for name, one in {"left": axes, **({"right": axes.twinx()} if right else {})}.items():
            options = self.properties["yAxis"].get(name, {})
            own = [line for line in found if on_the_right(line[0]) == (name == "right")]
            reached = [0, *(value for *_, points in own for value in points if value)]
            reached += [float(level["value"]) for level in levels if name == "left"]
            high, low = options.get("max", max(reached) * 1.12 or 1), options.get("min", min(reached))
            one.set(xlim=(-self.minutes, 0), ylim=(low - 0.02 * (high - low), high))
            one.yaxis.set_major_locator(
                MaxNLocator(4, steps=(1, 2, 3, 5, 10), integer=all(float(value).is_integer() for value in reached))
            )
            one.yaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
            one.tick_params(labelsize=9, labelcolor=QUIET, length=0)
            one.spines[:].set_visible(False)
            x, align = (10, "left") if name == "left" else (self.width - 10, "right")
            self.write(x, 36, options.get("label", ""), 9, QUIET, ha=align)
            for _, _, color, points in own:
                step, every = self.minutes / len(points), max(1, len(points) // 360)
                ends = [step * (number + 1 - len(points)) for number in range(len(points))]
                heights = [math.nan if value is None else value for value in points]
                one.plot(ends[::every], heights[::every], color=color, lw=1.4)
        axes.grid(axis="y", color=RULE, lw=0.8)
        axes.set_xticks(*hours(self.minutes))
        for level in levels:
            color = level.get("color", QUIET)
            axes.axhline(level["value"], color=color, lw=1.3, ls=(0, (4, 2.5)))
            where: Any = {"xytext": (3, 4), "textcoords": "offset points", "xycoords": ("axes fraction", "data")}
            axes.annotate(level["label"], (0, level["value"]), size=9.5, weight="bold", color=color, **where)
        handles = [Line2D([], [], color=color, marker="s", ls="", ms=6, label=label) for _, label, color, _ in found]
        corner = ((self.x + 4) / wide, 1 - (self.y + self.height - 3) / height)
        spaces = {"handletextpad": 0.1, "columnspacing": 1, "borderpad": 0.2, "handlelength": 1.4, "labelspacing": 0.35}
        figure.legend(
            handles=handles, loc="lower left", bbox_to_anchor=corner, ncols=across, fontsize=9, frameon=False, **spaces
        )


def on_the_right(row: Row) -> bool:
    """Whether a line belongs to the axis on the right."""
    return row.options.get("yAxis") == "right"


def hours(minutes: int) -> tuple[list[int], list[str]]:
    """Minutes before now, and what stands below them."""
    if minutes > 1440:
        return [-1440 * ago for ago in (21, 14, 7)], [f"{ago} days ago" for ago in (21, 14, 7)]
    full = [minute for minute in range(10 - minutes, 0) if (NOW_MINUTE_OF_DAY + minute) % 60 == 0]
    return full, [f"{(NOW_MINUTE_OF_DAY + minute) // 60:02}:00" for minute in full]


def short(number: float) -> str:
    """Three digits that count, thousands as K."""
    if abs(number) >= 10_000:
        return f"{number / 1000:.3g}K"
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
