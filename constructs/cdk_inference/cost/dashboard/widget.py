"""What is drawn, once its size is known; and the graphs that all sections have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_inference.cost.dashboard.grid import Slot, widths

HEIGHT = 6
WORDS_HEIGHT = 2
MINUTE = Duration.minutes(1)
# CloudWatch's own, said all the same: of metrics that name no period.
DEFAULT_PERIOD = Duration.minutes(5)

# Width and height in grid units -> the widget.
Make = Callable[[int, int], cloudwatch.ConcreteWidget]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A widget, and words below it if there is something to say.

    columns: its width. Default: as much as the others of its line leave.
    """

    make: Make
    words: str = ""
    height: int = HEIGHT
    columns: int | None = None

    @property
    def heights(self) -> tuple[int, ...]:
        """Of the widget, and of the words."""
        return (self.height - WORDS_HEIGHT, WORDS_HEIGHT) if self.words else (self.height,)

    @property
    def makes(self) -> tuple[Make, ...]:
        """The widget, and the words."""
        return (self.make, text(self.words)) if self.words else (self.make,)


def slots(line: Sequence[Panel]) -> list[Slot]:
    """The room of each panel of a line."""
    equal = widths(len(line))
    return [Slot(width=panel.columns or width, heights=panel.heights) for panel, width in zip(line, equal, strict=True)]


def text(markdown: str, *, plain: bool = False) -> Make:
    """Markdown. plain: without a frame."""
    background = cloudwatch.TextWidgetBackground.TRANSPARENT if plain else cloudwatch.TextWidgetBackground.SOLID
    return lambda width, height: cloudwatch.TextWidget(
        markdown=markdown, width=width, height=height, background=background
    )


def heading(markdown: str) -> list[Panel]:
    """A line of its own."""
    return [Panel(make=text(markdown, plain=True), height=1)]


def graph(
    title: str,
    unit: str,
    lines: Sequence[cloudwatch.IMetric],
    *,
    region: str,
    least: float | None = 0,
    most: float | None = None,
    marks: Sequence[cloudwatch.HorizontalAnnotation] = (),
    right: Sequence[cloudwatch.IMetric] = (),
    right_unit: str = "",
    start: str | None = None,
) -> Make:
    """Lines over time, with the unit on the axis.

    least, most: the ends of the axis; None: what the lines need. marks: levels with names. right: lines on an axis of
    their own. start: where a range of its own begins, instead of the dashboard's.
    """
    more: dict[str, Any] = {}
    if right:
        more["right"] = list(right)
        more["right_y_axis"] = cloudwatch.YAxisProps(label=right_unit, min=0, show_units=False)
    if start is not None:
        more["start"] = start
    return lambda width, height: cloudwatch.GraphWidget(
        title=title,
        left=list(lines),
        left_y_axis=cloudwatch.YAxisProps(label=unit, min=least, max=most, show_units=False),
        left_annotations=list(marks),
        period=DEFAULT_PERIOD,
        region=region,
        width=width,
        height=height,
        **more,
    )


def mark(value: float, label: str, color: str = cloudwatch.Color.GREY) -> cloudwatch.HorizontalAnnotation:
    """A level with a name."""
    return cloudwatch.HorizontalAnnotation(value=value, label=label, color=color)


def written(number: float) -> str:
    """As metric maths reads it: never 1e-05."""
    return f"{number:.6f}".rstrip("0").rstrip(".")
