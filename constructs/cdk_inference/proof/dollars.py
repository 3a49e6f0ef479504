"""What a measured throughput costs at a user's own traffic, hour by hour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cdk_inference.core.unknown import Unknown

HOURS_PER_MONTH = 730  # a year of 8760 hours, by 12


@dataclass(frozen=True, kw_only=True)
class TrafficCost:
    """The cost of a repeated profile of traffic.

    Args:
        usd_per_month: Of 730 hours.
        usd_per_1000_requests: With idle capacity included.
        average_instances: Over the profile.
    """

    usd_per_month: float
    usd_per_1000_requests: float
    average_instances: float


def cost_of_traffic(
    requests_per_hour: Sequence[float],
    *,
    requests_per_second: float,
    usd_per_instance_hour: float,
    lowest: float | Sequence[float],
    highest: float | None = None,
) -> TrafficCost | Unknown:
    """Returns the cost of serving `requests_per_hour`, one number an hour (24 for a day, 168 for a week).

    Each hour needs as many whole instances as its mean rate takes, or the lowest count where that is more. Scaling is
    taken to follow within the hour; peaks inside an hour are not covered.

    Args:
        requests_per_second: Of one instance at the latency target, as measured.
        lowest: Instances that run without traffic: one number, or one an hour where a schedule sets it.
        highest: Instances at most; None is no limit. Unknown is returned where traffic needs more.
    """
    if not requests_per_hour or sum(requests_per_hour) <= 0:
        return Unknown("no traffic was given")
    floors = list(lowest) if isinstance(lowest, Sequence) else [lowest] * len(requests_per_hour)
    if len(floors) != len(requests_per_hour):
        return Unknown(f"{len(floors)} lowest counts for {len(requests_per_hour)} hours")
    counts = []
    for hour, (requests, floor) in enumerate(zip(requests_per_hour, floors, strict=True)):
        needed = math.ceil(requests / (requests_per_second * 3600) - 1e-9)
        if highest is not None and needed > highest:
            return Unknown(f"hour {hour} needs {needed} instances, {highest:g} is the most")
        counts.append(max(float(needed), floor))
    average = math.fsum(counts) / len(counts)
    per_month = average * usd_per_instance_hour * HOURS_PER_MONTH
    requests_per_month = math.fsum(requests_per_hour) / len(requests_per_hour) * HOURS_PER_MONTH
    return TrafficCost(
        usd_per_month=per_month,
        usd_per_1000_requests=per_month / requests_per_month * 1000,
        average_instances=average,
    )
