"""Variants beside an endpoint's own: another production variant that answers a share of the requests, or a shadow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from cdk_inference.checks import instance_of, is_token, matching, whole_number
from cdk_inference.endpoints.asked import AskedVariant
from cdk_inference.endpoints.pools import InstancePools
from cdk_inference.endpoints.variant import DEFAULT_ROUTING
from cdk_inference.errors import Problem, refuse
from cdk_inference.names import ENDPOINT_NAME_PATTERN
from cdk_inference.rollout import Rolling
from cdk_inference.scaling import FixedCount, Policy
from cdk_inference.serving import Bucket, Server, StartupTimeouts

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html (botocore 1.44.5)
VARIANTS_MAX = 10

_ONE_INSTANCE = FixedCount(instances=1)
_NAME = "letters, digits and single hyphens between them, up to 63 characters"


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A further production variant of a real-time endpoint, for an A/B test; callers cannot tell who answered.

    name: of the variant, unlike every other's. A new name is a new variant.
    traffic_percent: its share of the requests, 0 to 100. The endpoint's own variant gets what all others leave.
    server, hardware, scaling, startup, routing: as in `RealtimeEndpoint`.

    Raises ConfigurationError.
    """

    name: str
    traffic_percent: float
    server: Server
    hardware: str | InstancePools
    scaling: Policy = _ONE_INSTANCE
    startup: StartupTimeouts | None = None
    routing: str = DEFAULT_ROUTING

    def __post_init__(self) -> None:
        share = percent_problem("traffic_percent", self.traffic_percent, 0, "give the share of the requests")
        refuse("Variant", _name_problem(self.name), share)

    def in_bucket(self, bucket: Bucket) -> Variant:
        """The same variant with its model in `bucket`."""
        return _in_bucket(self, bucket)


@dataclass(frozen=True, kw_only=True)
class ShadowVariant:
    """A variant that gets copies of the requests and whose answers nobody sees: to try a server or another chip.

    sampling_percent: share of the requests that are copied, above 0, at most 100. Written as the shadow's weight, with
        1 for the production variant; AWS's reference gives no formula, and this was not tried in an account.
    server, hardware, startup, routing: as in `RealtimeEndpoint`.
    instances: how many, 1 or more. It is not scaled: AWS's pages do not say that a shadow variant can be. While the
        endpoint's own variant is, SageMaker keeps the shadow's count too, so another count needs another `name`.
    name: of the variant.

    https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests.html (read 2026-11-22)

    Raises ConfigurationError.
    """

    sampling_percent: float
    server: Server
    hardware: str | InstancePools
    instances: int = 1
    startup: StartupTimeouts | None = None
    routing: str = DEFAULT_ROUTING
    name: str = "Shadow"

    def __post_init__(self) -> None:
        share = percent_problem("sampling_percent", self.sampling_percent, None, "give the share that is copied")
        count = whole_number("instances", self.instances, 1, None, "give a count of 1 or more")
        refuse("ShadowVariant", share, count, _name_problem(self.name))

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


def asked_beside(
    variants: Sequence[Variant], shadow: ShadowVariant | None, endpoint_name: str
) -> tuple[list[AskedVariant], list[AskedVariant]]:
    """(production variants, shadow variants) as asked; values of a wrong type are left out, see `beside_problems`."""
    production = [
        AskedVariant(
            name=variant.name,
            server=variant.server,
            hardware=variant.hardware,
            scaling=variant.scaling,
            routing=variant.routing,
            startup=variant.startup,
            weight=variant.traffic_percent,
            where=f"more_variants[{number}].",
            endpoint_name=endpoint_name,
        )
        for number, variant in enumerate(variants if isinstance(variants, (list, tuple)) else ())
        if isinstance(variant, Variant)
    ]
    if not isinstance(shadow, ShadowVariant):
        return production, []
    copied = AskedVariant(
        name=shadow.name,
        server=shadow.server,
        hardware=shadow.hardware,
        scaling=FixedCount(instances=shadow.instances),
        routing=shadow.routing,
        startup=shadow.startup,
        weight=shadow.sampling_percent / 100,
        where="shadow.",
        endpoint_name=endpoint_name,
    )
    return production, [copied]


def beside_problems(main_name: str, variants: object, shadow: object, rollout: object) -> list[Problem | None]:
    """Why these variants cannot stand beside the endpoint's own, each of them sound by itself."""
    if not isinstance(variants, (list, tuple)) or not all(isinstance(one, Variant) for one in variants):
        return [Problem("more_variants", variants, "a list of Variant", "more_variants=[Variant(...)]")]
    if shadow is not None and not isinstance(shadow, ShadowVariant):
        return [instance_of("shadow", shadow, ShadowVariant, "ShadowVariant or None", "shadow=ShadowVariant(...)")]
    names = [main_name, *(one.name for one in variants), *([] if shadow is None else [shadow.name])]
    found: list[Problem | None] = []
    # SageMaker compares names of endpoints without case; that it does not so with variants is written nowhere.
    twice = sorted({name for name in names if [one.lower() for one in names].count(name.lower()) > 1})
    if twice:
        found.append(Problem("more_variants", twice, "a name of its own for each variant", "rename one of them"))
    if len(variants) >= VARIANTS_MAX:
        allowed = f"{VARIANTS_MAX} variants, the endpoint's own among them"
        found.append(Problem("more_variants", f"{len(variants)} more", allowed, "make a second endpoint"))
    share = sum(one.traffic_percent for one in variants)
    if share > 100:
        allowed = "100 together; the endpoint's own variant gets what is left"
        found.append(Problem("more_variants", f"{share:g} % of the requests", allowed, "lower traffic_percent"))
    if shadow is not None and variants:
        # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html (botocore 1.44.5)
        allowed = "one production variant beside a shadow variant"
        found.append(Problem("shadow", f"{len(variants) + 1} production variants", allowed, _ONE_AT_A_TIME))
    if isinstance(rollout, Rolling) and variants:
        # https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html (read 2026-11-22)
        allowed = "another rollout: with several variants SageMaker ignores Rolling and updates all at once, unwatched"
        found.append(Problem("rollout", "Rolling", allowed, "use AllAtOnce(...), Canary(...) or Linear(...)"))
    return found


def shadow_chip_problems(asked: Sequence[AskedVariant]) -> list[Problem]:
    """Shadow tests exclude Inf1.

    https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests.html (read 2026-11-22)
    """
    allowed = "hardware other than Inf1 in a shadow test"
    return [
        Problem(f"{one.where}hardware", pool.hardware.name, allowed, "use Inf2 or a GPU")
        for one in asked
        for pool in one.pools()
        if pool.hardware.accelerator == "Inferentia"
    ]


_ONE_AT_A_TIME = "compare in a shadow first and share the traffic afterwards, or make a second endpoint"
