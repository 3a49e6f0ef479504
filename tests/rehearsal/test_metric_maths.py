"""Alarms over made-up points: states by hand, from CloudWatch's pages on maths and on missing data."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from rehearsal.api_model import RefusedError
from rehearsal.metric_maths import state, value
from tests.each import each
from tests.rehearsal.base import BUCKET, PREFIX, base
from tests.rehearsal.cloud import PLENTY, Cloud, needs_emulator


@each(
    ("expression", "a", "b", "expected"),
    [
        ("a / b", 6, 3, 2),
        ("a / b", 6, 0, None),
        ("a + b", 6, None, 6),
        ("a + b", None, None, None),
        ("a * 2", None, 1, None),
        ("a - b - 1", 6, 3, 2),
        ("FILL(a, 0) + b", None, 3, 3),
        ("IF(a > 5, b)", 6, 3, 3),
        ("IF(a > 5, b)", 5, 3, None),
        ("IF(a > 5, b, -b)", 5, 3, -3),
        ("IF(a >= 5, b)", 5, None, 0),
    ],
)
def test_a_point_of_an_expression(expression: str, a: float | None, b: float | None, expected: float | None) -> None:
    assert value(expression, {"a": a, "b": b}) == expected


@each("expression", ["ANOMALY_DETECTION_BAND(a)", "a /", "a / other", "RATE(a)", "a and b", "'text'", "a ** b"])
def test_what_is_not_evaluated_is_refused_by_name(expression: str) -> None:
    with pytest.raises(RefusedError, match="which a rehearsal does not evaluate"):
        value(expression, {"a": 1.0, "b": 1.0})


def _alarm(**changes: Any) -> dict[str, Any]:
    one = {"MetricName": "m", "Namespace": "n", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 3}
    return {**one, "Threshold": 5, "ComparisonOperator": "GreaterThanThreshold", **changes}


@each(
    ("points", "changes", "expected"),
    [
        ([6, 6, 6], {}, "ALARM"),
        ([5, 6, 6], {}, "OK"),
        ([5, 6, 6], {"DatapointsToAlarm": 2}, "ALARM"),
        ([None, 6, 6], {}, "OK"),
        ([None, 6, 6], {"TreatMissingData": "breaching"}, "ALARM"),
        ([None, None, None], {"TreatMissingData": "breaching"}, "ALARM"),
        ([None, None, None], {"TreatMissingData": "notBreaching"}, "OK"),
        ([None, None, None], {}, "INSUFFICIENT_DATA"),
        ([None, None, None], {"TreatMissingData": "ignore"}, None),
        ([4, 4, 4], {"ComparisonOperator": "LessThanOrEqualToThreshold"}, "ALARM"),
    ],
)
def test_a_state_of_three_periods(points: list[float | None], changes: dict[str, Any], expected: str | None) -> None:
    """Oldest first; the minute that has begun does not count."""

    def read(metric: Any, statistic: str, start: float, end: float) -> float | None:
        assert (metric["MetricName"], statistic, end - start) == ("m", "Sum", 60)
        return points[int(start) // 60]

    assert state(_alarm(**changes), read, 185) == expected


def test_a_function_that_is_not_evaluated_is_refused_in_an_alarm_too() -> None:
    maths = {
        "Metrics": [{"Id": "e", "Expression": "CEIL(e2)"}, {"Id": "e2", "Expression": "1"}],
        "EvaluationPeriods": 1,
    }
    with pytest.raises(RefusedError, match=r"CEIL\(e2\), which a rehearsal does not evaluate"):
        state({name: one for name, one in _alarm(**maths).items() if name != "MetricName"}, lambda *_: None, 60)


@needs_emulator
@pytest.mark.xdist_group("rehearsal")
def test_alarms_on_maths_and_composite_alarms_follow_what_is_published(cloud: Cloud) -> None:
    """More than 0.1 errors a call for five minutes, and more than 5 errors for three."""
    cloud.clear(PLENTY)
    cloud.upload(BUCKET, [f"{PREFIX}config.json"])
    assert cloud.deploy(base(), "rehearsed") == ("CREATE_COMPLETE", [])
    began = datetime.datetime.now(datetime.UTC).replace(second=0, microsecond=0)
    began -= datetime.timedelta(minutes=30)
    client = cloud.look.client("cloudwatch")

    def publish(minute: int, errors: float, calls: float, variant: str = "AllTraffic") -> None:
        pairs = {"EndpointName": "chat", "VariantName": variant}
        common = {
            "Dimensions": [{"Name": name, "Value": one} for name, one in pairs.items()],
            "Timestamp": began + datetime.timedelta(minutes=minute),
        }
        data = [
            {"MetricName": name, "Value": value, **common}
            for name, value in (("Invocation5XXErrors", errors), ("Invocations", calls))
        ]
        client.put_metric_data(Namespace="AWS/SageMaker", MetricData=data)

    def states(minute: int) -> tuple[str, str, str]:
        found = cloud.look.rehearsal("Evaluate", Now=began.timestamp() + 60 * minute)["States"]
        return found["chat-errors"], found["chat-error-rate"], found["chat-both"]

    for minute in range(5):
        publish(minute, errors=20, calls=100)
        publish(minute, errors=0, calls=10_000, variant="Other")
    assert states(3) == ("ALARM", "OK", "OK")
    assert states(5) == ("ALARM", "ALARM", "ALARM")
    publish(5, errors=2, calls=100)
    assert states(6) == ("OK", "OK", "OK")
