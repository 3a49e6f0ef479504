"""Checks of the arguments that endpoints of every kind take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cdk_inference.core.checks import has_members, instance_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.endpoints.data_capture import capture_problems, used_buckets
from cdk_inference.endpoints.execution_role import role_problem
from cdk_inference.endpoints.settings import Observability, Shared
from cdk_inference.kit.region_checks import key_problem
from cdk_inference.kit.stack_context import StackContext
from cdk_inference.kit.vpc_placement import VpcPlacement
from cdk_inference.serving import HuggingFaceModel, Server


def shared_problems(shared: Shared, context: StackContext, servers: Sequence[Server]) -> list[Problem | None]:
    """All that is wrong with them, in the order of the arguments; `servers` are those of the endpoint."""
    key, vpc, observability = shared.encryption_key, shared.vpc, shared.observability
    problems: list[Problem | None] = [
        None if key is None else key_problem(key, context.region),
        instance_of("network_isolation", shared.network_isolation, bool, "True or False", "write True or False"),
        None if vpc is None else instance_of("vpc", vpc, VpcPlacement, "VpcPlacement", _vpc_fix(vpc)),
        instance_of("observability", observability, Observability, "Observability", "observability=Observability()"),
        role_problem(shared.role, context.account),
    ]
    capture = observability.capture if isinstance(observability, Observability) else None
    problems += capture_problems(capture, context.region)
    for server in servers:
        problems += hub_problems(server, network_isolation=shared.network_isolation, vpc=vpc)
    if isinstance(vpc, VpcPlacement):
        from cdk_inference.endpoints.vpc_placement import placement_problems  # loads aws_ec2

        problems += vpc.region_problems(context.region)
        problems += placement_problems(vpc)
        problems += vpc.bucket_problems(**used_buckets(servers, capture))
    return problems


def _vpc_fix(vpc: object) -> str:
    """An `InferenceNetwork` has the placement with its own security group."""
    return "write vpc=network.placement" if has_members(vpc, "placement") else "write vpc=VpcPlacement(vpc=...)"


def raise_distinct_problems(subject: str, problems: Iterable[Problem | None]) -> None:
    """Raises ConfigurationError with each problem once: pools that share a server share its problems."""
    raise_problems(subject, *{str(problem): problem for problem in problems if problem is not None}.values())


_COPY = "copy the model into S3 and write S3Model(...)"


def hub_problems(server: Server, *, network_isolation: object, vpc: object) -> list[Problem | None]:
    """Why the containers of an endpoint cannot reach the hub, if their model comes from there.

    "No inbound or outbound network calls can be made to or from the model container" under isolation:
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html (botocore 1.44.5). In a VPC they
    reach what its subnets reach: https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html (read 2026-11-22).
    """
    model = server.model
    if not isinstance(model, HuggingFaceModel):
        return []
    problems: list[Problem | None] = []
    if network_isolation is True:
        allowed = "a model in S3: isolated containers, the default, reach nothing"
        problems.append(Problem("server.model", model.title, allowed, f"{_COPY}, or write network_isolation=False"))
    if isinstance(vpc, VpcPlacement) and not vpc.internet:
        allowed = f"True for {model.title}: the container downloads it through these subnets"
        way = "write internet=True if they have a way out, through a NAT gateway or a proxy"
        problems.append(Problem("vpc.internet", vpc.internet, allowed, f"{way}; or {_COPY}"))
    return problems
