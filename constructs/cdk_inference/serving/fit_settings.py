"""The memory settings that a server gives its engine, read from its arguments and its environment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import Problem
from cdk_inference.fit import Settings, Workload

if TYPE_CHECKING:
    from cdk_inference.serving.aws_server import AwsServer

# The argument that counts the devices sharing the model; presets that have it are checked against the hardware.
DEGREE = "tensor_parallel_degree"
# Arguments with one meaning under the names of the engines: the longest request, and requests at once.
LENGTH_ARGUMENTS = ("max_model_len", "sequence_length", "max_total_tokens")
REQUEST_ARGUMENTS = ("max_concurrent_requests", "batch_size")
_COUNT_MAX = 10**9  # above any model's limit, and within what a float can hold
SHARE_ARGUMENTS = ("gpu_memory_share", "kv_cache_share")


def settings_of(server: AwsServer) -> Settings | None:
    """The memory settings that the server gives its engine; None for a server without an engine for LLMs."""
    if server.engine is None:
        return None
    return Settings(
        engine=server.engine,
        share=_given(server, SHARE_ARGUMENTS),
        longest=_count(server, LENGTH_ARGUMENTS),
        requests=_count(server, REQUEST_ARGUMENTS),
        graphs=getattr(server, "enforce_eager", None) is not True,
        length_argument=_argument(server, LENGTH_ARGUMENTS),
    )


def contradictions(server: AwsServer) -> list[Problem]:
    """Where the declared workload goes beyond what the server accepts."""
    found = []
    workload, settings = server.workload, settings_of(server)
    if not isinstance(workload, Workload) or settings is None:
        return []
    for field, limit, names in (
        ("context_tokens", settings.longest, LENGTH_ARGUMENTS),
        ("batch", settings.requests, REQUEST_ARGUMENTS),
    ):
        declared, argument = getattr(workload, field), _argument(server, names)
        if limit is not None and declared > limit:
            allowed = f"up to {limit}, the server's {argument}"
            fix = f"raise {argument} to {declared}, or declare what the server is set up for"
            found.append(Problem(f"workload.{field}", declared, allowed, fix))
    return found


def with_own_length(settings: Settings, workload: Workload) -> Settings:
    """Without a length the engine takes the model's own."""
    return settings if settings.longest is not None else replace(settings, longest=workload.architecture.context_limit)


def degree_of(server: AwsServer) -> int | None:
    degree = getattr(server, DEGREE, None)
    return None if degree is None or is_token(degree) else int(degree)


def _argument(server: AwsServer, names: Iterable[str]) -> str | None:
    return next((name for name in names if hasattr(server, name)), None)


def _given(server: AwsServer, names: Iterable[str]) -> float | None:
    """The value of the argument, or of its variable in `environment`; None where neither is a plain number."""
    argument = _argument(server, names)
    value = None if argument is None else getattr(server, argument)
    variables = [one.name for one in server.settings if one.argument == argument]
    if names is SHARE_ARGUMENTS and server.share_variable is not None:
        variables.append(server.share_variable)
    # Arguments are checked together: an environment that is no mapping is another problem.
    environment = server.environment if isinstance(server.environment, Mapping) else {}
    for variable in variables if value is None else ():
        value = environment.get(variable)
    if value is None or is_token(value):
        return None
    try:
        return float(min(value, _COUNT_MAX) if isinstance(value, int) else value)
    except ValueError:
        return None


def _count(server: AwsServer, names: Iterable[str]) -> int | None:
    value = _given(server, names)
    return None if value is None or value < 1 else int(value)
