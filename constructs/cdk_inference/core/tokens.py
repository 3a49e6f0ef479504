"""CDK tokens: what stands for a value that CloudFormation will know later, encoded as a number or in a string.

An encoded number is a float around -1.9e289, for which `< 1` is true, and which sums and texts take for a number.
"""

from __future__ import annotations

import re

# aws-cdk-lib encodes tokens so: numbers in core/lib/private/encoding, strings as ${Token[...]}, lists as #{Token[...]}.
# Its numbers begin with the bits 0xFBFF, so they lie between these two; -inf, which is below them, is no token.
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
    return is_number_token(value) or is_text_token(value)
