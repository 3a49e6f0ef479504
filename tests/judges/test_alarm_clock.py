"""The judge against what AWS documents."""

from __future__ import annotations

import pytest

from tests.each import each
from tests.judges.alarm_clock import fires, value

# Three of three points and an evaluation range of five, oldest first: 0 is within the threshold, X beyond, - missing.
# From memory after https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html; the rule
# that real points come first, and only what lacks is filled, was read there on 2026-11-22, the page's table was not.
DOCUMENTED = [
    ("0 - X - X", False, False),
    ("0 - - - -", False, False),
    ("- - - - -", True, False),
    ("0 X X - X", True, True),
    ("- - X - -", True, False),
]


@each(("points", "breaching", "not_breaching"), DOCUMENTED)
def test_missing_points_are_filled_as_documented(points: str, breaching: bool, not_breaching: bool) -> None:
    numbers = [{"0": 0.0, "X": 2.0, "-": None}[point] for point in reversed(points.split())]
    for treatment, expected in (("breaching", breaching), ("notBreaching", not_breaching)):
        alarm = {
            "EvaluationPeriods": 3,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": treatment,
        }
        assert fires(alarm, numbers) is expected


@each(
    ("expression", "expected"),
    [
        ("a + b", 3.0),
        ("a - b", 1.0),
        ("a + gone", 2.0),
        ("gone - a", -2.0),
        ("gone + gone", None),
        ("2 * a - 0.5 * b", 3.5),
        ("2 * gone", None),
        ("a / none", None),
        ("a / b", 2.0),
    ],
)
def test_maths_takes_a_missing_side_for_zero(expression: str, expected: float | None) -> None:
    assert value(expression, {"a": 2.0, "b": 1.0, "none": 0.0, "gone": None}) == expected


@each("expression", ["FILL(a, 0)", "-a", "a > 1"])
def test_what_it_does_not_know_it_does_not_guess(expression: str) -> None:
    with pytest.raises(NotImplementedError):
        value(expression, {"a": 2.0})
