"""What a policy comes down to: Application Auto Scaling's policies and alarms, as values. `attach` makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# Application Auto Scaling's default for SageMaker, both ways, and for step policies:
# https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
DEFAULT_COOLDOWN_SECONDS = 300

# https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-quotas.html (read 2026-11-24)
POLICIES_MAX = 50
SCHEDULED_ACTIONS_MAX = 200
STEPS_MAX = 20
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html (read 2026-11-22), and the length of
# TargetTrackingMetricDataQuery.Expression (botocore 1.44.5)
METRICS_MAX = 10
EXPRESSION_CHARACTERS_MAX = 2048


@dataclass(frozen=True, kw_only=True)
class Predefined:
    """A predefined metric of Application Auto Scaling."""

    metric_type: str


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A CloudWatch metric. dimensions: (name, value), in order."""

    namespace: str
    metric_name: str
    dimensions: tuple[tuple[str, str], ...]
    statistic: str


@dataclass(frozen=True, kw_only=True)
class Math:
    """Metric math: metrics by id, and the one expression whose result counts."""

    metrics: tuple[tuple[str, Measured], ...]
    expression: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Given:
    """A metric or an expression that the app made with aws_cloudwatch, for an alarm: those can read all of it."""

    metric: Any


Source = Predefined | Measured | Math


@dataclass(frozen=True, kw_only=True)
class Tracking:
    """One target-tracking policy. `name` follows the target's in the policy's name."""

    name: str
    source: Source
    target_value: float
    scale_out_cooldown_seconds: int = DEFAULT_COOLDOWN_SECONDS
    scale_in_cooldown_seconds: int = DEFAULT_COOLDOWN_SECONDS
    scale_in: bool = True


@dataclass(frozen=True, kw_only=True)
class AlarmOn:
    """The alarm that runs a step policy. `name` follows the target's in the alarm's name."""

    name: str
    description: str
    source: Measured | Given
    threshold: float
    at_or_above: bool = True
    period_seconds: int = 60
    breaching: int
    evaluated: int


@dataclass(frozen=True, kw_only=True)
class Stepped:
    """One step policy and its alarm.

    steps: (lower, upper, change); bounds are distances from the alarm's threshold. scales_from_zero: whether it
        starts from zero.
    """

    name: str
    alarm: AlarmOn
    steps: tuple[tuple[float | None, float | None, int], ...]
    adjustment: str = "ChangeInCapacity"
    aggregation: str = "Average"
    cooldown_seconds: int = DEFAULT_COOLDOWN_SECONDS
    scales_from_zero: bool = False


Part = Tracking | Stepped
