"""Target tracking of a variant with pools of unequal types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from cdk_inference.core.checks import is_token, number_above
from cdk_inference.core.errors import Problem
from cdk_inference.metrics import POOL_DIMENSION
from cdk_inference.scaling.policies.base import row
from cdk_inference.scaling.policies.variant import TargetTracking
from cdk_inference.scaling.policy_parts import Math, Part
from cdk_inference.scaling.target import ScalableTarget

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html (botocore 1.44.5)
POOLS_MAX = 5


@dataclass(frozen=True, kw_only=True)
class PoolLoad(TargetTracking):
    """Holds the load of unequal instance types, each weighed by what one instance of it can take.

    max_concurrency: type -> requests in flight that one instance serves within your latency, measured; the types of the
        variant's `InstancePools`, all of them.
    load: what part of that to use, above 0 and below 1, for example 0.7.
    min_instances, max_instances: bounds, 1 or more; an instance counts one, whatever its type. The minimum is 1 by
        default.

    It is the mean of concurrency / maximum over the pools that have instances: one without publishes nothing, and
    counts neither above the line nor below it. AWS's own example has fixed weights, and no value while a pool is empty.

    The metrics by type are documented, and were not found so on live endpoints: docs/metrics.md. Look before you rely
    on it.

    https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html (read 2026-11-24)

    Cooldowns and windows: as in `Tracked`. Raises ConfigurationError.
    """

    max_concurrency: Mapping[str, float]
    load: float

    reading: ClassVar[str] = "ConcurrentRequestsPerModel"
    held: ClassVar[str] = "load"

    def __post_init__(self) -> None:
        super().__post_init__()
        # A copy: what the caller does to the mapping afterwards was not checked.
        object.__setattr__(self, "max_concurrency", MappingProxyType(dict(self.max_concurrency)))

    def __hash__(self) -> int:
        return hash((tuple(self.max_concurrency.items()), self.load, self.min_instances, self.max_instances))

    def _own_problems(self) -> list[Problem | None]:
        return [*self._maximum_problems(), self._load_problem()]

    def _maximum_problems(self) -> list[Problem | None]:
        given = self.max_concurrency
        fix = 'for example max_concurrency={"ml.g6e.2xlarge": 20, "ml.g6.2xlarge": 8}'
        if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
            return [Problem("max_concurrency", given, "a mapping of instance types to numbers", fix)]
        if not 2 <= len(given) <= POOLS_MAX:
            allowed = f"2 to {POOLS_MAX} types, as many as the pools"
            return [Problem("max_concurrency", list(given), allowed, f"for one type use TargetConcurrency; {fix}")]
        measured = "measure how many requests at once one instance of the type serves within your latency"
        found = [number_above(f"max_concurrency[{name}]", value, 0, measured) for name, value in given.items()]
        tokens = [name for name, value in given.items() if is_token(value)]
        if tokens:
            known = "numbers known at synth time: they are written into an expression"
            found.append(Problem("max_concurrency", tokens, known, "write the numbers themselves"))
        return found

    def _load_problem(self) -> Problem | None:
        fix = "give a share below 1, for example 0.7: at 1 every instance is as full as it can be"
        found = number_above("load", self.load, 0, fix, high=1)
        if found is None and not is_token(self.load) and self.load == 1:
            return Problem("load", self.load, "a number above 0, below 1", fix)
        return found

    def _target_problems(self, target: ScalableTarget) -> list[Problem]:
        types = [one.name for one in target.hardware]
        if sorted(types) == sorted(self.max_concurrency):
            return []
        allowed = f"the types of the pools: {', '.join(types) or 'unknown'}"
        fix = "write one number for each type; for a single type use TargetConcurrency"
        return [Problem("scaling.max_concurrency", list(self.max_concurrency), allowed, fix)]

    def own_parts(self, target: ScalableTarget) -> list[Part]:
        fact = row(self.reading, target.kind)
        ids = {name: f"m{number}" for number, name in enumerate(self.max_concurrency, 1)}
        metrics = tuple((id, target.measured(fact, "Average", **{POOL_DIMENSION: name})) for name, id in ids.items())
        loads = "+".join(f"FILL({ids[name]},0)/{most!r}" for name, most in self.max_concurrency.items())
        # A comparison is 1 or 0: the pools that have a value.
        pools = "+".join(f"(FILL({id},-1)>=0)" for id in ids.values())
        math = Math(metrics=metrics, expression=f"({loads})/({pools})", label="mean load of the pools")
        return [self.tracking("PoolLoad", math, self.load)]
