"""The checks that values share: each returns a `Problem` or None, and lets CDK tokens through.

A token stands for something CloudFormation will know later. An encoded number token is a float around
-1.9e289, for which `< 1` is true: every check asks `is_token` first.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Collection
from typing import Any

from cdk_inference.core.errors import Problem

# aws-cdk-lib encodes tokens so: numbers in core/lib/private/encoding, strings as ${Token[...]}, lists as #{Token[...]}.
# Its numbers begin with the bits 0xFBFF, so they lie between these two; -inf, which is below them, is no token.
_NUMBER_TOKENS = (-1.95e289, -1.88e289)
_TEXT_TOKEN = re.compile(r"[$#]\{Token\[")


def is_token(value: object) -> bool:
    """Whether `value` is an unresolved CDK token, encoded as a number or in a string (alone, or a list's element)."""
    if isinstance(value, bool):
        return False
    if isinstance(value, (int, float)):
        return _NUMBER_TOKENS[0] < value < _NUMBER_TOKENS[1]
    if isinstance(value, str):
        return _TEXT_TOKEN.search(value) is not None
    return False


def whole_number(argument: str, value: object, low: int, high: int | None, fix: str) -> Problem | None:
    """`value` must be an int from `low` to `high` (None: no upper limit)."""
    if is_token(value):
        return None
    allowed = f"a whole number from {low}" + (f" to {high}" if high is not None else "")
    if isinstance(value, bool) or not isinstance(value, int):
        return Problem(argument, value, allowed, fix)
    if value < low or (high is not None and value > high):
        return Problem(argument, value, allowed, fix)
    return None


def number_above(argument: str, value: object, low: float, fix: str, high: float | None = None) -> Problem | None:
    """`value` must be a number that a float can hold, greater than `low` (and at most `high`)."""
    if is_token(value):
        return None
    allowed = f"a number above {low:g}" + (f", at most {high:g}" if high is not None else "")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return Problem(argument, value, allowed, fix)
    if not low < value <= sys.float_info.max or (high is not None and value > high):
        return Problem(argument, value, allowed, fix)
    return None


def one_of(argument: str, value: object, choices: Collection[object], fix: str) -> Problem | None:
    """`value` must be one of `choices`, which are listed in the message in their order."""
    if is_token(value):
        return None
    # 1 == True and 1 == 1.0: a choice must match in type as well.
    if any(type(value) is type(choice) and value == choice for choice in choices):
        return None
    return Problem(argument, value, ", ".join(str(choice) for choice in choices), fix)


def matching(argument: str, value: object, pattern: str, allowed: str, fix: str) -> Problem | None:
    """`value` must be a string that `pattern` matches from end to end."""
    if is_token(value):
        return None
    if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
        return Problem(argument, value, allowed, fix)
    return None


def instance_of(argument: str, value: object, kind: type | tuple[type, ...], allowed: str, fix: str) -> Problem | None:
    """`value` must be an instance of `kind`."""
    return None if isinstance(value, kind) else Problem(argument, value, allowed, fix)


def as_tuple(values: Any) -> Any:
    """A tuple of a list's members, for values that keep what they were given; anything else as it is."""
    return tuple(values) if isinstance(values, list) else values


def has_members(value: object, *names: str) -> bool:
    """Whether `value` has these members, if possible without asking for their values: that may be a call to Node."""
    missing = object()
    # Constructs imported by name hide behind a proxy that only answers when asked.
    return all(inspect.getattr_static(value, name, missing) is not missing or hasattr(value, name) for name in names)
