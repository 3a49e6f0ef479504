"""Candidates of a comparison, as values."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.checks import instance_of, matching, whole_number
from cdk_inference.core.errors import raise_problems
from cdk_inference.serving import Server

# It ends the id of an endpoint, whose name has at most 63 characters with the stack's and the comparison's.
_NAME = r"[A-Za-z][A-Za-z0-9]{0,19}"
# A policy of this package: what one instance serves is measured on a few.
_INSTANCES_MAX = 10


@dataclass(frozen=True, kw_only=True)
class EndpointCandidate:
    """An endpoint that is made for the comparison: a server on a type.

    Args:
        name: Ends its construct id, so its endpoint's name, and tags its costs: a letter, then up to 19 letters and
            digits.
        server: As in `RealtimeEndpoint`.
        hardware: The instance type.
        instances: How many run all the time, 1 to 10. Default 1: what one instance serves is measured.

    Raises:
        ConfigurationError: An argument is of the wrong kind or out of range.
    """

    name: str
    server: Server
    hardware: str
    instances: int = 1

    def __post_init__(self) -> None:
        raise_problems(
            "EndpointCandidate",
            matching("name", self.name, _NAME, "a letter, then up to 19 letters and digits", "shorten the name"),
            instance_of("server", self.server, Server, "a server", "for example Vllm(...)"),
            instance_of("hardware", self.hardware, str, "an instance type", 'for example hardware="ml.g6e.xlarge"'),
            whole_number("instances", self.instances, 1, _INSTANCES_MAX, "choose a number within the limits"),
        )
