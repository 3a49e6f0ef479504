"""Endpoints of every kind out of a random number, all of them sound: what they host, how many run, and when."""

from __future__ import annotations

import random
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference import scaling, serving
from cdk_inference.core.unknown import Unknown
from cdk_inference.endpoints import (
    AsyncEndpoint,
    AsyncIo,
    ComponentEndpoint,
    DataCapture,
    InferenceComponent,
    InstancePools,
    ManagedInstances,
    Observability,
    RealtimeEndpoint,
    Resources,
    ServerlessEndpoint,
    ShadowVariant,
    Variant,
)
from cdk_inference.hardware import lookup
from cdk_inference.rollout import Immediate
from cdk_inference.scaling import ScheduledBounds

Hosting = RealtimeEndpoint | AsyncEndpoint | ServerlessEndpoint | ComponentEndpoint

# With a storage volume, and with local disks; and pools, whose types share the kind of disk.
HARDWARE = ("ml.m5.xlarge", "ml.g5.2xlarge", "ml.g6.12xlarge")
POOLS = InstancePools(types=("ml.g6.2xlarge", "ml.g5.2xlarge"))
# What repeats by the week or the year, what acts once, and what the calendar decides.
SCHEDULES = (
    *("cron(0 7 ? * MON-FRI *)", "cron(0 20 ? * MON-FRI *)", "cron(30 6 * * ? *)", "cron(0/30 22 * * ? *)"),
    *("cron(0 0 ? * SAT *)", "cron(0 0 1 12 ? *)", "cron(0 0 1 JAN ? *)", "cron(0 9 ? * MON#1 *)"),
    *("at(2027-03-01T00:00:00)", "cron(0 8 * * ? 2027)"),
)
ZONES = ("UTC", "UTC", "UTC", "Europe/Berlin")


def make(stack: cdk.Stack, number: int, chance: random.Random) -> Hosting:
    """One endpoint; of a host with its components."""
    makers = (_realtime, _asynchronous, _serverless, _shared)
    return chance.choice(makers)(stack, f"E{number}", chance)


def settings_in(hosting: Hosting) -> int:
    """How many things it hosts that have settings of their own: variants and components."""
    hosted = hosting.hosted
    assert not isinstance(hosted.variants, Unknown)
    return len(hosted.variants) + len(hosted.components)


def _realtime(stack: cdk.Stack, id: str, chance: random.Random) -> Hosting:
    hardware, server = _runs(stack, chance)
    beside: dict[str, Any] = {"server": server, "hardware": hardware}
    options: dict[str, Any] = {"observability": _observability(stack, chance), "rollout": Immediate()}
    if chance.random() < 0.3:
        options["shadow"] = ShadowVariant(sampling_percent=10, instances=chance.randint(1, 3), **beside)
    else:
        options["more_variants"] = [
            Variant(
                name=f"B{place}",
                traffic_percent=5,
                server=server,
                hardware=hardware,
                scaling=_instances(chance),
            )
            for place in range(chance.randint(0, 9))
        ]
    return RealtimeEndpoint(stack, id, scaling=_instances(chance), **beside, **options)


def _asynchronous(stack: cdk.Stack, id: str, chance: random.Random) -> Hosting:
    hardware, server = _runs(stack, chance)
    low, high, windows = _bounds(chance, lowest=0)
    policy: scaling.Policy = scaling.TargetBacklog(
        per_instance=5, min_instances=low, max_instances=high, windows=windows
    )
    if chance.random() < 0.3:
        policy = scaling.FixedCount(instances=chance.randint(1, 3))
    exchange = AsyncIo(bucket=stack.node.try_find_child("Exchange") or s3.Bucket(stack, "Exchange"))
    return AsyncEndpoint(
        stack, id, server=server, hardware=hardware, scaling=policy, exchange=exchange, rollout=Immediate()
    )


def _serverless(stack: cdk.Stack, id: str, chance: random.Random) -> Hosting:
    provisioned: Any = None
    kind = chance.choice(["none", "fixed", "tracked"])
    if kind == "fixed":
        provisioned = scaling.ProvisionedConcurrency(executions=chance.randint(1, 20))
    elif kind == "tracked":
        low, high, windows = _bounds(chance)
        provisioned = scaling.TargetProvisionedUtilization(
            utilization=0.5, allow_untested=True, min_concurrency=low, max_concurrency=high, windows=windows
        )
    model = serving.S3Archive(bucket=_bucket(stack), key="m/model.tar.gz", size_gb=0.1, unpacked_gb=0.2)
    return ServerlessEndpoint(
        stack,
        id,
        server=serving.TeiCpu(model=model),
        memory_mb=chance.choice([1024, 3072, 6144]),
        max_concurrency=chance.randint(20, 200),
        provisioned=provisioned,
    )


def _shared(stack: cdk.Stack, id: str, chance: random.Random) -> Hosting:
    low = chance.randint(0, 2)
    managed = ManagedInstances(min_instances=low, max_instances=30)
    fixed = chance.random() < 0.2
    hardware = chance.choice([POOLS, *HARDWARE])
    host = ComponentEndpoint(
        stack,
        id,
        hardware=hardware,
        instances=scaling.FixedCount(instances=30) if fixed else managed,
        observability=_observability(stack, chance),
    )
    kind = _kind(hardware)
    rests = low == 0 and not fixed
    for place in range(chance.randint(0, 8)):
        low, high, windows = _bounds(chance, lowest=0 if rests else 1)
        policy: scaling.Policy = scaling.TargetConcurrencyPerCopy(
            per_copy=8, min_copies=low, max_copies=high, windows=windows
        )
        if chance.random() < 0.3:
            policy = scaling.FixedCopies(copies=chance.randint(1, 3))
        InferenceComponent(
            stack,
            f"{id}C{place}",
            endpoint=host,
            server=_server(stack, kind, chance),
            resources=Resources(memory_mb=1024, accelerators=1 if kind == "gpu" else None),
            scaling=policy,
        )
    return host


def _instances(chance: random.Random) -> scaling.Policy:
    low, high, windows = _bounds(chance)
    bounds: dict[str, Any] = {"min_instances": low, "max_instances": high}
    concurrency = scaling.TargetConcurrency(per_instance=4, windows=windows, **bounds)
    made: list[scaling.Policy] = [
        concurrency,
        scaling.FixedCount(instances=low),
        scaling.CombinedPolicies(
            policies=(concurrency, scaling.TargetInvocations(per_instance_per_minute=600, **bounds))
        ),
    ]
    if windows:
        still = tuple(
            ScheduledBounds(
                schedule=one.schedule,
                time_zone=one.time_zone,
                min_capacity=one.min_capacity,
                max_capacity=one.min_capacity,
            )
            for one in windows
        )
        made.append(scaling.ScheduledCount(count=low, windows=still))
    return chance.choice(made)


def _bounds(chance: random.Random, lowest: int = 1) -> tuple[int, int, tuple[ScheduledBounds, ...]]:
    """(minimum, maximum, up to three windows)."""
    zone = chance.choice(ZONES)
    windows = []
    for schedule in chance.sample(SCHEDULES, chance.choice([0, 0, 1, 2, 2, 3])):
        low = chance.randint(lowest, 3)
        windows.append(
            ScheduledBounds(
                schedule=schedule,
                time_zone=zone if chance.random() < 0.9 else chance.choice(ZONES),
                min_capacity=low,
                max_capacity=chance.randint(max(low, 1), 5),
            )
        )
    return chance.randint(lowest, 3), chance.randint(3, 5), tuple(windows)


def _runs(stack: cdk.Stack, chance: random.Random) -> tuple[Any, serving.Server]:
    hardware = chance.choice([*HARDWARE, POOLS])
    return hardware, _server(stack, _kind(hardware), chance)


def _kind(hardware: str | InstancePools) -> str:
    return lookup(hardware.types[0] if isinstance(hardware, InstancePools) else hardware).kind


def _server(stack: cdk.Stack, kind: str, chance: random.Random) -> serving.Server:
    repository = stack.node.try_find_child("Repository") or ecr.Repository.from_repository_name(
        stack, "Repository", "mine"
    )
    return serving.Container(
        model=serving.S3Model(bucket=_bucket(stack), prefix="m/", size_gb=chance.choice([0.5, 16.1, 60])),
        image=serving.EcrImage(repository=repository, tag="1.0"),
        runs_on=(kind,),
    )


def _bucket(stack: cdk.Stack) -> Any:
    return stack.node.try_find_child("Models") or s3.Bucket.from_bucket_name(stack, "Models", "models")


def _observability(stack: cdk.Stack, chance: random.Random) -> Observability:
    if chance.random() < 0.7:
        return Observability()
    bucket = stack.node.try_find_child("Captured") or s3.Bucket(
        stack, "Captured", encryption=s3.BucketEncryption.KMS, encryption_key=kms.Key(stack, "Key")
    )
    return Observability(capture=DataCapture(bucket=bucket, percent=chance.randint(0, 100)))
