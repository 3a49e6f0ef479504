"""Budgets and hourly limits of instances that follow the clock, against sums made by hand.

ml.g5.2xlarge costs $1.52 an hour in us-east-1 (the shipped table); a month has 730 hours.
"""

from __future__ import annotations

import datetime
from typing import Any

import aws_cdk as cdk
import pytest

from cdk_inference.core.unknown import Unknown
from cdk_inference.cost import BurnRate, MonthlyBudget
from cdk_inference.cost.lowest_cost import default_burn_rate, lowest_usd_per_month, peak_usd_per_hour
from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.hosting import CountRange
from cdk_inference.pricing import PriceBook, estimate
from cdk_inference.scaling import ScheduledBounds, TargetConcurrency
from cdk_inference.template import deployment_of
from tests.costs import alarms, refused, topic_of, watched
from tests.each import each
from tests.support import llm, models, new_stack, template_of

TODAY = datetime.date(2026, 11, 29)


def window(schedule: str, low: int, high: int) -> ScheduledBounds:
    return ScheduledBounds(schedule=schedule, time_zone="UTC", min_capacity=low, max_capacity=high)


# One instance by night, four to eight by day: (65 hours x 4 + 103 x 1) / 168 = 363 / 168 instances.
NIGHT_AND_DAY = TargetConcurrency(
    per_instance=4,
    min_instances=4,
    max_instances=8,
    windows=(window("cron(0 20 ? * MON-FRI *)", 1, 1), window("cron(0 7 ? * MON-FRI *)", 4, 8)),
)
# One to two, and by day four to eight: (13 hours x 4 + 11 x 1) / 24 = 63 / 24 instances.
BY_DAY = TargetConcurrency(
    per_instance=4,
    min_instances=1,
    max_instances=2,
    windows=(window("cron(0 7 * * ? *)", 4, 8), window("cron(0 20 * * ? *)", 1, 2)),
)


def chat(stack: cdk.Stack, scaling: Any, id: str = "Chat") -> RealtimeEndpoint:
    bucket = stack.node.try_find_child("Models") or models(stack)
    return RealtimeEndpoint(stack, id, server=llm(bucket), hardware="ml.g5.2xlarge", scaling=scaling)


def test_a_budget_above_the_average_of_the_schedule_is_accepted() -> None:
    """363 / 168 x 1.52 x 730 = 2397.53, below 4000; all day four would be 4438.40."""
    stack = new_stack()
    endpoint = chat(stack, NIGHT_AND_DAY)
    watched(stack, "C", targets=[endpoint], alarm_topic=topic_of(stack), monthly_budget=MonthlyBudget(usd=4000))
    # 4000 / 730 x 2 = 10.96, above the 6.08 of four by day.
    assert alarms(stack)["fleet-C-burn-rate"]["Threshold"] == 10.96
    (line,) = estimate(
        deployment_of({"fleet": template_of(stack)}, "us-east-1"), PriceBook(today=TODAY), budget_usd=4000
    ).lines[:1]
    assert line.what == "AllTraffic: 1 to 8 x ml.g5.2xlarge"
    assert line.monthly.expected == pytest.approx(2397.53, abs=0.005)


def test_a_budget_below_the_average_of_the_schedule_is_refused() -> None:
    """63 / 24 x 1.52 x 730 = 2912.70; the base of one instance alone would be 1109.60."""
    stack = new_stack()
    budget = MonthlyBudget(usd=1200)
    found = refused(
        stack, targets=[chat(stack, BY_DAY)], alarm_topic=topic_of(stack), monthly_budget=budget, burn_rate=None
    )
    assert found == (
        "CostControls fleet/Cost: monthly_budget.usd: got 1200; allowed: more than $2,912.70, the cost of the minimum "
        "instances of all targets in 730 hours, averaged over their schedules; fix: raise it, or lower the minimum "
        "instances, windows included"
    )


def test_an_hourly_limit_below_the_peak_of_the_schedule_is_refused() -> None:
    """4 x 1.52 = 6.08"""
    stack = new_stack()
    limit = BurnRate(usd_per_hour=2)
    assert refused(stack, targets=[chat(stack, BY_DAY)], alarm_topic=topic_of(stack), burn_rate=limit) == (
        "CostControls fleet/Cost: burn_rate.usd_per_hour: got 2; allowed: more than $6.08, the cost of the minimum "
        "instances of all targets in an hour in which their schedules need most; fix: raise it, or lower the minimum "
        "instances, windows included"
    )


class Targets:
    """What costs of a target are computed from."""

    publish_seconds, prices_in_words = 60, ()

    def __init__(self, lowest_usd: float, counts: CountRange) -> None:
        self.lowest_usd, self.counts = lowest_usd, counts

    def terms(self, period: int) -> list[Any]:
        raise NotImplementedError(period)


def test_costs_of_several_targets() -> None:
    """2 x 63 / 24 + 3 x 2 = 11.25 dollars an hour on average, 2 x 4 + 3 x 2 = 14 by day; what is unknown adds 0."""
    unknown = Targets(9.0, CountRange.fixed(Unknown("why")))
    targets = [Targets(2.0, BY_DAY.counts), Targets(3.0, CountRange.fixed(2)), unknown]
    assert lowest_usd_per_month(targets) == pytest.approx(730 * 11.25)
    assert peak_usd_per_hour(targets) == 14.0
    assert lowest_usd_per_month([unknown]) == peak_usd_per_hour([unknown]) == 0.0


def test_a_schedule_that_acts_once_counts_with_its_lowest_count() -> None:
    once = TargetConcurrency(
        per_instance=4, min_instances=2, max_instances=8, windows=(window("at(2027-03-01T00:00:00)", 4, 8),)
    )
    assert lowest_usd_per_month([Targets(2.0, once.counts)]) == 730 * 2 * 2
    assert peak_usd_per_hour([Targets(2.0, once.counts)]) == 4.0


@each(
    ("usd", "rate"),
    [
        # 7300 / 730 x 2
        (7300, 20.0),
        # 3650 / 730 x 2 = 10 is below the 12 that the schedule needs by day: 2 x 12
        (3650, 24.0),
    ],
)
def test_the_default_rate_lies_above_what_the_schedule_needs(usd: float, rate: float) -> None:
    assert default_burn_rate(MonthlyBudget(usd=usd), [Targets(3.0, BY_DAY.counts)]) == BurnRate(usd_per_hour=rate)
