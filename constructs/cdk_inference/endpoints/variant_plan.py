"""A validated production variant, and how its instances are counted."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.endpoints.pool_metrics import PoolMetrics
from cdk_inference.endpoints.pools import Pool, distinct_servers
from cdk_inference.endpoints.routing import Routing
from cdk_inference.hardware import InstanceType
from cdk_inference.hosting import HostedVariant
from cdk_inference.scaling import Policy, ScalableTarget
from cdk_inference.serving import Server, StartupTimeouts
from cdk_inference.serving.startup import volume_gb


@dataclass(frozen=True, kw_only=True)
class BilledVariant:
    """A variant whose instances are counted by the samples of processor use that they publish.

    metrics: the variant's metrics; `metrics.instance_types` are its types, None where they are not known.
    hosted: its description.
    publish_seconds: how often each instance publishes.
    """

    metrics: PoolMetrics
    hosted: HostedVariant
    publish_seconds: int

    @property
    def counts_requests(self) -> bool:
        """Whether its own requests are published; those of a shadow are not."""
        return not self.hosted.shadow


@dataclass(frozen=True, kw_only=True)
class VariantPlan:
    """What the endpoint config says of one variant.

    routing: how requests find an instance; None where they wait in a queue.
    weight: its share of the traffic, relative to the other variants'; of a shadow variant, relative to the production
        variant's.
    provision_timeout_seconds: of instance pools; None is SageMaker's own.
    reservation_arn: where the instances come from; None is wherever there are some.
    startup_warning: (id, message) where SageMaker's longest time-outs may not suffice.
    """

    name: str
    pools: list[Pool]
    scaling: Policy
    target: ScalableTarget
    startup: StartupTimeouts
    routing: Routing | None
    weight: float = 1
    provision_timeout_seconds: int | None = None
    reservation_arn: str | None = None
    startup_warning: tuple[str, str] | None = None

    @property
    def instance_types(self) -> tuple[InstanceType, ...]:
        """Its types by priority."""
        return tuple(pool.hardware for pool in self.pools)

    @property
    def volume_gb(self) -> int | None:
        """Of each instance's storage volume, with room for the largest model of its pools; None without a volume."""
        return max(volume_gb(pool.server.model) for pool in self.pools) if self.storage_volume else None

    def hosted(self, *, shadow: bool = False) -> HostedVariant:
        """What it hosts."""
        return HostedVariant(
            name=self.name,
            shadow=shadow,
            types=tuple(one.name for one in self.instance_types),
            instances=self.scaling.counts,
            volume_gb=self.volume_gb,
        )

    @property
    def storage_volume(self) -> bool:
        """Whether SageMaker attaches a volume; pools that differ in that are refused."""
        return self.pools[0].hardware.storage_volume


def servers_of(plans: list[VariantPlan]) -> list[Server]:
    """The servers of all variants, each once, in their order."""
    return distinct_servers([pool for plan in plans for pool in plan.pools])
