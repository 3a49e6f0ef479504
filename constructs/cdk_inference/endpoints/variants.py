"""Variants beside an endpoint's own: another production variant that answers a share of the requests, or a shadow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from cdk_inference.core.checks import is_token, matching, whole_number
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.core.names import ENDPOINT_NAME_PATTERN
from cdk_inference.endpoints.pools import InstancePools
from cdk_inference.endpoints.routing import DEFAULT_ROUTING, Routing
from cdk_inference.scaling import FixedCount, Policy
from cdk_inference.serving import Bucket, Server, StartupTimeouts

_ONE_INSTANCE = FixedCount(instances=1)
_NAME = "letters, digits and single hyphens between them, up to 63 characters"


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A further production variant of a real-time endpoint, for an A/B test; callers cannot see which variant answered.

    name: of the variant, unlike every other's. A new name is a new variant.
    traffic_percent: its share of the requests, 0 to 100. The endpoint's own variant gets what all others leave. An
        update sets the shares again, also where someone changed them by hand meanwhile.
    server, hardware, scaling, startup, routing: as in `RealtimeEndpoint`. While any variant is autoscaled, a fixed one
        is registered too, so that its count follows the template. Removing a registered variant, or changing its
        hardware, takes two deployments: docs/updates.md.

    Raises ConfigurationError.
    """

    name: str
    traffic_percent: float
    server: Server
    hardware: str | InstancePools
    scaling: Policy = _ONE_INSTANCE
    startup: StartupTimeouts | None = None
    routing: Routing = DEFAULT_ROUTING

    def __post_init__(self) -> None:
        share = percent_problem("traffic_percent", self.traffic_percent, 0, "give the share of the requests")
        raise_problems("Variant", _name_problem(self.name), share)

    def in_bucket(self, bucket: Bucket) -> Variant:
        """The same variant with its model in `bucket`."""
        return _in_bucket(self, bucket)


@dataclass(frozen=True, kw_only=True)
class ShadowVariant:
    """A variant that gets copies of the requests and whose answers nobody sees: to try a server or another chip.

    sampling_percent: share of the requests that are copied, above 0, at most 100. Written as the shadow's weight, with
        1 for the production variant; AWS's reference gives no formula, and this was not tried in an account.
    server, hardware, startup, routing: as in `RealtimeEndpoint`.
    instances: how many, 1 (default) or more. It is not scaled: AWS's pages do not say that a shadow variant can be.
        While the endpoint's own variant is, SageMaker keeps the shadow's count too, so another count needs another
        `name`.
    name: of the variant. Default "Shadow".

    https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests.html (read 2026-11-22)

    Raises ConfigurationError.
    """

    sampling_percent: float
    server: Server
    hardware: str | InstancePools
    instances: int = 1
    startup: StartupTimeouts | None = None
    routing: Routing = DEFAULT_ROUTING
    name: str = "Shadow"

    def __post_init__(self) -> None:
        share = percent_problem("sampling_percent", self.sampling_percent, None, "give the share that is copied")
        count = whole_number("instances", self.instances, 1, None, "give a count of 1 or more")
        raise_problems("ShadowVariant", share, count, _name_problem(self.name))

    def in_bucket(self, bucket: Bucket) -> ShadowVariant:
        """The same variant with its model in `bucket`."""
        return _in_bucket(self, bucket)


def percent_problem(argument: str, value: object, low: float | None, fix: str) -> Problem | None:
    """`value` must be a number up to 100, from `low`, or above 0 where that is None."""
    allowed = f"a number from {low:g} to 100" if low is not None else "a number above 0, at most 100"
    if is_token(value):
        return Problem(argument, "a value known at deployment only", allowed, fix)  # the other shares follow from it
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return Problem(argument, value, allowed, fix)
    fits = value <= 100 and (value > 0 if low is None else value >= low)
    return None if fits else Problem(argument, value, allowed, fix)


def _name_problem(name: object) -> Problem | None:
    return matching("name", name, ENDPOINT_NAME_PATTERN, _NAME, 'for example "Challenger"')


_Beside = TypeVar("_Beside", Variant, ShadowVariant)


def _in_bucket(variant: _Beside, bucket: Bucket) -> _Beside:
    hardware = variant.hardware
    bound = hardware.in_bucket(bucket) if isinstance(hardware, InstancePools) else hardware
    return replace(variant, server=variant.server.in_bucket(bucket), hardware=bound)
