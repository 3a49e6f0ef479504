"""A value that the template does not tell, and why: never 0, never a guess."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from cdk_inference.core.checks import is_token

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Unknown:
    """`reason` ends a sentence: "the count is not known: <reason>".

    text: of a text in a template, the parts that are known, with a mark in place of each that is not: see
        template/partial_text.py. None where nothing of it is known, or where it is no text.
    """

    reason: str
    text: str | None = field(default=None, compare=False, repr=False)


def unless_token(value: _Value) -> _Value | Unknown:
    """`value`; Unknown for a CDK token, which only the deployment resolves."""
    return Unknown("it is known at deployment only") if is_token(value) else value
