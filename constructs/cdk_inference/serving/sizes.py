"""How large a model is: a plain number, since time-outs and the storage volume are sums over it."""

from __future__ import annotations

from cdk_inference.core.checks import is_token, number_above
from cdk_inference.core.errors import Problem

# More than any instance type can hold (30 400 GB): whoever writes more has counted in other units.
SIZE_GB_MAX = 100_000


def size_problem(argument: str, size_gb: object, fix: str) -> Problem | None:
    """Why `size_gb` is no size in gigabytes (1e9 bytes)."""
    if is_token(size_gb):
        return Problem(argument, "a value known at deployment only", "a plain number", fix)
    return number_above(argument, size_gb, 0, fix, high=SIZE_GB_MAX)
