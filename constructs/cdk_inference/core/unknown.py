"""A value that the template does not tell, and why: never 0, never a guess."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Unknown:
    """`reason` ends a sentence: "the count is not known: <reason>"."""

    reason: str
