"""Decisions of scaling over made-up series: the examples of AWS's pages, and what must hold whatever the series."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rehearsal.decisions import Decided, decide, scheduled, together
from rehearsal.outcomes import Capacity, Cooldown, Outcome
from rehearsal.step_scaling import amount
from tests.each import each

Series = Sequence[float | None]
TARGET: dict[str, Any] = {"ResourceId": "endpoint/chat/variant/AllTraffic"}
ARN = "arn:aws:autoscaling:policy"


def stepping(*steps: tuple[float | None, float | None, int], name: str = "out", **config: Any) -> dict[str, Any]:
    keys = ("MetricIntervalLowerBound", "MetricIntervalUpperBound", "ScalingAdjustment")
    rows = [{key: value for key, value in zip(keys, step, strict=True) if value is not None} for step in steps]
    known = {"AdjustmentType": "ChangeInCapacity", "Cooldown": 300, "StepAdjustments": rows, **config}
    return {"PolicyName": name, "PolicyARN": ARN, "PolicyType": "StepScaling", "StepScalingPolicyConfiguration": known}


def tracking(**config: Any) -> dict[str, Any]:
    metric = {"Namespace": "n", "MetricName": "m", "Statistic": "Average", "Dimensions": []}
    return {
        "PolicyName": "track",
        "PolicyARN": ARN,
        "PolicyType": "TargetTrackingScaling",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
        "ResourceId": TARGET["ResourceId"],
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": 50,
            "CustomizedMetricSpecification": metric,
            **config,
        },
    }


def alarm(**changes: Any) -> dict[str, Any]:
    known = {"AlarmName": "high", "MetricName": "m", "Namespace": "n", "Statistic": "Average", "Period": 60}
    rule = {"EvaluationPeriods": 1, "Threshold": 50, "ComparisonOperator": "GreaterThanOrEqualToThreshold"}
    return {**known, **rule, "AlarmActions": [ARN], **changes}


LOW = {"ComparisonOperator": "LessThanOrEqualToThreshold"}
# The page's own two policies: https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html
PERCENT = {"AdjustmentType": "PercentChangeInCapacity"}
OUT = stepping((0, 10, 0), (10, 20, 10), (20, None, 30), **PERCENT)
IN = stepping((-10, 0, 0), (-20, -10, -10), (None, -20, -30), **PERCENT)


def minutes(
    series: Series,
    policy: Mapping[str, Any],
    *,
    start: int = 2,
    bounds: tuple[int, int] = (1, 20),
    alarms: Sequence[Mapping[str, Any]] = (),
    target: Mapping[str, Any] = TARGET,
    periods: int | None = None,
) -> list[Decided]:
    """What is decided at the end of each minute of a series."""

    def read(metric: Any, statistic: str, begin: float, end: float) -> float | None:
        assert (metric["MetricName"], statistic, end - begin) == ("m", "Average", 60)
        return series[int(begin) // 60] if 0 <= begin < 60 * len(series) else None

    found = [Decided(capacity=Capacity(minimum=bounds[0], maximum=bounds[1], current=start), cooldowns={})]
    for number in range(1, len(series) + 1):
        before = found[-1]
        span = {"after": 60.0 * (number - 1), "now": 60.0 * number}
        made = decide(
            target, before.capacity, before.cooldowns, [policy], alarms, read, tracking_periods=periods, **span
        )
        found.append(made)
    return found[1:]


def counts(series: Series, policy: Mapping[str, Any], **more: Any) -> list[int]:
    return [one.capacity.current for one in minutes(series, policy, **more)]


@each(
    ("value", "policy", "start", "expected"),
    [
        (59.9, OUT, 10, 10),
        (60, OUT, 10, 11),
        (69.9, OUT, 10, 11),
        (70, OUT, 11, 14),
        (40.1, IN, 14, 14),
        (40, IN, 14, 13),
        (30, IN, 13, 10),
        (49.9, OUT, 10, 10),
    ],
)
def test_the_example_of_the_page(value: float, policy: Mapping[str, Any], start: int, expected: int) -> None:
    one = alarm(**(LOW if policy is IN else {}))
    assert counts([value], policy, start=start, alarms=[one]) == [expected]


@each(
    ("kind", "adjustment", "capacity", "least", "expected"),
    [
        ("ChangeInCapacity", 5, 3, 0, 5),
        ("ChangeInCapacity", -2, 3, 0, -2),
        ("ExactCapacity", 5, 3, 0, 2),
        ("PercentChangeInCapacity", 10, 10, 0, 1),
        ("PercentChangeInCapacity", 127, 10, 0, 12),
        ("PercentChangeInCapacity", 67, 1, 0, 1),
        ("PercentChangeInCapacity", -58, 1, 0, -1),
        ("PercentChangeInCapacity", -667, 1, 0, -6),
        ("PercentChangeInCapacity", 25, 4, 2, 2),
        ("PercentChangeInCapacity", -25, 4, 2, -2),
        ("PercentChangeInCapacity", 0, 4, 2, 0),
    ],
)
def test_an_adjustment(kind: str, adjustment: int, capacity: int, least: int, expected: int) -> None:
    assert amount({"AdjustmentType": kind, "MinAdjustmentMagnitude": least}, adjustment, capacity) == expected


def test_a_larger_step_within_the_cooldown_adds_the_difference() -> None:
    """The page's example: 2 were added, then a step of 3 adds 1; after the cooldown 3 are added."""
    policy = stepping((0, 20, 2), (20, None, 3))
    found = counts([60, 60, 75, 75, 75, 75, 75, 75, 75], policy, start=2, alarms=[alarm()])
    assert found == [4, 4, 5, 5, 5, 5, 5, 8, 8]


def test_a_scale_in_waits_for_its_cooldown() -> None:
    found = minutes([10] * 5, stepping((None, 0, -1), Cooldown=120), start=9, alarms=[alarm(**LOW)])
    assert [one.capacity.current for one in found] == [8, 8, 7, 7, 6]
    assert [len(one.outcomes) for one in found] == [1, 0, 1, 0, 1]


def test_a_scale_out_ends_the_cooldown_of_a_scale_in() -> None:
    both = stepping((None, 0, -1), (0, None, 2), Cooldown=600)
    found = minutes([10, 90], both, start=5, alarms=[alarm(AlarmName="low", Threshold=20, **LOW), alarm()])
    assert [one.capacity.current for one in found] == [4, 6]
    assert list(found[-1].cooldowns) == [("out", "out")]


def test_a_scale_in_within_the_cooldown_of_a_scale_out_is_not_decided() -> None:
    both = stepping((None, 0, -1), (0, None, 2), Cooldown=600)
    found = minutes([90, 10], both, start=5, alarms=[alarm(AlarmName="low", Threshold=20, **LOW), alarm()])
    assert [one.capacity.current for one in found] == [7, 7]
    assert [(one.low, one.high, one.decided) for one in found[-1].outcomes] == [(6, 7, False)]


def test_points_of_different_steps_are_not_decided() -> None:
    """AWS does not state how many of the latest points it aggregates."""
    policy, two = stepping((0, 8, 1), (8, None, 2)), alarm(EvaluationPeriods=2)
    assert counts([51, 55], policy, alarms=[two]) == [2, 3]
    (last,) = minutes([51, 70], policy, alarms=[two])[-1:]
    assert (last.capacity.current, last.outcomes[0].decided) == (4, True)
    (last,) = minutes([50, 59], policy, alarms=[two])[-1:]
    assert (last.capacity.current, last.outcomes[0].low, last.outcomes[0].high) == (2, 3, 4)


def test_only_an_alarm_that_names_the_policy_counts() -> None:
    policy = stepping((0, None, 1))
    assert counts([90], policy, alarms=[alarm(AlarmActions=["arn:other"])]) == [2]
    assert counts([90], policy, alarms=[alarm(ActionsEnabled=False)]) == [2]


def test_an_alarm_without_a_point_decides_nothing() -> None:
    (found,) = minutes([None], stepping((0, None, 1)), alarms=[alarm(TreatMissingData="breaching")])
    assert (found.capacity.current, [one.decided for one in found.outcomes]) == (2, [False])


def test_target_tracking_is_not_decided_without_the_minutes_that_aws_does_not_state() -> None:
    (found,) = minutes([120], tracking(), start=2)
    assert found.capacity.current == 2
    assert [(one.low, one.high) for one in found.outcomes] == [(2, 5)]
    assert "for how many minutes" in found.outcomes[0].reason


@each(
    ("series", "config", "expected"),
    [
        ([120, 120, 120], {}, [2, 2, 5]),
        ([120, 50, 120], {}, [2, 2, 2]),
        ([120, None, 120], {}, [2, 2, 2]),
        ([51, 51, 51], {}, [2, 2, 3]),
        ([20, 20, 20], {}, [2, 2, 2]),
        ([2000, 2000, 2000], {}, [2, 2, 20]),
        ([120, 80, 120], {}, [2, 2, 2]),
    ],
)
def test_target_tracking_with_three_minutes_assumed(series: Series, config: Any, expected: list[int]) -> None:
    assert counts(series, tracking(**config), periods=3) == expected


def test_target_tracking_waits_for_its_cooldown() -> None:
    found = counts([60.0] * 8, tracking(ScaleOutCooldown=120), start=10, periods=1)
    assert found == [12, 12, 15, 15, 18, 18, 20, 20]


def test_a_scale_in_of_target_tracking_is_never_decided_and_may_be_off() -> None:
    (found,) = minutes([10], tracking(), start=5, periods=1)
    assert [(one.low, one.high) for one in found.outcomes] == [(1, 5)]
    (off,) = minutes([10], tracking(DisableScaleIn=True), start=5, periods=1)
    assert off.outcomes == ()


def test_a_metric_without_a_stated_statistic_or_with_other_maths_is_not_decided() -> None:
    kind = "SageMakerVariantConcurrentRequestsPerModelHighResolution"
    predefined = tracking(PredefinedMetricSpecification={"PredefinedMetricType": kind})
    del predefined["TargetTrackingScalingPolicyConfiguration"]["CustomizedMetricSpecification"]
    maths = tracking(CustomizedMetricSpecification={"Metrics": [{"Id": "e", "Expression": "CEIL(1)"}]})
    for policy in (predefined, maths):
        (found,) = minutes([120], policy)
        assert [one.decided for one in found.outcomes] == [False]


def _asking(low: int, high: int) -> Outcome:
    return Outcome(by="p", low=low, high=high, reason="", source="")


@each(
    ("asked", "expected"),
    [
        ([], (5, 5)),
        ([(7, 7), (9, 9)], (9, 9)),
        ([(3, 3), (4, 4)], (4, 4)),
        ([(3, 3), (8, 8)], (8, 8)),
        ([(8, 8), (1, 5)], (8, 8)),
        ([(8, 8), (5, 9)], (8, 9)),
        ([(3, 3), (1, 5)], (3, 5)),
        ([(6, 9)], (5, 9)),
    ],
)
def test_the_largest_capacity_wins(asked: list[tuple[int, int]], expected: tuple[int, int]) -> None:
    assert together([_asking(*one) for one in asked], 5) == expected


def _action(name: str, schedule: str, **bounds: int) -> dict[str, Any]:
    return {"ScheduledActionName": name, "Schedule": schedule, "ScalableTargetAction": bounds}


@each(
    ("bounds", "expected"),
    [
        ({"MinCapacity": 4, "MaxCapacity": 6}, (4, 6, 4)),
        ({"MinCapacity": 1, "MaxCapacity": 2}, (1, 2, 2)),
        ({"MinCapacity": 2}, (2, 10, 3)),
        ({"MaxCapacity": 5}, (1, 5, 3)),
        ({"MinCapacity": 11}, (1, 10, 3)),
    ],
)
def test_a_scheduled_action_sets_bounds_and_moves_the_capacity(
    bounds: dict[str, int], expected: tuple[int, int, int]
) -> None:
    before = Capacity(minimum=1, maximum=10, current=3)
    found, _ = scheduled(before, [_action("a", "at(1970-01-01T00:01:00)", **bounds)], 0, 60)
    assert (found.minimum, found.maximum, found.current) == expected


def test_scheduled_actions_go_by_time_and_two_at_one_moment_are_not_decided() -> None:
    before = Capacity(minimum=1, maximum=10, current=3)
    late, early = (_action(str(one), f"at(1970-01-01T00:0{one}:00)", MinCapacity=one) for one in (5, 4))
    assert scheduled(before, [late, early], 0, 600)[0].minimum == 5
    found, notes = scheduled(before, [early, {**late, "Schedule": early["Schedule"]}], 0, 600)
    assert (found, [one.decided for one in notes]) == (before, [False, False])


def test_an_action_at_an_unknown_moment_changes_nothing_and_is_not_decided() -> None:
    fixed = Capacity(minimum=2, maximum=2, current=2)
    for bounds, expected in (({"MinCapacity": 1}, (2, 2)), ({"MinCapacity": 4, "MaxCapacity": 4}, (2, 4))):
        found, (note,) = scheduled(fixed, [_action("a", "rate(5 minutes)", **bounds)], 0, 600)
        assert (found, note.decided, (note.low, note.high)) == (fixed, False, expected)


def test_a_scheduled_action_waits_for_no_cooldown_and_for_a_suspended_state_it_does() -> None:
    actions = {"a": _action("a", "at(1970-01-01T00:01:00)", MinCapacity=4)}
    capacity, cooling = Capacity(minimum=1, maximum=10, current=3), {("out", "out"): Cooldown(until=1e9, base=1)}

    def after(**suspended: bool) -> int:
        target = {**TARGET, "ScheduledActions": actions, "SuspendedState": suspended}
        return decide(target, capacity, cooling, [], [], lambda *_: None, after=0, now=60).capacity.current

    assert (after(), after(ScheduledScalingSuspended=True)) == (4, 3)


@each(("suspended", "expected"), [("DynamicScalingOutSuspended", [2, 1]), ("DynamicScalingInSuspended", [4, 4])])
def test_a_suspended_direction(suspended: str, expected: list[int]) -> None:
    both = stepping((None, 0, -1), (0, None, 2), Cooldown=0)
    alarms = [alarm(AlarmName="low", Threshold=20, **LOW), alarm()]
    target = {**TARGET, "SuspendedState": {suspended: True}}
    assert counts([90, 10], both, alarms=alarms, target=target) == expected


def test_at_the_maximum_nothing_is_left_to_decide() -> None:
    found = minutes([90, 90], stepping((0, None, 3), Cooldown=0), start=3, bounds=(1, 4), alarms=[alarm()])
    assert [(one.capacity.current, len(one.outcomes)) for one in found] == [(4, 1), (4, 0)]


POINTS = st.lists(st.one_of(st.none(), st.floats(0, 100)), min_size=1, max_size=30)


@given(
    series=POINTS, up=st.integers(1, 9), down=st.integers(1, 9), cooldown=st.integers(0, 600), start=st.integers(3, 7)
)
def test_the_count_stays_within_its_bounds(series: Series, up: int, down: int, cooldown: int, start: int) -> None:
    both = stepping((None, 0, -down), (0, None, up), Cooldown=cooldown)
    alarms = [alarm(AlarmName="low", Threshold=20, **LOW), alarm()]
    assert all(3 <= one <= 7 for one in counts(series, both, start=start, bounds=(3, 7), alarms=alarms))
    assert all(3 <= one <= 7 for one in counts(series, tracking(), start=start, bounds=(3, 7), periods=2))


@given(series=POINTS, up=st.integers(1, 9), cooldown=st.integers(1, 600))
def test_one_step_acts_once_in_a_cooldown(series: Series, up: int, cooldown: int) -> None:
    found = [1, *counts(series, stepping((0, None, up), Cooldown=cooldown), start=1, bounds=(1, 999), alarms=[alarm()])]
    acted = [60 * number for number, one in enumerate(found) if number and one != found[number - 1]]
    assert all(later - earlier >= cooldown for earlier, later in itertools.pairwise(acted))


@given(treatment=st.sampled_from(["missing", "ignore", "breaching", "notBreaching"]), length=st.integers(1, 20))
def test_nothing_is_decided_without_data(treatment: str, length: int) -> None:
    silent: Series = [None] * length
    one = alarm(TreatMissingData=treatment)
    assert set(counts(silent, stepping((0, None, 1)), alarms=[one])) == {2}
    assert set(counts(silent, tracking(), periods=1)) == {2}
