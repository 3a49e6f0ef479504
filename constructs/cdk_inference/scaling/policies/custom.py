"""Target tracking by any metric."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from cdk_inference.core.checks import matching, number_above, one_of
from cdk_inference.core.errors import Problem
from cdk_inference.scaling.policies.base import AnyCapacity, row
from cdk_inference.scaling.policies.cloudwatch_source import given_problems, given_source
from cdk_inference.scaling.policies.metric import identity, metric_problem, metric_problems_for
from cdk_inference.scaling.policy_parts import Part
from cdk_inference.scaling.target import ScalableTarget

# https://docs.aws.amazon.com/autoscaling/application/APIReference/API_CustomizedMetricSpecification.html (read
# 2026-11-24)
Statistic = Literal["Average", "Minimum", "Maximum", "SampleCount", "Sum"]
STATISTICS = get_args(Statistic)
# "wake" is the name of the policy that starts from zero.
NAME_PATTERN = r"(?!wake$)[a-zA-Z0-9-]{1,64}"
NAME_ALLOWED = "1 to 64 letters, digits and hyphens, not wake"


@dataclass(frozen=True, kw_only=True)
class TargetMetric(AnyCapacity):
    """Holds any metric at a value. **It must fall as capacity grows**: a queue per instance, not a queue.

    metric: the name of a metric that the target publishes (docs/metrics.md), or a `Metric` or `MathExpression` of
        aws_cloudwatch: at most 10 metrics, in this account and region, no SEARCH. Its period is not handed on:
        Application Auto Scaling has none. Where it has no data, nothing scales: write `FILL(m, 0)` or `FILL(m,
        REPEAT)`.
    value: what to hold, above 0.
    statistic: of a metric given by its name. Default: the table's, where Application Auto Scaling takes it.
    name: ends the policy's name. Default: the metric's name, or "metric".
    min_capacity: instances or copies. Default 1. With 0 what wakes the target comes with it, and the metric must have
        data while nothing runs.
    max_capacity: instances or copies, at least `min_capacity`.

    https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
    (2026-11-22)

    Cooldowns and windows: as in `Tracked`. Raises ConfigurationError.
    """

    metric: Any
    value: float
    statistic: Statistic | None = None
    name: str | None = None

    def _own_problems(self) -> list[Problem | None]:
        fix = "choose another name"
        return [
            metric_problem(self.metric),
            number_above("value", self.value, 0, "give the value that one instance or copy should have"),
            None
            if self.statistic is None
            else one_of("statistic", self.statistic, STATISTICS, "choose one of these, or give a Metric"),
            None if self.name is None else matching("name", self.name, NAME_PATTERN, NAME_ALLOWED, fix),
        ]

    def reads(self) -> object:
        return identity(self.metric)

    def _target_problems(self, target: ScalableTarget) -> list[Problem]:
        if isinstance(self.metric, str):
            return metric_problems_for(self.metric, target)
        return given_problems(self.metric, target)

    def own_parts(self, target: ScalableTarget) -> list[Part]:
        if isinstance(self.metric, str):
            measured = target.measured(row(self.metric, target.kind), self.statistic)
            return [self.tracking(self.name or self.metric, measured, self.value)]
        return [self.tracking(self.name or "metric", given_source(self.metric), self.value)]
