"""One variant as it was asked for, and everything that can be wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cdk_inference.core.checks import instance_of, is_token, one_of
from cdk_inference.core.errors import Problem
from cdk_inference.endpoints.elsewhere import source_problems
from cdk_inference.endpoints.plan import VariantPlan
from cdk_inference.endpoints.pools import InstancePools, Pool, pool_problems
from cdk_inference.endpoints.reservation import CapacityReservation
from cdk_inference.endpoints.variant import ROUTING_STRATEGIES
from cdk_inference.hardware import InstanceType, lookup, region_problem, type_problem
from cdk_inference.rollout import AllAtOnce, Canary, Immediate, Linear, Rolling
from cdk_inference.rollout.policies import Stepwise
from cdk_inference.scaling import Policy, ScalableTarget
from cdk_inference.scaling.target import SCALABLE
from cdk_inference.serving import AwsImage, HuggingFaceModel, Server, StartupTimeouts
from cdk_inference.serving.startup import VOLUME_GB_MAX, volume_gb
from cdk_inference.serving.startup_sum import longest_start

ROLLOUTS = (AllAtOnce, Canary, Linear, Rolling, Immediate)


@dataclass(frozen=True, kw_only=True)
class AskedVariant:
    """The arguments of one variant, unchecked.

    where: begins the arguments' names in messages: "" for the endpoint's own, "more_variants[0]." for another.
    routing: None where requests wait in a queue.
    kind: of the endpoint, "realtime" or "async"; each takes policies of its own.
    """

    name: str
    server: Server
    hardware: str | InstancePools
    scaling: Policy
    routing: str | None
    startup: StartupTimeouts | None = None
    weight: float = 1
    reservation: CapacityReservation | None = None
    where: str = ""
    kind: str = "realtime"
    endpoint_name: str

    def plan(self) -> VariantPlan:
        """What is asked for, once `problems` are none."""
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
            target=self.target(),
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

    def problems(self, region: str, rollout: object) -> list[Problem]:
        """All that is wrong with it, in the order of the arguments."""
        wanted, pools = wanted_types(self.hardware), self.pools()
        found: list[Problem | None] = [
            instance_of("server", self.server, Server, "a server", "for example server=Lmi(model=S3Model(...), ...)"),
            *(_type_problem(where, name) for where, name in wanted),
            *self._scaling_problems(pools),
            None
            if self.startup is None
            else instance_of(
                "startup", self.startup, StartupTimeouts, "StartupTimeouts", "startup=StartupTimeouts(...)"
            ),
            None if self.routing is None else routing_problem(self.routing, pooled=len(wanted) > 1),
        ]
        if isinstance(rollout, Stepwise) and isinstance(self.scaling, Policy):
            found += rollout.problems_with(*counts(self.scaling))
        for one in self.servers():
            found += server_problems(one, region)
        for pool in pools:
            found.append(region_problem("hardware", pool.hardware, region))
            found.append(_guardrail_problem(rollout, pool.hardware))
            found += pool.server.problems_on(pool.hardware, region)
            found.append(volume_problem(pool.server, pool.hardware))
        if isinstance(self.hardware, InstancePools):
            found += pool_problems(pools, mixed_kinds_tried=self.hardware.mixed_kinds_tried)
        return [self._named(problem) for problem in found if problem is not None]

    def target(self) -> ScalableTarget:
        """The variant as something to scale."""
        hardware = tuple(pool.hardware for pool in self.pools())
        return ScalableTarget.variant(self.kind, self.endpoint_name, self.name, hardware=hardware)

    def _scaling_problems(self, pools: list[Pool]) -> list[Problem | None]:
        if not isinstance(self.scaling, Policy):
            allowed = ", ".join(SCALABLE[self.kind].policies)
            return [Problem("scaling", self.scaling, allowed, "scaling=FixedCount()")]
        # What hardware the policy meets is only known where every type is.
        return [*self.scaling.problems_for(self.target())] if len(pools) == len(wanted_types(self.hardware)) else []

    def _named(self, problem: Problem) -> Problem:
        """`problem` under the name that the caller wrote; the rollout is the endpoint's, so the variant is in `got`."""
        if problem.argument.startswith("rollout"):
            return replace(problem, got=f"{problem.got} for {self.where[:-1]}") if self.where else problem
        return replace(problem, argument=f"{self.where}{problem.argument}")

    def _own_servers(self) -> Mapping[str, Server]:
        return self.hardware.servers if isinstance(self.hardware, InstancePools) else {}


def counts(scaling: Policy) -> tuple[int, int]:
    """The lowest and the highest count that a policy's bounds and windows allow, if they are known."""
    bounds = [(scaling.minimum, scaling.maximum), *((one.minimum, one.maximum) for one in scaling.clock)]
    unknown = [pair for pair in bounds if is_token(pair[0]) or is_token(pair[1])]
    return unknown[0] if unknown else (min(low for low, _ in bounds), max(high for _, high in bounds))


def wanted_types(hardware: object) -> list[tuple[str, object]]:
    """(where it was written, type)."""
    if isinstance(hardware, InstancePools):
        return [(f"hardware.types[{number}]", name) for number, name in enumerate(hardware.types)]
    return [("hardware", hardware)]


def known_types(hardware: object) -> tuple[InstanceType, ...]:
    """Those of the wanted types that exist, by priority."""
    return tuple(lookup(str(name)) for where, name in wanted_types(hardware) if _type_problem(where, name) is None)


def hardware_problems(hardware: object, region: str) -> list[Problem | None]:
    """Why these types are none, or cannot be had in `region`."""
    return [
        *(_type_problem(where, name) for where, name in wanted_types(hardware)),
        *(region_problem("hardware", known, region) for known in known_types(hardware)),
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


def routing_problem(routing: object, *, pooled: bool) -> Problem | None:
    """Why requests cannot find their instances so."""
    if pooled and routing == "RANDOM":
        allowed = "LEAST_OUTSTANDING_REQUESTS, PREFIX_AWARE: random routing overloads the smaller of unequal types"
        return Problem("routing", routing, allowed, "leave routing out")
    return one_of("routing", routing, ROUTING_STRATEGIES, "choose one of these")


def server_problems(server: Server, region: str) -> list[Problem | None]:
    """Why `server`'s model and image cannot be had in `region`."""
    image = server.container_image
    unbound = None
    if not isinstance(server.model, HuggingFaceModel) and server.model.bucket is None:
        fix = "write S3Model(bucket=...), or server.in_bucket(bucket)"
        unbound = Problem("server.model.bucket", None, "the bucket that holds the model", fix)
    own = image.region_problem(region) if isinstance(image, AwsImage) else None
    return [unbound, own, *source_problems(server, region)]


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
