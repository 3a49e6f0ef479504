"""What endpoints of every kind are given: what they publish and log, and the arguments that they share."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.checks import instance_of, known_number, one_of
from cdk_inference.core.errors import raise_problems
from cdk_inference.endpoints.data_capture import DataCapture
from cdk_inference.kit.interfaces import Key, Role
from cdk_inference.kit.log_groups import LOG_RETENTION_DAYS, LogRetentionDays
from cdk_inference.kit.vpc_placement import VpcPlacement
from cdk_inference.metrics import DEFAULT_PUBLISH_PERIOD_SECONDS, PUBLISH_PERIODS_SECONDS, PublishPeriodSeconds


@dataclass(frozen=True, kw_only=True)
class Observability:
    """What an endpoint logs and publishes, and how long that is kept.

    retention_days: one of CloudWatch Logs' periods (1, 3, 5, 7, 14, 30, 60, 90, ...). Default 30.
    keep_logs: whether the log group outlives the endpoint. Default True. The name of the log group follows from
        the endpoint's, so making a deleted endpoint again then needs the old group removed or imported first.
    enhanced_metrics: metrics per instance besides those per variant, and invocation metrics at the same period.
        Utilization metrics are charged. Default False.
    detailed: whether SageMaker publishes the container's own Prometheus metrics (tokens, time to first token), GPUs
        and hosts as OpenTelemetry metrics for PromQL, ingested into CloudWatch at $0.50 per GB. Default True, as
        SageMaker's own default of new endpoint configs:
        https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-detailed-observability-getting-started.html
        (read 2026-11-29). `cdk_inference.metrics.DetailedQueries` has queries.
    metric_period_seconds: how often metrics are published: 10, 30, 60 (default), 120, 180, 240 or 300. Below 60 they
        are kept for 3 hours.
    capture: a share of the requests and answers, kept in S3. Default: none.

    Raises ConfigurationError.
    """

    retention_days: LogRetentionDays = 30
    keep_logs: bool = True
    enhanced_metrics: bool = False
    detailed: bool = True
    metric_period_seconds: PublishPeriodSeconds = DEFAULT_PUBLISH_PERIOD_SECONDS
    capture: DataCapture | None = None

    def __post_init__(self) -> None:
        flag = "write True or False"
        raise_problems(
            "Observability",
            one_of("retention_days", self.retention_days, LOG_RETENTION_DAYS, "choose the next longer period"),
            one_of("keep_logs", self.keep_logs, (True, False), flag),
            one_of("enhanced_metrics", self.enhanced_metrics, (True, False), flag),
            one_of("detailed", self.detailed, (True, False), flag),
            known_number("metric_period_seconds", self.metric_period_seconds, "instances are counted by it")
            or one_of(
                "metric_period_seconds", self.metric_period_seconds, PUBLISH_PERIODS_SECONDS, "choose one of these"
            ),
            None
            if self.capture is None
            else instance_of("capture", self.capture, DataCapture, "DataCapture or None", "capture=DataCapture(...)"),
        )


@dataclass(frozen=True, kw_only=True)
class Shared:
    """The arguments that endpoints of every kind take, once they are checked."""

    encryption_key: Key | None = None
    network_isolation: bool = True
    vpc: VpcPlacement | None = None
    observability: Observability
    role: Role | None = None
