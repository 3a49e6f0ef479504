"""Every metric of a SageMaker endpoint as data: the kind that publishes it, its dimensions, and its page.

`of_kind("async")` are the rows of one kind; `published("InvocationsPerInstance", "async")` gives the row, or the reason
why there is none. `METRICS` and `BY_NAME` are those of a real-time endpoint.
"""

from cdk_inference.metrics.detailed import DetailedQueries
from cdk_inference.metrics.fact import (
    INSTANCE_NAMESPACE,
    INVOCATION_NAMESPACE,
    KINDS,
    POOL_DIMENSION,
    POOL_DIMENSION_DOUBT,
    POOL_DIMENSION_SOURCE,
    MetricFact,
    NotPublished,
)
from cdk_inference.metrics.table import (
    BY_NAME,
    DEFAULT_PUBLISH_PERIOD_SECONDS,
    METRICS,
    NO_NEURON_METRIC,
    PUBLISH_PERIODS_SECONDS,
    PublishPeriodSeconds,
    absent,
    of_kind,
    published,
)

__all__ = [
    "BY_NAME",
    "DEFAULT_PUBLISH_PERIOD_SECONDS",
    "INSTANCE_NAMESPACE",
    "INVOCATION_NAMESPACE",
    "KINDS",
    "METRICS",
    "NO_NEURON_METRIC",
    "POOL_DIMENSION",
    "POOL_DIMENSION_DOUBT",
    "POOL_DIMENSION_SOURCE",
    "PUBLISH_PERIODS_SECONDS",
    "DetailedQueries",
    "MetricFact",
    "NotPublished",
    "PublishPeriodSeconds",
    "absent",
    "of_kind",
    "published",
]
