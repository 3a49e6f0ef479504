"""Condition blocks of IAM policies, judged as AWS's pages say; an operator that they do not name is an error.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
(read 2026-11-24)
"""

from __future__ import annotations

import datetime
import functools
import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any

Context = Mapping[str, str | list[str]]


def as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def glob(pattern: str, value: str, *, flags: int = 0) -> bool:
    """`*` is any run of characters, `?` one character."""
    return _glob(pattern, flags).fullmatch(value) is not None


@functools.cache
def _glob(pattern: str, flags: int) -> re.Pattern[str]:
    text = "".join(".*" if one == "*" else "." if one == "?" else re.escape(one) for one in pattern)
    return re.compile(text, re.DOTALL | flags)


def arn_like(pattern: str, value: str) -> bool:
    """Each of the six parts by itself; ArnEquals and ArnLike behave alike."""
    patterns, values = pattern.split(":", 5), value.split(":", 5)
    return len(patterns) == len(values) == 6 and all(
        glob(one, other) for one, other in zip(patterns, values, strict=True)
    )


def _date(text: str) -> datetime.datetime:
    found = datetime.datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def _within(block: str, address: str) -> bool:
    return ipaddress.ip_address(address) in ipaddress.ip_network(block)


# Operator -> whether one value of the policy matches one of the request.
_MATCHES: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda policy, request: policy == request,
    "StringEqualsIgnoreCase": lambda policy, request: policy.lower() == request.lower(),
    "StringLike": glob,
    "ArnEquals": arn_like,
    "ArnLike": arn_like,
    "Bool": lambda policy, request: policy.lower() == request.lower(),
    "NumericEquals": lambda policy, request: float(policy) == float(request),
    "NumericLessThan": lambda policy, request: float(request) < float(policy),
    "NumericLessThanEquals": lambda policy, request: float(request) <= float(policy),
    "NumericGreaterThan": lambda policy, request: float(request) > float(policy),
    "NumericGreaterThanEquals": lambda policy, request: float(request) >= float(policy),
    "DateEquals": lambda policy, request: _date(request) == _date(policy),
    "DateLessThan": lambda policy, request: _date(request) < _date(policy),
    "DateGreaterThan": lambda policy, request: _date(request) > _date(policy),
    "IpAddress": _within,
}

# The negated ones: true if no value matches, and if the request does not have the key.
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
}


def condition_holds(condition: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Whether every operator and key of the block holds."""
    values = {key.lower(): as_list(value) for key, value in context.items()}
    return all(
        _holds(operator, [substituted(str(one), context) for one in as_list(wanted)], values.get(key.lower()))
        for operator, keys in condition.items()
        for key, wanted in keys.items()
    )


def _holds(operator: str, wanted: list[str], got: list[str] | None) -> bool:
    sets, _, plain = operator.rpartition(":")
    if plain == "Null":
        return (got is None) == (wanted[0].lower() == "true")
    name = plain.removesuffix("IfExists")
    if name != plain and got is None:
        return True
    negated = name in _NEGATED
    matches = _MATCHES[_NEGATED.get(name, name)]

    def one_holds(value: str) -> bool:
        return any(matches(pattern, value) for pattern in wanted) != negated

    if sets == "ForAllValues":  # true for a key that is missing or empty
        return all(one_holds(value) for value in got or ())
    if sets == "ForAnyValue":
        return any(one_holds(value) for value in got or ())
    if sets:
        raise ValueError(f"unknown set operator {operator}")
    if got is None:
        return negated
    if len(got) > 1:
        raise ValueError(f"{operator} on a key with several values: use ForAllValues or ForAnyValue")
    return one_holds(got[0])


def substituted(text: str, context: Context) -> str:
    """Policy variables, ${key} and ${key, 'default'}.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html (read 2026-11-24)
    """

    def value(match: re.Match[str]) -> str:
        key, _, default = match[1].partition(",")
        if key in ("*", "?", "$"):
            return key
        found = next((one for name, one in context.items() if name.lower() == key.strip().lower()), None)
        return str(as_list(found)[0]) if found is not None else default.strip().strip("'") or match[0]

    return re.sub(r"\$\{([^}]*)\}", value, text)
