"""Checks of this room's arguments: its sums need plain values, so a token, which other checks let through, is wrong."""

from __future__ import annotations

from collections.abc import Collection

from cdk_inference.core.checks import is_token, number_above, one_of, whole_number
from cdk_inference.core.errors import Problem

_COUNT_MAX = 10**9  # far above any model; keeps every sum within what a float can hold


def count(argument: str, value: object, fix: str) -> Problem | None:
    """`value` must be a whole number of 1 or more."""
    return _token(argument, value, fix) or whole_number(argument, value, 1, _COUNT_MAX, fix)


def amount(argument: str, value: object, high: float, fix: str) -> Problem | None:
    """`value` must be a number above 0, at most `high`."""
    return _token(argument, value, fix) or number_above(argument, value, 0, fix, high=high)


def choice(argument: str, value: object, choices: Collection[object], fix: str) -> Problem | None:
    """`value` must be one of `choices`."""
    return _token(argument, value, fix) or one_of(argument, value, choices, fix)


def _token(argument: str, value: object, fix: str) -> Problem | None:
    if not is_token(value):
        return None
    return Problem(argument, "a value known at deployment only", "a value that is known at synth time", fix)
