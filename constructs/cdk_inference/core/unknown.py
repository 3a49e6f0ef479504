"""A value that the template does not tell, and why: never 0, never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from cdk_inference.core.checks import is_token

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Unknown:
    """`reason` ends a sentence: "the count is not known: <reason>"."""

    reason: str


def unless_token(value: _Value) -> _Value | Unknown:
    """`value`; Unknown for a CDK token, which only the deployment resolves."""
    return Unknown("it is known at deployment only") if is_token(value) else value
