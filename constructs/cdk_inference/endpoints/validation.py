"""Everything that can be wrong with a real-time endpoint, gathered before anything is made."""

from __future__ import annotations

from cdk_inference.checks import instance_of, is_token
from cdk_inference.endpoints.settings import Observability, VpcPlacement
from cdk_inference.errors import Problem, refuse
from cdk_inference.hardware import InstanceType, lookup, region_problem, type_problem
from cdk_inference.rollout import AllAtOnce, Canary, Immediate, Linear, Rolling, Rollout
from cdk_inference.rollout.policies import Stepwise
from cdk_inference.scaling import FixedCount, Scaling, TargetConcurrency, TargetInvocations
from cdk_inference.serving import AwsImage, Server, StartupTimeouts
from cdk_inference.serving.startup import VOLUME_GB_MAX, volume_gb

ROLLOUTS = (AllAtOnce, Canary, Linear, Rolling, Immediate)


def checked_hardware(
    path: str,
    name_problem: Problem | None,
    *,
    server: Server,
    hardware: str,
    scaling: Scaling,
    network_isolation: bool,
    vpc: VpcPlacement | None,
    observability: Observability,
    startup: StartupTimeouts | None,
    rollout: Rollout | None,
    region: str,
) -> InstanceType:
    """The hardware that was asked for; raises ConfigurationError with all that is wrong with the endpoint."""
    isolation = instance_of("network_isolation", network_isolation, bool, "True or False", "write True or False")
    kinds = (FixedCount, TargetInvocations, TargetConcurrency)
    problems: list[Problem | None] = [
        name_problem,
        instance_of("server", server, Server, "a server", "for example server=Lmi(model=S3Model(...), ...)"),
        _known_now(hardware) or type_problem("hardware", hardware),
        instance_of("scaling", scaling, kinds, _names(kinds), "scaling=FixedCount()"),
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
    if isinstance(server, Server):
        problems += _server_problems(server, region)
    if problems[2] is None:
        chosen = lookup(hardware)
        problems.append(region_problem("hardware", chosen, region))
        problems.append(_guardrail_problem(rollout, chosen))
        if isinstance(server, Server):
            problems += server.problems_on(chosen)
            problems.append(_volume_problem(server, chosen))
    refuse(f"RealtimeEndpoint {path}", *problems)
    return lookup(hardware)


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


def _known_now(hardware: str) -> Problem | None:
    if not is_token(hardware):
        return None
    fix = "write the type in code or settings: what the hardware allows decides about the template"
    return Problem("hardware", "a value known at deployment only", "plain text", fix)


def _server_problems(server: Server, region: str) -> list[Problem | None]:
    image = server.container_image
    unbound = None
    if server.model.bucket is None:
        fix = "write S3Model(bucket=...), or server.in_bucket(bucket)"
        unbound = Problem("server.model.bucket", None, "the bucket that holds the model", fix)
    return [unbound, image.region_problem(region) if isinstance(image, AwsImage) else None]


def _volume_problem(server: Server, hardware: InstanceType) -> Problem | None:
    if not hardware.storage_volume or volume_gb(server.model) <= VOLUME_GB_MAX:
        return None
    limit = f"what a storage volume of {VOLUME_GB_MAX} GB holds with a quarter to spare"
    return Problem(
        "server.model",
        f"{server.model.disk_gb:g} GB on disk",
        f"{limit}, since {hardware.name} has no local disk",
        "choose hardware with local NVMe storage, or a smaller (quantized) model",
    )
