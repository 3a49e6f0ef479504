"""The variants beside an endpoint's own, as asked for, and why they could not stand there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from cdk_inference.core.checks import instance_of
from cdk_inference.core.errors import Problem
from cdk_inference.endpoints.asked import AskedVariant
from cdk_inference.endpoints.variants import ShadowVariant, Variant
from cdk_inference.rollout import RollbackWhen, Rolling
from cdk_inference.rollout.when import ROLLBACK_ALARMS_MAX
from cdk_inference.scaling import FixedCount

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html (botocore 1.44.5)
VARIANTS_MAX = 10

_ONE_AT_A_TIME = "compare in a shadow first and share the traffic afterwards, or make a second endpoint"


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
    named = [(f"more_variants[{number}].name", one.name) for number, one in enumerate(variants)]
    named += [] if shadow is None else [("shadow.name", shadow.name)]
    found: list[Problem | None] = []
    taken = [main_name]
    for argument, name in named:
        # SageMaker compares names of endpoints without case; that it does not so with variants is written nowhere.
        if name.lower() in (other.lower() for other in taken):
            allowed = f"a name other than {', '.join(taken)}, whatever the case"
            found.append(Problem(argument, name, allowed, "rename it"))
        taken.append(name)
    if len(variants) >= VARIANTS_MAX:
        allowed = f"{VARIANTS_MAX} variants, the endpoint's own among them"
        found.append(Problem("more_variants", f"{len(variants)} more", allowed, "make a second endpoint"))
    share = _together(one.traffic_percent for one in variants)
    if share > 100:
        allowed = "100 together; the endpoint's own variant gets what is left"
        found.append(Problem("more_variants", f"{share:g} % of the requests", allowed, "lower traffic_percent"))
    if shadow is not None and variants:
        # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html (botocore 1.44.5)
        allowed = "one production variant beside a shadow variant"
        found.append(Problem("shadow", f"{len(variants) + 1} production variants", allowed, _ONE_AT_A_TIME))
    return [*found, *_rollout_problems(rollout, len(variants) + 1, shadowed=shadow is not None)]


def own_weight(shares: Sequence[float]) -> float:
    """The weight of the endpoint's own variant: what the others' shares leave of 100, or 1 where it is alone."""
    return 100 - _together(shares) if shares else 1


def _together(shares: Iterable[float]) -> float:
    # Not 100.00000000000001 for three thirds.
    return round(math.fsum(shares), 9)


def _rollout_problems(rollout: object, variants: int, *, shadowed: bool) -> list[Problem]:
    """Why an endpoint with so many production variants cannot be updated so."""
    if isinstance(rollout, Rolling) and (variants > 1 or shadowed):
        # https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html (read 2026-11-22). Of a
        # shadow the page says nothing; counting it as a variant is this package's caution.
        allowed = "another rollout: with several variants SageMaker ignores Rolling and updates all at once, unwatched"
        return [Problem("rollout", "Rolling", allowed, "use AllAtOnce(...), Canary(...) or Linear(...)")]
    when = getattr(rollout, "rollback_when", None)
    if isinstance(when, RollbackWhen) and when.p99_milliseconds is not None and 2 * variants > ROLLBACK_ALARMS_MAX:
        allowed = f"none with more than {ROLLBACK_ALARMS_MAX // 2} variants: an update has {ROLLBACK_ALARMS_MAX} alarms"
        fix = "leave it out: errors are watched all the same"
        return [Problem("rollout.rollback_when.p99_milliseconds", when.p99_milliseconds, allowed, fix)]
    return []


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
