"""CloudFormation's limit of one stack, told before CloudFormation would, with the way to divide.

Stacks never divide themselves: an endpoint that moves to another stack is a new endpoint.
"""

from __future__ import annotations

import math

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html (read 2026-11-23)
RESOURCES_MAX = 500


def count_problem(stack_path: str, resources: int, endpoints: int) -> str | None:
    """What to tell about a stack with so many resources, of which `endpoints` endpoints are a part."""
    if resources <= RESOURCES_MAX:
        return None
    parts = math.ceil(resources / RESOURCES_MAX)
    return (
        f"stack {stack_path}: got {resources} resources; allowed: {RESOURCES_MAX} in one stack; fix: make {parts} "
        f"stacks of at most {endpoints // parts} of its {endpoints} endpoints each. An endpoint that is deployed "
        "already and moves to another stack is deleted here and made anew there, so move those that are not"
    )
