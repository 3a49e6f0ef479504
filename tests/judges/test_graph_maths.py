"""The judge against what AWS documents of the body's short forms and of the maths."""

from __future__ import annotations

import pytest

from tests.each import each
from tests.judges.graph_maths import Series, evaluate, lines, rows_of

POINTS: dict[str, Series] = {"a": [1.0, None, 3.0, 4.0], "b": [2.0, 2.0, None, 0.0]}


@each(
    ("expression", "expected"),
    [
        ("a", [1.0, None, 3.0, 4.0]),
        ("a + b", [3.0, 2.0, 3.0, 4.0]),
        ("a / b", [0.5, 0.0, None, None]),
        ("RUNNING_SUM(a)", [1.0, None, 4.0, 8.0]),
        ("10 - RUNNING_SUM(a) / 2", [9.5, None, 8.0, 6.0]),
        ("RUNNING_SUM(a * 2) - RUNNING_SUM(b)", [0.0, -4.0, 8.0, 12.0]),
    ],
)
def test_point_by_point(expression: str, expected: Series) -> None:
    assert evaluate(expression, POINTS.__getitem__) == expected


@each("expression", ["RATE(a)", "RUNNING_SUM(a, b)", "a > 1"])
def test_what_it_does_not_know_it_does_not_guess(expression: str) -> None:
    with pytest.raises(NotImplementedError):
        evaluate(expression, POINTS.__getitem__)


def test_short_forms_stand_for_the_row_before() -> None:
    rows = rows_of(
        [
            ["AWS/SageMaker", "Invocations", "EndpointName", "chat", "VariantName", "A", {"stat": "Sum"}],
            [".", "ModelLatency", ".", ".", ".", "B"],
            ["...", "C", {"stat": "p99"}],
        ]
    )
    assert [row.names for row in rows] == [
        ("AWS/SageMaker", "Invocations", "EndpointName", "chat", "VariantName", "A"),
        ("AWS/SageMaker", "ModelLatency", "EndpointName", "chat", "VariantName", "B"),
        ("AWS/SageMaker", "ModelLatency", "EndpointName", "chat", "VariantName", "C"),
    ]


def test_hidden_rows_are_read_and_not_shown() -> None:
    metrics = [
        [{"expression": "half * 4", "label": "double"}],
        [{"expression": "a / 2", "id": "half", "visible": False}],
        ["Own", "A", {"id": "a", "visible": False}],
    ]
    found = lines(metrics, lambda row: POINTS[row.id])
    assert [(row.options["label"], series) for row, series in found] == [("double", [2.0, None, 6.0, 8.0])]
