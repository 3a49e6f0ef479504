"""What a measured throughput costs at a user's own traffic, hour by hour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cdk_inference.core.unknown import Unknown
from cdk_inference.hosting.count_range import CountRange

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
    counts: CountRange,
) -> TrafficCost | Unknown:
    """Returns the cost of serving `requests_per_hour`, one number an hour (24 for a day, 168 for a week).

    Each hour needs as many whole instances as its mean rate takes, or the lowest count, averaged over its schedule,
    where that is more. Scaling is taken to follow within the hour; peaks inside an hour are not covered.

    Args:
        requests_per_second: Of one instance at the latency target, as measured.
        counts: How many instances may run; Unknown is returned where traffic needs more.
    """
    if not requests_per_hour or sum(requests_per_hour) <= 0:
        return Unknown("no traffic was given")
    floor, highest = counts.average_lowest, counts.highest
    if isinstance(floor, Unknown) or isinstance(highest, Unknown):
        return floor if isinstance(floor, Unknown) else Unknown("the highest count is not known")
    hourly = []
    for hour, requests in enumerate(requests_per_hour):
        needed = math.ceil(requests / (requests_per_second * 3600) - 1e-9)
        if needed > highest:
            return Unknown(f"hour {hour} needs {needed} instances, {highest} is the most")
        hourly.append(max(float(needed), floor))
    average = math.fsum(hourly) / len(hourly)
    per_month = average * usd_per_instance_hour * HOURS_PER_MONTH
    requests_per_month = math.fsum(requests_per_hour) / len(requests_per_hour) * HOURS_PER_MONTH
    return TrafficCost(
        usd_per_month=per_month,
        usd_per_1000_requests=per_month / requests_per_month * 1000,
        average_instances=average,
    )
