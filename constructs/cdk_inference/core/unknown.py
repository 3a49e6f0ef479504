"""Values that are not known: CDK tokens, which CloudFormation resolves later, and what a template does not show.

A number token is a float around -1.9e289, for which `< 1` is true, and which sums and texts take for a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeVar

# aws-cdk-lib encodes tokens so: numbers in core/lib/private/encoding, strings as ${Token[...]}, lists as #{Token[...]}.
# Its numbers begin with the bits 0xFBFF, so they lie between these two. -inf is below them.
_NUMBER_TOKENS = (-1.95e289, -1.88e289)
_TEXT_TOKEN = re.compile(r"[$#]\{Token\[")

LATER = "a value known at deployment only"


def is_number_token(value: object) -> bool:
    """Whether `value` is an unresolved CDK token, encoded as a number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return _NUMBER_TOKENS[0] < value < _NUMBER_TOKENS[1]


def is_text_token(value: object) -> bool:
    """Whether `value` is a string with an unresolved CDK token in it (alone, or a list's element)."""
    return isinstance(value, str) and _TEXT_TOKEN.search(value) is not None


def is_token(value: object) -> bool:
    """Whether `value` is an unresolved CDK token, encoded as a number or in a string."""
    return is_text_token(value) if isinstance(value, str) else is_number_token(value)


_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Unknown:
    """A value that a template does not show; `reason` ends a sentence: "the count is not known: <reason>".

    text: of a text in a template, the parts that are known, with a mark in place of each that is not: see
        template/partial_text.py. None where no part is known, or where the value is not a text.
    """

    reason: str
    text: str | None = field(default=None, compare=False, repr=False)


def unless_token(value: _Value) -> _Value | Unknown:
    """`value`; Unknown for a CDK token, which only the deployment resolves."""
    return Unknown("it is known at deployment only") if is_token(value) else value
