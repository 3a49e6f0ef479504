"""What can be wrong with a network, gathered before anything is made. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable

from cdk_inference.core.checks import has_members, instance_of, one_of, whole_number
from cdk_inference.core.errors import Problem
from cdk_inference.endpoints.settings import LOG_RETENTION_DAYS
from cdk_inference.kit.region_checks import key_problem, region_problem
from cdk_inference.network.addresses import cidr_problem
from cdk_inference.network.service_access import INTERFACE_SERVICES

# Two even for one instance: https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html (read 2026-11-24)
ZONES_MIN = 2
# One subnet per zone, and a model takes 16: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_VpcConfig.html
ZONES_MAX = 16


def network_problems(
    *,
    read_from: object,
    write_to: object,
    zones: object,
    cidr: object,
    instances: object,
    services: object,
    encryption_key: object,
    flow_log_days: object,
    keep_flow_logs: object,
    region: str,
) -> list[Problem | None]:
    """Everything that is wrong with the arguments of a network in `region`."""
    some_zones, zone_count = _zones(zones)
    some_services, service_count = _services(services)
    count = whole_number("instances", instances, 0, None, "give the sum over all endpoints, doubled for updates")
    return [
        *_buckets("read_from", read_from, region, needed=True),
        *_buckets("write_to", write_to, region, needed=False),
        some_zones,
        cidr_problem(cidr, zone_count, instances if isinstance(instances, int) and count is None else 0, service_count),
        count,
        some_services,
        None if encryption_key is None else key_problem(encryption_key, region, "network"),
        one_of("flow_log_days", flow_log_days, LOG_RETENTION_DAYS, "choose the next longer period"),
        instance_of("keep_flow_logs", keep_flow_logs, bool, "True or False", "write True or False"),
    ]


def _zones(zones: object) -> tuple[Problem | None, int]:
    """(what is wrong, how many)."""
    fix = 'for example zones=2, or zones=("us-east-1a", "us-east-1b")'
    allowed = f"{ZONES_MIN} to {ZONES_MAX}, or as many different names of zones"
    named = zones if isinstance(zones, (list, tuple)) and all(isinstance(name, str) for name in zones) else None
    count = len(set(named)) if named is not None else zones
    if isinstance(count, bool) or not isinstance(count, int) or not ZONES_MIN <= count <= ZONES_MAX:
        return Problem("zones", zones, allowed, fix), ZONES_MIN
    return (None if named is None or count == len(named) else Problem("zones", zones, allowed, fix)), count


def _services(services: object) -> tuple[Problem | None, int]:
    """(what is wrong, how many)."""
    allowed = f"{', '.join(INTERFACE_SERVICES)}, each once"
    fix = "choose from these; for any other service call network.vpc.add_interface_endpoint(...)"
    names = services if isinstance(services, (list, tuple)) else [services]
    if names is not services or len({str(name) for name in names}) < len(names):
        return Problem("services", services, allowed, fix), 0
    wrong = any(name not in INTERFACE_SERVICES for name in names)
    return (Problem("services", services, allowed, fix), 0) if wrong else (None, len(names))


def _buckets(argument: str, buckets: object, region: str, *, needed: bool) -> Iterable[Problem | None]:
    fix = f"for example {argument}=[bucket]"
    if not isinstance(buckets, (list, tuple)) or not all(has_members(one, "arn_for_objects") for one in buckets):
        return [Problem(argument, buckets, "a list of buckets (aws_s3.IBucket)", fix)]
    if needed and not buckets:
        return [Problem(argument, buckets, "at least the bucket that holds the models", fix)]
    return [
        region_problem(f"{argument}[{number}]", bucket, region, "a bucket", "network")
        for number, bucket in enumerate(buckets)
    ]
