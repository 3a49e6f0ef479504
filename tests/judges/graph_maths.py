"""The lines of a dashboard's graph, from its body and made-up samples; sums and products are `alarm_clock.value`.

How the rows of a graph are written:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Metric-Widget-Structure.html (2026-11-24)
RUNNING_SUM: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html (2026-11-24)
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.judges.alarm_clock import value

Series = list[float | None]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a graph: a metric, or an expression. names: namespace, metric, then dimensions' names and values."""

    names: tuple[str, ...]
    options: Mapping[str, Any]

    @property
    def visible(self) -> bool:
        return self.options.get("visible", True) is not False

    @property
    def id(self) -> str:
        return str(self.options.get("id", ""))


def rows_of(metrics: Sequence[Sequence[Any]]) -> list[Row]:
    """The rows; the short forms of the body, `.` and `...`, stand for what the row before has."""
    found: list[Row] = []
    for written in metrics:
        options = written[-1] if isinstance(written[-1], dict) else {}
        names: list[str] = []
        before = found[-1].names if found else ()
        for word in (one for one in written if isinstance(one, str)):
            if word == "...":
                names += before[len(names) : len(before) - (len(written) - len(names) - 1 - bool(options))]
            else:
                names.append(before[len(names)] if word == "." else word)
        found.append(Row(names=tuple(names), options=options))
    return found


def lines(metrics: Sequence[Sequence[Any]], read: Callable[[Row], Series]) -> list[tuple[Row, Series]]:
    """The visible rows, each with its points, oldest first; `read` answers for metrics."""
    rows = rows_of(metrics)
    by_id = {row.id: row for row in rows if row.id}
    known: dict[str, Series] = {}

    def points(row: Row) -> Series:
        if "expression" not in row.options:
            return read(row)
        return evaluate(str(row.options["expression"]), of_id)

    def of_id(id: str) -> Series:
        if id not in known:
            known[id] = points(by_id[id])
        return known[id]

    return [(row, points(row)) for row in rows if row.visible]


def evaluate(expression: str, series: Callable[[str], Series]) -> Series:
    """The points of an expression; `series` answers for ids. Raises NotImplementedError for what is not known."""
    found: dict[str, Series] = {}

    class Sums(ast.NodeTransformer):
        """Puts the points of each RUNNING_SUM in its place, and gathers those of ids."""

        def visit_Call(self, node: ast.Call) -> ast.AST:
            match node:
                case ast.Call(func=ast.Name(id="RUNNING_SUM"), args=[summed]):
                    id = f"sum{len(found)}"
                    found[id] = _running(evaluate(ast.unparse(summed), series))
                    return ast.Name(id=id, ctx=ast.Load())
                case ast.Call(func=ast.Name(id="IF"), args=[_, _]):
                    node.args = [self.visit(one) for one in node.args]
                    return node
            raise NotImplementedError(ast.dump(node))

        def visit_Name(self, node: ast.Name) -> ast.AST:
            if node.id not in found:
                found[node.id] = series(node.id)
            return node

    tree = Sums().visit(ast.parse(expression, mode="eval"))
    plain = ast.unparse(tree)
    length = max((len(points) for points in found.values()), default=0)
    return [value(plain, {id: points[place] for id, points in found.items()}) for place in range(length)]


def _running(points: Series) -> Series:
    total = 0.0
    sums: Series = []
    for point in points:
        total += point or 0.0
        sums.append(None if point is None else total)
    return sums
