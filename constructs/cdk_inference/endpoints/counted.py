"""What of an endpoint runs and is billed by the hour, and how its metrics count it."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.endpoints.pool_metrics import PoolMetrics


@dataclass(frozen=True, kw_only=True)
class CountedVariant:
    """The instances of one variant: the published samples of processor use count them.

    metrics: the variant's metrics; `metrics.instance_types` are its types, None where they are not known.
    minimum: the fewest instances that ever run; None where it is known at deployment only, or elsewhere.
    publish_seconds: how often each instance publishes.
    counts_requests: whether its own requests are published; not for shadows and for what hosts components.
    """

    metrics: PoolMetrics
    minimum: int | None
    publish_seconds: int
    counts_requests: bool = True
