"""Instance pools: several types for one endpoint, in order of preference, for when the first cannot be had.

https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html (read 2026-11-22)
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cdk_inference.core.checks import as_tuple, instance_of, whole_number
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.hardware import InstanceType
from cdk_inference.serving import Bucket, Server

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html (botocore 1.44.5)
POOLS_MAX = 5
PROVISION_SECONDS_MIN, PROVISION_SECONDS_MAX = 300, 3600


@dataclass(frozen=True, kw_only=True)
class InstancePools:
    """Two to five instance types by priority, the first one first.

    types: "ml.<family>.<size>", each once.
    servers: type -> server, for types that need another one than the endpoint's (another degree of parallelism, another
        image). All servers must need the same host image, since a variant has one. Default: none.
    provision_timeout_seconds: how long SageMaker tries to get instances, 300 to 3600. Default: SageMaker's. AWS's guide
        calls it the total over all pools, its launch blog the time for each: plan for pools x time-out.
    allow_untested: True allows to mix Neuron and GPU types, which AWS's pages neither show nor forbid. Default False.

    An instance counts one, whatever its size: use `TargetConcurrency` and `TargetInvocations` for types that are alike.

    Raises ConfigurationError.
    """

    types: tuple[str, ...]
    servers: Mapping[str, Server] = field(default_factory=dict)
    provision_timeout_seconds: int | None = None
    allow_untested: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "types", as_tuple(self.types))
        raise_problems("InstancePools", *self._problems())
        # A copy: what the caller does to the mapping afterwards was not checked.
        object.__setattr__(self, "servers", dict(self.servers))

    def _problems(self) -> list[Problem | None]:
        names = self.types
        if not isinstance(names, tuple) or not all(isinstance(name, str) for name in names):
            fix = 'for example types=("ml.g6.12xlarge", "ml.g5.12xlarge")'
            return [Problem("types", names, f"a tuple of 2 to {POOLS_MAX} instance types", fix)]
        problems: list[Problem | None] = []
        if not 2 <= len(names) <= POOLS_MAX or len(set(names)) < len(names):
            fix = 'write one type as hardware="ml...."; drop types that appear twice or come last'
            problems.append(Problem("types", names, f"2 to {POOLS_MAX} types, each once", fix))
        if not isinstance(self.servers, Mapping) or not all(isinstance(one, Server) for one in self.servers.values()):
            fix = 'for example servers={"ml.g5.12xlarge": Lmi(...)}'
            problems.append(Problem("servers", self.servers, "a mapping of types to servers", fix))
        elif unknown := [name for name in self.servers if name not in names]:
            problems.append(Problem("servers", unknown, f"types of these pools: {', '.join(names)}", "correct the key"))
        if self.provision_timeout_seconds is not None:
            limits = (PROVISION_SECONDS_MIN, PROVISION_SECONDS_MAX)
            fix = "choose seconds within the limits"
            problems.append(whole_number("provision_timeout_seconds", self.provision_timeout_seconds, *limits, fix))
        flag = "write True only if you have tried it"
        return [*problems, instance_of("allow_untested", self.allow_untested, bool, "True or False", flag)]

    def in_bucket(self, bucket: Bucket) -> InstancePools:
        """The same pools, with the models of their own servers in `bucket`."""
        servers = {name: server.in_bucket(bucket) for name, server in self.servers.items()}
        return dataclasses.replace(self, servers=servers)


class Pool(NamedTuple):
    """One type and what runs on it."""

    hardware: InstanceType
    server: Server


def distinct_servers(pools: list[Pool]) -> list[Server]:
    """The servers of the pools, each once, in their order; equal servers share a model."""
    found: list[Server] = []
    for pool in pools:
        if pool.server not in found:
            found.append(pool.server)
    return found


def pool_problems(pools: list[Pool], *, allow_untested: bool) -> list[Problem]:
    """Why these types cannot serve one variant together."""
    problems = mix_problems([pool.hardware for pool in pools], allow_untested=allow_untested)
    images = sorted({str(pool.server.host_image) for pool in pools})
    if len(images) > 1:
        allowed = "one host image (InferenceAmiVersion) for all pools"
        fix = "choose servers that are built for the same host image, or make a second endpoint"
        problems["images"] = Problem("hardware.servers", images, allowed, fix)
    return [problems[what] for what in ("kinds", "images", "volumes") if what in problems]


def mix_problems(types: Sequence[InstanceType], *, allow_untested: bool) -> dict[str, Problem]:
    """Why these types cannot be pools of one variant, whatever runs on them, by what differs."""
    problems = {}
    kinds = sorted({one.kind for one in types})
    if len(kinds) > 1 and not allow_untested:
        problems["kinds"] = Problem(
            "hardware.types",
            " and ".join(kinds),
            "one kind of hardware: AWS's pages neither show nor forbid a mix, and pools share one host image",
            "make a second endpoint for the other chip and move the callers; or write allow_untested=True",
        )
    if len({one.storage_volume for one in types}) > 1:
        without = ", ".join(one.name for one in types if not one.storage_volume)
        got = f"{without} together with types with a storage volume"
        fix = "choose types that all have local NVMe storage, or none"
        allowed = "types that all take a storage volume, or none"
        problems["volumes"] = Problem("hardware.types", got, allowed, fix)
    return problems
