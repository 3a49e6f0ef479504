"""From a load test to a target."""

from __future__ import annotations

from cdk_inference.core.checks import is_token, number_above
from cdk_inference.core.errors import Problem, raise_problems

# AWS's advice to start with: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-loadtest.html (read
# 2026-11-22)
DEFAULT_SAFETY_FACTOR = 0.5


def target_from(*, requests_per_second: float, safety_factor: float = DEFAULT_SAFETY_FACTOR) -> float:
    """Invocations per minute for `TargetInvocations` or `TargetInvocationsPerCopy`, from what one instance or copy
    holds.

    requests_per_second: measured, at the latency that you accept; above 0.
    safety_factor: what part of it to use, above 0, at most 1. Default 0.5, with which AWS says to start.

    AWS's formula: requests per second x safety factor x 60.
    https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-loadtest.html (read 2026-11-22)

    Raises ConfigurationError.
    """
    given = {"requests_per_second": requests_per_second, "safety_factor": safety_factor}
    known = "a value that is known at synth time: it is multiplied"
    raise_problems(
        "target_from",
        *(Problem(name, value, known, "write the number itself") for name, value in given.items() if is_token(value)),
        number_above("requests_per_second", requests_per_second, 0, "measure one instance"),
        number_above("safety_factor", safety_factor, 0, "0.5 to start with", high=1),
    )
    return requests_per_second * safety_factor * 60
