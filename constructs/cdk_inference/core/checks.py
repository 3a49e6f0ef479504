"""The checks that values share: each returns a `Problem` or None, and lets CDK tokens through.

A token stands for something CloudFormation will know later. An encoded number token is a float around
-1.9e289, for which `< 1` is true: every check calls `is_token` first.
"""

from __future__ import annotations

import enum
import re
import sys
from collections.abc import Collection
from typing import Any

from cdk_inference.core.errors import Problem
from cdk_inference.core.unknown import LATER, is_number_token, is_text_token, is_token

__all__ = [
    "INTEGER_MAX",
    "LATER",
    "REGION_FORM",
    "as_tuple",
    "has_members",
    "instance_of",
    "is_number_token",
    "is_text_token",
    "is_token",
    "known_choice",
    "known_number",
    "listed",
    "matching",
    "number_above",
    "one_of",
    "whole_number",
]

# Python counts these as numbers. jsii cannot send a member of an enumeration.
_NO_NUMBERS = (bool, enum.Enum)
# AWS's APIs have 32-bit integers for counts and times ("integer" in botocore's models; "long" is wider).
INTEGER_MAX = 2**31 - 1
# The form of a region's name, as in "eu-west-1", "us-gov-east-1" and "eusc-de-east-1".
# https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html (read 2026-11-30)
REGION_FORM = re.compile(
    r"[a-z]{2,4}(-gov|-iso[a-z]?|-[a-z]{2})?-(north|south|central|(north|south)?(east|west))-[0-9]"
)


def whole_number(argument: str, value: object, low: int, high: int | None, fix: str) -> Problem | None:
    """`value` must be an int from `low` to `high` (None: what an integer of AWS's APIs holds)."""
    if is_token(value):
        return _text_problem(argument, value)
    allowed = f"a whole number from {low}" + (f" to {high}" if high is not None else "")
    if isinstance(value, _NO_NUMBERS) or not isinstance(value, int):
        return Problem(argument, value, allowed, fix)
    if high is None and value > INTEGER_MAX:
        allowed = f"a whole number from {low} to {INTEGER_MAX}, the largest integer of AWS's APIs"
        return Problem(argument, value, allowed, fix)
    if value < low or (high is not None and value > high):
        return Problem(argument, value, allowed, fix)
    return None


def _text_problem(argument: str, value: object) -> Problem | None:
    """A token in the place of a number must be a number, which the CDK writes without quotes."""
    if is_number_token(value):
        return None
    fix = "of a parameter write value_as_number, else cdk.Token.as_number(...)"
    return Problem(argument, "a text known at deployment only", "a number", fix)


def known_number(argument: str, value: object, why: str) -> Problem | None:
    """`value` must be no number token, since `why`: sums, comparisons and texts would be made of it."""
    if not is_token(value):
        return None
    return Problem(argument, value, f"a number that is known at synth time: {why}", "write the number itself")


def number_above(argument: str, value: object, low: float, fix: str, high: float | None = None) -> Problem | None:
    """`value` must be a number that a float can hold, greater than `low` (and at most `high`)."""
    if is_token(value):
        return _text_problem(argument, value)
    allowed = f"a number above {low:g}" + (f", at most {high:g}" if high is not None else "")
    if isinstance(value, _NO_NUMBERS) or not isinstance(value, (int, float)):
        return Problem(argument, value, allowed, fix)
    if not low < value <= sys.float_info.max or (high is not None and value > high):
        return Problem(argument, value, allowed, fix)
    return None


def one_of(argument: str, value: object, choices: Collection[object], fix: str) -> Problem | None:
    """`value` must be one of `choices`, which are listed in the message in their order; or a token of their type."""
    if is_text_token(value) and any(isinstance(choice, str) for choice in choices):
        return None
    if is_number_token(value) and any(type(choice) in (int, float) for choice in choices):
        return None
    # 1 == True and 1 == 1.0: a choice must match in type as well.
    if any(type(value) is type(choice) and value == choice for choice in choices):
        return None
    return Problem(argument, value, ", ".join(str(choice) for choice in choices), fix)


def known_choice(argument: str, value: object, choices: Collection[str], fix: str) -> Problem | None:
    """`value` must be one of `choices` and no token, since it is looked up at synth time."""
    if isinstance(value, str) and value in choices:
        return None
    return Problem(argument, LATER if is_token(value) else value, ", ".join(choices), fix)


def matching(argument: str, value: object, pattern: str, allowed: str, fix: str) -> Problem | None:
    """`value` must be a string that `pattern` matches from end to end."""
    if is_text_token(value):
        return None
    if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
        return Problem(argument, value, allowed, fix)
    return None


def instance_of(argument: str, value: object, kind: type | tuple[type, ...], allowed: str, fix: str) -> Problem | None:
    """`value` must be an instance of `kind`."""
    return None if isinstance(value, kind) else Problem(argument, value, allowed, fix)


def listed(argument: str, value: object, allowed: str, fix: str) -> Problem | None:
    """`value` must be a list or a tuple; its items are not checked."""
    return None if isinstance(value, (list, tuple)) else Problem(argument, value, allowed, fix)


def as_tuple(values: Any) -> Any:
    """A tuple of a list's members, for values that keep what they were given; anything else as it is."""
    return tuple(values) if isinstance(values, list) else values


def has_members(value: object, *names: str) -> bool:
    """Whether `value` has these members, if possible without asking for their values: that may be a call to Node."""
    # Constructs imported by name hide behind a proxy that only has its members when they are read.
    return all(hasattr(type(value), name) or hasattr(value, name) for name in names)
