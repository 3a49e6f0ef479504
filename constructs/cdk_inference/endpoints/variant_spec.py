"""The arguments of the production and shadow variants of one endpoint, and everything that can be wrong with them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cdk_inference.core.checks import instance_of, is_token
from cdk_inference.core.errors import Problem
from cdk_inference.core.unknown import Unknown
from cdk_inference.endpoints.pools import InstancePools, Pool, pool_problems
from cdk_inference.endpoints.reservation import CapacityReservation
from cdk_inference.endpoints.routing import Routing, routing_problem
from cdk_inference.endpoints.source_checks import licence_problem, source_problems
from cdk_inference.endpoints.variant_plan import VariantPlan
from cdk_inference.endpoints.variants import ShadowVariant, Variant
from cdk_inference.hardware import InstanceType, lookup, region_problem, type_problem
from cdk_inference.kit.stack_context import StackContext
from cdk_inference.rollout import AllAtOnce, Canary, Immediate, Linear, RollbackWhen, Rolling
from cdk_inference.rollout.policies import Stepwise
from cdk_inference.rollout.when import ROLLBACK_ALARMS_MAX
from cdk_inference.scaling import FixedCount, Policy, ScalableTarget
from cdk_inference.scaling.target import SCALABLE
from cdk_inference.serving import AwsImage, HuggingFaceModel, Server, StartupTimeouts
from cdk_inference.serving.startup import VOLUME_GB_MAX, volume_gb
from cdk_inference.serving.startup_sum import longest_start

ROLLOUTS = (AllAtOnce, Canary, Linear, Rolling, Immediate)


@dataclass(frozen=True, kw_only=True)
class VariantSpec:
    """The arguments of one variant, unchecked.

    where: begins the arguments' names in messages: "" for the endpoint's own, "more_variants[0]." for another.
    routing: None where requests wait in a queue.
    kind: of the endpoint, "realtime" or "async"; each takes policies of its own.
    """

    name: str
    server: Server
    hardware: str | InstancePools
    scaling: Policy
    routing: Routing | None
    startup: StartupTimeouts | None = None
    weight: float = 1
    reservation: CapacityReservation | None = None
    where: str = ""
    kind: str = "realtime"
    endpoint_name: str

    def plan(self, context: StackContext) -> VariantPlan:
        """The plan, once `problems` are none."""
        pools = self.pools()
        timeouts, warning = longest_start((pool.server, pool.hardware) for pool in pools)
        return VariantPlan(
            name=self.name,
            pools=pools,
            scaling=self.scaling,
            startup=self.startup or timeouts,
            startup_warning=None if self.startup else warning,
            routing=self.routing,
            weight=self.weight,
            target=self.target(context),
            reservation_arn=None if self.reservation is None else self.reservation.arn,
            provision_timeout_seconds=self.hardware.provision_timeout_seconds
            if isinstance(self.hardware, InstancePools)
            else None,
        )

    def servers(self) -> list[Server]:
        """Every server that was named."""
        return [self.server, *self._own_servers().values()] if isinstance(self.server, Server) else []

    def pools(self) -> list[Pool]:
        """Each type that is known with its server; one type is one pool."""
        if not isinstance(self.server, Server):
            return []
        own = self._own_servers()
        return [Pool(known, own.get(known.name, self.server)) for known in known_types(self.hardware)]

    def problems(self, context: StackContext, rollout: object) -> list[Problem]:
        """All that is wrong with it in this stack, in the order of the arguments."""
        region = context.region
        wanted, pools = wanted_types(self.hardware), self.pools()
        found: list[Problem | None] = [
            instance_of("server", self.server, Server, "a server", "for example server=Lmi(model=S3Model(...), ...)"),
            *(_type_problem(where, name) for where, name in wanted),
            *self._scaling_problems(context, pools),
            None
            if self.startup is None
            else instance_of(
                "startup", self.startup, StartupTimeouts, "StartupTimeouts", "startup=StartupTimeouts(...)"
            ),
            None if self.kind == "async" else routing_problem(self.routing, pooled=len(wanted) > 1),
        ]
        if isinstance(rollout, Stepwise) and isinstance(self.scaling, Policy):
            found += stepwise_problems(rollout, self.scaling)
        for one in self.servers():
            found += server_problems(one, context)
        for pool in pools:
            if not self.reserved_only(pool.hardware):
                found.append(region_problem("hardware", pool.hardware, region))
            found.append(_guardrail_problem(rollout, pool.hardware))
            found += pool.server.problems_on(pool.hardware, region)
            found.append(volume_problem(pool.server, pool.hardware))
        if isinstance(self.hardware, InstancePools):
            found += pool_problems(pools, allow_untested=self.hardware.allow_untested)
        return [self._named(problem) for problem in found if problem is not None]

    def reserved_only(self, hardware: InstanceType) -> bool:
        """Whether no region lists `hardware` on demand, while the instances come from a reservation."""
        return isinstance(self.reservation, CapacityReservation) and hardware.regions == frozenset()

    def target(self, context: StackContext) -> ScalableTarget:
        """The variant as something to scale."""
        return ScalableTarget.variant(
            self.kind,
            self.endpoint_name,
            self.name,
            hardware=tuple(pool.hardware for pool in self.pools()),
            account=context.account,
            region=context.region,
        )

    def _scaling_problems(self, context: StackContext, pools: list[Pool]) -> list[Problem | None]:
        if not isinstance(self.scaling, Policy):
            allowed = ", ".join(SCALABLE[self.kind].policies)
            return [Problem("scaling", self.scaling, allowed, "scaling=FixedCount()")]
        # What hardware the policy meets is only known where every type is.
        if len(pools) < len(wanted_types(self.hardware)):
            return []
        return [*self.scaling.problems_for(self.target(context))]

    def _named(self, problem: Problem) -> Problem:
        """`problem` under the name that the caller wrote; the rollout is the endpoint's, so the variant is in `got`."""
        if problem.argument.startswith("rollout"):
            return replace(problem, got=f"{problem.got} for {self.where[:-1]}") if self.where else problem
        return replace(problem, argument=f"{self.where}{problem.argument}")

    def _own_servers(self) -> Mapping[str, Server]:
        return self.hardware.servers if isinstance(self.hardware, InstancePools) else {}


def stepwise_problems(rollout: Stepwise, scaling: Policy, **words: Any) -> list[Problem]:
    """Why a count between the bounds of `scaling`, its windows included, cannot be updated in these steps."""
    low, high = scaling.counts.lowest, scaling.counts.highest
    if isinstance(low, Unknown) or isinstance(high, Unknown):
        return []
    return rollout.problems_with(low, high, **words)


def wanted_types(hardware: object) -> list[tuple[str, object]]:
    """(where it was written, type)."""
    if isinstance(hardware, InstancePools):
        return [(f"hardware.types[{number}]", name) for number, name in enumerate(hardware.types)]
    return [("hardware", hardware)]


def known_types(hardware: object) -> tuple[InstanceType, ...]:
    """Those of the wanted types that exist, by priority."""
    return tuple(lookup(str(name)) for where, name in wanted_types(hardware) if _type_problem(where, name) is None)


def hardware_problems(hardware: object, context: StackContext) -> list[Problem | None]:
    """Why these types are none, or cannot be had in the stack's region."""
    return [
        *(_type_problem(where, name) for where, name in wanted_types(hardware)),
        *(region_problem("hardware", known, context.region) for known in known_types(hardware)),
    ]


def has_guardrails(hardware: InstanceType) -> bool:
    """Whether SageMaker applies deployment guardrails on `hardware`; elsewhere it silently updates without them.

    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html (read 2026-11-22)
    """
    return hardware.accelerator != "Inferentia"


def names_of(kinds: tuple[type, ...]) -> str:
    """The classes' names, for a message."""
    return ", ".join(kind.__name__ for kind in kinds)


def _guardrail_problem(rollout: object, hardware: InstanceType) -> Problem | None:
    if rollout is None or isinstance(rollout, Immediate) or has_guardrails(hardware):
        return None
    allowed = f"Immediate() on {hardware.name}: on Inf1 SageMaker ignores guardrails and updates all at once, unwatched"
    return Problem("rollout", type(rollout).__name__, allowed, "leave rollout out, or choose Inf2 or GPU hardware")


def _type_problem(where: str, name: object) -> Problem | None:
    if isinstance(name, InstanceType):
        return Problem(where, name, "the name of an instance type", f'write {where}="{name.name}"')
    if is_token(name):
        fix = "write the type in code or settings: what the hardware allows decides about the template"
        return Problem(where, "a value known at deployment only", "plain text", fix)
    return type_problem(where, name)


def server_problems(server: Server, context: StackContext) -> list[Problem | None]:
    """Why `server`'s model and image cannot be had in the stack's region."""
    image, region = server.container_image, context.region
    unbound = None
    if not isinstance(server.model, HuggingFaceModel) and server.model.bucket is None:
        fix = "write S3Model(bucket=...), or server.in_bucket(bucket)"
        unbound = Problem("server.model.bucket", None, "the bucket that holds the model", fix)
    own = image.region_problem(region) if isinstance(image, AwsImage) else None
    return [unbound, own, *source_problems(server, region), licence_problem(server)]


def volume_problem(server: Server, hardware: InstanceType) -> Problem | None:
    """Why the model has no room on the disk or the storage volume of `hardware`."""
    if not hardware.storage_volume:
        disk = hardware.nvme_gb
        if disk is None or server.model.disk_gb <= disk:
            return None
        allowed = f"what the local disk of {hardware.name} holds, {disk} GB"
        fix = "choose hardware with more local storage, or a smaller (quantized) model"
        return Problem("server.model", f"{server.model.disk_gb:g} GB on disk", allowed, fix)
    if volume_gb(server.model) <= VOLUME_GB_MAX:
        return None
    limit = f"what a storage volume of {VOLUME_GB_MAX} GB holds with a quarter to spare"
    return Problem(
        "server.model",
        f"{server.model.disk_gb:g} GB on disk",
        f"{limit}, since {hardware.name} has no local disk",
        "choose hardware with local NVMe storage, or a smaller (quantized) model",
    )


# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html (botocore 1.44.5)
VARIANTS_MAX = 10

_ONE_AT_A_TIME = "compare in a shadow first and share the traffic afterwards, or make a second endpoint"


def additional_variants(
    variants: Sequence[Variant], shadow: ShadowVariant | None, endpoint_name: str
) -> tuple[list[VariantSpec], list[VariantSpec]]:
    """Returns (production variants, shadow variants); `additional_variant_problems` reports values of a wrong type."""
    production = [
        VariantSpec(
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
    copied = VariantSpec(
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


def additional_variant_problems(
    main_name: str, variants: object, shadow: object, rollout: object
) -> list[Problem | None]:
    """Why these variants cannot stand beside the endpoint's own, each of them sound by itself."""
    fix = "shadow=ShadowVariant(...)"
    wrong = instance_of("shadow", shadow, (ShadowVariant, type(None)), "ShadowVariant or None", fix)
    if not isinstance(variants, (list, tuple)) or not all(isinstance(one, Variant) for one in variants):
        return [Problem("more_variants", variants, "a list of Variant", "more_variants=[Variant(...)]"), wrong]
    if not isinstance(shadow, (ShadowVariant, type(None))):
        return [wrong]
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
        allowed = "100 together; the endpoint's own variant gets the rest"
        found.append(Problem("more_variants", f"{share:g} % of the requests", allowed, "lower traffic_percent"))
    if shadow is not None and variants:
        # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html (botocore 1.44.5)
        allowed = "one production variant together with a shadow variant"
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


def shadow_chip_problems(specs: Sequence[VariantSpec]) -> list[Problem]:
    """Shadow tests exclude Inf1.

    https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests.html (read 2026-11-22)
    """
    allowed = "hardware other than Inf1 in a shadow test"
    return [
        Problem(f"{one.where}hardware", pool.hardware.name, allowed, "use Inf2 or a GPU")
        for one in specs
        for pool in one.pools()
        if pool.hardware.accelerator == "Inferentia"
    ]
