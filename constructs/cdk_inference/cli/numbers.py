"""Numbers on the command line: 8B, 32e9, 8k, 3,000; and in reports: 32.8 billion."""

from __future__ import annotations

import math
import re

from cdk_inference.core.errors import ConfigurationError, Problem, raise_problems

_SCALES = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
# A comma separates thousands only: 3,000 is a number, and 1,5 is none.
_NUMBER = re.compile(
    r"\s*(-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9][0-9_]*|(?=\.))(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)\s*([kmbt]?)\s*",
    re.IGNORECASE,
)
_BINARY_K = 1024  # a context of 8k is 8192 tokens, as model cards write it
_UNITS = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def read_number(argument: str, text: str, example: str, *, k: int = 1000, command: str = "choose") -> float:
    """A number such as 32e9, 32B, 32_000 or 8k. Raises ConfigurationError with the form that is understood."""
    match = _NUMBER.fullmatch(str(text))
    value = math.nan
    if match is not None:
        digits, scale = match.groups()
        factor = k if scale.lower() == "k" else _SCALES[scale.lower()]
        value = float(digits.replace(",", "").replace("_", "")) * factor
    if not math.isfinite(value):
        allowed = f"a number, also with k, M, B or T for thousands, millions, billions or trillions: {example}"
        raise ConfigurationError(command, [Problem(argument, text, allowed, "write it like this")])
    return value


def whole(argument: str, text: str, example: str, *, command: str = "choose") -> int:
    """A whole number such as 8192 or 8k, which is 8192 too; limits are the caller's."""
    found = read_number(argument, text, example, k=_BINARY_K, command=command)
    if found != int(found):
        raise_problems(command, Problem(argument, text, "a whole number", f"write {example}"))
    return int(found)


def us_dollars(command: str, option: str, text: str) -> float:
    """An amount in US dollars: 3000, 3,000 or 3k, with or without a dollar sign."""
    return read_number(option, text.strip().removeprefix("$"), "3000 or 3k", command=command)


def percent(command: str, option: str, text: str) -> float:
    """A percentage: 10, or 10%."""
    return read_number(option, text.strip().removesuffix("%"), "10 for 10 %", command=command)


def in_words(number: float) -> str:
    """A large number as people write it: 32.8 billion."""
    for unit, name in _UNITS:
        if number >= unit:
            value = number / unit
            return f"{value:,.0f} {name}" if value >= 100 else f"{value:.3g} {name}"
    return f"{number:,.0f}"
