"""How requests find an instance of their variant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from cdk_inference.core.checks import one_of, whole_number
from cdk_inference.core.errors import Problem, raise_problems

# Bounds of PrefixAwareRoutingConfig (botocore 1.44.5, read 2026-11-29)
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PrefixAwareRoutingConfig.html
PREFIX_LENGTH_MIN, PREFIX_LENGTH_MAX = 1024, 65_536
CONCURRENCY_MIN, CONCURRENCY_MAX = 1, 1024


@dataclass(frozen=True, kw_only=True)
class PrefixAware:
    """Sends requests that begin alike to the same instance, whose prefix cache has the beginning already.

    SageMaker applies it only while two or more instances can serve the request.

    Args:
        prefix_length: How much of a request is compared, 1024 to 65536: bytes of the request body, or characters of
            the messages with the OpenAI-compatible API. Long enough for what prompts share and some more that
            differs, else all requests go to one instance.
        concurrency_threshold: Requests in flight on the chosen instance, or on the chosen copy of an inference
            component, at which the next one goes elsewhere, 1 to 1024. It holds for every instance type of a pool.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PrefixAwareRoutingConfig.html (read 2026-11-29)

    Raises:
        ConfigurationError: A number is out of bounds.
    """

    prefix_length: int
    concurrency_threshold: int

    def __post_init__(self) -> None:
        length = "give the length of what prompts share, and some more"
        raise_problems(
            "PrefixAware",
            whole_number("prefix_length", self.prefix_length, PREFIX_LENGTH_MIN, PREFIX_LENGTH_MAX, length),
            whole_number(
                "concurrency_threshold",
                self.concurrency_threshold,
                CONCURRENCY_MIN,
                CONCURRENCY_MAX,
                "give what the smallest instance answers at once",
            ),
        )


# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantRoutingConfig.html. KV_AWARE is in the
# API, but not in CloudFormation (schemas of 2026-10-20).
Strategy = Literal["LEAST_OUTSTANDING_REQUESTS", "RANDOM"]
Routing = Strategy | PrefixAware
# AWS advises it for models whose requests take unequal time, and needs it for pools of unequal types:
# https://aws.amazon.com/blogs/machine-learning/minimize-real-time-inference-latency-by-using-amazon-sagemaker-routing-strategies/
DEFAULT_ROUTING: Strategy = "LEAST_OUTSTANDING_REQUESTS"

_PREFIX_AWARE = "PrefixAware(prefix_length=..., concurrency_threshold=...)"


def routing_problem(routing: object, *, pooled: bool) -> Problem | None:
    """Returns why requests cannot find their instances so."""
    if isinstance(routing, PrefixAware):
        return None
    if routing == "PREFIX_AWARE":
        allowed = f"{_PREFIX_AWARE}: SageMaker requires both with PREFIX_AWARE"
        return Problem("routing", routing, allowed, f"write routing={_PREFIX_AWARE}")
    if pooled and routing == "RANDOM":
        allowed = f"{DEFAULT_ROUTING}, {_PREFIX_AWARE}: random routing overloads the smaller of unequal types"
        return Problem("routing", routing, allowed, "leave routing out")
    return one_of("routing", routing, get_args(Strategy), f"choose one of these, or {_PREFIX_AWARE}")
