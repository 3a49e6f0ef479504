"""The arguments of an InferenceNetwork, and the placement of endpoints in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from cdk_inference.core.checks import has_members, instance_of, is_token, one_of, whole_number
from cdk_inference.core.errors import Problem
from cdk_inference.kit.iam import ENDPOINT_POLICY_CHARACTERS_MAX, document_characters
from cdk_inference.kit.log_groups import LOG_RETENTION_DAYS
from cdk_inference.kit.region_checks import key_problem, region_problem
from cdk_inference.kit.vpc_placement import VpcPlacement
from cdk_inference.network.addresses import cidr_problem
from cdk_inference.network.service_access import ECR_LAYERS, INTERFACE_SERVICES
from cdk_inference.serving import Bucket


@dataclass(frozen=True, kw_only=True)
class NetworkPlacement(VpcPlacement):
    """Made by `InferenceNetwork`; read_from and write_to are the names of its buckets."""

    read_from: tuple[str, ...]
    write_to: tuple[str, ...]

    def bucket_problems(self, *, read: Iterable[Bucket], written: Iterable[Bucket]) -> list[Problem]:
        return [
            *_missing("read_from", self.read_from, read, "models are fetched through the network's S3 endpoint"),
            *_missing("write_to", self.write_to, written, "without it captured data is lost without an error"),
        ]


def _missing(argument: str, let_through: tuple[str, ...], wanted: Iterable[Bucket], why: str) -> Iterable[Problem]:
    """A bucket's name can be text here and a token there: only where all is text, or nothing is let through."""
    for name in dict.fromkeys(bucket.bucket_name for bucket in wanted):
        certain = not let_through or not any(is_token(one) for one in (name, *let_through))
        if certain and name not in let_through:
            bucket = "this bucket" if is_token(name) else f"the bucket {name}"
            fix = f"write InferenceNetwork({argument}=[..., bucket])"
            yield Problem(f"vpc.{argument}", let_through, f"{bucket} too: {why}", fix)


def _size_problem(read_from: Iterable[Any], write_to: Iterable[Any]) -> Problem | None:
    """More buckets than the policy of the S3 endpoint holds."""
    around = {"Sid": "CapturedData", "Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", "s3:ListBucket"]}
    reading = [arn for one in read_from for arn in _arns(one)]
    written = [_arns(one)[1] for one in write_to]
    layers = [f"arn:aws-us-gov:s3:::{ECR_LAYERS}"]
    size = document_characters([{**around, "Resource": arns} for arns in (reading, written, layers)])
    if size <= ENDPOINT_POLICY_CHARACTERS_MAX:
        return None
    allowed = f"buckets that the policy of one endpoint holds, {ENDPOINT_POLICY_CHARACTERS_MAX} characters"
    got = f"buckets for {size} characters"
    return Problem("read_from, write_to", got, allowed, "make a network for each part of them")


def _arns(bucket: Any) -> tuple[str, str]:
    """What the policy has of a bucket; a name that is known at deployment only has 63 characters at most."""
    name = "x" * 63 if is_token(bucket.bucket_name) else bucket.bucket_name
    return f"arn:aws-us-gov:s3:::{name}", f"arn:aws-us-gov:s3:::{name}/*"


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
    retention_days: object,
    keep_logs: object,
    region: str,
) -> list[Problem | None]:
    """Everything that is wrong with the arguments of a network in `region`."""
    some_zones, zone_count = _zones(zones)
    some_services, service_count = _services(services)
    count = whole_number("instances", instances, 0, None, "give the sum over all endpoints, doubled for updates")
    buckets = [
        *_buckets("read_from", read_from, region, needed=True),
        *_buckets("write_to", write_to, region, needed=False),
    ]
    return [
        *buckets,
        None if any(buckets) else _size_problem(cast("Any", read_from), cast("Any", write_to)),
        some_zones,
        cidr_problem(cidr, zone_count, instances if isinstance(instances, int) and count is None else 0, service_count),
        count,
        some_services,
        None if encryption_key is None else key_problem(encryption_key, region, "network"),
        one_of("retention_days", retention_days, LOG_RETENTION_DAYS, "choose the next longer period"),
        instance_of("keep_logs", keep_logs, bool, "True or False", "write True or False"),
    ]


def _zones(zones: object) -> tuple[Problem | None, int]:
    """Returns (problems, count)."""
    fix = 'for example zones=2, or zones=("us-east-1a", "us-east-1b")'
    allowed = f"{ZONES_MIN} to {ZONES_MAX}, or as many different names of zones"
    named = zones if isinstance(zones, (list, tuple)) and all(isinstance(name, str) for name in zones) else None
    count = len(set(named)) if named is not None else zones
    if type(count) is not int or not ZONES_MIN <= count <= ZONES_MAX:
        return Problem("zones", zones, allowed, fix), ZONES_MIN
    return (None if named is None or count == len(named) else Problem("zones", zones, allowed, fix)), count


def _services(services: object) -> tuple[Problem | None, int]:
    """Returns (problems, count)."""
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
