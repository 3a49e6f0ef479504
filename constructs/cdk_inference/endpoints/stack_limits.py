"""CloudFormation's limits of one stack, and what to tell about a stack beyond them.

Stacks never divide themselves: an endpoint that moves to another stack is a new endpoint.
"""

from __future__ import annotations

import math

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html (read 2026-11-23)
RESOURCES_MAX = 500
TEMPLATE_BYTES_MAX = 1_000_000  # the page says 1 MB; aws-cdk-lib and cfn-lint both take it as 1,000,000 bytes

_MOVING = (
    "An endpoint that is deployed already and moves to another stack is deleted here and made anew there, "
    "so move those that are not"
)


def count_problem(stack_path: str, resources: int, endpoints: int) -> str | None:
    """What to tell about a stack with so many resources, of which `endpoints` endpoints are a part."""
    if resources <= RESOURCES_MAX:
        return None
    parts = math.ceil(resources / RESOURCES_MAX)
    return (
        f"stack {stack_path}: got {resources} resources; allowed: {RESOURCES_MAX} in one stack; fix: make {parts} "
        f"stacks with at most {max(1, endpoints // parts)} of its {endpoints} endpoints each. {_MOVING}"
    )


def size_problem(stack_path: str, size: int) -> str | None:
    """What to tell about a template of `size` bytes."""
    if size <= TEMPLATE_BYTES_MAX:
        return None
    parts = math.ceil(size / TEMPLATE_BYTES_MAX)
    return (
        f"stack {stack_path}: got a template of {size} bytes; allowed: {TEMPLATE_BYTES_MAX}; fix: make {parts} "
        f"stacks, or move long environment variables into a model file. {_MOVING}"
    )
