"""What can be wrong with the arguments that endpoints of every kind take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cdk_inference.core.checks import instance_of
from cdk_inference.core.errors import Problem, refuse
from cdk_inference.endpoints.capture import capture_problems, used_buckets
from cdk_inference.endpoints.elsewhere import key_problem
from cdk_inference.endpoints.hub import hub_problems
from cdk_inference.endpoints.managed import Shared
from cdk_inference.endpoints.settings import Observability, VpcPlacement
from cdk_inference.serving import Server


def shared_problems(shared: Shared, region: str, servers: Sequence[Server]) -> list[Problem | None]:
    """All that is wrong with them, in the order of the arguments; `servers` are those of the endpoint."""
    key, vpc, observability = shared.encryption_key, shared.vpc, shared.observability
    problems: list[Problem | None] = [
        None if key is None else key_problem(key, region),
        instance_of("network_isolation", shared.network_isolation, bool, "True or False", "write True or False"),
        None
        if vpc is None
        else instance_of("vpc", vpc, VpcPlacement, "VpcPlacement", "write vpc=VpcPlacement(vpc=...)"),
        instance_of("observability", observability, Observability, "Observability", "observability=Observability()"),
    ]
    capture = observability.capture if isinstance(observability, Observability) else None
    problems += capture_problems(capture, region)
    for server in servers:
        problems += hub_problems(server, network_isolation=shared.network_isolation, vpc=vpc)
    if isinstance(vpc, VpcPlacement):
        from cdk_inference.endpoints.network import placement_problems  # loads aws_ec2

        problems += placement_problems(vpc)
        problems += vpc.bucket_problems(**used_buckets(servers, capture))
    return problems


def refuse_all(subject: str, problems: Iterable[Problem | None]) -> None:
    """Raises ConfigurationError with each problem once: pools that share a server share its problems."""
    refuse(subject, *{str(problem): problem for problem in problems if problem is not None}.values())
