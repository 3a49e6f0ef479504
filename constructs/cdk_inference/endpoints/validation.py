"""Everything that can be wrong with a real-time endpoint, gathered before anything is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk_inference.checks import instance_of, is_token, one_of
from cdk_inference.endpoints.elsewhere import key_problem, source_problems
from cdk_inference.endpoints.hub import hub_problems
from cdk_inference.endpoints.pools import InstancePools, Pool, pool_problems
from cdk_inference.endpoints.settings import Observability, VpcPlacement
from cdk_inference.endpoints.variant import ROUTING_STRATEGIES
from cdk_inference.errors import Problem, refuse
from cdk_inference.hardware import InstanceType, lookup, region_problem, type_problem
from cdk_inference.rollout import AllAtOnce, Canary, Immediate, Linear, Rolling, Rollout
from cdk_inference.rollout.policies import Stepwise
from cdk_inference.scaling import FixedCount, Scaling, TargetConcurrency, TargetInvocations
from cdk_inference.serving import AwsImage, HuggingFaceModel, Server, StartupTimeouts
from cdk_inference.serving.startup import VOLUME_GB_MAX, volume_gb

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

ROLLOUTS = (AllAtOnce, Canary, Linear, Rolling, Immediate)


def checked_pools(
    path: str,
    name_problem: Problem | None,
    *,
    server: Server,
    hardware: str | InstancePools,
    scaling: Scaling,
    encryption_key: kms.IKey | None,
    network_isolation: bool,
    vpc: VpcPlacement | None,
    observability: Observability,
    startup: StartupTimeouts | None,
    rollout: Rollout | None,
    routing: str,
    region: str,
) -> list[Pool]:
    """The hardware that was asked for, each type with its server; one type is one pool.

    Raises ConfigurationError with all that is wrong with the endpoint.
    """
    wanted = _wanted(hardware)
    hardware_problems = [_type_problem(where, name) for where, name in wanted]
    isolation = instance_of("network_isolation", network_isolation, bool, "True or False", "write True or False")
    kinds = (FixedCount, TargetInvocations, TargetConcurrency)
    problems: list[Problem | None] = [
        name_problem,
        instance_of("server", server, Server, "a server", "for example server=Lmi(model=S3Model(...), ...)"),
        *hardware_problems,
        instance_of("scaling", scaling, kinds, _names(kinds), "scaling=FixedCount()"),
        None if encryption_key is None else key_problem(encryption_key, region),
        isolation,
        None
        if vpc is None
        else instance_of("vpc", vpc, VpcPlacement, "VpcPlacement", "write vpc=VpcPlacement(vpc=...)"),
        instance_of("observability", observability, Observability, "Observability", "observability=Observability()"),
        None
        if startup is None
        else instance_of("startup", startup, StartupTimeouts, "StartupTimeouts", "startup=StartupTimeouts(...)"),
        None if rollout is None else instance_of("rollout", rollout, ROLLOUTS, _names(ROLLOUTS), "rollout=AllAtOnce()"),
    ]
    if isinstance(rollout, Stepwise) and isinstance(scaling, kinds):
        problems += rollout.problems_with(scaling.min_instances, scaling.max_instances)
    if isinstance(vpc, VpcPlacement):
        from cdk_inference.endpoints.network import placement_problems  # loads aws_ec2

        problems += placement_problems(vpc)
    problems.append(_routing_problem(routing, pooled=len(wanted) > 1))
    pools: list[Pool] = []
    if isinstance(server, Server):
        own = hardware.servers if isinstance(hardware, InstancePools) else {}
        for one in [server, *own.values()]:
            problems += _server_problems(one, region)
            problems += hub_problems(one, network_isolation=network_isolation, vpc=vpc)
        found = zip(wanted, hardware_problems, strict=True)
        known = [str(name) for (_, name), problem in found if problem is None]
        pools = [Pool(lookup(name), own.get(name, server)) for name in known]
    for pool in pools:
        problems.append(region_problem("hardware", pool.hardware, region))
        problems.append(_guardrail_problem(rollout, pool.hardware))
        problems += pool.server.problems_on(pool.hardware, region)
        problems.append(_volume_problem(pool.server, pool.hardware))
    if isinstance(hardware, InstancePools):
        problems += pool_problems(pools, mixed_kinds_tried=hardware.mixed_kinds_tried)
    # Pools that share a server share its problems.
    distinct = {str(problem): problem for problem in problems if problem is not None}
    refuse(f"RealtimeEndpoint {path}", *distinct.values())
    return pools


def _wanted(hardware: object) -> list[tuple[str, object]]:
    """(where it was written, type)."""
    if isinstance(hardware, InstancePools):
        return [(f"hardware.types[{number}]", name) for number, name in enumerate(hardware.types)]
    return [("hardware", hardware)]


def _type_problem(where: str, name: object) -> Problem | None:
    if isinstance(name, InstanceType):
        return Problem(where, name, "the name of an instance type", f'write {where}="{name.name}"')
    return _known_now(name, where) or type_problem(where, name)


def _routing_problem(routing: object, *, pooled: bool) -> Problem | None:
    if pooled and routing == "RANDOM":
        allowed = "LEAST_OUTSTANDING_REQUESTS, PREFIX_AWARE: random routing overloads the smaller of unequal types"
        return Problem("routing", routing, allowed, "leave routing out")
    return one_of("routing", routing, ROUTING_STRATEGIES, "choose one of these")


def has_guardrails(hardware: InstanceType) -> bool:
    """Whether SageMaker applies deployment guardrails on `hardware`; elsewhere it silently updates without them.

    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html (read 2026-11-22)
    """
    return hardware.accelerator != "Inferentia"


def _guardrail_problem(rollout: object, hardware: InstanceType) -> Problem | None:
    if rollout is None or isinstance(rollout, Immediate) or has_guardrails(hardware):
        return None
    allowed = f"Immediate() on {hardware.name}: on Inf1 SageMaker ignores guardrails and updates all at once, unwatched"
    return Problem("rollout", type(rollout).__name__, allowed, "leave rollout out, or choose Inf2 or GPU hardware")


def _names(kinds: tuple[type, ...]) -> str:
    return ", ".join(kind.__name__ for kind in kinds)


def _known_now(hardware: object, where: str) -> Problem | None:
    if not is_token(hardware):
        return None
    fix = "write the type in code or settings: what the hardware allows decides about the template"
    return Problem(where, "a value known at deployment only", "plain text", fix)


def _server_problems(server: Server, region: str) -> list[Problem | None]:
    image = server.container_image
    unbound = None
    if not isinstance(server.model, HuggingFaceModel) and server.model.bucket is None:
        fix = "write S3Model(bucket=...), or server.in_bucket(bucket)"
        unbound = Problem("server.model.bucket", None, "the bucket that holds the model", fix)
    own = image.region_problem(region) if isinstance(image, AwsImage) else None
    return [unbound, own, *source_problems(server, region)]


def _volume_problem(server: Server, hardware: InstanceType) -> Problem | None:
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
